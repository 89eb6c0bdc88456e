/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the objects, and has them checked. */
#include "check.h"

#include "cnode.h"
#include "irq.h"
#include "vcpu.h"

static struct object *found[CHECK_OBJECTS];
static unsigned count;
static bool too_many;

unsigned check_count(void)
{
	return count;
}

struct object *check_object(unsigned index)
{
	return found[index];
}

/* `mark` is where it stands in the list, if it does. */
bool check_lives(const struct object *object)
{
	return object->mark < count && found[object->mark] == object;
}

struct slot *check_slot(struct object *object, unsigned index)
{
	switch (object->type) {
	case SK_TYPE_CNODE: {
		struct cnode *cnode = container_of(object, struct cnode, o);

		return index < cnode->size ? &cnode->slot[index] : NULL;
	}
	case SK_TYPE_THREAD:
		return index < THREAD_SLOTS ? &container_of(object, struct thread, o)->slot[index] : NULL;
	case SK_TYPE_VCPU:
		return index == 0 ? &container_of(object, struct vcpu, o)->space_slot : NULL;
	case SK_TYPE_IRQ:
		return index == 0 ? &container_of(object, struct irq, o)->target : NULL;
	default:
		return NULL;
	}
}

static void add(struct object *object)
{
	if (!object || check_lives(object))
		return;
	if (count == CHECK_OBJECTS) {
		too_many = true;
		return;
	}
	object->mark = count;
	found[count++] = object;
}

/* What a slot names, and what its children do: they may stand in an object that only they lead to. */
static void add_from(const struct slot *slot)
{
	unsigned guard = 0;

	add(CAP_OBJECT(slot_cap(slot)));
	for (struct slot *child = slot_first_child(slot); child; child = child->next & LINK_UP ? NULL : ref_to(child->next)) {
		HOLDS("C2", guard++ < 1u << 20, slot);
		add(CAP_OBJECT(slot_cap(child)));
	}
}

static void collect(struct thread *root)
{
	const struct slot *slot;

	count = 0;
	too_many = false;
	add(&root->cnode->o);
	add(&root->o);
	for (unsigned i = 0; i < count; i++) {
		for (unsigned n = 0; (slot = check_slot(found[i], n)); n++) {
			if (!slot_empty(slot))
				add_from(slot);
		}
	}
}

bool check_all(struct thread *root)
{
	collect(root);
	if (too_many)
		return false;
	check_tree();
	check_objects();
	check_threads();
	check_arch();
	return true;
}
