/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core: a small uniprocessor kernel of its own. Its fields are touched by
 * this core alone, but for those marked shared.
 *
 * The kernel lock is a ticket lock: FIFO, so waiting is bounded by the number
 * of cores times the longest locked path. Whoever spins for it serves the
 * requests addressed to its own core; nothing read before the lock was taken
 * is used after it.
 *
 * A core request runs a small operation on an object's home core. It is sent
 * under the kernel lock only, so there is one requester at a time, requests
 * never cross, and one slot per core is enough.
 */
#pragma once

#include "arch.h"
#include "object.h"
#include "timeout.h"

struct ready_queue {
	struct thread *head[SK_PRIORITIES]; /* circular lists */
	uint64_t map[SK_PRIORITIES / 64];
	int top;                            /* highest priority that is not empty, -1: none */
};

enum request {
	REQUEST_NONE = 0,
	REQUEST_STOP_THREAD,    /* object: thread */
	REQUEST_START_THREAD,
	REQUEST_ABORT_WAIT,     /* object: a dying notification: its waiter returns ABORTED */
	REQUEST_ABORT_ENDPOINT, /* object: endpoint: everybody queued there returns ABORTED */
	REQUEST_UNLOAD_VCPU,    /* object: vcpu: state saved, out of the guest */
	REQUEST_DROP_SPACE,     /* object: space: not loaded here any more */
	REQUEST_DROP_EVENT,     /* object: thread whose bound notification goes */
	REQUEST_LINK_IRQ,       /* object: irq whose target is a vcpu of this core */
	REQUEST_GRACE,          /* no object: this core is not in the middle of a kernel path */
};

struct core {
	struct arch_core arch;      /* first: assembly knows its offsets */
	struct thread *current;     /* null: idle */
	struct space *space;        /* loaded stage 2, null: none */
	unsigned number;
	struct ready_queue ready;
	struct thread *payer;       /* whose budget the current thread uses, null: nobody's (budget.h) */
	uint64_t paid_until;        /* and until when it was charged, if its budget has a limit */
	bool lent;                  /* the payer is not the root of the current thread's callers */
	struct timeout_queue timeouts;
	struct thread *woken;       /* taken from `wake`, and not yet woken */
	uint64_t not_before;        /* the kernel timer is not set to an earlier time: a tick was cut short */
	bool request_more;          /* of the request served last: it is to be made again (read by the requester) */
	struct timeout_queue refills; /* of payers out of budget */
	uint64_t slice_end;         /* the current thread's, in ticks */
	bool slice_armed;
	bool lock_wanted;           /* the call is to be made again under the kernel lock, */
	bool locked;                /* and now it is */
	bool lock_awaited;          /* the current thread's call has not begun: it waits for the lock or the reaper */
	bool resched;               /* somebody became ready, or the current thread cannot go on */
	uint32_t changes_seen;      /* space_changes at this core's last look */
	/* shared */
	_Atomic(struct thread *) wake;     /* threads to wake here: pushed by any core, taken as a whole */
	_Atomic uint32_t request;          /* enum request; the requester sets it, this core clears it */
	void *request_object;
	_Atomic bool online;
};

extern struct core cores[SK_MAX_CORES];
extern unsigned core_count;

#define SLICE_DIVISOR 200u          /* a time slice is 1/200 s */

/* Of the ticket lock. */
extern struct kernel_tickets {
	_Atomic uint32_t next;      /* to draw */
	_Atomic uint32_t owner;     /* that may enter */
	ref_t dying;                /* for its holder: the first object that the reaper has to take apart, 0: none (reap.c) */
} kernel_tickets;

static inline uint32_t kernel_ticket(void)
{
	return atomic_fetch_add_explicit(&kernel_tickets.next, 1, memory_order_relaxed);
}

static inline bool kernel_turn(uint32_t ticket)
{
	/* acquire: pairs with the release in kernel_unlock */
	return atomic_load_explicit(&kernel_tickets.owner, memory_order_acquire) == ticket;
}

/* Serves this core's requests until it is the ticket's turn. */
void core_wait_for_lock(struct core *core, uint32_t ticket);

static inline void kernel_unlock(void)
{
	uint32_t owner = atomic_load_explicit(&kernel_tickets.owner, memory_order_relaxed);

	atomic_store_explicit(&kernel_tickets.owner, owner + 1, memory_order_release);
}

/* Kernel lock held. Runs the operation on a core (which may be this one) and waits until it is done. */
void core_request(struct core *core, unsigned target, enum request what, void *object);
/* One step of it: true if it is to be asked for again. */
bool core_request_step(struct core *core, unsigned target, enum request what, void *object);
/* The same on every core. */
void core_request_all(struct core *core, enum request what, void *object);
/* Serves the request addressed to this core, if any. */
void core_serve(struct core *core);
