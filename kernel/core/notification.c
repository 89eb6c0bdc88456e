/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

void notification_signal(struct core *core, struct notification *n, uint64_t bits)
{
	/* seq_cst: bits before the look at guest_core; pairs with the entry into a guest (vcpu_enter) */
	uint64_t old = atomic_fetch_or_explicit(&n->word, bits, memory_order_seq_cst);
	struct thread *thread;

	if (old & SK_WAITER) {
		/* Whoever turns WAITER off wakes. */
		if (!(atomic_fetch_and_explicit(&n->word, ~SK_WAITER, memory_order_seq_cst) & SK_WAITER))
			return;
		/* null: its wait was cut off just now (stop, unbind); the bits stay */
		thread = atomic_load_explicit(&n->waiter, memory_order_acquire);
		if (thread)
			sched_wake(core, thread);
		return;
	}
	thread = atomic_load_explicit(&n->bound, memory_order_acquire);
	if (thread) {
		uint32_t where = atomic_load_explicit(&thread->guest_core, memory_order_seq_cst);

		if (where != 0 && where - 1 != core->number)
			arch_ipi(where - 1);
	}
}

bool notification_sleep(struct notification *n, struct thread *thread)
{
	uint64_t none = 0;

	thread->waits_event = 1;
	/* release: the waiter's state before WAITER; pairs with the acquire in notification_signal */
	if (atomic_compare_exchange_strong_explicit(&n->word, &none, SK_WAITER, memory_order_acq_rel,
						    memory_order_relaxed))
		return true;
	thread->waits_event = 0;
	return false;
}

bool notification_unsleep(struct notification *n)
{
	return atomic_fetch_and_explicit(&n->word, ~SK_WAITER, memory_order_acq_rel) & SK_WAITER;
}

static void finish_wait(struct core *core, struct thread *thread, status_t status, uint64_t bits)
{
	timeout_remove(&core->timeouts, &thread->timeout);
	notification_end_wait(thread->waits, thread, status, bits);
}

static void wake_with(struct core *core, struct thread *thread, status_t status, uint64_t bits)
{
	finish_wait(core, thread, status, bits);
	sched_ready(core, thread);
}

void notification_cancel_wait(struct core *core, struct thread *thread)
{
	notification_unsleep(thread->waits);
	finish_wait(core, thread, SK_ABORTED, 0);
}

/* It waits with a deadline that passed when its wake-up was already under way. */
static bool timed_out(const struct thread *thread)
{
	return thread->state == SK_THREAD_WAITING && thread->timeout.deadline != SK_NEVER &&
	       thread->timeout.height == 0;
}

void notification_wake_here(struct core *core, struct thread *thread)
{
	struct notification *n;
	uint64_t bits;

	/* It may have got something else meanwhile; then the bits stay for its next look. */
	if (!thread->waits_event)
		return;
	n = thread->state == SK_THREAD_WAITING ? thread->waits : thread->event;
	if (atomic_load_explicit(&n->word, memory_order_acquire) & SK_WAITER)
		return; /* sleeps anew since: an old push */
	bits = notification_take(n);
	if (bits == 0) {
		/* somebody polled them away: sleep on, unless more came or the time is out */
		if (timed_out(thread)) {
			wake_with(core, thread, SK_TIMEOUT, 0);
			return;
		}
		if (notification_sleep(n, thread))
			return;
		bits = notification_take(n);
	}
	if (thread->state == SK_THREAD_WAITING)
		wake_with(core, thread, SK_OK, bits);
	else
		endpoint_give_event(core, thread, bits);
}

void notification_timeout(struct core *core, struct thread *thread)
{
	if (thread->state == SK_THREAD_WAITING && notification_unsleep(thread->waits))
		wake_with(core, thread, SK_TIMEOUT, 0);
	/* else bits came first: the wake-up is under way */
}

void notification_abort_here(struct core *core, struct notification *n)
{
	struct thread *thread = atomic_load_explicit(&n->waiter, memory_order_acquire);

	if (!thread || thread->o.home != core->number)
		return;
	notification_cancel_wait(core, thread);
	sched_ready(core, thread);
}

status_t notification_reap(struct core *core, void *object)
{
	struct notification *n = object;
	struct thread *waiter;

	core_request_all(core, REQUEST_GRACE, NULL); /* whoever was about to wait does now */
	while ((waiter = atomic_load_explicit(&n->waiter, memory_order_acquire)))
		core_request(core, waiter->o.home, REQUEST_ABORT_WAIT, n);
	return SK_OK;
}

status_t notification_call_signal(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	notification_signal(core, object, thread->badge);
	return SK_OK;
}

status_t notification_call_poll(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct notification *n = object;

	/* whoever sleeps there keeps its WAITER bit */
	frame_word(&thread->frame, 0) = atomic_fetch_and_explicit(&n->word, SK_WAITER, memory_order_acq_rel) & ~SK_WAITER;
	return SK_OK;
}

/* The right to be the one waiter: bound to the thread, or claimed by it. */
static bool claim(struct notification *n, struct thread *thread)
{
	struct thread *nobody = NULL;

	if (atomic_load_explicit(&n->bound, memory_order_acquire) == thread)
		return true;
	return atomic_compare_exchange_strong_explicit(&n->waiter, &nobody, thread, memory_order_acq_rel,
						       memory_order_relaxed);
}

status_t notification_call_wait(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	uint64_t deadline = frame_word(&thread->frame, 0), bits;
	struct notification *n = object;

	if (!claim(n, thread))
		return SK_BUSY;
	/* decoded: it is the waiter */
	thread->waits = n;
	for (;;) {
		bits = notification_take(n);
		if (bits != 0 || (deadline != SK_NEVER && deadline <= arch_now())) {
			finish_wait(core, thread, bits ? SK_OK : SK_TIMEOUT, bits);
			return STATUS_BLOCKED; /* did not, but the result is written */
		}
		thread->state = SK_THREAD_WAITING;
		if (notification_sleep(n, thread))
			break;
		thread->state = SK_THREAD_READY;
	}
	thread->timeout.deadline = deadline;
	if (deadline != SK_NEVER)
		timeout_insert(&core->timeouts, &thread->timeout);
	core->resched = true;
	return STATUS_BLOCKED;
}
