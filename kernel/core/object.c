/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

const struct object_type object_types[SK_TYPE_IRQ + 1] = {
	[SK_TYPE_CNODE] = { .bytes = sizeof(struct cnode), .each = sizeof(struct slot), .min = 2, .max = 65536,
			    .align = REF_UNIT, .init = cnode_init, .reap = cnode_reap },
	[SK_TYPE_SPACE] = { .bytes = 2 * ARCH_ROOT_BYTES, .each = SK_PAGE, .min = 0, .max = SPACE_TABLES_MAX,
			    .align = ARCH_ROOT_BYTES, .single = true, .init = space_init, .reap = space_reap },
	[SK_TYPE_THREAD] = { .bytes = sizeof(struct thread), .align = REF_UNIT, .homed = true, .reap = thread_reap },
	[SK_TYPE_ENDPOINT] = { .bytes = sizeof(struct endpoint), .align = REF_UNIT, .homed = true, .init = endpoint_init,
			       .reap = endpoint_reap },
	[SK_TYPE_NOTIFICATION] = { .bytes = sizeof(struct notification), .align = REF_UNIT, .reap = notification_reap },
	[SK_TYPE_VCPU] = { .bytes = sizeof(struct vcpu), .align = REF_UNIT, .init = vcpu_init, .reap = vcpu_reap },
	[SK_TYPE_IRQ] = { .bytes = sizeof(struct irq), .align = REF_UNIT, .single = true, .init = irq_init, .reap = irq_reap },
};

static uint32_t last_id;

void object_make(void *at, enum sk_type type, uint64_t size, uint64_t attribute)
{
	const struct object_type *t = &object_types[type];
	uint16_t home = t->homed ? (uint16_t)attribute : 0;

	*(struct object *)at = (struct object){ .type = (uint8_t)type, .home = home, .id = ++last_id };
	if (t->init)
		t->init(at, size, attribute);
}
