/* SPDX-License-Identifier: BSD-2-Clause */
#include "fast.h"

#include "core.h"
#include "notification.h"
#include "sched.h"
#include "thread.h"

static inline __attribute__((always_inline)) bool wake(struct core *core, struct notification *n, uint64_t bits)
{
	struct thread *from = core->current, *to = atomic_load_explicit(&n->waiter, memory_order_acquire);
	uint64_t asleep = SK_WAITER;

	if (!to || to->o.home != core->number || to->state != SK_THREAD_WAITING || to->timeout.height || to->caller ||
	    to->budget.ticks || core->resched || core->slice_armed)
		return false;
	if (from && (to->running_priority <= from->running_priority || core->ready.top >= (int)from->running_priority ||
		     core->payer->budget.ticks))
		return false;
	if (!from && core->ready.top >= 0)
		return false;
	/* whoever turns WAITER off wakes: with the bits, that are never seen in the word */
	if (!atomic_compare_exchange_strong_explicit(&n->word, &asleep, 0, memory_order_seq_cst, memory_order_relaxed))
		return false;
	/* decided */
	to->waits = NULL;
	to->waits_event = 0;
	if (atomic_load_explicit(&n->bound, memory_order_relaxed) != to)
		atomic_store_explicit(&n->waiter, NULL, memory_order_release);
	to->state = SK_THREAD_READY;
	frame_word(&to->frame, 0) = bits;
	frame_slot(&to->frame) = SK_OK;
	if (from)
		sched_put_aside(core);
	core->payer = to;
	core->lent = false;
	sched_switch(core, to);
	return true;
}

bool fast_wake(struct core *core, struct notification *n, uint64_t bits)
{
	return wake(core, n, bits);
}

/* Not inline, so that the common case needs no stack frame. */
static __attribute__((noinline)) void signal_slowly(struct core *core, struct notification *n, uint64_t bits)
{
	notification_signal(core, n, bits);
	sched_leave(core);
}

void fast_interrupt(struct core *core, struct notification *n, uint64_t bits)
{
	if (!wake(core, n, bits))
		signal_slowly(core, n, bits);
}
