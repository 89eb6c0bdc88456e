/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The short ways of kernel/core/fast.c: who sleeps in SK_WAIT runs at once, woken by a signal, an
 * interrupt, its deadline or another core, or as a fault's handler; and each thing for which the long way must be gone
 * instead. Whoever runs then, and what the waiter got, is the same on both: kit_main runs each test
 * with the short way of signals and without.
 */
#include "entry.h"
#include "kit.h"

enum { LINE = 42, HERE = 1 };

static unsigned n, one, waiter_slot, signaller_slot, irq;
static struct thread *waiter, *signaller;

/* A signaller of priority 20 runs on core 1; the waiter of that priority sleeps there, till the deadline. */
static void setup(unsigned priority, uint64_t deadline)
{
	n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	one = kit_badge(n, 1);
	signaller = kit_thread(HERE, 20, &signaller_slot);
	assert_ok(SYS(SK_THREAD_STOP, signaller_slot));
	waiter = kit_thread(HERE, priority, &waiter_slot);
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, deadline));
	assert_ok(SYS(SK_THREAD_START, signaller_slot));
	kit_run(signaller);
}

/* The waiter has its bits, and the waiter or the signaller runs. */
static void woken(const struct thread *runs)
{
	assert_ok(kit_outcome(waiter));
	assert_int_equal(kit_outcome(waiter).w[0], 1);
	assert_ptr_equal(cores[HERE].current, runs);
	assert_null(cores[HERE].timeouts.first);
	kit_check();
}

static void signal_by(struct thread *thread)
{
	assert_ok(CALL(thread, SK_SIGNAL, one));
}

static void test_higher(void **state)
{
	(void)state;
	setup(30, SK_NEVER);
	signal_by(signaller);
	woken(waiter);
}

static void test_higher_with_deadline(void **state)
{
	(void)state;
	setup(30, host.now + 1000);
	signal_by(signaller);
	woken(waiter);
}

static void test_lower(void **state)
{
	(void)state;
	setup(10, host.now + 1000);
	signal_by(signaller);
	woken(signaller);
	assert_ok(SYS(SK_THREAD_STOP, signaller_slot));
	woken(waiter);
}

static void test_equal(void **state)
{
	(void)state;
	setup(20, SK_NEVER);
	signal_by(signaller);
	woken(signaller);
}

static void test_from_far(void **state)
{
	(void)state;
	setup(30, SK_NEVER);
	signal_by(root);
	woken(waiter);
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 1000));
	signal_by(root);
	woken(waiter);
}

static void test_no_bits(void **state)
{
	(void)state;
	setup(30, SK_NEVER);
	assert_ok(CALL(signaller, SK_SIGNAL, n));
	assert_ptr_equal(cores[HERE].current, signaller);
	assert_status(KIT_BLOCKED, kit_outcome(waiter)); /* for nothing it sleeps on */
	signal_by(signaller);
	woken(waiter);
}

/* A third of the waiter's priority is ready: who is cut off, and whose slice it is, is the scheduler's. */
static void test_others_are_ready(void **state)
{
	unsigned slot;

	(void)state;
	setup(30, SK_NEVER);
	kit_thread(HERE, 20, &slot);
	signal_by(signaller);
	woken(waiter);
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	assert_ok(SYS(SK_THREAD_STOP, slot));
	signal_by(signaller);
	woken(waiter);
}

static void set_budget(unsigned slot)
{
	assert_ok(SYS(SK_THREAD_STOP, slot));
	assert_ok(SYS(SK_THREAD_CONFIGURE, slot, 0, 0, 0, 0, 0, 100, 1000));
	assert_ok(SYS(SK_THREAD_START, slot));
}

static void test_budgets(void **state)
{
	(void)state;
	setup(30, SK_NEVER);
	set_budget(signaller_slot);
	signal_by(signaller);
	woken(waiter);
	set_budget(waiter_slot);
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	signal_by(signaller);
	woken(waiter);
}

/* Its notification is bound to it: it stays so. And it sleeps there as a server, too. */
static void test_bound(void **state)
{
	unsigned e = kit_make(SK_TYPE_ENDPOINT, 0, HERE);

	(void)state;
	setup(30, SK_NEVER);
	signal_by(signaller);
	assert_ok(SYS(SK_THREAD_STOP, waiter_slot));
	assert_ok(SYS(SK_THREAD_CONFIGURE, waiter_slot, 0, 0, 0, n));
	assert_ok(SYS(SK_THREAD_START, waiter_slot));
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	signal_by(signaller);
	woken(waiter);
	assert_status(KIT_BLOCKED, CALL(waiter, SK_REPLY_WAIT, e));
	signal_by(signaller);
	assert_status(SK_EVENT, kit_outcome(waiter));
	assert_int_equal(kit_outcome(waiter).w[0], 1);
	kit_check();
}

/* A server that waits while it has a caller: the caller pays, so the scheduler must look. */
static void test_with_a_caller(void **state)
{
	unsigned e = kit_make(SK_TYPE_ENDPOINT, 0, HERE), slot;
	struct thread *client;

	(void)state;
	setup(30, SK_NEVER);
	signal_by(signaller);
	client = kit_thread(HERE, 25, &slot);
	assert_status(KIT_BLOCKED, CALL(waiter, SK_REPLY_WAIT, e));
	assert_status(KIT_BLOCKED, CALL(client, SK_CALL, e));
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	signal_by(signaller);
	woken(waiter);
}

/* --- interrupts ------------------------------------------------------------------------- */

static void line(unsigned target)
{
	unsigned slot = kit_slots(1);

	irq = slot;
	assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_IRQ, LINE, SK_ROOT_CNODE, slot, 1, SK_ROOT_IRQ_CONTROL | (uint64_t)SK_TRIGGER_EDGE << 32));
	assert_ok(SYS(SK_IRQ_BIND, irq, target));
}

static void fires(void)
{
	host_line(LINE, true);
	host_settle();
	host_line(LINE, false);
	assert_ok(SYS(SK_IRQ_ACK, irq));
}

/* The line comes to core 0; there the waiter is above nobody, and there is nobody else. */
static void test_interrupt(void **state)
{
	static const uint64_t deadlines[] = { SK_NEVER, 1000 };

	(void)state;
	n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	one = kit_badge(n, 1);
	line(one);
	waiter = kit_thread(0, 30, &waiter_slot);
	for (unsigned i = 0; i < ARRAY_SIZE(deadlines); i++) {
		assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, deadlines[i]));
		kit_run(root);
		assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
		host_line(LINE, true);
		host_settle();
		host_line(LINE, false);
		assert_ok(kit_outcome(waiter));
		assert_int_equal(kit_outcome(waiter).w[0], 1);
		assert_ptr_equal(cores[0].current, waiter);
		assert_null(cores[0].timeouts.first);
		assert_ok(SYS(SK_IRQ_ACK, irq));
	}
	/* root, of a higher priority, runs on */
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, SK_NEVER));
	kit_run(root);
	fires();
	assert_int_equal(kit_outcome(waiter).w[0], 1);
	/* without a badge there are no bits */
	assert_ok(SYS(SK_IRQ_BIND, irq, n));
	fires();
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
}

/* --- deadlines ---------------------------------------------------------------------------- */

static void passes(uint64_t ticks)
{
	host_advance(ticks);
	host_settle();
	kit_check();
}

static void test_deadline(void **state)
{
	(void)state;
	setup(30, host.now + 100);
	passes(100);
	assert_status(SK_TIMEOUT, kit_outcome(waiter));
	assert_ptr_equal(cores[HERE].current, waiter);
}

static void test_deadlines_at_once(void **state)
{
	struct thread *second;
	unsigned slot, other = kit_make(SK_TYPE_NOTIFICATION, 0, 0);

	(void)state;
	setup(30, host.now + 100);
	second = kit_thread(HERE, 40, &slot);
	assert_status(KIT_BLOCKED, CALL(second, SK_WAIT, other, host.now + 100));
	kit_run(signaller);
	passes(100);
	assert_status(SK_TIMEOUT, kit_outcome(waiter));
	assert_status(SK_TIMEOUT, kit_outcome(second));
	assert_ptr_equal(cores[HERE].current, second);
	/* one after the other */
	assert_status(KIT_BLOCKED, CALL(second, SK_WAIT, other, host.now + 200));
	assert_status(KIT_BLOCKED, CALL(waiter, SK_WAIT, n, host.now + 100));
	passes(100);
	assert_ptr_equal(cores[HERE].current, waiter);
	assert_status(KIT_BLOCKED, kit_outcome(second));
	passes(100);
	assert_status(SK_TIMEOUT, kit_outcome(second));
	assert_ptr_equal(cores[HERE].current, second);
}

/* The signal came first, and its core has not heard of it yet. */
static void test_deadline_after_a_signal(void **state)
{
	(void)state;
	setup(30, host.now + 100);
	kit_run(root);
	kit_manual = true;
	signal_by(root);
	host_advance(100);
	kit_manual = false;
	host_settle();
	woken(waiter);
}

/* --- from another core, in parts ----------------------------------------------------------- */

static void test_polled_away(void **state)
{
	(void)state;
	setup(30, SK_NEVER);
	kit_manual = true;
	signal_by(root);
	assert_int_equal(SYS(SK_POLL, n).w[0], 1);
	kit_manual = false;
	host_settle();
	assert_status(KIT_BLOCKED, kit_outcome(waiter));
	kit_check();
	/* it sleeps as before */
	signal_by(root);
	woken(waiter);
}

/* --- faults ---------------------------------------------------------------------------------- */

static unsigned handlers;
static struct thread *handler;

/* A thread of that priority, handled by one of 20 that waits, and may have a notification bound. */
static void setup_fault(unsigned priority, bool bound)
{
	unsigned slot;

	handlers = kit_make(SK_TYPE_ENDPOINT, 0, HERE);
	handler = kit_thread_stopped(HERE, 20, &slot);
	if (bound)
		assert_ok(SYS(SK_THREAD_CONFIGURE, slot, 0, 0, 0, kit_make(SK_TYPE_NOTIFICATION, 0, 0)));
	assert_ok(SYS(SK_THREAD_START, slot));
	assert_status(KIT_BLOCKED, CALL(handler, SK_REPLY_WAIT, handlers));
	waiter = kit_thread_stopped(HERE, priority, &waiter_slot);
	assert_ok(SYS(SK_THREAD_CONFIGURE, waiter_slot, 0, 0, handlers));
	assert_ok(SYS(SK_THREAD_START, waiter_slot));
	kit_run(waiter);
}

static void faults(const struct thread *by)
{
	struct core *before = host_switch(HERE);

	kernel_fault(&cores[HERE], SK_FAULT_UNDEFINED, 5, 0, 7);
	host_switch(before->number);
	host_settle();
	assert_int_equal(waiter->state, SK_THREAD_CALLING);
	assert_ptr_equal(waiter->server, by);
	assert_ptr_equal(cores[HERE].current, by);
	assert_int_equal(by->running_priority, waiter->running_priority > by->priority ? waiter->running_priority : by->priority);
	kit_check();
}

static void test_fault(void **state)
{
	(void)state;
	setup_fault(10, false);
	faults(handler);
}

static void test_fault_above_the_handler(void **state)
{
	(void)state;
	setup_fault(30, false);
	faults(handler);
}

static void test_fault_bound_handler(void **state)
{
	(void)state;
	setup_fault(10, true);
	faults(handler);
}

static void test_fault_two_handlers(void **state)
{
	struct thread *second;
	unsigned slot;

	(void)state;
	setup_fault(10, false);
	second = kit_thread(HERE, 15, &slot);
	assert_status(KIT_BLOCKED, CALL(second, SK_REPLY_WAIT, handlers));
	faults(handler);
	assert_int_equal(second->state, SK_THREAD_SERVING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_TWO(test_higher), TEST_TWO(test_higher_with_deadline), TEST_TWO(test_lower), TEST_TWO(test_equal),
		TEST_TWO(test_from_far), TEST_TWO(test_no_bits), TEST_TWO(test_others_are_ready), TEST_TWO(test_budgets),
		TEST_TWO(test_bound), TEST_TWO(test_with_a_caller), TEST_ONE(test_interrupt), TEST_TWO(test_deadline),
		TEST_TWO(test_deadlines_at_once), TEST_TWO(test_deadline_after_a_signal), TEST_TWO(test_polled_away),
		TEST_TWO(test_fault), TEST_TWO(test_fault_above_the_handler), TEST_TWO(test_fault_bound_handler),
		TEST_TWO(test_fault_two_handlers),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
