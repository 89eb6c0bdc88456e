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
#ifndef SKERRY_VCPU_H
#define SKERRY_VCPU_H

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
	_Alignas(REF_UNIT) struct slot space_slot;
};
_Static_assert(offsetof(struct vcpu, arch) == REF_UNIT, "registers follow the header");

void vcpu_init(void *at);

/* Kernel lock. Its Space goes: its thread stops. */
void vcpu_lose_space(struct slot *slot);
status_t vcpu_reap(struct core *core, struct vcpu *vcpu);

/*
 * Home core, the thread is current and in_guest. True: nothing speaks against
 * entering the guest now. False: the call has returned EVENT to the thread.
 */
static inline bool vcpu_may_enter(struct core *core, struct thread *thread)
{
	uint64_t bits;

	if (!thread->event)
		return true;
	/* seq_cst on both: pairs with notification_signal */
	atomic_store_explicit(&thread->guest_core, core->number + 1, memory_order_seq_cst);
	if (!atomic_load_explicit(&thread->event->word, memory_order_seq_cst))
		return true;
	atomic_store_explicit(&thread->guest_core, 0, memory_order_relaxed);
	bits = notification_take(thread->event);
	thread->in_guest = 0;
	arch_vcpu_lists(core, thread->vcpu, &thread->frame); /* before it leaves: that ends the list registers' state */
	arch_vcpu_leave(core, thread->vcpu);
	frame_word(&thread->frame, 0) = bits;
	frame_slot(&thread->frame) = SK_EVENT;
	return false;
}

/* Home core, first thing after a trap out of the guest: signallers need no interrupt any more. */
static inline void vcpu_left(struct thread *thread)
{
	atomic_store_explicit(&thread->guest_core, 0, memory_order_relaxed);
}

/* SK_VCPU_RUN: no lock. */
status_t vcpu_run(struct core *core, struct thread *thread);

/* SK_VCPU_BIND, READ, WRITE: kernel lock. */
status_t vcpu_bind(struct core *core, struct thread *thread);
status_t vcpu_read(struct core *core, struct thread *thread);
status_t vcpu_write(struct core *core, struct thread *thread);

#endif
