/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A notification: one atomic word of 63 bits and WAITER. Signalling ORs bits
 * in; whoever waits takes them all.
 *
 * WAITER says that the thread in `waiter` sleeps and must be woken. Exactly one
 * party turns it off: the signaller that then wakes the thread, the timeout, a
 * caller that reaches a server which also waits here, or the abort.
 *
 * A notification bound to a thread has that thread as its only waiter: it hears
 * of bits in SK_REPLY_WAIT, SK_VCPU_RUN and SK_WAIT.
 */
#pragma once

#include "thread.h"

struct notification {
	struct object o;
	_Atomic uint64_t word;
	_Atomic(struct thread *) waiter;  /* who waits, or may: claimed by compare and exchange */
	_Atomic(struct thread *) bound;
	uint64_t reserved[2];
};
_Static_assert(sizeof(struct notification) == REF_UNIT, "one unit");

/* ORs bits in and wakes the waiter. Any core, no lock. */
void notification_signal(struct core *core, struct notification *n, uint64_t bits);

/* Takes all bits (0: none). */
static inline uint64_t notification_take(struct notification *n)
{
	/* No bits is the common case: a load costs less than an exchange. */
	if ((atomic_load_explicit(&n->word, memory_order_relaxed) & ~SK_WAITER) == 0)
		return 0;
	return atomic_exchange_explicit(&n->word, 0, memory_order_acq_rel) & ~SK_WAITER;
}

/*
 * Home core of the thread. Goes to sleep on the notification unless bits are
 * there: false, and nothing changed.
 */
bool notification_sleep(struct notification *n, struct thread *thread);

/* Home core. Undoes notification_sleep: true if nobody else had begun to wake it. */
bool notification_unsleep(struct notification *n);

/* Home core. The thread waits there no more: this is the outcome. It has no deadline, and WAITER is off. */
static inline __attribute__((always_inline)) void notification_end_wait(struct notification *n, struct thread *thread,
									status_t status, uint64_t bits)
{
	thread->waits = NULL;
	thread->waits_event = 0;
	if (atomic_load_explicit(&n->bound, memory_order_relaxed) != thread)
		atomic_store_explicit(&n->waiter, NULL, memory_order_release);
	frame_word(&thread->frame, 0) = bits;
	thread_result(thread, status);
}

/* Home core. A thread whose notification got bits: gives them to it if it sleeps. */
void notification_wake_here(struct core *core, struct thread *thread);

/* Home core. The deadline of a waiting thread has passed. */
void notification_timeout(struct core *core, struct thread *thread);

/* Home core. The WAITING thread waits no more: ABORTED, not yet ready. */
void notification_cancel_wait(struct core *core, struct thread *thread);

/* Home core of its waiter. The notification dies. */
void notification_abort_here(struct core *core, struct notification *n);

status_t notification_reap(struct core *core, void *object);

/* SK_SIGNAL, SK_WAIT, SK_POLL: no lock. */
kernel_call notification_call_signal, notification_call_wait, notification_call_poll;
