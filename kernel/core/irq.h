/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interrupt line as an object. When it fires the line is masked and the
 * bound notification gets the badge; SK_IRQ_ACK lets it fire again. Or it is linked
 * to a vCPU: the guest takes and ends it by itself. A line has at most one object.
 */
#pragma once

#include "slot.h"

struct irq {
	struct object o;
	uint32_t line;
	uint8_t edge;
	uint8_t link;               /* which of the vCPU's links it is */
	uint64_t value;             /* what the guest gets: a list register's */
	uint8_t pad[REF_UNIT - sizeof(struct object) - 16];
	struct slot target;         /* a notification, or the vCPU that it is linked to */
};
_Static_assert(sizeof(struct irq) == 2 * REF_UNIT, "two units");

/* Whether an object can be made for a line: SK_BAD_ARG no such line, SK_BUSY it has one. */
status_t irq_line_check(uint64_t line);
/* size: the line; attribute: enum sk_trigger << 32. */
void irq_init(void *object, uint64_t size, uint64_t attribute);

/* Home core of the vCPU: its link is as `value` says. */
void irq_link_here(struct core *core, struct irq *irq);

/* Kernel lock. */
void irq_lose_target(struct slot *slot);
status_t irq_reap(struct core *core, void *object);

kernel_call irq_bind;              /* kernel lock */
kernel_call irq_mask, irq_unmask;  /* no lock */
