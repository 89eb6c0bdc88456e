/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: configuration, registers, states, faults, scheduling, moving between cores. */
#include "entry.h"
#include "kit.h"

#define FAR (core_count - 1)   /* the other core, where there is one */

static void test_retype_and_states(void **state)
{
	unsigned s = kit_make(SK_TYPE_THREAD, 0, FAR);
	struct thread *t = kit_object(s);

	(void)state;
	assert_int_equal(t->state, SK_THREAD_STOPPED);
	assert_status(SK_STATE, SYS(SK_THREAD_START, s)); /* no cnode, no space */
	assert_ok(SYS(SK_THREAD_CONFIGURE, s, SK_ROOT_CNODE));
	assert_status(SK_STATE, SYS(SK_THREAD_START, s));
	assert_ok(SYS(SK_THREAD_CONFIGURE, s, 0, SK_ROOT_SPACE));
	assert_ok(SYS(SK_THREAD_START, s));
	assert_status(SK_STATE, SYS(SK_THREAD_START, s));
	assert_status(SK_STATE, SYS(SK_THREAD_CONFIGURE, s, SK_ROOT_CNODE));
	assert_status(SK_STATE, SYS(SK_THREAD_READ, s, 0));
	assert_status(SK_STATE, SYS(SK_THREAD_WRITE, s, 0, 1, 5));
	assert_status(SK_STATE, SYS(SK_THREAD_MOVE, SK_ROOT_THREAD, 0)); /* itself */
	assert_ok(SYS(SK_THREAD_STOP, s));
	assert_ok(SYS(SK_THREAD_STOP, s)); /* again: fine */
	assert_int_equal(t->state, SK_THREAD_STOPPED);
	for (unsigned number = SK_THREAD_CONFIGURE; number <= SK_THREAD_MOVE; number++) {
		assert_status(SK_NO_CAP, SYS(number, 0));
		assert_status(SK_WRONG_TYPE, SYS(number, SK_ROOT_CNODE));
		assert_status(SK_NO_RIGHT, SYS(number, kit_copy(s, 0)));
	}
}

static void test_configure_arguments(void **state)
{
	unsigned s = kit_make(SK_TYPE_THREAD, 0, FAR), n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	unsigned guest = kit_make(SK_TYPE_SPACE, 0, SK_SPACE_GUEST), e = kit_make(SK_TYPE_ENDPOINT, 0, 0);
	unsigned other, weak = kit_copy(n, SK_RIGHT_SIGNAL), deaf = kit_copy(n, SK_RIGHT_WAIT);
	unsigned server = kit_copy(e, SK_RIGHT_SERVE);

	(void)state;
	assert_status(SK_WRONG_TYPE, SYS(SK_THREAD_CONFIGURE, s, n));
	assert_status(SK_WRONG_TYPE, SYS(SK_THREAD_CONFIGURE, s, 0, SK_ROOT_CNODE));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, guest));
	assert_status(SK_WRONG_TYPE, SYS(SK_THREAD_CONFIGURE, s, 0, 0, SK_ROOT_CNODE));
	assert_status(SK_NO_RIGHT, SYS(SK_THREAD_CONFIGURE, s, 0, 0, deaf));
	assert_status(SK_NO_RIGHT, SYS(SK_THREAD_CONFIGURE, s, 0, 0, server));
	assert_status(SK_WRONG_TYPE, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, SK_ROOT_CNODE));
	assert_status(SK_NO_RIGHT, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, weak));
	assert_status(SK_NO_CAP, SYS(SK_THREAD_CONFIGURE, s, n + 4000));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, 5));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, SK_SET_PRIORITY | 1ul << 16));
	/* budgets of less than 10 us, of more than the period, of a period of more than 10 s; a tick is 1 us */
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, 0, 9, 1000));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, 0, 0, 1000));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, 0, 1001, 1000));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, 0, 100, 10000001));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, 0, 1, SK_NEVER));
	if (FAR != 0)
		assert_status(SK_WRONG_CORE, SYS(SK_THREAD_CONFIGURE, s, 0, 0, e));
	assert_ok(SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, n));
	assert_status(SK_BUSY, SYS(SK_THREAD_CONFIGURE, s, 0, 0, 0, n)); /* bound */
	other = kit_make(SK_TYPE_THREAD, 0, 0);
	assert_status(SK_BUSY, SYS(SK_THREAD_CONFIGURE, other, 0, 0, 0, n));
	/* unbound by deleting the capability that was given */
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, n));
	assert_ok(SYS(SK_THREAD_CONFIGURE, other, 0, 0, 0, n));
	kit_check();
}

static void test_priority_above_own(void **state)
{
	unsigned s, low;
	struct thread *t = kit_thread(0, 10, &low);

	(void)state;
	s = kit_make(SK_TYPE_THREAD, 0, 0);
	assert_status(SK_NO_RIGHT, CALL(t, SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, SK_SET_PRIORITY | 11));
	assert_status(SK_NO_RIGHT, CALL(t, SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, SK_SET_PRIORITY | 1 | 11 << 8));
	assert_ok(CALL(t, SK_THREAD_CONFIGURE, s, 0, 0, 0, 0, SK_SET_PRIORITY | 10 | 10 << 8));
	assert_int_equal(((struct thread *)kit_object(s))->priority, 10);
}

static void test_registers(void **state)
{
	unsigned slot;
	struct thread *t = kit_thread_stopped(FAR, 3, &slot);
	struct result r;

	(void)state;
	assert_ok(SYS(SK_THREAD_WRITE, slot, 10, 6, 1, 2, 3, 4, 5, 6));
	r = SYS(SK_THREAD_READ, slot, 10);
	assert_ok(r);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(r.w[i], i + 1);
	assert_ok(SYS(SK_THREAD_WRITE, slot, SK_REG_PC, 1, 0x1000));
	assert_ok(SYS(SK_THREAD_WRITE, slot, SK_REG_FLAGS, 1, ~0ul));
	assert_ok(SYS(SK_THREAD_WRITE, slot, SK_REG_TLS, 1, 77));
	r = SYS(SK_THREAD_READ, slot, SK_REG_SP);
	assert_int_equal(r.w[1], 0x1000);
	assert_int_equal(r.w[2], 0xf0000000);
	assert_int_equal(r.w[3], 77);
	for (unsigned i = 4; i < SK_WORDS; i++)
		assert_int_equal(r.w[i], 0);
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_READ, slot, SK_REG_COUNT));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_READ, slot, ~0ul));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_WRITE, slot, SK_REG_COUNT, 1));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_WRITE, slot, 0, 0));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_WRITE, slot, 0, 7));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_WRITE, slot, SK_REG_TLS, 2, 1, 2));
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_WRITE, slot, ~0ul, 1, 1));
	assert_ok(SYS(SK_THREAD_START, slot));
	kit_run(t);
	assert_int_equal(t->frame.reg[SK_REG_PC], 0x1000);
}

static void test_priorities(void **state)
{
	unsigned a, b, c;
	struct thread *low = kit_thread(0, 5, &a), *mid = kit_thread(0, 6, &b), *high;

	(void)state;
	kit_run(mid);
	assert_ok(CALL(mid, SK_YIELD, 0)); /* nobody of its priority */
	assert_ptr_equal(cores[0].current, mid);
	kit_run(root);
	high = kit_thread_stopped(0, 7, &c);
	kit_run(mid);
	/* starting one of higher priority gives way at once */
	assert_ok(CALL(mid, SK_THREAD_START, c));
	assert_ptr_equal(cores[0].current, high);
	assert_ok(CALL(high, SK_THREAD_STOP, b));
	assert_status(KIT_BLOCKED, CALL(high, SK_THREAD_STOP, c)); /* itself */
	assert_ptr_equal(cores[0].current, low);
	assert_status(KIT_BLOCKED, CALL(low, SK_THREAD_STOP, a));
	assert_null(cores[0].current);
}

static void test_round_robin(void **state)
{
	unsigned s[3];
	struct thread *t[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		t[i] = kit_thread(FAR, 20, &s[i]);
	kit_run(t[0]);
	for (unsigned turn = 0; turn < 9; turn++) {
		assert_ptr_equal(cores[FAR].current, t[turn % 3]);
		host_advance(HOST_HZ / SLICE_DIVISOR / 2);
		host_settle();
		assert_ptr_equal(cores[FAR].current, t[turn % 3]);
		host_advance(HOST_HZ / SLICE_DIVISOR / 2);
		host_settle();
	}
	assert_ok(CALL(t[0], SK_YIELD, 0));
	assert_ptr_equal(cores[FAR].current, t[1]);
	assert_ok(CALL(t[1], SK_YIELD, 0));
	assert_ok(CALL(t[2], SK_YIELD, 0));
	assert_ptr_equal(cores[FAR].current, t[0]);
}

/* Whoever is cut off again and again, by a driver that serves it, has no longer slice than others. */
static void test_slice_of_who_is_cut_off(void **state)
{
	unsigned note = kit_make(SK_TYPE_NOTIFICATION, 0, FAR), bit = kit_badge(note, 1), s[3];
	struct thread *driver = kit_thread(FAR, 30, &s[0]), *a, *b;

	(void)state;
	kit_run(driver);
	assert_status(KIT_BLOCKED, CALL(driver, SK_WAIT, note, SK_NEVER));
	kit_run(root);
	a = kit_thread(FAR, 20, &s[1]);
	b = kit_thread(FAR, 20, &s[2]);
	kit_run(a);
	for (unsigned i = 0; i < 4; i++) {
		assert_ptr_equal(cores[FAR].current, a);
		host_advance(HOST_HZ / SLICE_DIVISOR / 4);
		assert_ok(CALL(a, SK_SIGNAL, bit));
		assert_ptr_equal(cores[FAR].current, driver);
		assert_status(KIT_BLOCKED, CALL(driver, SK_WAIT, note, SK_NEVER));
		host_settle();
	}
	host_advance(2);
	host_settle();
	assert_ptr_equal(cores[FAR].current, b);
}

static void test_slice_after_a_reply(void **state)
{
	unsigned s[3], e = kit_make(SK_TYPE_ENDPOINT, 0, FAR);
	struct thread *server = kit_thread(FAR, 30, &s[0]), *a, *b;

	(void)state;
	kit_run(server);
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e));
	kit_run(root);
	a = kit_thread(FAR, 20, &s[1]);
	b = kit_thread(FAR, 20, &s[2]);
	kit_run(a);
	assert_status(KIT_BLOCKED, CALL(a, SK_CALL, e));
	assert_ptr_equal(cores[FAR].current, server);
	/* the scheduler runs while the server does: it is alone at its priority, so no slice */
	assert_ok(CALL(server, SK_YIELD, 0));
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e));
	assert_ptr_equal(cores[FAR].current, a);
	host_advance(HOST_HZ / SLICE_DIVISOR);
	host_settle();
	assert_ptr_equal(cores[FAR].current, b);
}

static void test_move(void **state)
{
	unsigned slot;
	struct thread *t = kit_thread(0, 4, &slot);

	(void)state;
	kit_run(t);
	host_fp_swap(0, 1234);
	kit_run(root);
	assert_status(SK_BAD_ARG, SYS(SK_THREAD_MOVE, slot, 2));
	assert_ok(SYS(SK_THREAD_MOVE, slot, 1)); /* ready: goes on */
	assert_ptr_equal(cores[1].current, t);
	assert_int_equal(CALL(t, SK_NULL, 0).w[1], 1);
	assert_int_equal(host_fp_swap(1, 1), 1234); /* came along */
	assert_ok(SYS(SK_THREAD_STOP, slot));
	assert_null(cores[1].current);
	assert_ok(SYS(SK_THREAD_MOVE, slot, 0));
	assert_ok(SYS(SK_THREAD_START, slot));
	assert_int_equal(CALL(t, SK_NULL, 0).w[1], 0);
	/* one that waits would find its wait cut off: not without being told */
	assert_status(KIT_BLOCKED, CALL(t, SK_WAIT, kit_make(SK_TYPE_NOTIFICATION, 0, 0), SK_NEVER));
	assert_status(SK_STATE, SYS(SK_THREAD_MOVE, slot, 1));
}

/* --- faults --------------------------------------------------------------------------- */

static void fault(struct thread *t, unsigned what, uint64_t address, unsigned access)
{
	struct core *before = host_switch(t->o.home);

	kernel_fault(&cores[t->o.home], what, address, access, 99);
	host_switch(before->number);
	host_settle();
}

static void test_fault_without_handler(void **state)
{
	unsigned slot;
	struct thread *t = kit_thread(FAR, 4, &slot);

	(void)state;
	kit_run(t);
	fault(t, SK_FAULT_UNDEFINED, 0, 0);
	assert_int_equal(t->state, SK_THREAD_FAULTED);
	assert_ptr_not_equal(cores[FAR].current, t);
	assert_status(SK_STATE, SYS(SK_THREAD_CONFIGURE, slot, SK_ROOT_CNODE));
	assert_ok(SYS(SK_THREAD_READ, slot, SK_REG_PC));
	assert_ok(SYS(SK_THREAD_WRITE, slot, SK_REG_PC, 1, 0x44));
	assert_ok(SYS(SK_THREAD_START, slot));
	kit_run(t);
	assert_int_equal(t->frame.reg[SK_REG_PC], 0x44);
	fault(t, SK_FAULT_BREAK, 0, 0);
	assert_ok(SYS(SK_THREAD_STOP, slot));
	assert_int_equal(t->state, SK_THREAD_STOPPED);
}

static void test_fault_to_notification(void **state)
{
	unsigned slot, n = kit_make(SK_TYPE_NOTIFICATION, 0, 0), badged = kit_badge(n, 0x10);
	struct thread *t = kit_thread_stopped(FAR, 4, &slot);

	(void)state;
	assert_ok(SYS(SK_THREAD_CONFIGURE, slot, 0, 0, badged));
	assert_ok(SYS(SK_THREAD_START, slot));
	kit_run(t);
	fault(t, SK_FAULT_ALIGN, 0x123, SK_ACCESS_READ);
	assert_int_equal(t->state, SK_THREAD_FAULTED);
	assert_int_equal(SYS(SK_POLL, n).w[0], 0x10);
}

/* What the handler gets of a fault of `t`; its registers are as they were after the reply. */
static void check_fault(struct thread *t, struct result r)
{
	assert_ok(r);
	assert_int_equal(r.w[0], SK_FAULT_MEMORY);
	assert_int_equal(r.w[1], 0x777000);
	assert_int_equal(r.w[2], 0x1004);
	assert_int_equal(r.w[3], SK_ACCESS_WRITE);
	assert_int_equal(r.w[4], 99);
	assert_int_equal(r.extra, 0x55);
	assert_int_equal(t->state, SK_THREAD_CALLING);
	kit_check();
}

static void check_resumed(struct thread *t)
{
	assert_int_equal(t->state, SK_THREAD_READY);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(t->frame.reg[i], 11 * (i + 1));
	assert_int_equal(t->frame.reg[SK_REG_PC], 0x1004);
}

static void test_fault_to_endpoint(void **state)
{
	unsigned ts, hs, e = kit_make(SK_TYPE_ENDPOINT, 0, FAR), badged = kit_badge(e, 0x55);
	unsigned n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	struct thread *t = kit_thread_stopped(FAR, 4, &ts), *handler = kit_thread(FAR, 9, &hs);

	(void)state;
	assert_ok(SYS(SK_THREAD_CONFIGURE, ts, 0, 0, badged));
	assert_ok(SYS(SK_THREAD_WRITE, ts, 0, 3, 11, 22, 33));
	assert_ok(SYS(SK_THREAD_WRITE, ts, SK_REG_PC, 1, 0x1004));
	assert_ok(SYS(SK_THREAD_START, ts));
	/* the handler waits for it */
	assert_status(KIT_BLOCKED, CALL(handler, SK_REPLY_WAIT, e));
	kit_run(t);
	fault(t, SK_FAULT_MEMORY, 0x777000, SK_ACCESS_WRITE);
	check_fault(t, kit_outcome(handler));
	assert_ok(CALL(handler, SK_REPLY_WAIT, 0, 7, 8, 9));
	check_resumed(t);
	/* it comes to the endpoint later */
	assert_status(KIT_BLOCKED, CALL(handler, SK_WAIT, n, host.now + 50));
	kit_run(t);
	fault(t, SK_FAULT_MEMORY, 0x777000, SK_ACCESS_WRITE);
	host_advance(50);
	host_settle();
	check_fault(t, CALL(handler, SK_REPLY_WAIT, e));
	/* its answer and the next wait in one call */
	assert_status(KIT_BLOCKED, CALL(handler, SK_REPLY_WAIT, e, 1, 2, 3));
	check_resumed(t);
	/* it goes without an answer: FAULTED */
	kit_run(t);
	fault(t, SK_FAULT_BUS, 0, 0);
	assert_ptr_equal(t->server, handler);
	assert_ok(SYS(SK_THREAD_STOP, hs));
	assert_int_equal(t->state, SK_THREAD_FAULTED);
	/* nobody is there, then the endpoint goes */
	assert_ok(SYS(SK_THREAD_START, ts));
	kit_run(t);
	fault(t, SK_FAULT_BUS, 0, 0);
	assert_int_equal(t->state, SK_THREAD_CALLING);
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, e));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, e));
	assert_int_equal(t->state, SK_THREAD_FAULTED);
}

static void test_stale_fault_is_retried(void **state)
{
	unsigned slot, m = kit_memory(2 * SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE);
	struct thread *t = kit_thread(FAR, 4, &slot);

	(void)state;
	assert_ok(SYS(SK_MAP, m, SK_ROOT_SPACE, 0x30000000, 0, SK_PAGE, SK_RIGHT_READ));
	kit_run(t);
	/* an entry was replaced since the core last looked, and by now allows the access */
	atomic_fetch_add(&space_changes, 2);
	fault(t, SK_FAULT_MEMORY, 0x30000000, SK_ACCESS_READ);
	assert_int_equal(t->state, SK_THREAD_READY);
	atomic_fetch_add(&space_changes, 1); /* is being replaced right now */
	fault(t, SK_FAULT_MEMORY, 0x30000000, SK_ACCESS_WRITE);
	assert_int_equal(t->state, SK_THREAD_READY);
	atomic_fetch_add(&space_changes, 1);
	fault(t, SK_FAULT_MEMORY, 0x30000000, SK_ACCESS_WRITE); /* never allowed */
	assert_int_equal(t->state, SK_THREAD_FAULTED);
	assert_ok(SYS(SK_THREAD_START, slot));
	kit_run(t);
	fault(t, SK_FAULT_MEMORY, 0x30000000, SK_ACCESS_READ); /* no change since: as reported */
	assert_int_equal(t->state, SK_THREAD_FAULTED);
}

/* --- a thread stopped by another core while its call waits for the lock ----------------- */

static struct thread *spinner;
static unsigned spinner_slot;

static void test_stop_restarts_a_call_in_progress(void **state)
{
	uint64_t pc;

	(void)state;
	spinner = kit_thread(1, 4, &spinner_slot);
	spinner->frame.reg[SK_REG_PC] = 0x2000;
	/* as core_wait_for_lock sees it: its call has begun and waits, and the request comes */
	spinner->frame.reg[SK_REG_PC] += ARCH_CALL_BYTES;
	cores[1].lock_awaited = true;
	assert_ok(SYS(SK_THREAD_STOP, spinner_slot));
	cores[1].lock_awaited = false;
	host_settle();
	pc = SYS(SK_THREAD_READ, spinner_slot, SK_REG_PC).w[0];
	assert_int_equal(pc, 0x2000); /* will be made again */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_retype_and_states), TEST_TWO(test_retype_and_states),
		TEST_ONE(test_configure_arguments), TEST_TWO(test_configure_arguments),
		TEST_ONE(test_priority_above_own),
		TEST_ONE(test_registers), TEST_TWO(test_registers),
		TEST_ONE(test_priorities),
		TEST_ONE(test_round_robin), TEST_TWO(test_round_robin),
		TEST_ONE(test_slice_of_who_is_cut_off), TEST_TWO(test_slice_of_who_is_cut_off),
		TEST_ONE(test_slice_after_a_reply), TEST_TWO(test_slice_after_a_reply),
		TEST_TWO(test_move),
		TEST_ONE(test_fault_without_handler), TEST_TWO(test_fault_without_handler),
		TEST_ONE(test_fault_to_notification), TEST_TWO(test_fault_to_notification),
		TEST_ONE(test_fault_to_endpoint), TEST_TWO(test_fault_to_endpoint),
		TEST_ONE(test_stale_fault_is_retried), TEST_TWO(test_stale_fault_is_retried),
		TEST_TWO(test_stop_restarts_a_call_in_progress),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
