/* SPDX-License-Identifier: BSD-2-Clause */
#include "irq.h"

#include "cnode.h"
#include "core.h"
#include "entry.h"
#include "fast.h"
#include "notification.h"
#include "reap.h"
#include "thread.h"

#define FIRST_LINE 32u

/* The object of each line; read without the lock when the line fires. */
static _Atomic(struct irq *) lines[ARCH_LINES];

status_t irq_line_check(uint64_t line)
{
	if (line < FIRST_LINE || line >= ARCH_LINES)
		return SK_BAD_ARG;
	return atomic_load(&lines[line]) ? SK_BUSY : SK_OK;
}

void irq_init(void *at, unsigned line, enum sk_trigger trigger)
{
	struct irq *irq = at;

	object_init(&irq->o, SK_TYPE_IRQ, 0);
	irq->line = line;
	irq->edge = trigger == SK_TRIGGER_EDGE;
	arch_irq_setup(line, irq->edge, 0);
	atomic_store_explicit(&lines[line], irq, memory_order_release);
}

void kernel_interrupt(struct core *core, unsigned line)
{
	struct irq *irq = atomic_load_explicit(&lines[line], memory_order_acquire);
	uint64_t badge, cap;

	if (!irq)
		return;
	cap = slot_read(&irq->target, &badge);
	if (cap)
		fast_interrupt(core, CAP_OBJECT(cap), badge);
}

void irq_lose_target(struct slot *slot)
{
	arch_irq_mask(container_of(slot, struct irq, target)->line);
}

status_t irq_reap(struct irq *irq)
{
	arch_irq_mask(irq->line);
	atomic_store_explicit(&lines[irq->line], NULL, memory_order_release);
	return slot_delete_step(&irq->target);
}

/* The irq in the slot register. */
static status_t lookup(struct thread *thread, struct irq **irq)
{
	struct slot *slot = cnode_slot(thread->cnode, frame_slot(&thread->frame));
	uint64_t badge, cap = slot ? slot_read(slot, &badge) : 0;

	if (!cap)
		return SK_NO_CAP;
	if (CAP_TYPE(cap) != SK_TYPE_IRQ)
		return SK_WRONG_TYPE;
	if (!(CAP_RIGHTS(cap) & SK_RIGHT_WRITE))
		return SK_NO_RIGHT;
	*irq = CAP_OBJECT(cap);
	return SK_OK;
}

/* Interrupts go to the core of the thread that hears of them. */
static unsigned core_of_target(const struct notification *n)
{
	const struct thread *thread = atomic_load(&n->bound);

	return thread ? thread->o.home : 0;
}

status_t irq_bind(struct core *core, struct thread *thread)
{
	uint64_t index = frame_word(&thread->frame, 0);
	struct slot *target = NULL;
	struct irq *irq;
	status_t status = lookup(thread, &irq);

	if (status == SK_OK && index)
		status = cap_lookup(thread, index, SK_TYPE_NOTIFICATION, SK_RIGHT_SIGNAL, &target);
	if (status != SK_OK)
		return status;
	/* decoded */
	arch_irq_mask(irq->line);
	slot_delete_step(&irq->target); /* nothing hangs below it */
	if (target) {
		slot_derive(target, &irq->target, SK_RIGHT_SIGNAL, slot_badge(target), HOLD_IRQ_TARGET);
		arch_irq_setup(irq->line, irq->edge, core_of_target(CAP_OBJECT(slot_cap(target))));
		arch_irq_unmask(irq->line);
	}
	return reap_all(core);
}

status_t irq_ack(struct core *core, struct thread *thread)
{
	return irq_unmask(core, thread);
}

status_t irq_mask(struct core *core, struct thread *thread)
{
	struct irq *irq;
	status_t status = lookup(thread, &irq);

	(void)core;
	if (status == SK_OK)
		arch_irq_mask(irq->line);
	return status;
}

status_t irq_unmask(struct core *core, struct thread *thread)
{
	struct irq *irq;
	status_t status = lookup(thread, &irq);

	(void)core;
	if (status != SK_OK)
		return status;
	if (slot_empty(&irq->target))
		return SK_STATE;
	/* decoded */
	arch_irq_unmask(irq->line);
	return SK_OK;
}
