/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An endpoint: where callers and servers of one core meet. At most one of its
 * two queues, `callers` and `servers`, is not empty. Home core only, no lock (but with a capability along).
 *
 *   caller                              server
 *     | call: no server there             |
 *     |---> queue `callers`               |
 *     |                                   | reply_wait: takes the first caller,
 *     |                                   |   or waits in `servers`
 *     | call: a server waits              |
 *     |---------- words, badge ---------->| server->caller = caller
 *     |<--------- words ------------------| reply_wait
 */
#pragma once

#include "slot.h"
#include "timeout.h"

struct endpoint {
	struct object o;
	struct timeout_queue callers; /* the highest priority first, FIFO among equals */
	struct thread *servers;   /* that wait: circular; null: none */
	struct thread *members;   /* that serve here, waiting or not: circular. The first is helped */
	struct core *core;        /* home */
};
_Static_assert(sizeof(struct endpoint) == REF_UNIT, "one unit");

void endpoint_init(void *object, uint64_t size, uint64_t attribute);
status_t endpoint_reap(struct core *core, void *object);

/* SK_CALL, SK_REPLY_WAIT. With a capability along the kernel lock is held. */
kernel_call endpoint_call, endpoint_reply_wait;

/* Calls the fault handler in the name of the current thread, whose fault_words are given. False: cannot. */
bool endpoint_call_fault(struct core *core, struct thread *thread);

/* The bound notification of a SERVING thread has bits: it returns EVENT. */
void endpoint_give_event(struct core *core, struct thread *thread, uint64_t bits);

/* A caller's place in the queue, by its running priority. */
void endpoint_enqueue(struct endpoint *endpoint, struct thread *caller);
void endpoint_dequeue(struct thread *caller);

/* A thread that is stopped leaves the queue, its caller, its server. Its result is ABORTED. */
void endpoint_forget(struct core *core, struct thread *thread);

/* The endpoint dies: those queued return ABORTED, a few at a time. True: there are more. */
bool endpoint_abort_here(struct core *core, struct endpoint *endpoint);
