/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Budgets: in a period a thread, and whoever serves it, runs for so long at most.
 *
 * One thread pays for what a core does at a time (core->payer), kernel time
 * included. A period begins when a payer first runs after the last one's end; the
 * budget is full then. When it is used up the payer waits for the period's end in
 * core->refills. So of aligned periods each sees `budget` at most, a window of a
 * period's length anywhere less than two budgets, n periods at most n + 1. What
 * a payer used too much, because the kernel could not be interrupted, is taken
 * from the next budget.
 *
 * A server's payer is, in this order: the root of its chain of callers; from the
 * innermost server outwards: the next caller in its endpoint's queue (helping),
 * the server itself. If nobody has budget left it is parked: READY, in no queue,
 * until the budget of one that waits for it is full again. Home core.
 */
#pragma once

#include "core.h"
#include "thread.h"

/* Stopped threads only. Ticks; 0: no limit. */
void budget_set(struct thread *thread, uint64_t budget, uint64_t period);

/* Whether budget and period of SK_THREAD_CONFIGURE are in range (equal, or 0 and 0, are). */
bool budget_legal(uint64_t budget, uint64_t period);

static inline bool budget_left(const struct thread *thread)
{
	return thread->budget.ticks == 0 || thread->budget.left > 0;
}

/* Takes what the payer has used until now from its budget. */
void budget_charge(struct core *core);

/*
 * The core runs this READY thread (null: nobody) from now on; false: nobody pays
 * for it. Whoever paid until now has been charged.
 */
bool budget_run(struct core *core, struct thread *thread);

/* When the payer's budget ends, SK_NEVER: it does not; and when the first is to be filled. */
uint64_t budget_deadline(const struct core *core);

/* The kernel timer fired: fills what is due. False: more is due. */
bool budget_tick(struct core *core, uint64_t now);

/* The thread stops: it pays no longer. */
void budget_stop(struct core *core, struct thread *thread);
/* The thread starts: what it had used up before comes back at the end of that period. */
void budget_start(struct core *core, struct thread *thread);
