/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread: registers, the cnode it finds its capabilities in, the Space it
 * runs in, a fault handler, a bound notification, a bound vCPU, a priority.
 *
 * Its references to other objects are capabilities in slots of its own, made by
 * SK_THREAD_CONFIGURE as children of the caller's. The plain pointers beside them
 * are what the hot paths use; they change on a stopped thread only.
 *
 *            start                  call, queued or served
 *   STOPPED --------> READY <------------------------------> CALLING
 *      ^                |  ^---- caller or bits -----------> SERVING
 *      | stop (any)     |  ^---- bits, time or abort ------> WAITING
 *      '----------------+-- fault without an endpoint -----> FAULTED
 */
#pragma once

#include "arch.h"
#include "slot.h"
#include "timeout.h"

enum thread_slot {
	THREAD_CNODE, THREAD_SPACE, THREAD_FAULT, THREAD_EVENT, THREAD_VCPU, THREAD_SLOTS,
};

struct budget {
	uint64_t ticks;              /* in a period; 0: no limit */
	uint64_t period;
	int64_t left;                /* of this period; below 0: used too much */
	uint64_t end;                /* of this period */
	struct timeout refill;       /* in core->refills while nothing is left */
};

struct thread {
	struct object o;
	uint8_t state;               /* enum sk_thread_state. This and the next three are one word in calls.S */
	uint8_t queued;              /* in a ready queue or an endpoint's queue */
	uint8_t depth;               /* how many callers wait for it, at most */
	uint8_t running_priority;    /* at least its own: see chain_priority */
	uint8_t priority;            /* its own */
	uint8_t max_priority;        /* that it may set */
	uint8_t fault_waits;         /* CALLING because of a fault: the reply does not touch its registers */
	uint8_t waits_event;         /* WAITING or SERVING with the WAITER bit set in a notification */
	uint8_t parked;              /* READY, and nobody pays: not queued */
	uint8_t pad1[2];
	uint32_t send_slot;          /* CALLING: the capability that goes along, 0: none */
	uint32_t receive_slot;       /* SERVING or CALLING: where one may be put, 0: not wanted. calls.S clears this and the next at once */
	uint32_t answer_slot;        /* with a caller: where its reply may put one */
	uint8_t pad[REF_UNIT - sizeof(struct object) - 24];

	struct arch_frame frame;     /* at one unit: the trap entry finds it by SP */

	struct cnode *cnode;
	struct space *space;
	struct vcpu *vcpu;
	struct notification *event;  /* bound */
	struct endpoint *serves;     /* where it waited for callers last; with `event` for calls.S */
	struct thread *next, *prev;  /* in a ready queue or an endpoint's queue */
	struct thread *caller;       /* it serves this one */
	struct thread *server;       /* CALLING: this one serves it; null: it stands in the queue */
	struct endpoint *endpoint;   /* of this one */
	struct thread *member_next, *member_prev; /* of those that serve there: a circle */
	uint64_t fault_words[SK_WORDS]; /* CALLING because of a fault: its message */
	uint64_t badge;              /* of the capability it called with */
	struct notification *waits;  /* WAITING: for this one */
	_Atomic(struct thread *) wake_next; /* in a core's wake list */
	_Atomic uint32_t wake_queued;
	_Alignas(8) _Atomic uint32_t guest_core; /* 1 + core on which its guest runs now, 0: it does not. Read by signallers */
	uint32_t in_guest;           /* when it runs it goes on in its vCPU. (An architecture may write both at once) */
	struct timeout timeout;      /* WAITING: its deadline. In an endpoint's queue: its place */
	uint64_t slice_left;         /* READY, and cut off: the rest of its time slice; 0: it gets a whole one */
	struct budget budget;
	struct arch_thread arch;     /* lazily kept state */
	_Alignas(REF_UNIT) struct slot slot[THREAD_SLOTS];
};
_Static_assert(offsetof(struct thread, frame) == REF_UNIT, "frame follows the header");
_Static_assert(offsetof(struct thread, receive_slot) % 8 == 0, "one store clears both slots");

static inline bool thread_at_rest(const struct thread *thread)
{
	return thread->state == SK_THREAD_STOPPED || thread->state == SK_THREAD_FAULTED;
}

/* Home core. Out of every queue and the guest; its callers return ABORTED. STOPPED. */
void thread_stop_here(struct core *core, struct thread *thread);
/* Home core. STOPPED or FAULTED -> READY. */
void thread_start_here(struct core *core, struct thread *thread);
/* Home core. The bound notification goes: the thread does not wait for it any more. */
void thread_drop_event(struct core *core, struct thread *thread);

/* Writes the outcome of a blocked call. Home core. */
static inline void thread_result(struct thread *thread, status_t status)
{
	frame_slot(&thread->frame) = status;
}

/* Kernel lock. A capability in one of the thread's slots goes. */
void thread_lose(struct slot *slot, enum holder holder);
status_t thread_reap(struct core *core, void *object);

/* Home core. Reports a fault of the current thread (enum sk_fault): to its handler, or it stops. */
void thread_fault(struct core *core, struct thread *thread, unsigned fault, uint64_t address, unsigned access,
		  uint64_t syndrome);

/* System calls. Kernel lock. */
kernel_call thread_configure, thread_start, thread_stop, thread_read, thread_write, thread_move;
