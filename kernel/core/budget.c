/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

bool budget_legal(uint64_t budget, uint64_t period)
{
	uint64_t hz = arch_counter_hz();

	return budget == period || (budget >= (hz * SK_BUDGET_MIN_US + 999999) / 1000000 && budget < period &&
				    period <= hz * SK_PERIOD_MAX_US / 1000000);
}

void budget_set(struct thread *thread, uint64_t budget, uint64_t period)
{
	thread->budget.ticks = budget;
	thread->budget.period = period;
	thread->budget.left = (int64_t)budget;
	thread->budget.end = 0;
}

/* A period begins. What was used too much before is missing now. */
static void fill(struct budget *b, uint64_t start)
{
	b->left = (b->left < 0 ? b->left : 0) + (int64_t)b->ticks;
	b->end = start + b->period;
}

static void wait_for_refill(struct core *core, struct budget *b)
{
	b->refill.deadline = b->end;
	timeout_insert(&core->refills, &b->refill);
}

void budget_charge(struct core *core)
{
	struct budget *b = core->payer ? &core->payer->budget : NULL;
	uint64_t from = core->paid_until, now;
	bool spent;

	if (!b || b->ticks == 0)
		return;
	spent = b->left <= 0;
	core->paid_until = now = arch_now();
	if (!spent && b->end < now) { /* it ran on into its next period */
		b->left -= (int64_t)(b->end - from);
		from = b->end;
		fill(b, from);
	}
	b->left -= (int64_t)(now - from);
	if (spent || b->left > 0)
		return;
	wait_for_refill(core, b);
	chain_settle(core, chain_next(core->payer));
	core->resched = true;
}

/* Who pays for a thread that is ready to run. */
static struct thread *payer_of(struct thread *thread)
{
	struct thread *root = chain_root(thread), *lender;

	if (budget_left(root))
		return root;
	for (struct thread *server = thread; server; server = server->caller) {
		lender = chain_lender(server);
		if (lender)
			return chain_root(lender);
		if (budget_left(server))
			return server;
	}
	return NULL;
}

static void pays(struct core *core, struct thread *payer)
{
	core->payer = payer;
	if (!payer || payer->budget.ticks == 0)
		return;
	core->paid_until = arch_now();
	if (payer->budget.end <= core->paid_until)
		fill(&payer->budget, core->paid_until);
}

bool budget_run(struct core *core, struct thread *thread)
{
	struct thread *payer = thread ? payer_of(thread) : NULL;

	if (payer != core->payer)
		pays(core, payer);
	core->lent = payer && payer != chain_root(thread);
	return payer || !thread;
}

uint64_t budget_deadline(const struct core *core)
{
	uint64_t deadline = core->refills.first ? core->refills.first->deadline : SK_NEVER;

	if (core->payer && core->payer->budget.ticks) {
		uint64_t end = core->paid_until + (uint64_t)core->payer->budget.left;

		if (end < deadline)
			deadline = end;
	}
	return deadline;
}

/* The end of a period of a thread that was out of budget. */
static void refill(struct core *core, struct thread *thread, uint64_t now)
{
	struct budget *b = &thread->budget;

	timeout_remove(&core->refills, &b->refill);
	fill(b, b->end + b->period > now ? b->end : now);
	if (b->left <= 0) {
		wait_for_refill(core, b);
		return;
	}
	chain_settle(core, chain_next(thread));
	chain_unpark(core, thread);
}

bool budget_tick(struct core *core, uint64_t now)
{
	for (unsigned i = 0; core->refills.first && core->refills.first->deadline <= now; i++) {
		if (i == SCHED_BATCH)
			return false;
		refill(core, container_of(core->refills.first, struct thread, budget.refill), now);
	}
	return true;
}

void budget_stop(struct core *core, struct thread *thread)
{
	if (core->payer == thread) {
		budget_charge(core);
		core->payer = NULL;
		core->resched = true;
	}
	timeout_remove(&core->refills, &thread->budget.refill);
	thread->parked = 0;
}

void budget_start(struct core *core, struct thread *thread)
{
	if (!budget_left(thread) && !thread->budget.refill.height)
		wait_for_refill(core, &thread->budget);
}
