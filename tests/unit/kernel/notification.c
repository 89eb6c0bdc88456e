/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications: bits, waiting, deadlines, binding, and what happens between cores step by step. */
#include "kit.h"

#define FAR (core_count - 1)

static unsigned n, one, two, waiter_slot;
static struct thread *waiter;

static void setup(void)
{
	n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	one = kit_badge(n, 1);
	two = kit_badge(n, 2);
	waiter = kit_thread(FAR, 30, &waiter_slot);
}

static void test_signal_and_poll(void **state)
{
	unsigned deaf, mute;

	(void)state;
	setup();
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	assert_ok(SYS(SK_SIGNAL, one));
	assert_ok(SYS(SK_SIGNAL, two));
	assert_ok(SYS(SK_SIGNAL, two));
	assert_int_equal(SYS(SK_POLL, n).w[0], 3);
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	assert_ok(SYS(SK_SIGNAL, n)); /* badge 0: nothing */
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	deaf = kit_copy(n, SK_RIGHT_SIGNAL);
	mute = kit_copy(n, SK_RIGHT_WAIT);
	assert_status(SK_NO_RIGHT, SYS(SK_POLL, deaf));
	assert_status(SK_NO_RIGHT, SYS(SK_WAIT, deaf, 0));
	assert_status(SK_NO_RIGHT, SYS(SK_SIGNAL, mute));
	for (unsigned number = SK_SIGNAL; number <= SK_POLL; number++) {
		assert_status(SK_NO_CAP, SYS(number, 0));
		assert_status(SK_NO_CAP, SYS(number, ~0ul));
		assert_status(SK_WRONG_TYPE, SYS(number, SK_ROOT_CNODE));
	}
}

static void test_wait(void **state)
{
	struct result r;

	(void)state;
	setup();
	/* bits are there */
	assert_ok(SYS(SK_SIGNAL, one));
	r = CALL(waiter, SK_WAIT, n, SK_NEVER);
	assert_ok(r);
	assert_int_equal(r.w[0], 1);
	/* they come later */
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	assert_int_equal(waiter->state, SK_THREAD_WAITING);
	assert_status(SK_BUSY, SYS(SK_WAIT, n, SK_NEVER)); /* somebody else waits */
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	kit_check();
	assert_ok(SYS(SK_SIGNAL, two));
	assert_ok(kit_outcome(waiter));
	assert_int_equal(kit_outcome(waiter).w[0], 2);
	/* and now it is free again */
	assert_status(SK_TIMEOUT, SYS(SK_WAIT, n, 0));
}

static void test_deadlines(void **state)
{
	(void)state;
	setup();
	assert_status(SK_TIMEOUT, CALL(waiter, SK_WAIT, n, host.now)); /* past: does not block */
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 100));
	host_advance(99);
	host_settle();
	assert_status(KIT_BLOCKED, kit_outcome(waiter));
	host_advance(1);
	host_settle();
	assert_status(SK_TIMEOUT, kit_outcome(waiter));
	/* bits before it: the timer does nothing later */
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 100));
	assert_ok(SYS(SK_SIGNAL, one));
	assert_ok(kit_outcome(waiter));
	assert_null(cores[FAR].timeouts.first);
	host_advance(200);
	host_settle();
	assert_ok(kit_outcome(waiter));
	/* stopped while it waits: out of the timer's queue */
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 100));
	assert_ok(SYS(SK_THREAD_STOP, waiter_slot));
	assert_null(cores[FAR].timeouts.first);
	assert_null(atomic_load(&((struct notification *)kit_object(n))->waiter));
	assert_int_equal(frame_slot(&waiter->frame), SK_ABORTED);
	assert_status(SK_TIMEOUT, SYS(SK_WAIT, n, 0)); /* not BUSY */
}

static void test_many_deadlines(void **state)
{
	enum { THREADS = 20 };
	static struct thread *t[THREADS];
	unsigned s, note[THREADS];

	(void)state;
	setup();
	for (unsigned i = 0; i < THREADS; i++) {
		note[i] = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
		t[i] = kit_thread(FAR, 60 + i, &s);
		assert_status(KIT_BLOCKED, CALL(t[i], SK_WAIT, note[i], 1000 + (i * 7) % THREADS * 10));
	}
	for (unsigned step = 0; step < THREADS; step++) {
		host.now = 1000 + step * 10;
		host_settle();
		for (unsigned i = 0; i < THREADS; i++)
			assert_int_equal(t[i]->state, (i * 7) % THREADS <= step ? SK_THREAD_READY : SK_THREAD_WAITING);
	}
}

static void test_death_of_a_notification(void **state)
{
	(void)state;
	setup();
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 1000));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, n));
	assert_status(KIT_BLOCKED, kit_outcome(waiter)); /* it is there yet */
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, n));
	assert_status(SK_ABORTED, kit_outcome(waiter));
	assert_null(cores[FAR].timeouts.first);
}

static void test_bound(void **state)
{
	(void)state;
	setup();
	assert_ok(SYS(SK_THREAD_STOP, waiter_slot));
	assert_ok(SYS(SK_THREAD_CONFIGURE, waiter_slot, 0, 0, 0, n));
	assert_ok(SYS(SK_THREAD_START, waiter_slot));
	assert_status(SK_BUSY, SYS(SK_WAIT, n, 0)); /* another's */
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	assert_ok(SYS(SK_SIGNAL, one));
	assert_int_equal(kit_outcome(waiter).w[0], 1);
	/* it may wait on others as well; bits of its own stay */
	unsigned other = kit_make(SK_TYPE_NOTIFICATION, 0, 0), badged = kit_badge(other, 4);

	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, other, SK_NEVER));
	assert_ok(SYS(SK_SIGNAL, two));
	assert_status(KIT_BLOCKED, kit_outcome(waiter));
	assert_ok(SYS(SK_SIGNAL, badged));
	assert_int_equal(kit_outcome(waiter).w[0], 4);
	assert_int_equal(CALL(waiter, SK_WAIT, n, SK_NEVER).w[0], 2);
	/* unbound while it waits for it */
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, n));
	assert_status(SK_ABORTED, kit_outcome(waiter));
	assert_null(waiter->event);
	assert_status(SK_TIMEOUT, SYS(SK_WAIT, n, 0)); /* anybody's now */
}

/* --- between two cores, one step at a time ----------------------------------------------- */

static void test_remote_wake(void **state)
{
	(void)state;
	setup();
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	kit_manual = true;
	assert_ok(SYS(SK_SIGNAL, one));
	assert_true(host.ipi[1]);
	assert_int_equal(waiter->state, SK_THREAD_WAITING); /* nobody but its own core touches it */
	assert_ok(SYS(SK_SIGNAL, two)); /* more, before it is taken: no second push */
	host_take_interrupts(1);
	assert_int_equal(kit_outcome(waiter).w[0], 3);
	assert_false(host.ipi[1]);
}

static void test_bits_polled_away_before_the_wake(void **state)
{
	(void)state;
	setup();
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 100));
	kit_manual = true;
	assert_ok(SYS(SK_SIGNAL, one));
	assert_int_equal(SYS(SK_POLL, n).w[0], 1);
	host_take_interrupts(1);
	assert_status(KIT_BLOCKED, kit_outcome(waiter)); /* sleeps on */
	assert_ok(SYS(SK_SIGNAL, two));
	host_take_interrupts(1);
	assert_int_equal(kit_outcome(waiter).w[0], 2);
}

static void test_deadline_while_the_wake_is_under_way(void **state)
{
	(void)state;
	setup();
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 100));
	kit_manual = true;
	assert_ok(SYS(SK_SIGNAL, one));
	host.ipi[1] = false;            /* delayed on its way */
	host_advance(100);
	host_take_interrupts(1);        /* the timer: too late, bits have come */
	assert_status(KIT_BLOCKED, kit_outcome(waiter));
	assert_int_equal(SYS(SK_POLL, n).w[0], 1); /* polled away */
	host.ipi[1] = true;
	host_take_interrupts(1);
	assert_status(SK_TIMEOUT, kit_outcome(waiter)); /* not asleep for ever */
}

static void test_old_push_after_a_new_wait(void **state)
{
	(void)state;
	setup();
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	kit_manual = true;
	assert_ok(SYS(SK_SIGNAL, one));
	/* stopped and started before the push is taken; waits again: bits are there at once */
	host.ipi[1] = false;
	assert_ok(SYS(SK_THREAD_STOP, waiter_slot));
	assert_ok(SYS(SK_THREAD_START, waiter_slot));
	host.ipi[1] = true;
	host_take_interrupts(1);
	assert_int_equal(waiter->state, SK_THREAD_READY);
	assert_status(SK_ABORTED, kit_outcome(waiter));
	assert_int_equal(CALL(waiter, SK_WAIT, n, SK_NEVER).w[0], 1);
	kit_check();
}

static void test_moved_with_a_push_under_way(void **state)
{
	(void)state;
	setup();
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	kit_manual = true;
	assert_ok(SYS(SK_SIGNAL, one));
	host.ipi[1] = false;
	assert_ok(SYS(SK_THREAD_STOP, waiter_slot));
	assert_ok(SYS(SK_THREAD_MOVE, waiter_slot, 0));
	assert_null(atomic_load(&cores[1].wake)); /* nothing of it is left on the old core */
	kit_manual = false;
	assert_ok(SYS(SK_THREAD_START, waiter_slot));
	assert_int_equal(CALL(waiter, SK_WAIT, n, SK_NEVER).w[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_signal_and_poll), TEST_TWO(test_signal_and_poll),
		TEST_ONE(test_wait), TEST_TWO(test_wait),
		TEST_ONE(test_deadlines), TEST_TWO(test_deadlines),
		TEST_ONE(test_many_deadlines), TEST_TWO(test_many_deadlines),
		TEST_ONE(test_death_of_a_notification), TEST_TWO(test_death_of_a_notification),
		TEST_ONE(test_bound), TEST_TWO(test_bound),
		TEST_TWO(test_remote_wake),
		TEST_TWO(test_bits_polled_away_before_the_wake),
		TEST_TWO(test_deadline_while_the_wake_is_under_way),
		TEST_TWO(test_old_push_after_a_new_wait),
		TEST_TWO(test_moved_with_a_push_under_way),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
