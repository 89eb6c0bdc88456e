/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls and replies in all orders, queues, priorities, aborts, capabilities that go along. */
#include "kit.h"

#define FAR (core_count - 1)

/* A server (priority 30) and callers (20, 10, 10), all with root's cnode, on the farthest core. */
static unsigned e, server_slot, caller_slot[3];
static struct thread *server, *caller[3];

static void setup(void)
{
	static const unsigned priority[] = { 20, 10, 10 };

	e = kit_make(SK_TYPE_ENDPOINT, 0, FAR);
	server = kit_thread(FAR, 30, &server_slot);
	for (unsigned i = 0; i < 3; i++)
		caller[i] = kit_thread_stopped(FAR, priority[i], &caller_slot[i]);
}

static void start(unsigned i)
{
	assert_ok(SYS(SK_THREAD_START, caller_slot[i]));
}

static void server_waits(void)
{
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e));
}

static void test_call_meets_waiting_server(void **state)
{
	unsigned badged;
	struct result r;

	(void)state;
	setup();
	badged = kit_badge(e, 1234);
	server_waits();
	assert_int_equal(server->state, SK_THREAD_SERVING);
	start(0);
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, badged, 1, 2, 3, 4, 5, 6, 7, 8));
	assert_int_equal(caller[0]->state, SK_THREAD_CALLING);
	assert_ptr_equal(cores[FAR].current, server);
	r = kit_outcome(server);
	assert_ok(r);
	assert_int_equal(r.extra, 1234);
	for (unsigned i = 0; i < SK_WORDS; i++)
		assert_int_equal(r.w[i], i + 1);
	kit_check();
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e, 11, 12, 13, 14, 15, 16, 17, 18));
	assert_ptr_equal(cores[FAR].current, caller[0]);
	r = kit_outcome(caller[0]);
	assert_ok(r);
	assert_int_equal(r.extra, 0);
	for (unsigned i = 0; i < SK_WORDS; i++)
		assert_int_equal(r.w[i], i + 11);
	/* and again, badge 0 */
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e, 9));
	assert_int_equal(kit_outcome(server).extra, 0);
	/* reply without waiting */
	assert_ok(CALL(server, SK_REPLY_WAIT, 0, 5));
	assert_int_equal(kit_outcome(caller[0]).w[0], 5);
	assert_ok(CALL(server, SK_REPLY_WAIT, 0, 6)); /* nobody to reply to: fine */
}

static void test_queue_is_fifo(void **state)
{
	(void)state;
	setup();
	assert_ok(SYS(SK_THREAD_STOP, server_slot));
	for (unsigned i = 0; i < 3; i++) {
		start(i);
		assert_status(KIT_BLOCKED, CALL(caller[i], SK_CALL, e, 100 + i));
		assert_int_equal(caller[i]->state, SK_THREAD_CALLING);
	}
	kit_check();
	assert_ok(SYS(SK_THREAD_START, server_slot));
	for (unsigned i = 0; i < 3; i++) {
		struct result r = CALL(server, SK_REPLY_WAIT, e, 200 + i);

		assert_ok(r);
		assert_int_equal(r.w[0], 100 + i);
		if (i > 0)
			assert_int_equal(caller[i - 1]->frame.reg[0], 200 + i);
		kit_check();
	}
	server_waits();
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(caller[i]->state, SK_THREAD_READY);
}

static void test_errors(void **state)
{
	unsigned n, call_only, serve_only;

	(void)state;
	setup();
	n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	call_only = kit_copy(e, SK_RIGHT_CALL);
	serve_only = kit_copy(e, SK_RIGHT_SERVE);
	start(0);
	assert_status(SK_NO_CAP, CALL(server, SK_CALL, 0));
	assert_status(SK_NO_CAP, CALL(server, SK_CALL, ~0ul));
	assert_status(SK_NO_CAP, CALL(server, SK_CALL, SK_ROOT_CNODE_SLOTS - 1));
	assert_status(SK_WRONG_TYPE, CALL(server, SK_CALL, n));
	assert_status(SK_NO_RIGHT, CALL(server, SK_CALL, serve_only));
	assert_status(SK_NO_CAP, CALL(server, SK_REPLY_WAIT, ~0ul));
	assert_status(SK_WRONG_TYPE, CALL(server, SK_REPLY_WAIT, n));
	assert_status(SK_NO_RIGHT, CALL(server, SK_REPLY_WAIT, call_only));
	assert_status(SK_BAD_ARG, CALLX(server, SK_REPLY_WAIT, e, SK_ROOT_CNODE_SLOTS, 0));
	assert_status(SK_BAD_ARG, CALLX(server, SK_REPLY_WAIT, e, 1ul << 31 | n, 0));
	if (FAR != 0) {
		assert_status(SK_WRONG_CORE, SYS(SK_CALL, e));
		assert_status(SK_WRONG_CORE, SYS(SK_REPLY_WAIT, e));
	}
	/* a server that has lost its endpoint does not leave its caller waiting */
	server_waits();
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e));
	assert_status(SK_NO_CAP, CALL(server, SK_REPLY_WAIT, ~0ul));
	assert_status(SK_ABORTED, kit_outcome(caller[0]));
	assert_null(server->caller);
}

static void test_server_inherits_priority(void **state)
{
	(void)state;
	setup();
	assert_ok(SYS(SK_THREAD_STOP, server_slot));
	assert_ok(SYS(SK_THREAD_CONFIGURE, server_slot, 0, 0, 0, 0, 5 | SK_SET_PRIORITY));
	assert_ok(SYS(SK_THREAD_START, server_slot));
	kit_run(server);
	server_waits();
	start(1);
	assert_status(KIT_BLOCKED, CALL(caller[1], SK_CALL, e));
	assert_int_equal(server->running_priority, 10);
	start(2); /* the same priority: does not take the core from it */
	kit_run(server);
	assert_ptr_equal(cores[FAR].current, server);
	/* the caller goes away, and the priority with it that it lent */
	assert_ok(SYS(SK_THREAD_STOP, caller_slot[1]));
	assert_null(server->caller);
	assert_int_equal(server->running_priority, 5);
	kit_run(caller[2]);
	assert_status(SK_ABORTED, (struct result){ .status = (unsigned)frame_slot(&caller[1]->frame) });
}

static void test_nested_calls(void **state)
{
	unsigned e2;

	(void)state;
	setup();
	e2 = kit_make(SK_TYPE_ENDPOINT, 0, FAR);
	start(1);
	/* caller 1 serves e2 and itself calls e: 0 -> 1 -> server */
	assert_ok(SYS(SK_NULL, 0));
	server_waits();
	assert_status(KIT_BLOCKED, CALL(caller[1], SK_REPLY_WAIT, e2));
	start(0);
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e2, 1));
	assert_ptr_equal(cores[FAR].current, caller[1]);
	assert_int_equal(caller[1]->running_priority, 20);
	assert_status(KIT_BLOCKED, CALL(caller[1], SK_CALL, e, 2));
	assert_ptr_equal(cores[FAR].current, server);
	kit_check();
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e, 3));
	assert_ptr_equal(cores[FAR].current, caller[1]);
	assert_status(KIT_BLOCKED, CALL(caller[1], SK_REPLY_WAIT, e2, 4));
	assert_ptr_equal(cores[FAR].current, caller[0]);
	assert_int_equal(kit_outcome(caller[0]).w[0], 4);
	/* the middle one is stopped: its caller returns ABORTED, its server's reply is dropped */
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e2, 1));
	assert_status(KIT_BLOCKED, CALL(caller[1], SK_CALL, e, 2));
	assert_ok(SYS(SK_THREAD_STOP, caller_slot[1]));
	assert_status(SK_ABORTED, kit_outcome(caller[0]));
	kit_run(server);
	server_waits();
	assert_int_equal(caller[1]->state, SK_THREAD_STOPPED);
}

static void test_abort_of_everybody(void **state)
{
	(void)state;
	setup();
	assert_ok(SYS(SK_THREAD_STOP, server_slot));
	for (unsigned i = 0; i < 3; i++) {
		start(i);
		assert_status(KIT_BLOCKED, CALL(caller[i], SK_CALL, e));
	}
	/* one of them is stopped and started: its call is over */
	assert_ok(SYS(SK_THREAD_STOP, caller_slot[1]));
	start(1);
	assert_status(SK_ABORTED, kit_outcome(caller[1]));
	kit_check();
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, e));
	assert_status(SK_ABORTED, kit_outcome(caller[0]));
	assert_status(SK_ABORTED, kit_outcome(caller[2]));
	/* a waiting server */
	assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, e, 1, FAR));
	assert_ok(SYS(SK_THREAD_START, server_slot));
	server_waits();
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, e));
	assert_status(SK_ABORTED, kit_outcome(server));
}

static void test_server_dies(void **state)
{
	(void)state;
	setup();
	server_waits();
	start(0);
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, server_slot));
	assert_status(SK_ABORTED, kit_outcome(caller[0]));
	assert_null(caller[0]->server);
}

static void test_two_servers(void **state)
{
	unsigned second_slot;
	struct thread *second;

	(void)state;
	setup();
	server_waits();
	second = kit_thread(FAR, 31, &second_slot);
	assert_status(KIT_BLOCKED, CALL(second, SK_REPLY_WAIT, e));
	start(1);
	assert_status(KIT_BLOCKED, CALL(caller[1], SK_CALL, e, 1));
	assert_ok(SYS(SK_NULL, 0));
	kit_check();
	/* the one that is busy and the one that waits; either may be stopped */
	assert_true((server->caller != NULL) != (second->caller != NULL));
	assert_ok(SYS(SK_THREAD_STOP, server->caller ? second_slot : server_slot));
	kit_check();
	assert_ok(SYS(SK_THREAD_STOP, server->caller ? server_slot : second_slot));
	assert_status(SK_ABORTED, kit_outcome(caller[1]));
}

/* --- with a capability along --------------------------------------------------------- */

static void test_send_capability(void **state)
{
	unsigned gift, to;
	struct result r;

	(void)state;
	setup();
	gift = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	to = kit_slots(2);
	start(0);
	/* the server waits */
	assert_status(KIT_BLOCKED, CALLX(server, SK_REPLY_WAIT, e, to, 0));
	assert_status(KIT_BLOCKED, CALLX(caller[0], SK_CALL, e, gift, 7));
	r = kit_outcome(server);
	assert_ok(r);
	assert_int_equal(r.extra, SK_CAP_RECEIVED);
	assert_int_equal(r.w[0], 7);
	assert_ptr_equal(kit_object(to), kit_object(gift));
	assert_ptr_equal(slot_first_child(&root->cnode->slot[gift]), &root->cnode->slot[to]);
	kit_check();
	/* the caller waits: the server takes the lock on its way */
	assert_ok(CALLX(server, SK_REPLY_WAIT, 0, 0, 0));
	assert_status(KIT_BLOCKED, CALL(server, SK_WAIT, gift, host.now + 10));
	assert_status(KIT_BLOCKED, CALLX(caller[0], SK_CALL, e, to, 8));
	host_advance(10);
	host_settle();
	r = CALLX(server, SK_REPLY_WAIT, e, to + 1, 0);
	assert_ok(r);
	assert_int_equal(r.extra, SK_CAP_RECEIVED);
	assert_int_equal(r.w[0], 8);
	assert_ptr_equal(kit_object(to + 1), kit_object(gift));
	kit_check();
}

static void test_send_capability_refused(void **state)
{
	unsigned gift, occupied;

	(void)state;
	setup();
	gift = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	occupied = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	start(0);
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e));
	assert_status(SK_NO_CAP, CALLX(caller[0], SK_CALL, e, kit_slots(1), 0));
	assert_status(SK_NO_CAP, CALLX(caller[0], SK_CALL, e, 0xffffffff, 0));
	assert_status(SK_BAD_ARG, CALLX(caller[0], SK_CALL, e, 0xfffful << SK_SECOND_SLOT, 0));
	assert_status(SK_BAD_ARG, CALLX(caller[0], SK_CALL, e, 1ul << 63 | gift, 0));
	assert_status(SK_WRONG_TYPE, CALLX(caller[0], SK_CALL, e, POOL, 0));
	assert_status(SK_NO_RECEIVE_SLOT, CALLX(caller[0], SK_CALL, e, gift, 0));
	assert_int_equal(server->state, SK_THREAD_SERVING); /* nothing was sent */
	/* it names one that is taken meanwhile */
	assert_ok(SYS(SK_THREAD_STOP, server_slot));
	assert_ok(SYS(SK_THREAD_START, server_slot));
	assert_status(KIT_BLOCKED, CALLX(server, SK_REPLY_WAIT, e, occupied, 0));
	assert_status(SK_OCCUPIED, CALLX(caller[0], SK_CALL, e, gift, 0));
	/* queued first: each is refused in turn, the next is served */
	assert_ok(SYS(SK_THREAD_STOP, server_slot));
	assert_status(KIT_BLOCKED, CALLX(caller[0], SK_CALL, e, gift, 0));
	start(1);
	assert_status(KIT_BLOCKED, CALL(caller[1], SK_CALL, e, 3));
	assert_ok(SYS(SK_THREAD_START, server_slot));
	assert_int_equal(CALL(server, SK_REPLY_WAIT, e).w[0], 3);
	assert_status(SK_NO_RECEIVE_SLOT, kit_outcome(caller[0]));
	assert_ptr_equal(server->caller, caller[1]);
	/* the capability goes while its sender waits */
	assert_status(KIT_BLOCKED, CALL(server, SK_WAIT, occupied, host.now + 10));
	assert_status(KIT_BLOCKED, CALLX(caller[0], SK_CALL, e, gift, 0));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, gift));
	host_advance(10);
	host_settle();
	assert_status(KIT_BLOCKED, CALLX(server, SK_REPLY_WAIT, e, gift, 0));
	assert_status(SK_NO_CAP, kit_outcome(caller[0]));
	kit_check();
}

#define ANSWER(slot) ((uint64_t)(slot) << SK_SECOND_SLOT)

static void test_reply_capability(void **state)
{
	unsigned gift, to;
	struct result r;

	(void)state;
	setup();
	gift = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	to = kit_slots(2);
	start(0);
	/* the server waits; its reply goes with the next wait */
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e));
	assert_status(KIT_BLOCKED, CALLX(caller[0], SK_CALL, e, ANSWER(to), 7));
	assert_int_equal(kit_outcome(server).extra, 0);
	assert_status(KIT_BLOCKED, CALLX(server, SK_REPLY_WAIT, e, ANSWER(gift), 9));
	r = kit_outcome(caller[0]);
	assert_ok(r);
	assert_int_equal(r.extra, SK_CAP_RECEIVED);
	assert_int_equal(r.w[0], 9);
	assert_ptr_equal(kit_object(to), kit_object(gift));
	assert_ptr_equal(slot_first_child(&root->cnode->slot[gift]), &root->cnode->slot[to]);
	kit_check();
	/* a call that names no slot is not taken for one that did */
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e, 8));
	assert_status(SK_NO_RECEIVE_SLOT, CALLX(server, SK_REPLY_WAIT, e, ANSWER(gift), 0));
	assert_ptr_equal(server->caller, caller[0]);
	/* queued, one each way, and the reply alone */
	assert_status(KIT_BLOCKED, CALL(server, SK_WAIT, gift, host.now + 10));
	start(1);
	assert_status(KIT_BLOCKED, CALLX(caller[1], SK_CALL, e, ANSWER(to + 1), 3));
	host_advance(10);
	host_settle();
	assert_int_equal(CALL(server, SK_REPLY_WAIT, e, 2).w[0], 3);
	assert_int_equal(kit_outcome(caller[0]).extra, 0);
	assert_ok(CALLX(server, SK_REPLY_WAIT, 0, ANSWER(gift), 4));
	host_settle();
	r = kit_outcome(caller[1]);
	assert_int_equal(r.extra, SK_CAP_RECEIVED);
	assert_int_equal(r.w[0], 4);
	assert_ptr_equal(kit_object(to + 1), kit_object(gift));
	/* without a caller there is nobody to send to */
	assert_ok(CALLX(server, SK_REPLY_WAIT, 0, ANSWER(gift), 0));
	kit_check();
}

/* Nothing is sent and the caller waits on, whatever is wrong. */
static void test_reply_capability_refused(void **state)
{
	unsigned gift, occupied, to;

	(void)state;
	setup();
	gift = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	occupied = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	to = kit_slots(1);
	start(0);
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e));
	assert_status(KIT_BLOCKED, CALLX(caller[0], SK_CALL, e, ANSWER(occupied), 0));
	assert_status(SK_OCCUPIED, CALLX(server, SK_REPLY_WAIT, e, ANSWER(gift), 0));
	assert_status(SK_OCCUPIED, CALLX(server, SK_REPLY_WAIT, 0, ANSWER(gift), 0));
	assert_status(SK_NO_CAP, CALLX(server, SK_REPLY_WAIT, e, ANSWER(to), 0));
	assert_status(SK_NO_CAP, CALLX(server, SK_REPLY_WAIT, e, ANSWER(0xffffffff), 0));
	assert_status(SK_WRONG_TYPE, CALLX(server, SK_REPLY_WAIT, e, ANSWER(POOL), 0));
	assert_ptr_equal(server->caller, caller[0]);
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e, 5));
	assert_int_equal(kit_outcome(caller[0]).w[0], 5);
	assert_int_equal(kit_outcome(caller[0]).extra, 0);
	/* the caller goes first: the capability goes nowhere */
	assert_status(KIT_BLOCKED, CALLX(caller[0], SK_CALL, e, ANSWER(to), 0));
	assert_ok(SYS(SK_THREAD_STOP, caller_slot[0]));
	assert_status(KIT_BLOCKED, CALLX(server, SK_REPLY_WAIT, e, ANSWER(gift), 0));
	assert_null(kit_object(to));
	kit_check();
}

/* --- with a bound notification --------------------------------------------------------- */

static void test_event(void **state)
{
	unsigned n, badged;
	struct result r;

	(void)state;
	setup();
	n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	badged = kit_badge(n, 6);
	assert_ok(SYS(SK_THREAD_STOP, server_slot));
	assert_ok(SYS(SK_THREAD_CONFIGURE, server_slot, 0, 0, 0, n));
	assert_ok(SYS(SK_THREAD_START, server_slot));
	/* bits before the wait */
	assert_ok(SYS(SK_SIGNAL, badged));
	r = CALL(server, SK_REPLY_WAIT, e);
	assert_status(SK_EVENT, r);
	assert_int_equal(r.w[0], 6);
	assert_int_equal(r.extra, 0);
	/* while it waits */
	server_waits();
	assert_ok(SYS(SK_SIGNAL, badged));
	assert_status(SK_EVENT, kit_outcome(server));
	assert_int_equal(kit_outcome(server).w[0], 6);
	kit_check();
	/* a caller first, then bits: they stay for the next look; the reply goes out first */
	server_waits();
	start(0);
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e, 1));
	assert_ok(SYS(SK_SIGNAL, badged));
	assert_ok(kit_outcome(server));
	r = CALL(server, SK_REPLY_WAIT, e, 77);
	assert_status(SK_EVENT, r);
	assert_int_equal(kit_outcome(caller[0]).w[0], 77);
	server_waits();
	/* a caller and no bits: it waits again, for both */
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e, 2));
	assert_ok(kit_outcome(server));
	server_waits();
	/* it may also wait on it alone */
	assert_ok(SYS(SK_SIGNAL, badged));
	assert_status(KIT_BLOCKED, CALL(server, SK_WAIT, n, SK_NEVER));
	assert_ok(SYS(SK_SIGNAL, badged));
	assert_int_equal(kit_outcome(server).w[0], 6);
	/* the notification goes: it serves on */
	server_waits();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, n));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, n));
	assert_int_equal(server->state, SK_THREAD_SERVING);
	assert_null(server->event);
	assert_status(KIT_BLOCKED, CALL(caller[0], SK_CALL, e, 5));
	assert_int_equal(kit_outcome(server).w[0], 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_call_meets_waiting_server), TEST_TWO(test_call_meets_waiting_server),
		TEST_ONE(test_queue_is_fifo), TEST_TWO(test_queue_is_fifo),
		TEST_ONE(test_errors), TEST_TWO(test_errors),
		TEST_ONE(test_server_inherits_priority), TEST_TWO(test_server_inherits_priority),
		TEST_ONE(test_nested_calls), TEST_TWO(test_nested_calls),
		TEST_ONE(test_abort_of_everybody), TEST_TWO(test_abort_of_everybody),
		TEST_ONE(test_server_dies), TEST_TWO(test_server_dies),
		TEST_ONE(test_two_servers), TEST_TWO(test_two_servers),
		TEST_ONE(test_send_capability), TEST_TWO(test_send_capability),
		TEST_ONE(test_send_capability_refused), TEST_TWO(test_send_capability_refused),
		TEST_ONE(test_reply_capability), TEST_TWO(test_reply_capability),
		TEST_ONE(test_reply_capability_refused), TEST_TWO(test_reply_capability_refused),
		TEST_ONE(test_event), TEST_TWO(test_event),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
