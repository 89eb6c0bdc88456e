/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU: a guest's register file in a guest Space. It is not scheduled: the one
 * thread that it is bound to enters it with SK_VCPU_RUN and comes out with the
 * reason of the exit.
 *
 * EVENT and the kick. The runner publishes on which core its guest runs
 * (guest_core), full barrier, then looks at its bound notification, and enters
 * only if there are no bits; a signaller ORs its bits, full barrier, then looks
 * at guest_core and sends an interrupt there. One of the two sees the other.
 */
#pragma once

#include "arch.h"
#include "core.h"
#include "notification.h"
#include "slot.h"
#include "thread.h"

struct vcpu {
	struct object o;
	uint8_t pad[REF_UNIT - sizeof(struct object)];
	struct arch_vcpu arch;      /* at one unit: the trap entry finds it by SP */
	struct thread *thread;      /* bound to; null: none */
	struct space *space;
	struct irq *link[ARCH_LINKS]; /* whose lines are linked to it; kernel lock */
	_Alignas(REF_UNIT) struct slot space_slot;
};
_Static_assert(offsetof(struct vcpu, arch) == REF_UNIT, "registers follow the header");

/* A linked line goes to the core that the vCPU is on: it stays there. */
static inline bool vcpu_linked(const struct vcpu *vcpu)
{
	return vcpu->link[0] || vcpu->link[1];
}

void vcpu_init(void *object, uint64_t size, uint64_t attribute);

/* Kernel lock. Its Space goes: its thread stops. */
void vcpu_lose_space(struct slot *slot);
status_t vcpu_reap(struct core *core, void *object);

/* Home core. The call returns EVENT to the thread, which does not enter its guest. */
void vcpu_event(struct core *core, struct thread *thread);

/*
 * Home core, the thread is current and in_guest. True: nothing speaks against
 * entering the guest now. False: vcpu_event must follow.
 */
static inline bool vcpu_may_enter(struct core *core, struct thread *thread)
{
	if (!thread->event)
		return true;
	/* seq_cst on both: pairs with notification_signal */
	atomic_store_explicit(&thread->guest_core, core->number + 1, memory_order_seq_cst);
	return atomic_load_explicit(&thread->event->word, memory_order_seq_cst) == 0;
}

/* Home core, first thing after a trap out of the guest: signallers need no interrupt any more. */
static inline void vcpu_left(struct thread *thread)
{
	atomic_store_explicit(&thread->guest_core, 0, memory_order_relaxed);
}

/* SK_VCPU_RUN: no lock. The others: kernel lock. */
kernel_call vcpu_run, vcpu_bind, vcpu_read, vcpu_write;
