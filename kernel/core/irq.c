/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#define FIRST_LINE 32u

/* The object of each line; read without the lock when the line fires. */
static _Atomic(struct irq *) lines[ARCH_LINES];

status_t irq_line_check(uint64_t line)
{
	if (line < FIRST_LINE || line >= ARCH_LINES)
		return SK_BAD_ARG;
	return atomic_load(&lines[line]) ? SK_BUSY : SK_OK;
}

void irq_init(void *object, uint64_t size, uint64_t attribute)
{
	struct irq *irq = object;

	irq->line = (uint32_t)size;
	irq->edge = attribute >> 32 == SK_TRIGGER_EDGE;
	arch_irq_setup(irq->line, irq->edge, 0);
	atomic_store_explicit(&lines[irq->line], irq, memory_order_release);
}

void irq_link_here(struct core *core, struct irq *irq)
{
	arch_vcpu_link(core, CAP_OBJECT(slot_cap(&irq->target)), irq->link, irq->line, irq->value);
}

/* Its home core: the line goes where the vCPU is, and that does not move meanwhile. */
static __attribute__((noinline)) void link_fired(struct core *core, const struct irq *irq, struct vcpu *vcpu, uint64_t bits)
{
	const struct thread *thread = vcpu->thread;

	arch_vcpu_fire(core, vcpu, irq->link);
	if (thread && thread->event && bits && !thread->in_guest)
		fast_interrupt(core, thread->event, bits); /* it may wait for just this */
}

void kernel_interrupt(struct core *core, unsigned line)
{
	struct irq *irq = atomic_load_explicit(&lines[line], memory_order_acquire);
	uint64_t badge, cap;

	if (!irq)
		return;
	cap = slot_read(&irq->target, &badge);
	if (CAP_TYPE(cap) == SK_TYPE_NOTIFICATION)
		fast_interrupt(core, CAP_OBJECT(cap), badge);
	else if (cap)
		link_fired(core, irq, CAP_OBJECT(cap), badge);
}

void irq_lose_target(struct slot *slot)
{
	struct irq *irq = container_of(slot, struct irq, target);
	struct vcpu *vcpu = CAP_OBJECT(slot_cap(slot));

	arch_irq_mask(irq->line);
	if (CAP_TYPE(slot_cap(slot)) != SK_TYPE_VCPU)
		return;
	irq->value = 0;
	core_request(core_here(), vcpu->o.home, REQUEST_LINK_IRQ, irq);
	vcpu->link[irq->link] = NULL;
}

status_t irq_reap(struct core *core, void *object)
{
	struct irq *irq = object;

	arch_irq_mask(irq->line);
	atomic_store_explicit(&lines[irq->line], NULL, memory_order_release);
	return slot_delete_step(&irq->target);
}

/* Finds the vCPU in w0, and *link = one of its links for the irq to become what w1 says. */
static status_t decode_link(struct thread *thread, const struct irq *irq, struct slot **target, unsigned *link)
{
	uint64_t value = frame_word(&thread->frame, 1);
	status_t status = cap_lookup(thread, frame_word(&thread->frame, 0), SK_TYPE_VCPU, SK_RIGHT_WRITE, target);
	const struct vcpu *vcpu;

	if (status != SK_OK)
		return status;
	vcpu = CAP_OBJECT(slot_cap(*target));
	if (!vcpu->thread)
		return SK_STATE;
	*link = ARCH_LINKS;
	for (unsigned k = ARCH_LINKS; k-- > 0;) {
		if (!vcpu->link[k] || vcpu->link[k] == irq)
			*link = k;
		else if (((vcpu->link[k]->value ^ value) & SK_LIST_INTID) == 0)
			return SK_BUSY;
	}
	if (*link == ARCH_LINKS)
		return SK_BUSY;
	return arch_link_legal(*link, value) && !(frame_word(&thread->frame, 2) & SK_WAITER) ? SK_OK : SK_BAD_ARG;
}

/* The line is masked, and its target none. */
static void set_target(struct core *core, struct irq *irq, struct slot *target, const struct arch_frame *f, unsigned link)
{
	struct vcpu *vcpu = CAP_OBJECT(slot_cap(target));
	const struct thread *thread;

	if (CAP_TYPE(slot_cap(target)) == SK_TYPE_NOTIFICATION) {
		slot_derive(target, &irq->target, SK_RIGHT_SIGNAL, slot_badge(target), HOLD_IRQ_TARGET);
		/* it goes to the core of the thread that hears of it */
		thread = atomic_load(&((struct notification *)CAP_OBJECT(slot_cap(target)))->bound);
		arch_irq_setup(irq->line, irq->edge, thread ? thread->o.home : 0);
	} else {
		irq->value = frame_word(f, 1);
		irq->link = (uint8_t)link;
		slot_derive(target, &irq->target, SK_RIGHT_WRITE, frame_word(f, 2), HOLD_IRQ_TARGET);
		vcpu->link[link] = irq;
		core_request(core, vcpu->o.home, REQUEST_LINK_IRQ, irq);
		arch_irq_setup(irq->line, irq->edge, vcpu->o.home);
	}
	arch_irq_unmask(irq->line);
}

status_t irq_bind(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	uint64_t index = frame_word(&thread->frame, 0);
	struct slot *target = NULL;
	unsigned link = 0;
	struct irq *irq = object;
	status_t status = SK_OK;

	if (index) {
		status = cap_lookup(thread, index, SK_TYPE_NOTIFICATION, SK_RIGHT_SIGNAL, &target);
		if (status == SK_WRONG_TYPE)
			status = decode_link(thread, irq, &target, &link);
	}
	if (status != SK_OK)
		return status;
	/* decoded */
	arch_irq_mask(irq->line);
	slot_delete_step(&irq->target); /* nothing hangs below it */
	if (target)
		set_target(core, irq, target, &thread->frame, link);
	return reap_all(core);
}

status_t irq_mask(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	const struct irq *irq = object;

	arch_irq_mask(irq->line);
	return SK_OK;
}

status_t irq_unmask(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	const struct irq *irq = object;

	if (slot_empty(&irq->target))
		return SK_STATE;
	/* decoded */
	arch_irq_unmask(irq->line);
	return SK_OK;
}
