/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines: binding, masking until acknowledged, routing, both triggers, destruction. */
#include "kit.h"

#define FAR  (core_count - 1)
#define LINE 40u

static unsigned irq, n, badged, handler_slot;
static struct thread *handler;

static void setup(enum sk_trigger trigger)
{
	irq = kit_slots(1);
	assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_IRQ, LINE, SK_ROOT_CNODE, irq, 1,
		      SK_ROOT_IRQ_CONTROL | (uint64_t)trigger << 32));
	n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	badged = kit_badge(n, 8);
	handler = kit_thread(FAR, 40, &handler_slot);
}

static void line(bool level)
{
	host_line(LINE, level);
	host_settle();
}

static void test_level(void **state)
{
	(void)state;
	setup(SK_TRIGGER_LEVEL);
	assert_true(host_line_masked(LINE)); /* until it is bound */
	line(true);
	assert_status(SK_STATE, SYS(SK_IRQ_ACK, irq));
	assert_status(SK_STATE, SYS(SK_IRQ_UNMASK, irq));
	assert_ok(SYS(SK_IRQ_BIND, irq, badged));
	assert_false(host_line_edge(LINE));
	assert_int_equal(SYS(SK_POLL, n).w[0], 8);
	assert_true(host_line_masked(LINE)); /* it fired: masked */
	host_settle();
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	/* still asserted at the acknowledgement: again */
	assert_ok(SYS(SK_IRQ_ACK, irq));
	assert_int_equal(SYS(SK_POLL, n).w[0], 8);
	line(false);
	assert_ok(SYS(SK_IRQ_ACK, irq));
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	assert_false(host_line_masked(LINE));
	assert_ok(SYS(SK_IRQ_MASK, irq));
	line(true);
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	assert_ok(SYS(SK_IRQ_UNMASK, irq));
	assert_int_equal(SYS(SK_POLL, n).w[0], 8);
	line(false);
}

static void test_edge(void **state)
{
	(void)state;
	setup(SK_TRIGGER_EDGE);
	assert_ok(SYS(SK_IRQ_BIND, irq, badged));
	assert_true(host_line_edge(LINE));
	line(true);
	line(false);
	assert_int_equal(SYS(SK_POLL, n).w[0], 8);
	line(true); /* masked: kept by the controller */
	line(false);
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	assert_ok(SYS(SK_IRQ_ACK, irq));
	assert_int_equal(SYS(SK_POLL, n).w[0], 8);
}

static void test_wakes_the_bound_thread(void **state)
{
	(void)state;
	setup(SK_TRIGGER_LEVEL);
	assert_ok(SYS(SK_THREAD_STOP, handler_slot));
	assert_ok(SYS(SK_THREAD_CONFIGURE, handler_slot, 0, 0, 0, n));
	assert_ok(SYS(SK_THREAD_START, handler_slot));
	assert_ok(SYS(SK_IRQ_BIND, irq, badged));
	assert_int_equal(host_line_core(LINE), FAR); /* where it is handled */
	assert_status(KIT_BLOCKED, CALL(handler, SK_WAIT, n, SK_NEVER));
	line(true);
	assert_int_equal(kit_outcome(handler).w[0], 8);
	line(false);
	assert_ok(CALL(handler, SK_IRQ_ACK, irq));
}

static void test_rebind_and_unbind(void **state)
{
	unsigned other, other_badged;

	(void)state;
	setup(SK_TRIGGER_LEVEL);
	other = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	other_badged = kit_badge(other, 16);
	assert_ok(SYS(SK_IRQ_BIND, irq, badged));
	assert_ok(SYS(SK_IRQ_BIND, irq, other_badged));
	kit_check();
	line(true);
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	assert_int_equal(SYS(SK_POLL, other).w[0], 16);
	assert_ok(SYS(SK_IRQ_BIND, irq, 0));
	assert_status(SK_STATE, SYS(SK_IRQ_ACK, irq));
	assert_true(host_line_masked(LINE));
	assert_int_equal(SYS(SK_POLL, other).w[0], 0);
	line(false);
	/* the notification goes: the line is masked */
	assert_ok(SYS(SK_IRQ_BIND, irq, other_badged));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, other));
	assert_true(host_line_masked(LINE));
	assert_status(SK_STATE, SYS(SK_IRQ_UNMASK, irq));
	/* the last capability of what it signals may be its own */
	assert_ok(SYS(SK_IRQ_BIND, irq, badged));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, badged));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, n));
	kit_check();
	assert_ok(SYS(SK_IRQ_BIND, irq, 0));
}

static void test_destruction(void **state)
{
	(void)state;
	setup(SK_TRIGGER_LEVEL);
	assert_ok(SYS(SK_IRQ_BIND, irq, badged));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, irq));
	assert_true(host_line_masked(LINE));
	line(true);
	assert_int_equal(SYS(SK_POLL, n).w[0], 0);
	/* free for another */
	assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_IRQ, LINE, SK_ROOT_CNODE, irq, 1, SK_ROOT_IRQ_CONTROL));
	assert_ok(SYS(SK_IRQ_BIND, irq, badged));
	assert_int_equal(SYS(SK_POLL, n).w[0], 8);
	line(false);
}

static void test_arguments(void **state)
{
	unsigned mute;

	(void)state;
	setup(SK_TRIGGER_LEVEL);
	mute = kit_copy(n, SK_RIGHT_WAIT);
	assert_status(SK_WRONG_TYPE, SYS(SK_IRQ_BIND, irq, SK_ROOT_CNODE));
	assert_status(SK_NO_RIGHT, SYS(SK_IRQ_BIND, irq, mute));
	assert_status(SK_NO_CAP, SYS(SK_IRQ_BIND, irq, ~0ul));
	for (unsigned number = SK_IRQ_BIND; number <= SK_IRQ_UNMASK; number++) {
		assert_status(SK_NO_CAP, SYS(number, 0, badged));
		assert_status(SK_NO_CAP, SYS(number, ~0ul, badged));
		assert_status(SK_WRONG_TYPE, SYS(number, n, badged));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_level), TEST_TWO(test_level),
		TEST_ONE(test_edge),
		TEST_ONE(test_wakes_the_bound_thread), TEST_TWO(test_wakes_the_bound_thread),
		TEST_ONE(test_rebind_and_unbind), TEST_TWO(test_rebind_and_unbind),
		TEST_ONE(test_destruction), TEST_TWO(test_destruction),
		TEST_ONE(test_arguments),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
