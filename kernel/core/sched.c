/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

static void map_set(struct ready_queue *q, unsigned priority)
{
	q->map[priority / 64] |= 1ul << (priority % 64);
	if ((int)priority > q->top)
		q->top = (int)priority;
}

static void map_clear(struct ready_queue *q, unsigned priority)
{
	q->map[priority / 64] &= ~(1ul << (priority % 64));
	if ((int)priority != q->top)
		return;
	q->top = -1;
	for (int i = SK_PRIORITIES / 64 - 1; i >= 0; i--) {
		if (q->map[i]) {
			q->top = i * 64 + 63 - __builtin_clzl(q->map[i]);
			return;
		}
	}
}

void sched_ready(struct core *core, struct thread *thread)
{
	struct ready_queue *q = &core->ready;
	struct thread **head = &q->head[thread->running_priority];

	thread->state = SK_THREAD_READY;
	core->resched = true;
	if (!*head)
		map_set(q, thread->running_priority);
	queue_add(head, thread);
}

/*
 * At the front of its priority's queue: it was cut off, not done. It keeps what is left of
 * its slice, no more: else who is cut off often never has its slice end, and its
 * equals never have their turn.
 */
static void ready_first(struct core *core, struct thread *thread)
{
	uint64_t now;

	if (core->slice_armed) {
		now = arch_now();
		thread->slice_left = core->slice_end > now ? core->slice_end - now : 1;
	}
	sched_ready(core, thread);
	core->ready.head[thread->running_priority] = thread;
}

void sched_remove(struct core *core, struct thread *thread)
{
	struct ready_queue *q = &core->ready;
	struct thread **head = &q->head[thread->running_priority];

	queue_remove(head, thread);
	if (!*head)
		map_clear(q, thread->running_priority);
	thread->next = thread->prev = NULL;
}

/* The first of the highest queue, null: nobody is ready. */
static struct thread *take_first(struct core *core)
{
	struct thread *thread;

	core->slice_armed = false;
	if (core->ready.top < 0)
		return NULL;
	thread = core->ready.head[core->ready.top];
	sched_remove(core, thread);
	return thread;
}

/* Those for whom nobody pays are found out here, once each: they are parked. */
static void choose(struct core *core)
{
	struct thread *thread = core->current;

	if (!thread || thread->state != SK_THREAD_READY) {
		thread = take_first(core);
	} else if (core->ready.top > (int)thread->running_priority) {
		ready_first(core, thread);
		thread = take_first(core);
	}
	while (!budget_run(core, thread)) {
		thread->parked = 1;
		thread = take_first(core);
	}
	core->current = thread;
}

void sched_yield(struct core *core)
{
	sched_ready(core, core->current);
	core->current = NULL;
}

/* The timer for what comes first: a deadline, or the end of the slice if others want their turn. */
static void arm_timer(struct core *core)
{
	uint64_t deadline = budget_deadline(core);
	bool shared = core->current && core->ready.top >= (int)core->current->running_priority;

	if (core->timeouts.first && core->timeouts.first->deadline < deadline)
		deadline = core->timeouts.first->deadline;
	if (!shared) {
		core->slice_armed = false;
	} else if (!core->slice_armed) {
		core->slice_armed = true;
		core->slice_end = arch_now() + (core->current->slice_left ? core->current->slice_left : arch_counter_hz() / SLICE_DIVISOR);
		core->current->slice_left = 0;
	}
	if (shared && core->slice_end < deadline)
		deadline = core->slice_end;
	if (core->woken)
		deadline = 0;
	if (deadline < core->not_before)
		deadline = core->not_before;
	arch_timer_set(deadline);
}

void sched_choose(struct core *core)
{
	core->resched = false;
	budget_charge(core);
	choose(core);
	arm_timer(core);
}

/* Enough for once: the rest is done a little later, so that those who are awake now get on meanwhile. */
static void pause(struct core *core, uint64_t now)
{
	core->not_before = now + arch_counter_hz() / SCHED_PAUSE_DIVISOR;
	core->resched = true;
}

void sched_tick(struct core *core)
{
	uint64_t now = arch_now();
	struct timeout *first;

	core->resched = true;
	budget_charge(core);
	if (core->woken)
		sched_take_wakes(core);
	if (!budget_tick(core, now))
		pause(core, now);
	for (unsigned i = 0; (first = core->timeouts.first) && first->deadline <= now; i++) {
		if (i == SCHED_BATCH) {
			pause(core, now);
			break;
		}
		timeout_remove(&core->timeouts, first);
		notification_timeout(core, container_of(first, struct thread, timeout));
	}
	if (core->slice_armed && core->slice_end <= now) {
		core->slice_armed = false;
		if (core->current && core->current->state == SK_THREAD_READY)
			sched_yield(core);
	}
}

/*
 * `wake_queued` makes one push of it at a time: whoever turns it from 0 to 1
 * pushes. It falls back to 0 before the thread looks at its bits, so bits that
 * come later push again.
 */
void sched_wake(struct core *core, struct thread *thread)
{
	struct core *home = &cores[thread->o.home];
	struct thread *head;

	if (home == core) {
		notification_wake_here(core, thread);
		return;
	}
	if (atomic_exchange_explicit(&thread->wake_queued, 1, memory_order_acq_rel))
		return;
	head = atomic_load_explicit(&home->wake, memory_order_relaxed);
	do {
		atomic_store_explicit(&thread->wake_next, head, memory_order_relaxed);
		/* release: the link before the head; pairs with the exchange in sched_take_wakes */
	} while (!atomic_compare_exchange_weak_explicit(&home->wake, &head, thread, memory_order_release,
							memory_order_relaxed));
	arch_ipi(home->number);
}

bool sched_take_wakes(struct core *core)
{
	struct thread *thread = core->woken;

	if (!thread)
		thread = atomic_exchange_explicit(&core->wake, NULL, memory_order_acquire);
	for (unsigned i = 0; thread && i < SCHED_BATCH; i++) {
		struct thread *next = atomic_load_explicit(&thread->wake_next, memory_order_relaxed);

		atomic_store_explicit(&thread->wake_queued, 0, memory_order_seq_cst);
		if (!fast_woken(core, thread))
			notification_wake_here(core, thread);
		thread = next;
	}
	core->woken = thread;
	if (thread)
		pause(core, arch_now());
	return !thread;
}
