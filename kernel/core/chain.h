/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who waits for whom. A caller waits for the server that has its call, or in an
 * endpoint's queue for one that has another's:
 *
 *   root --server--> S1 --server--> S2 --queued--> [endpoint] --members--> S3
 *        <--caller--    <--caller--
 *
 * Up through `caller` a chain has SK_CALL_DEPTH links at most (`depth`). A server
 * runs at the highest priority of all who wait for it, however deep. Home core.
 */
#pragma once

#include "thread.h"

/* Whose call it is in the end: up through all callers. */
static inline struct thread *chain_root(const struct thread *thread)
{
	while (thread->caller)
		thread = thread->caller;
	return (struct thread *)(uintptr_t)thread;
}

/* Somebody may pay now for who runs so that the thread (or null) gets on, itself or down through servers. */
void chain_unpark(struct core *core, struct thread *thread);

/*
 * The first caller in the endpoint's queue of this server who has budget left, or
 * whose root has, of those that are asked; null: none, or another server is asked first.
 */
#define CHAIN_LENDERS 4u
struct thread *chain_lender(const struct thread *server);

/* The priority that a thread is to run at: its own, its caller's, a lender's. */
unsigned chain_priority(const struct thread *thread);

/*
 * Something that chain_priority of this thread goes by has changed (null: of
 * nobody): puts it right, and all that it waits for.
 */
void chain_settle(struct core *core, struct thread *thread);

/* Who has, or will have, the call of a thread: what waits for it goes by its budget. Null: it calls nobody. */
struct thread *chain_next(const struct thread *thread);
