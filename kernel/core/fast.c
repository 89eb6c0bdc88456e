/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

/*
 * `to` sleeps in SK_WAIT, and is of higher priority than whoever runs (null: nobody); budgets do not
 * matter. If it has a deadline, the timer may come for that: a tick that finds nothing to do.
 */
static inline bool runs_at_once(const struct core *core, const struct thread *from, const struct thread *to)
{
	if (to->state != SK_THREAD_WAITING || to->caller || to->budget.ticks || core->resched ||
	    core->slice_armed)
		return false;
	if (!from)
		return core->ready.top < 0;
	return to->running_priority > from->running_priority && core->ready.top < (int)from->running_priority &&
	       !core->payer->budget.ticks;
}

/* priority: of `from` */
static inline void run_at_once(struct core *core, struct thread *from, unsigned priority, struct thread *to,
			       struct notification *n, status_t status, uint64_t bits)
{
	notification_end_wait(n, to, status, bits);
	to->state = SK_THREAD_READY;
	if (from)
		sched_put_aside(core, from, priority);
	core->payer = to;
	core->lent = false;
	sched_switch(core, to);
}

/* The same, whether it has a deadline or not. */
static __attribute__((noinline)) bool run_now(struct core *core, struct thread *to, status_t status, uint64_t bits)
{
	struct thread *from = core->current;

	timeout_remove(&core->timeouts, &to->timeout);
	run_at_once(core, from, from ? from->running_priority : 0, to, to->waits, status, bits);
	return true;
}

/* Whoever turns WAITER off wakes. While somebody sleeps there are no bits: they become `bits`. */
static inline bool wakes(struct notification *n, uint64_t bits)
{
	uint64_t asleep = SK_WAITER;

	return atomic_compare_exchange_strong_explicit(&n->word, &asleep, bits, memory_order_seq_cst,
						       memory_order_relaxed);
}

/* `to`, the notification's waiter, is of this core (nobody else ends its wait), and runs at once. */
static inline bool awaits(const struct core *core, const struct thread *from, const struct thread *to, uint64_t bits)
{
	return bits && to && to->o.home == core->number && runs_at_once(core, from, to);
}

/* All below is not inline, so that the common cases need no stack frame. One with a deadline: */
static __attribute__((noinline)) bool wake(struct core *core, struct notification *n, struct thread *to, uint64_t bits)
{
	return awaits(core, core->current, to, bits) && wakes(n, 0) && run_now(core, to, SK_OK, bits);
}

static __attribute__((noinline)) enum fast_signal signal_far(struct core *core, struct notification *n, uint64_t bits)
{
	struct thread *to;

	if (!wakes(n, bits))
		return FAST_NOT;
	/* null: its wait was cut off just now; and it may be at home here by now */
	to = atomic_load_explicit(&n->waiter, memory_order_acquire);
	if (to)
		sched_wake(core, to);
	if (!core->resched)
		return FAST_TOLD;
	sched_leave(core);
	return FAST_LEAVE;
}

/* To one of lower priority, which is ready from now on: nothing changes for whoever runs. */
static __attribute__((noinline)) enum fast_signal wake_below(struct core *core, struct notification *n, struct thread *to,
							    uint64_t bits)
{
	if (to->state != SK_THREAD_WAITING || to->running_priority >= core->current->running_priority || core->resched ||
	    !wakes(n, 0))
		return FAST_NOT;
	/* decided */
	timeout_remove(&core->timeouts, &to->timeout);
	notification_end_wait(n, to, SK_OK, bits);
	sched_ready(core, to);
	core->resched = false;
	return FAST_TOLD;
}

static __attribute__((noinline)) enum fast_signal signal_other(struct core *core, struct notification *n, struct thread *to,
							      uint64_t bits)
{
	if (!bits || !to)
		return FAST_NOT;
	if (to->o.home != core->number)
		return signal_far(core, n, bits);
	return wake(core, n, to, bits) ? FAST_SWITCHED : wake_below(core, n, to, bits);
}

enum fast_signal fast_signal_waiter(struct core *core, struct notification *n, uint64_t bits)
{
	struct thread *to = atomic_load_explicit(&n->waiter, memory_order_acquire), *from = core->current;

	unsigned priority = from->running_priority; /* who signals runs */

	if (!awaits(core, from, to, bits) || to->timeout.height || !wakes(n, 0))
		return signal_other(core, n, to, bits);
	/* decided */
	run_at_once(core, from, priority, to, n, SK_OK, bits);
	return FAST_SWITCHED;
}

bool fast_woken(struct core *core, struct thread *to)
{
	struct notification *n = to->waits;
	uint64_t bits;

	if (!to->waits_event || !runs_at_once(core, core->current, to) ||
	    (atomic_load_explicit(&n->word, memory_order_acquire) & SK_WAITER))
		return false;
	bits = notification_take(n);
	if (!bits)
		return false;
	/* decided */
	return run_now(core, to, SK_OK, bits);
}

bool fast_timeout(struct core *core)
{
	struct timeout *first = core->timeouts.first, *next;
	uint64_t now = arch_now(), deadline;
	struct thread *to;

	if (!first || first->deadline > now || core->woken || core->refills.first)
		return false;
	next = timeout_next(first);
	deadline = next ? next->deadline : SK_NEVER;
	to = container_of(first, struct thread, timeout);
	/* (if bits came first the wake-up is under way) */
	if (deadline <= now || core->not_before > now || !runs_at_once(core, core->current, to) || !wakes(to->waits, 0))
		return false;
	/* decided */
	arch_timer_set(deadline);
	return run_now(core, to, SK_TIMEOUT, 0);
}

static __attribute__((noinline)) void interrupt_slowly(struct core *core, struct notification *n, struct thread *to, uint64_t bits)
{
	if (wake(core, n, to, bits))
		return;
	notification_signal(core, n, bits);
	sched_leave(core);
}

void fast_interrupt(struct core *core, struct notification *n, uint64_t bits)
{
	struct thread *to = atomic_load_explicit(&n->waiter, memory_order_acquire), *from = core->current;

	if (!awaits(core, from, to, bits) || to->timeout.height || !wakes(n, 0)) {
		interrupt_slowly(core, n, to, bits);
		return;
	}
	/* decided */
	run_at_once(core, from, from ? from->running_priority : 0, to, n, SK_OK, bits);
}
