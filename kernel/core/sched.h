/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scheduling of one core: the ready thread of the highest priority runs, those
 * of equal priority take turns by time slice. The running thread stands in no
 * queue. All here: own core only, unless said.
 */
#pragma once

#include "core.h"
#include "thread.h"

/* So many timeouts, refills, wake-ups at most are handled before the core may do something else. */
#define SCHED_BATCH 8u
#define SCHED_PAUSE_DIVISOR 100000u /* 10 us */

/* Makes a thread of this core ready: at the end of its priority's queue. */
void sched_ready(struct core *core, struct thread *thread);

/* Takes a ready thread out of its queue. */
void sched_remove(struct core *core, struct thread *thread);

/*
 * The current thread goes on if it is READY and nobody of higher priority is,
 * else the first of the highest queue runs, else nobody; the timer is set to what
 * comes first.
 */
void sched_choose(struct core *core);

/* On the way out of the kernel. */
static inline __attribute__((always_inline)) void sched_leave(struct core *core)
{
	if (core->resched)
		sched_choose(core);
}

/*
 * Makes a thread that is READY, queued nowhere, and of no lower priority than any
 * ready one the current. Whoever pays goes on paying.
 */
static inline void sched_switch(struct core *core, struct thread *thread)
{
	core->current = thread;
}

/* The current thread, of higher priority than any ready one, gives way to one that is higher still (sched_switch). */
static inline void sched_put_aside(struct core *core, struct thread *thread, unsigned priority)
{
	thread->queued = 1;
	thread->next = thread->prev = thread;
	core->ready.head[priority] = thread;
	core->ready.map[priority / 64] |= 1ul << (priority % 64);
	core->ready.top = (int)priority;
}

/* The current thread goes behind its equals (sched_leave then chooses). */
void sched_yield(struct core *core);

/* The kernel timer fired: timeouts, end of the slice. */
void sched_tick(struct core *core);

/* A thread that waits is to look again (bits have come): any core. */
void sched_wake(struct core *core, struct thread *thread);

/*
 * Wakes threads that others pushed for this core, SCHED_BATCH at most. False: of those
 * that were there some are left; the next call begins with them.
 */
bool sched_take_wakes(struct core *core);
