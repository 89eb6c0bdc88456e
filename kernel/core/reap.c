/* SPDX-License-Identifier: BSD-2-Clause */
#include "reap.h"

#include "cnode.h"
#include "core.h"
#include "endpoint.h"
#include "irq.h"
#include "notification.h"
#include "space.h"
#include "thread.h"
#include "vcpu.h"

ref_t reap_first;
static ref_t reap_last;
static uint32_t next_id = 1;
static bool grace_due;

void object_init(struct object *object, enum sk_type type, unsigned home)
{
	*object = (struct object){ .type = (uint8_t)type, .home = (uint16_t)home, .id = next_id++ };
}

void reap_later(struct object *object)
{
	ref_t ref = ref_of(object);

	object->next_dying = 0;
	object->cursor = 0;
	if (reap_last)
		((struct object *)ref_to(reap_last))->next_dying = ref;
	else
		reap_first = ref;
	reap_last = ref;
	grace_due = true;
}

/* One step on an object: SK_OK when nothing of it is left in use. */
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
		return vcpu_reap(core, container_of(object, struct vcpu, o));
	case SK_TYPE_IRQ:
		return irq_reap(container_of(object, struct irq, o));
	default:
		return SK_OK;
	}
}

status_t reap_all(struct core *core)
{
	while (reap_first) {
		struct object *object = ref_to(reap_first);

		if (reap_step(core, object) == SK_OK) {
			reap_first = object->next_dying;
			if (!reap_first)
				reap_last = 0;
		}
		if (reap_first && core_should_yield(core))
			return STATUS_RESTART;
	}
	return SK_OK;
}

void reap_grace(struct core *core)
{
	if (!grace_due)
		return;
	core_request_all(core, REQUEST_GRACE, NULL);
	core_request_all(core, REQUEST_GRACE, NULL);
	grace_due = false;
}
