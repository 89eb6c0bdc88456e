/* SPDX-License-Identifier: BSD-2-Clause */
#include "fast.h"

#include "core.h"
#include "notification.h"
#include "sched.h"
#include "thread.h"

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

/* It has WAITER no more, and these bits. */
static inline void end_wait(struct core *core, struct thread *to, struct notification *n, uint64_t bits)
{
	if (to->timeout.height)
		timeout_remove(&core->timeouts, &to->timeout);
	to->waits = NULL;
	to->waits_event = 0;
	if (atomic_load_explicit(&n->bound, memory_order_relaxed) != to)
		atomic_store_explicit(&n->waiter, NULL, memory_order_release);
	frame_word(&to->frame, 0) = bits;
	frame_slot(&to->frame) = SK_OK;
}

static inline void run_at_once(struct core *core, struct thread *from, struct thread *to, struct notification *n,
			       uint64_t bits)
{
	end_wait(core, to, n, bits);
	to->state = SK_THREAD_READY;
	if (from)
		sched_put_aside(core, from);
	core->payer = to;
	core->lent = false;
	sched_switch(core, to);
}

/* Whoever turns WAITER off wakes. While somebody sleeps there are no bits: they become `bits`. */
static inline bool wakes(struct notification *n, uint64_t bits)
{
	uint64_t asleep = SK_WAITER;

	return atomic_compare_exchange_strong_explicit(&n->word, &asleep, bits, memory_order_seq_cst,
						       memory_order_relaxed);
}

/* `to`: the notification's waiter. */
static inline __attribute__((always_inline)) bool wake(struct core *core, struct notification *n, struct thread *to,
						       uint64_t bits)
{
	struct thread *from = core->current;

	/* of this core: nobody else ends its wait */
	if (!bits || !to || to->o.home != core->number || !runs_at_once(core, from, to) || !wakes(n, 0))
		return false;
	/* decided */
	run_at_once(core, from, to, n, bits);
	return true;
}

/* Not inline, so that the common case needs no stack frame. */
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
static bool wake_below(struct core *core, struct notification *n, struct thread *to, uint64_t bits)
{
	if (to->state != SK_THREAD_WAITING || to->running_priority >= core->current->running_priority || core->resched ||
	    !wakes(n, 0))
		return false;
	/* decided */
	end_wait(core, to, n, bits);
	sched_ready(core, to);
	core->resched = false;
	return true;
}

enum fast_signal fast_signal_waiter(struct core *core, struct notification *n, uint64_t bits)
{
	struct thread *to = atomic_load_explicit(&n->waiter, memory_order_acquire);

	if (wake(core, n, to, bits))
		return FAST_SWITCHED;
	if (!bits || !to)
		return FAST_NOT;
	if (to->o.home != core->number)
		return signal_far(core, n, bits);
	return wake_below(core, n, to, bits) ? FAST_TOLD : FAST_NOT;
}

bool fast_woken(struct core *core, struct thread *to)
{
	struct thread *from = core->current;
	struct notification *n = to->waits;
	uint64_t bits;

	if (!to->waits_event || !runs_at_once(core, from, to) ||
	    (atomic_load_explicit(&n->word, memory_order_acquire) & SK_WAITER))
		return false;
	bits = notification_take(n);
	if (!bits)
		return false;
	/* decided */
	run_at_once(core, from, to, n, bits);
	return true;
}

static __attribute__((noinline)) void signal_slowly(struct core *core, struct notification *n, uint64_t bits)
{
	notification_signal(core, n, bits);
	sched_leave(core);
}

void fast_interrupt(struct core *core, struct notification *n, uint64_t bits)
{
	if (!wake(core, n, atomic_load_explicit(&n->waiter, memory_order_acquire), bits))
		signal_slowly(core, n, bits);
}
