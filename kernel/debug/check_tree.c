/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots: derivation, rights, badges, what they are part of; and how often each object is named. */
#include "check.h"

#include "cnode.h"
#include "irq.h"
#include "space.h"
#include "untyped.h"
#include "vcpu.h"

static uint32_t named[CHECK_OBJECTS];  /* slots that name the object */
static uint32_t irq_caps[CHECK_OBJECTS];
static unsigned with_parent, as_child; /* slots that say they have one; that were met in a parent's list */

static bool sized(uint64_t cap)
{
	return CAP_TYPE(cap) == SK_TYPE_MEMORY || CAP_TYPE(cap) == SK_TYPE_UNTYPED;
}

static uint64_t bytes_of(const struct slot *slot)
{
	return (uint64_t)slot->pages << SK_PAGE_BITS;
}

/* A capability and one derived from it. */
static void check_derived(const struct slot *parent, const struct slot *child)
{
	uint64_t from = slot_cap(parent), cap = slot_cap(child);

	if (CAP_TYPE(from) == SK_TYPE_UNTYPED) {
		/* all that was made of an untyped lies in what it handed out */
		uint64_t at = CAP_OBJECT(cap) ? va_to_pa(CAP_OBJECT(cap)).a : slot_base(child).a;

		HOLDS("O5", at - slot_base(parent).a < parent->ipa, child);
		HOLDS("O5", !sized(cap) || at - slot_base(parent).a + bytes_of(child) <= parent->ipa, child);
		return;
	}
	if (CAP_TYPE(from) == SK_TYPE_IOMMU) {
		HOLDS("C4", CAP_TYPE(cap) == SK_TYPE_PIN, child);
		return;
	}
	HOLDS("C4", CAP_TYPE(cap) == CAP_TYPE(from) && CAP_OBJECT(cap) == CAP_OBJECT(from), child);
	HOLDS("C4", (CAP_RIGHTS(cap) & ~CAP_RIGHTS(from)) == 0, child);
	HOLDS("C7", cap_copyable(CAP_TYPE(cap)), child);
	if (CAP_TYPE(cap) == SK_TYPE_MEMORY) {
		HOLDS("C4", slot_base(child).a - slot_base(parent).a + bytes_of(child) <= bytes_of(parent), child);
		HOLDS("C4", slot_mem_flags(child) == slot_mem_flags(parent), child);
	} else if (slot_badge(parent)) {
		HOLDS("C5", slot_badge(child) == slot_badge(parent), child);
	}
}

static uint64_t size_of(struct object *object)
{
	const struct object_type *t = &object_types[object->type];
	uint64_t slots = object->type == SK_TYPE_CNODE ? container_of(object, struct cnode, o)->size : 0;

	return t->bytes + t->each * slots;
}

/* Of two neighbours under one untyped: they lie one behind the other, or are the same. */
static void check_neighbours(const struct slot *a, const struct slot *b)
{
	struct object *x = CAP_OBJECT(slot_cap(a)), *y = CAP_OBJECT(slot_cap(b));

	if (x && y)
		HOLDS("O5", x == y || (uintptr_t)x + size_of(x) <= (uintptr_t)y, b);
}

static void check_children(const struct slot *slot)
{
	const struct slot *child = slot_first_child(slot), *next;

	HOLDS("C2", (slot->first == 0) == (slot->last == 0), slot);
	if (!child)
		return;
	HOLDS("C2", child->prev == (ref_of(slot) | LINK_UP), child);
	for (;; child = next) {
		as_child++;
		HOLDS("C3", !slot_empty(child), child);
		check_derived(slot, child);
		if (child->next & LINK_UP)
			break;
		next = ref_to(child->next);
		HOLDS("C2", next && next->prev == ref_of(child), child);
		if (CAP_TYPE(slot_cap(slot)) == SK_TYPE_UNTYPED)
			check_neighbours(child, next);
	}
	HOLDS("C2", child->next == (ref_of(slot) | LINK_UP), child);
	HOLDS("C2", slot->last == ref_of(child), slot);
}

static enum holder holder_of(const struct object *object, unsigned index)
{
	static const enum holder of_thread[] = {
		[THREAD_CNODE] = HOLD_THREAD_CNODE, [THREAD_SPACE] = HOLD_THREAD_SPACE, [THREAD_FAULT] = HOLD_THREAD_FAULT,
		[THREAD_EVENT] = HOLD_THREAD_EVENT, [THREAD_VCPU] = HOLD_THREAD_VCPU,
	};

	switch (object->type) {
	case SK_TYPE_THREAD:
		return of_thread[index];
	case SK_TYPE_VCPU:
		return HOLD_VCPU_SPACE;
	case SK_TYPE_IRQ:
		return HOLD_IRQ_TARGET;
	default:
		return HOLD_CNODE;
	}
}

/* A memory capability that is bound stands on the list of that Space. */
static void check_bound(const struct slot *slot)
{
	const struct space *space = ref_to(slot->space);
	const struct slot *at = ref_to(space->mapped);

	while (at && at != slot)
		at = ref_to(at->map_next);
	HOLDS("M1", at == slot, slot);
}

static void check_pin(const struct slot *slot, const struct space *space)
{
	HOLDS("M10", space->pin == slot_badge(slot) && space->pin != 0, slot);
	HOLDS("M10", space->vmid != 0, slot);
}

/* A linked line: both sides know of it. */
static void check_target(const struct slot *slot)
{
	const struct irq *irq = container_of(slot, const struct irq, target);
	const struct vcpu *vcpu = CAP_OBJECT(slot_cap(slot));

	if (CAP_TYPE(slot_cap(slot)) == SK_TYPE_VCPU)
		HOLDS("V9", vcpu->link[irq->link] == irq, slot);
}

static void check_used(const struct object *in, unsigned index, const struct slot *slot)
{
	uint64_t cap = slot_cap(slot);
	const struct object *object = CAP_OBJECT(cap);

	HOLDS("C1", index != 0 || in->type != SK_TYPE_CNODE, slot);
	HOLDS("C8", CAP_HOLDER(cap) == holder_of(in, index), slot);
	with_parent += slot->next != 0;
	if (object) {
		HOLDS("O3", check_lives(object), slot);
		named[object->mark]++;
		irq_caps[object->mark] += CAP_TYPE(cap) == SK_TYPE_IRQ;
		HOLDS("O1", object->type == (CAP_TYPE(cap) == SK_TYPE_PIN ? SK_TYPE_SPACE : CAP_TYPE(cap)), slot);
	}
	if (CAP_HOLDER(cap) == HOLD_IRQ_TARGET)
		check_target(slot);
	if (CAP_TYPE(cap) == SK_TYPE_PIN)
		check_pin(slot, CAP_OBJECT(cap));
	if (CAP_TYPE(cap) == SK_TYPE_MEMORY && slot->space)
		check_bound(slot);
	check_children(slot);
}

/* Most are: the quick way past them. */
static bool is_void(const struct slot *slot)
{
	uint64_t links = slot->first | slot->last | slot->next | slot->prev | slot->space;

	return (slot_cap(slot) | links | (atomic_load_explicit(&slot->seq, memory_order_relaxed) & 1)) == 0;
}

static void check_slot_of(const struct object *object, unsigned index, const struct slot *slot)
{
	HOLDS("C2", (slot->next == 0) == (slot->prev == 0), slot);
	HOLDS("C3", !slot_empty(slot) || (slot->first | slot->last | slot->next | slot->prev | slot->space) == 0, slot);
	HOLDS("C6", (atomic_load_explicit(&slot->seq, memory_order_relaxed) & 1) == 0, slot);
	if (!slot_empty(slot))
		check_used(object, index, slot);
}

void check_tree(void)
{
	with_parent = as_child = 0;
	for (unsigned i = 0; i < check_count(); i++)
		named[i] = irq_caps[i] = 0;
	for (unsigned i = 0; i < check_count(); i++) {
		struct object *object = check_object(i);
		const struct slot *slot;

		for (unsigned n = 0; (slot = check_slot(object, n)); n++) {
			if (!is_void(slot))
				check_slot_of(object, n, slot);
		}
	}
	/* whoever says that it has a parent stands in that one's list, and nobody else does */
	HOLDS("C2", with_parent == as_child, NULL);
	for (unsigned i = 0; i < check_count(); i++) {
		HOLDS("O1", check_object(i)->refs == named[i], check_object(i));
		HOLDS("C7", irq_caps[i] <= 1, check_object(i));
	}
}
