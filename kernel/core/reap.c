/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

static ref_t reap_last;
static bool grace_due;
static ref_t held;               /* the first of those at the list's end that pins hold: it ends there */

static void append(struct object *object)
{
	ref_t ref = ref_of(object);

	object->next_dying = 0;
	if (reap_last)
		((struct object *)ref_to(reap_last))->next_dying = ref;
	else
		kernel_tickets.dying = ref;
	reap_last = ref;
}

void reap_later(struct object *object)
{
	object->cursor = 0;
	append(object);
	held = 0;
	grace_due = true;
}

void reap_unpinned(void)
{
	held = 0;
}

status_t reap_all(struct core *core)
{
	while (kernel_tickets.dying && kernel_tickets.dying != held) {
		struct object *object = ref_to(kernel_tickets.dying);
		status_t status = object_types[object->type].reap(core, object);

		if (status != STATUS_RESTART) {
			kernel_tickets.dying = object->next_dying;
			if (!kernel_tickets.dying)
				reap_last = 0;
			if (status == SK_PINNED) /* a cnode, with memory that a pin holds */
				append(object); /* until a whole round finds none but such */
			held = status == SK_OK ? 0 : held ? held : ref_of(object);
		}
		if (kernel_tickets.dying && arch_interrupt_pending())
			return STATUS_RESTART;
	}
	return SK_OK;
}

status_t reap_held(struct arch_frame *f, const struct slot *untyped)
{
	uint64_t pin = space_pin_in(untyped);

	for (ref_t ref = kernel_tickets.dying; pin == 0 && ref; ref = ((const struct object *)ref_to(ref))->next_dying) {
		const struct cnode *cnode = ref_to(ref);

		if (untyped_holds(untyped, va_to_pa(cnode)))
			return memory_pinned(f, &cnode->slot[cnode->o.cursor]);
	}
	if (pin == 0)
		return SK_OK;
	frame_word(f, 0) = pin;
	return SK_PINNED;
}

void reap_grace(struct core *core)
{
	if (!grace_due)
		return;
	core_request_all(core, REQUEST_GRACE, NULL);
	core_request_all(core, REQUEST_GRACE, NULL);
	grace_due = false;
}
