/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads stand where their state says, run at the right priority, and somebody pays for what runs. */
#include "check.h"

#include "budget.h"
#include "chain.h"
#include "endpoint.h"
#include "notification.h"
#include "vcpu.h"

static unsigned ready_queued[SK_MAX_CORES]; /* threads that say that they stand in that core's ready queue */

/* Neither the root of its callers, nor a server between, nor one who waits for such a server. */
static void check_nobody_pays(const struct thread *thread)
{
	HOLDS("T15", !budget_left(chain_root(thread)), thread);
	for (; thread; thread = thread->caller)
		HOLDS("T15", !budget_left(thread) && !chain_lender(thread), thread);
}

static void check_member(const struct thread *thread)
{
	const struct thread *at = thread->serves ? thread->serves->members : NULL;
	unsigned guard = 0;

	HOLDS("T16", (thread->serves != NULL) == (thread->member_next != NULL), thread);
	if (!at)
		return;
	HOLDS("T16", thread->serves->core == &cores[thread->o.home], thread);
	HOLDS("T16", thread->member_next->member_prev == thread, thread);
	HOLDS("T16", thread->member_next->serves == thread->serves, thread);
	while (at != thread) {
		HOLDS("T16", guard++ < CHECK_OBJECTS, thread);
		at = at->member_next;
	}
}

/* Who is out of budget waits for more; nobody has more than one budget. */
static void check_budget(const struct core *core, const struct thread *thread)
{
	bool stopped = thread->state == SK_THREAD_STOPPED, waits = thread->budget.refill.height != 0;

	HOLDS("T13", waits == (!stopped && !budget_left(thread)), thread);
	if (thread->budget.ticks) {
		HOLDS("T13", thread->budget.ticks < thread->budget.period, thread);
		HOLDS("T13", thread->budget.left <= (int64_t)thread->budget.ticks, thread);
	}
	HOLDS("T14", !stopped || core->payer != thread, thread);
}

/* Who runs so that the thread gets on: itself, or down through servers; null: nobody does. */
static const struct thread *end_of(const struct thread *thread)
{
	for (unsigned i = 0; thread && thread->state != SK_THREAD_READY && i < 2 * SK_CALL_DEPTH; i++)
		thread = chain_next(thread);
	return thread && thread->state == SK_THREAD_READY ? thread : NULL;
}

/* What a core runs somebody pays for: the root of its callers, or else the core says that it is lent. */
static void check_payer(const struct core *core)
{
	if (core->resched)
		return; /* it has served a request while it spins, and has not left the kernel since */
	/* (one of them was stopped by a request that a spinning core served: it has not left the kernel since) */
	if (!core->current || !core->payer) {
		HOLDS("T14", core->resched || (!core->current && !core->payer), core);
		return;
	}
	HOLDS("T14", budget_left(core->payer), core);
	HOLDS("T14", core->lent == (core->payer != chain_root(core->current)), core);
	HOLDS("T14", end_of(core->payer) == core->current, core);
	HOLDS("T5", core->ready.top <= (int)core->current->running_priority, core);
}

static void check_state(const struct core *core, const struct thread *thread)
{
	switch (thread->state) {
	case SK_THREAD_READY:
		HOLDS("T1", (core->current == thread) + (thread->queued != 0) + (thread->parked != 0) == 1, thread);
		ready_queued[core->number] += thread->queued != 0;
		if (thread->parked)
			check_nobody_pays(thread);
		break;
	case SK_THREAD_CALLING:
		HOLDS("T1", (thread->server != NULL) != (thread->queued != 0), thread);
		break;
	case SK_THREAD_SERVING:
		HOLDS("T1", thread->queued, thread);
		break;
	case SK_THREAD_WAITING:
		HOLDS("T1", thread->waits && !thread->queued, thread);
		break;
	default:
		HOLDS("T1", !thread->queued, thread);
		break;
	}
	if (thread->state != SK_THREAD_READY)
		HOLDS("T1", core->current != thread && !thread->parked, thread);
	if (thread->state != SK_THREAD_WAITING)
		HOLDS("T6", (thread->timeout.height != 0) == (thread->state == SK_THREAD_CALLING && thread->queued), thread);
}

static void check_chain(const struct thread *thread)
{
	if (thread->caller) {
		HOLDS("T3", thread->caller->server == thread, thread);
		HOLDS("T3", thread->caller->state == SK_THREAD_CALLING, thread);
		HOLDS("T12", thread->depth > thread->caller->depth, thread);
	}
	if (thread->server)
		HOLDS("T3", thread->server->caller == thread, thread);
	HOLDS("T12", thread->depth <= SK_CALL_DEPTH, thread);
	HOLDS("T4", thread->running_priority == chain_priority(thread), thread);
}

static void check_thread(const struct thread *thread)
{
	const struct core *core = &cores[thread->o.home];

	check_state(core, thread);
	check_member(thread);
	check_budget(core, thread);
	check_chain(thread);
	if (thread->event)
		HOLDS("T10", atomic_load(&thread->event->bound) == thread, thread);
	if (thread->vcpu)
		HOLDS("V1", thread->vcpu->thread == thread, thread);
}

/* Of the two queues of an endpoint one is empty. */
static void check_endpoint(const struct endpoint *endpoint)
{
	HOLDS("T2", !endpoint->servers || !endpoint->callers.first, endpoint);
}

/* Each queue is a circle of READY threads of that priority and core; `map` and `top` say where there are any. */
static unsigned check_queue(const struct core *core, unsigned priority)
{
	const struct thread *first = core->ready.head[priority], *at = first;
	unsigned count = 0;

	HOLDS("T1", (first != NULL) == (core->ready.map[priority / 64] >> (priority % 64) & 1), core);
	if (!first)
		return 0;
	HOLDS("T1", core->ready.top >= (int)priority, core);
	do {
		HOLDS("T1", at->state == SK_THREAD_READY && at->queued && at->running_priority == priority, at);
		HOLDS("T1", at->o.home == core->number && at->next->prev == at, at);
		HOLDS("T1", count++ < CHECK_OBJECTS, at);
		at = at->next;
	} while (at != first);
	return count;
}

static void check_ready(const struct core *core)
{
	unsigned count = 0;

	for (unsigned priority = 0; priority < SK_PRIORITIES; priority++)
		count += check_queue(core, priority);
	HOLDS("T1", count == ready_queued[core->number], core);
	HOLDS("T1", core->ready.top < 0 || core->ready.head[core->ready.top], core);
}

void check_threads(void)
{
	for (unsigned i = 0; i < core_count; i++)
		ready_queued[i] = 0;
	for (unsigned i = 0; i < check_count(); i++) {
		struct object *object = check_object(i);

		if (object->type == SK_TYPE_THREAD)
			check_thread(container_of(object, struct thread, o));
		else if (object->type == SK_TYPE_ENDPOINT)
			check_endpoint(container_of(object, struct endpoint, o));
	}
	for (unsigned i = 0; i < core_count; i++) {
		check_payer(&cores[i]);
		check_ready(&cores[i]);
	}
}
