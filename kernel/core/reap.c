/* SPDX-License-Identifier: BSD-2-Clause */
#include "reap.h"

#include "cnode.h"
#include "core.h"
#include "endpoint.h"
#include "irq.h"
#include "memory.h"
#include "notification.h"
#include "space.h"
#include "thread.h"
#include "untyped.h"
#include "vcpu.h"

static ref_t reap_last;
static uint32_t next_id = 1;
static bool grace_due;
static ref_t held;               /* the first of those at the list's end that pins hold: it ends there */

void object_init(struct object *object, enum sk_type type, unsigned home)
{
	*object = (struct object){ .type = (uint8_t)type, .home = (uint16_t)home, .id = next_id++ };
}

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

/* One step on an object: SK_OK when nothing of it is left in use; SK_PINNED: a cnode, with memory that a pin holds. */
static status_t reap_step(struct core *core, struct object *object)
{
	switch (object->type) {
	case SK_TYPE_CNODE:
		return cnode_reap(container_of(object, struct cnode, o));
	case SK_TYPE_SPACE:
		return space_reap(core, container_of(object, struct space, o));
	case SK_TYPE_THREAD:
		return thread_reap(core, container_of(object, struct thread, o));
	case SK_TYPE_ENDPOINT:
		return core_request_step(core, object->home, REQUEST_ABORT_ENDPOINT, container_of(object, struct endpoint, o)) ?
			       STATUS_RESTART : SK_OK;
	case SK_TYPE_NOTIFICATION:
		return notification_reap(core, container_of(object, struct notification, o));
	case SK_TYPE_VCPU:
		return vcpu_reap(container_of(object, struct vcpu, o));
	case SK_TYPE_IRQ:
		return irq_reap(container_of(object, struct irq, o));
	default:
		return SK_OK;
	}
}

status_t reap_all(struct core *core)
{
	while (kernel_tickets.dying && kernel_tickets.dying != held) {
		struct object *object = ref_to(kernel_tickets.dying);
		status_t status = reap_step(core, object);

		if (status != STATUS_RESTART) {
			kernel_tickets.dying = object->next_dying;
			if (!kernel_tickets.dying)
				reap_last = 0;
			if (status == SK_PINNED)
				append(object); /* until a whole round finds none but such */
			held = status == SK_OK ? 0 : held ? held : ref_of(object);
		}
		if (kernel_tickets.dying && core_should_yield(core))
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
