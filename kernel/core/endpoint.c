/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

void endpoint_init(void *object, uint64_t size, uint64_t attribute)
{
	((struct endpoint *)object)->core = &cores[attribute];
}

status_t endpoint_reap(struct core *core, void *object)
{
	const struct endpoint *endpoint = object;

	return core_request_step(core, endpoint->o.home, REQUEST_ABORT_ENDPOINT, object) ? STATUS_RESTART : SK_OK;
}

/* The priority upside down is the "deadline": the highest comes first. */
void endpoint_enqueue(struct endpoint *endpoint, struct thread *caller)
{
	caller->queued = 1;
	caller->timeout.deadline = SK_PRIORITIES - 1u - caller->running_priority;
	timeout_insert(&endpoint->callers, &caller->timeout);
}

void endpoint_dequeue(struct thread *caller)
{
	caller->queued = 0;
	timeout_remove(&caller->endpoint->callers, &caller->timeout);
}

static struct thread *first_caller(const struct endpoint *endpoint)
{
	struct timeout *node = endpoint->callers.first;

	return node ? container_of(node, struct thread, timeout) : NULL;
}

/* Those who wait in the queue help the first of those that serve there: it gets on if somebody pays now. */
static void help(struct core *core, struct endpoint *endpoint)
{
	chain_settle(core, endpoint->members);
	chain_unpark(core, endpoint->members);
}

/* Callers who wait there do not wait for this thread any more; they may for another. */
static void leave(struct core *core, struct thread *server)
{
	struct endpoint *endpoint = server->serves;

	if (!endpoint)
		return;
	server->serves = NULL;
	server->member_next->member_prev = server->member_prev;
	server->member_prev->member_next = server->member_next;
	if (endpoint->members == server) {
		endpoint->members = server->member_next == server ? NULL : server->member_next;
		help(core, endpoint);
	}
	server->member_next = server->member_prev = NULL;
}

/* The thread serves this endpoint from now on: the last to come is the first to be helped. */
static void join(struct core *core, struct endpoint *endpoint, struct thread *server)
{
	struct thread *first = endpoint->members;

	if (server->serves == endpoint)
		return;
	leave(core, server);
	server->serves = endpoint;
	server->member_next = server->member_prev = server;
	if (first) {
		server->member_next = first;
		server->member_prev = first->member_prev;
		first->member_prev->member_next = server;
		first->member_prev = server;
	}
	endpoint->members = server;
	chain_settle(core, first);
}

/* The endpoint in the slot register: type, right and home checked at once. */
static status_t lookup(struct core *core, struct thread *thread, unsigned right, struct endpoint **endpoint,
		       uint64_t *badge)
{
	uint64_t cap = slot_read(cnode_at(thread->cnode, frame_slot(&thread->frame)), badge);

	if (!cap_is(cap, SK_TYPE_ENDPOINT, right))
		return cap_error(cap, SK_TYPE_ENDPOINT);
	*endpoint = CAP_OBJECT(cap);
	return (*endpoint)->core == core ? SK_OK : SK_WRONG_CORE;
}

/* The server has a caller now and runs at the higher of both priorities. */
static void attach(struct thread *server, struct thread *caller)
{
	server->caller = caller;
	caller->server = server;
	server->depth = (uint8_t)(caller->depth + 1);
	server->running_priority = (uint8_t)chain_priority(server);
}

static void copy_words(const uint64_t *from, struct thread *to)
{
	for (unsigned i = 0; i < SK_WORDS; i++)
		frame_word(&to->frame, i) = from[i];
}

/* The words of a fault are not in the faulting thread's frame, which it wants back as it was. */
static void deliver(struct thread *caller, struct thread *server, uint64_t received)
{
	copy_words(caller->fault_waits ? caller->fault_words : &frame_word(&caller->frame, 0), server);
	frame_extra(&server->frame) = caller->badge | received;
	server->answer_slot = caller->receive_slot;
	frame_slot(&server->frame) = SK_OK;
	attach(server, caller);
}

/* A waiting server leaves the endpoint's queue. Bits that arrive now stay for its next look. */
static void take_server(struct endpoint *endpoint, struct thread *server)
{
	queue_remove(&endpoint->servers, server);
	server->state = SK_THREAD_READY;
	if (server->waits_event) {
		server->waits_event = 0;
		notification_unsleep(server->event);
	}
}

/*
 * Puts a copy of the sender's capability into the slot that the receiver named.
 * Both threads' cnodes may have changed since: all is looked up here. Kernel lock.
 */
static status_t send_capability(struct thread *sender, uint32_t slot, struct thread *receiver, uint32_t into,
				uint64_t *received)
{
	struct slot *from = cnode_at(sender->cnode, slot);
	struct slot *to = cnode_slot(receiver->cnode, into);

	if (slot_empty(from))
		return SK_NO_CAP;
	if (!cap_copyable(CAP_TYPE(slot_cap(from))))
		return SK_WRONG_TYPE;
	if (!to)
		return SK_NO_RECEIVE_SLOT;
	if (!slot_empty(to))
		return SK_OCCUPIED;
	slot_derive(from, to, SK_RIGHTS_ALL, slot_badge(from), HOLD_CNODE);
	*received = SK_CAP_RECEIVED;
	return SK_OK;
}

/* A call that sends a capability is decoded once more, with the lock. */
static bool needs_lock(struct core *core)
{
	core->lock_wanted = !core->locked;
	return core->lock_wanted;
}

/* The caller meets a server that waits, which runs at once, or waits for one itself. */
static void meet(struct core *core, struct endpoint *endpoint, struct thread *caller, uint64_t received)
{
	struct thread *server = endpoint->servers;

	caller->state = SK_THREAD_CALLING;
	if (!server) {
		caller->endpoint = endpoint;
		endpoint_enqueue(endpoint, caller);
		core->resched = true;
		help(core, endpoint);
		return;
	}
	take_server(endpoint, server);
	deliver(caller, server, received);
	sched_switch(core, server);
}

status_t endpoint_call(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct endpoint *endpoint;
	struct thread *server;
	uint32_t send = (uint32_t)frame_extra(&thread->frame);
	uint64_t received = 0, receive = frame_extra(&thread->frame) >> SK_SECOND_SLOT;
	status_t status = lookup(core, thread, SK_RIGHT_CALL, &endpoint, &thread->badge);

	if (status != SK_OK)
		return status;
	if (thread->depth >= SK_CALL_DEPTH)
		return SK_TOO_DEEP;
	if (receive && !cnode_slot(thread->cnode, receive))
		return SK_BAD_ARG;
	server = endpoint->servers;
	if (send) {
		if (needs_lock(core))
			return STATUS_RESTART;
		if (slot_empty(cnode_at(thread->cnode, send)))
			return SK_NO_CAP;
		if (server)
			status = send_capability(thread, send, server, server->receive_slot, &received);
		if (status != SK_OK)
			return status;
	}
	/* decoded */
	thread->send_slot = send;
	thread->receive_slot = (uint32_t)receive;
	meet(core, endpoint, thread, received);
	return STATUS_BLOCKED;
}

bool endpoint_call_fault(struct core *core, struct thread *thread)
{
	uint64_t cap = slot_read(&thread->slot[THREAD_FAULT], &thread->badge);
	struct endpoint *endpoint = CAP_OBJECT(cap);

	if (CAP_TYPE(cap) != SK_TYPE_ENDPOINT || endpoint->core != core || thread->depth >= SK_CALL_DEPTH)
		return false;
	thread->fault_waits = 1;
	thread->send_slot = 0;
	thread->receive_slot = 0;
	meet(core, endpoint, thread, 0);
	return true;
}

/* The outcome of a call, or of a fault, for a caller that waits no longer. Not yet in a ready queue. */
static void release_caller(struct thread *caller, status_t status)
{
	caller->state = SK_THREAD_READY;
	caller->server = NULL;
	if (!caller->fault_waits) {
		frame_extra(&caller->frame) = 0;
		thread_result(caller, status);
		return;
	}
	caller->fault_waits = 0;
	if (status != SK_OK)
		caller->state = SK_THREAD_FAULTED; /* nobody answered: it cannot go on */
}

/* The capability that is to go with the reply to the present caller, if there is one. */
static status_t send_back(struct core *core, struct thread *server, uint64_t *received)
{
	uint64_t send = frame_extra(&server->frame) >> SK_SECOND_SLOT;

	*received = 0;
	if (!send || !server->caller)
		return SK_OK;
	if (needs_lock(core))
		return STATUS_RESTART;
	return send_capability(server, (uint32_t)send, server->caller, server->answer_slot, received);
}

/* The server is done with its caller; null if it had none. */
static struct thread *reply(struct core *core, struct thread *server, uint64_t received)
{
	struct thread *caller = server->caller;

	server->answer_slot = 0;
	server->depth = 0;
	server->caller = NULL;
	server->running_priority = (uint8_t)chain_priority(server);
	if (!caller) {
		core->resched = true; /* it may have gone away meanwhile, and lent its priority */
		return NULL;
	}
	if (!caller->fault_waits)
		copy_words(&frame_word(&server->frame, 0), caller);
	release_caller(caller, SK_OK);
	frame_extra(&caller->frame) |= received;
	return caller;
}

static void end_call(struct core *core, struct thread *caller, status_t status)
{
	release_caller(caller, status);
	if (caller->state == SK_THREAD_READY)
		sched_ready(core, caller);
}

/*
 * The first caller of the queue becomes the server's. One that brings a
 * capability needs the lock: while it is waited for the queue may change.
 */
static bool take_caller(struct core *core, struct endpoint *endpoint, struct thread *server)
{
	struct thread *caller;

	while ((caller = first_caller(endpoint))) {
		uint64_t received = 0;

		if (caller->send_slot) {
			status_t status;

			if (needs_lock(core))
				return false;
			status = send_capability(caller, caller->send_slot, server, server->receive_slot, &received);
			if (status != SK_OK) {
				endpoint_dequeue(caller);
				end_call(core, caller, status);
				continue;
			}
		}
		endpoint_dequeue(caller);
		deliver(caller, server, received);
		core->resched = true; /* another pays, its priority may be another */
		return true;
	}
	return false;
}

static void give_event(struct thread *thread, uint64_t bits)
{
	frame_word(&thread->frame, 0) = bits;
	frame_extra(&thread->frame) = 0;
	thread_result(thread, SK_EVENT);
}

void endpoint_give_event(struct core *core, struct thread *thread, uint64_t bits)
{
	thread->waits_event = 0;
	queue_remove(&thread->serves->servers, thread);
	give_event(thread, bits);
	sched_ready(core, thread);
}

/* Nothing to do: the server waits, for callers and for bits. False: bits have come. */
static bool wait_for_caller(struct endpoint *endpoint, struct thread *thread)
{
	thread->state = SK_THREAD_SERVING;
	if (thread->event && !notification_sleep(thread->event, thread)) {
		thread->state = SK_THREAD_READY;
		return false;
	}
	thread->running_priority = thread->priority; /* nobody is in the queue */
	queue_add(&endpoint->servers, thread);
	return true;
}

/*
 * The answered caller runs at once if nobody ready has a higher priority: the
 * common way back, with no scheduler in it.
 */
static void continue_with(struct core *core, struct thread *caller)
{
	if (caller && !core->lent && core->ready.top <= (int)caller->running_priority) {
		sched_switch(core, caller);
		/* it shares its priority, and the server, of a higher one, had no slice: it needs one */
		if (core->ready.top == (int)caller->running_priority && !core->slice_armed)
			core->resched = true;
		return;
	}
	if (caller)
		sched_ready(core, caller);
	core->resched = true;
}

status_t endpoint_reply_wait(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	uint32_t receive = (uint32_t)frame_extra(&thread->frame);
	uint64_t badge, bits, received;
	struct endpoint *endpoint;
	struct thread *caller;
	status_t status;

	if (frame_slot(&thread->frame) == 0) {
		status = send_back(core, thread, &received);
		if (status != SK_OK)
			return status;
		caller = reply(core, thread, received);
		if (caller)
			sched_ready(core, caller);
		core->resched = true;
		return SK_OK;
	}
	status = lookup(core, thread, SK_RIGHT_SERVE, &endpoint, &badge);
	if (status != SK_OK) {
		/* the caller must not wait for a server that has lost its endpoint */
		caller = thread->caller;
		if (caller) {
			thread->caller = NULL;
			thread->depth = 0;
			end_call(core, caller, SK_ABORTED);
			chain_settle(core, thread);
			core->resched = true;
		}
		return status;
	}
	if (receive && !cnode_slot(thread->cnode, receive))
		return SK_BAD_ARG;
	status = send_back(core, thread, &received);
	if (status != SK_OK)
		return status;
	/* decoded */
	caller = reply(core, thread, received);
	join(core, endpoint, thread);
	thread->receive_slot = receive;
	for (;;) {
		bits = thread->event ? notification_take(thread->event) : 0;
		if (bits) {
			give_event(thread, bits);
			break;
		}
		if (endpoint->callers.first) {
			if (take_caller(core, endpoint, thread))
				break;
			if (core->lock_wanted) {
				/* again, with the lock: the reply is sent already */
				if (caller)
					sched_ready(core, caller);
				return STATUS_RESTART;
			}
			continue;
		}
		if (wait_for_caller(endpoint, thread)) {
			continue_with(core, caller);
			return STATUS_BLOCKED;
		}
	}
	if (caller)
		sched_ready(core, caller);
	core->resched = true;
	return STATUS_BLOCKED;
}

void endpoint_forget(struct core *core, struct thread *thread)
{
	struct thread *caller = thread->caller, *server = NULL;

	if (thread->state == SK_THREAD_SERVING) {
		take_server(thread->serves, thread);
		thread_result(thread, SK_ABORTED);
	} else if (thread->state == SK_THREAD_CALLING) {
		server = thread->server;
		if (server) {
			server->caller = NULL; /* the reply will be dropped */
		} else {
			server = thread->endpoint->members;
			endpoint_dequeue(thread);
		}
		release_caller(thread, SK_ABORTED);
	}
	if (caller) {
		thread->caller = NULL;
		end_call(core, caller, SK_ABORTED);
	}
	leave(core, thread);
	thread->running_priority = thread->priority;
	thread->depth = 0;
	chain_settle(core, server);
}

bool endpoint_abort_here(struct core *core, struct endpoint *endpoint)
{
	for (unsigned i = 0; i < SCHED_BATCH; i++) {
		struct thread *caller = first_caller(endpoint), *server = endpoint->members;

		if (caller) {
			endpoint_dequeue(caller);
			end_call(core, caller, SK_ABORTED);
		} else if (server) {
			if (server->state == SK_THREAD_SERVING) {
				take_server(endpoint, server);
				thread_result(server, SK_ABORTED);
				sched_ready(core, server);
			}
			leave(core, server);
			chain_settle(core, server);
		}
	}
	return endpoint->callers.first || endpoint->members;
}
