/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

/* Steps down: servers that have the call, and the queues between such chains. Waiting in a circle ends here. */
#define STEPS (2 * SK_CALL_DEPTH)

struct thread *chain_next(const struct thread *thread)
{
	if (thread->state != SK_THREAD_CALLING)
		return NULL;
	return thread->server ? thread->server : thread->endpoint->members;
}

void chain_unpark(struct core *core, struct thread *thread)
{
	for (unsigned i = 0; thread && i < STEPS && thread->state != SK_THREAD_READY; i++)
		thread = chain_next(thread);
	if (thread && thread->state == SK_THREAD_READY && thread->parked) {
		thread->parked = 0;
		sched_ready(core, thread);
	}
}

struct thread *chain_lender(const struct thread *server)
{
	struct timeout *node;

	if (!server->serves || server->serves->members != server)
		return NULL;
	node = server->serves->callers.first;
	for (unsigned i = 0; node && i < CHAIN_LENDERS; i++) {
		struct thread *caller = container_of(node, struct thread, timeout);

		if (budget_left(chain_root(caller)))
			return caller;
		node = timeout_next(node);
	}
	return NULL;
}

/* A root that is out of budget has no say; a server that serves another's call has. */
static bool counts(const struct thread *caller)
{
	return caller->caller || budget_left(caller);
}

unsigned chain_priority(const struct thread *thread)
{
	const struct thread *lender = chain_lender(thread);
	unsigned priority = thread->priority;

	if (thread->caller && counts(thread->caller) && thread->caller->running_priority > priority)
		priority = thread->caller->running_priority;
	if (lender && lender->running_priority > priority)
		priority = lender->running_priority;
	return priority;
}

/* Where it stands by its priority it takes another place. */
static void set_priority(struct core *core, struct thread *thread, unsigned priority)
{
	bool ready = thread->queued && thread->state == SK_THREAD_READY;
	bool calling = thread->queued && thread->state == SK_THREAD_CALLING;

	core->resched = true;
	if (ready)
		sched_remove(core, thread);
	if (calling)
		endpoint_dequeue(thread);
	thread->running_priority = (uint8_t)priority;
	if (ready)
		sched_ready(core, thread);
	if (calling)
		endpoint_enqueue(thread->endpoint, thread);
}

void chain_settle(struct core *core, struct thread *thread)
{
	for (unsigned i = 0; thread && i < STEPS; i++) {
		unsigned priority = chain_priority(thread);

		if (priority != thread->running_priority)
			set_priority(core, thread, priority);
		thread = chain_next(thread);
	}
}
