/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The common cases of one thread making another run at once, in a straight line.
 * Each does what the function named does for all cases, or nothing: false. The
 * current thread's home core, interrupts masked, no lock.
 */
#pragma once

#include "core.h"
#include "endpoint.h"
#include "sched.h"
#include "thread.h"

/* thread_fault: the handler is the one server that waits at the fault endpoint. */
static inline bool fast_fault(struct core *core, struct thread *thread, unsigned fault, uint64_t address, unsigned access,
		uint64_t syndrome)
{
	uint64_t badge, cap = slot_read(&thread->slot[THREAD_FAULT], &badge);
	struct endpoint *endpoint = CAP_OBJECT(cap);
	struct thread *server;
	struct arch_frame *f;

	if (CAP_TYPE(cap) != SK_TYPE_ENDPOINT || endpoint->core != core || thread->depth >= SK_CALL_DEPTH)
		return false;
	server = endpoint->servers;
	if (!server || server->next != server || server->waits_event)
		return false;
	/* decoded: the handler was the only one in the queue, and nothing is queued for it */
	endpoint->servers = NULL;
	server->queued = 0;
	server->state = SK_THREAD_READY;
	server->depth = (uint8_t)(thread->depth + 1);
	if (thread->running_priority > server->running_priority)
		server->running_priority = thread->running_priority;
	server->caller = thread;
	thread->state = SK_THREAD_CALLING;
	thread->fault_waits = 1;
	thread->server = server;
	f = &server->frame;
	frame_word(f, 0) = fault;
	frame_word(f, 1) = address;
	frame_word(f, 2) = frame_pc(&thread->frame);
	frame_word(f, 3) = access;
	frame_word(f, 4) = syndrome;
	frame_slot(f) = SK_OK;
	frame_extra(f) = badge;
	sched_switch(core, server);
	return true;
}

/*
 * notification_signal and the scheduler, for calls.S: the waiter sleeps in SK_WAIT on
 * this core, and is of another priority than the current thread; or it is at home elsewhere.
 */
enum fast_signal {
	FAST_SWITCHED = 0,       /* the waiter is current, and in a call */
	FAST_NOT = 1,            /* nothing was done */
	FAST_TOLD = 2,           /* its core was told, or it is ready; the current thread goes on */
	FAST_LEAVE = 3,          /* it was, and the scheduler has chosen */
};
enum fast_signal fast_signal_waiter(struct core *core, struct notification *n, uint64_t bits);

/* An interrupt's bits: the same, or all that notification_signal and sched_leave do. */
void fast_interrupt(struct core *core, struct notification *n, uint64_t bits);

/* sched_tick, when nothing is due but the deadline of a thread that waits as above, with one. */
bool fast_timeout(struct core *core);

/* notification_wake_here and the scheduler: a thread that waits as above, whose bits have come. */
bool fast_woken(struct core *core, struct thread *to);
