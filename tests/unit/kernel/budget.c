/* SPDX-License-Identifier: BSD-2-Clause */
/* Budgets: shares, who pays for a server, helping, priorities through chains. A tick is a microsecond. */
#include "budget.h"
#include "chain.h"
#include "kit.h"

#define FAR (core_count - 1)
#define CORE (&cores[FAR])

enum { BUDGET = 100, PERIOD = 1000 };

static unsigned slot_of[8];

/* Thread n, not started. Budget 0: no limit. */
static struct thread *make(unsigned n, unsigned priority, uint64_t budget)
{
	struct thread *thread = kit_thread_stopped(FAR, priority, &slot_of[n]);

	if (budget)
		assert_ok(SYS(SK_THREAD_CONFIGURE, slot_of[n], 0, 0, 0, 0, 0, budget, PERIOD));
	return thread;
}

static struct thread *start(unsigned n, unsigned priority, uint64_t budget)
{
	struct thread *thread = make(n, priority, budget);

	assert_ok(SYS(SK_THREAD_START, slot_of[n]));
	return thread;
}

static unsigned endpoint(void)
{
	return kit_make(SK_TYPE_ENDPOINT, 0, FAR);
}

/* A server that waits at the endpoint. */
static struct thread *serve(unsigned n, unsigned priority, uint64_t budget, unsigned e)
{
	struct thread *server = start(n, priority, budget);

	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e));
	return server;
}

static void passes(uint64_t ticks)
{
	host_advance(ticks);
	host_take_interrupts(FAR);
	kit_check();
}

/* Root goes to sleep, if it is there, and nobody else runs. */
static void assert_idle(void)
{
	if (CORE->current == root)
		assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
	assert_null(CORE->current);
}

static void test_a_loop_has_its_share(void **state)
{
	struct thread *thread, *other;
	unsigned ran = 0;

	(void)state;
	thread = start(0, 20, BUDGET);
	kit_run(thread);
	for (unsigned i = 0; i < 10 * PERIOD / 10; i++) {
		ran += CORE->current == thread ? 10 : 0;
		passes(10);
	}
	assert_int_equal(ran, 10 * BUDGET);
	/* what it leaves is another's, of lower priority */
	other = start(1, 10, 0);
	kit_run(thread);
	passes(BUDGET);
	assert_ptr_equal(CORE->current, other);
	assert_true(thread->parked);
	passes(PERIOD - BUDGET);
	assert_ptr_equal(CORE->current, thread);
}

/* A kernel that is late takes it off the next budget. */
static void test_too_much_is_taken_off(void **state)
{
	struct thread *thread;

	(void)state;
	thread = start(0, 20, BUDGET);
	kit_run(thread);
	passes(BUDGET + 30);
	assert_idle();
	passes(PERIOD - BUDGET - 30);
	assert_ptr_equal(CORE->current, thread);
	passes(BUDGET - 30 - 1);
	assert_ptr_equal(CORE->current, thread);
	passes(1);
	assert_idle();
	/* more than one budget too much: one period passes without */
	passes(PERIOD - (BUDGET - 30));
	passes(2 * BUDGET + 10);
	assert_idle();
	passes(PERIOD - 2 * BUDGET - 10);
	assert_idle();
	passes(PERIOD);
	assert_ptr_equal(CORE->current, thread);
}

/* Budgets are of threads that ran: who sleeps keeps what is left until its period is over. */
static void test_periods_begin_with_use(void **state)
{
	struct thread *thread;
	unsigned n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);

	(void)state;
	thread = start(0, 20, BUDGET);
	kit_run(thread);
	passes(60);
	assert_status(KIT_BLOCKED, CALL(thread, SK_WAIT, n, host.now + 100));
	passes(100);
	assert_ptr_equal(CORE->current, thread);
	passes(40);
	assert_idle();
	passes(PERIOD - 200 - 1);
	assert_idle();
	passes(1);
	assert_ptr_equal(CORE->current, thread);
	/* and a new one when it wakes after that */
	assert_status(KIT_BLOCKED, CALL(thread, SK_WAIT, n, host.now + 10 * PERIOD + 7));
	passes(10 * PERIOD + 7);
	passes(BUDGET - 1);
	assert_ptr_equal(CORE->current, thread);
	passes(1);
	assert_idle();
	passes(PERIOD - BUDGET);
	assert_ptr_equal(CORE->current, thread);
}

static void test_stop_and_start_give_nothing(void **state)
{
	struct thread *thread;

	(void)state;
	thread = start(0, 20, BUDGET);
	kit_run(thread);
	passes(BUDGET);
	assert_idle();
	assert_ok(SYS(SK_THREAD_STOP, slot_of[0]));
	assert_ok(SYS(SK_THREAD_START, slot_of[0]));
	assert_idle();
	assert_ok(SYS(SK_THREAD_STOP, slot_of[0]));
	passes(PERIOD);
	assert_ok(SYS(SK_THREAD_START, slot_of[0]));
	kit_run(thread);
	passes(BUDGET);
	assert_idle();
	/* no limit any more: at once */
	assert_ok(SYS(SK_THREAD_STOP, slot_of[0]));
	assert_ok(SYS(SK_THREAD_CONFIGURE, slot_of[0], 0, 0, 0, 0, 0, PERIOD, PERIOD));
	assert_ok(SYS(SK_THREAD_START, slot_of[0]));
	kit_run(thread);
	passes(10 * PERIOD);
	assert_ptr_equal(CORE->current, thread);
}

static void test_server_runs_on_the_callers_budget(void **state)
{
	struct thread *server, *caller;
	unsigned e = endpoint();

	(void)state;
	server = serve(0, 10, 0, e);
	caller = start(1, 20, BUDGET);
	kit_run(caller);
	passes(30);
	assert_status(KIT_BLOCKED, CALL(caller, SK_CALL, e));
	assert_ptr_equal(CORE->payer, caller);
	assert_int_equal(server->running_priority, 20);
	passes(BUDGET - 30 - 1);
	assert_ptr_equal(CORE->payer, caller);
	passes(1);
	/* its own budget, its own priority */
	assert_ptr_equal(CORE->current, server);
	assert_ptr_equal(CORE->payer, server);
	assert_true(CORE->lent);
	assert_int_equal(server->running_priority, 10);
	/* the reply waits for the caller's next period */
	assert_status(KIT_BLOCKED, CALL(server, SK_REPLY_WAIT, e, 5));
	assert_idle();
	assert_true(caller->parked);
	passes(PERIOD - BUDGET);
	assert_ptr_equal(CORE->current, caller);
	assert_int_equal(kit_outcome(caller).w[0], 5);
}

/* The caller's budget comes back while the server goes on with its own: it pays again. */
static void test_caller_pays_again(void **state)
{
	struct thread *server, *caller;
	unsigned e = endpoint();

	(void)state;
	server = serve(0, 10, 0, e);
	caller = start(1, 20, BUDGET);
	assert_status(KIT_BLOCKED, CALL(caller, SK_CALL, e));
	passes(BUDGET);
	assert_ptr_equal(CORE->payer, server);
	passes(PERIOD - BUDGET);
	assert_ptr_equal(CORE->payer, caller);
	assert_false(CORE->lent);
	assert_int_equal(server->running_priority, 20);
}

/* A server of low priority, out of budget as its caller is; one of high priority that waits for it helps. */
static void test_helping(void **state)
{
	struct thread *server, *low, *high;
	unsigned e = endpoint();

	(void)state;
	server = serve(0, 10, BUDGET, e);
	low = start(1, 5, BUDGET);
	assert_status(KIT_BLOCKED, CALL(low, SK_CALL, e, 1));
	passes(BUDGET);
	assert_ptr_equal(CORE->payer, server);
	passes(BUDGET);
	assert_idle();
	assert_true(server->parked);
	high = start(2, 30, 400);
	assert_status(KIT_BLOCKED, CALL(high, SK_CALL, e, 2));
	assert_ptr_equal(CORE->current, server);
	assert_ptr_equal(CORE->payer, high);
	assert_int_equal(server->running_priority, 30);
	passes(50);
	/* the reply is low's, who has to wait; then high is served, at once */
	assert_ok(CALL(server, SK_REPLY_WAIT, e, 7));
	assert_int_equal(kit_outcome(server).w[0], 2);
	assert_ptr_equal(CORE->payer, high);
	assert_false(CORE->lent);
	assert_true(low->parked || low->queued);
	passes(349);
	assert_ptr_equal(CORE->payer, high);
	passes(1);
	assert_idle();
	/* the periods of the two others end: the server goes on, for high, and then low has its answer */
	passes(PERIOD - 2 * BUDGET - 400);
	assert_ptr_equal(CORE->payer, server);
	passes(BUDGET);
	assert_ptr_equal(CORE->current, low);
	assert_int_equal(kit_outcome(low).w[0], 7);
}

static void test_who_helps_may_leave(void **state)
{
	struct thread *server, *low, *high;
	unsigned e = endpoint();

	(void)state;
	server = serve(0, 10, BUDGET, e);
	low = start(1, 5, BUDGET);
	assert_status(KIT_BLOCKED, CALL(low, SK_CALL, e));
	passes(2 * BUDGET);
	passes(BUDGET);
	assert_idle();
	high = start(2, 30, 0);
	assert_status(KIT_BLOCKED, CALL(high, SK_CALL, e));
	assert_ptr_equal(CORE->payer, high);
	assert_ok(SYS(SK_THREAD_STOP, slot_of[2]));
	assert_idle();
	assert_true(server->parked);
	assert_int_equal(server->running_priority, 10);
	/* the server that is helped may, too */
	assert_ok(SYS(SK_THREAD_START, slot_of[2]));
	assert_status(KIT_BLOCKED, CALL(high, SK_CALL, e));
	assert_ok(SYS(SK_THREAD_STOP, slot_of[0]));
	assert_idle();
	assert_int_equal(high->state, SK_THREAD_CALLING);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, e));
	kit_run(high);
	assert_status(SK_ABORTED, kit_outcome(high));
	(void)low;
}

/* low calls s1, which calls s2; high waits for s1: s2 runs at its priority. */
static void test_priority_goes_deeper(void **state)
{
	struct thread *low, *s1, *s2, *high, *middle;
	unsigned e1 = endpoint(), e2 = endpoint();

	(void)state;
	s1 = serve(0, 8, 0, e1);
	s2 = serve(1, 7, 0, e2);
	low = start(2, 5, 0);
	assert_status(KIT_BLOCKED, CALL(low, SK_CALL, e1));
	assert_status(KIT_BLOCKED, CALL(s1, SK_CALL, e2));
	assert_ptr_equal(CORE->current, s2);
	assert_int_equal(s2->running_priority, 8);
	high = start(3, 30, 0);
	assert_status(KIT_BLOCKED, CALL(high, SK_CALL, e1, 3));
	assert_int_equal(s1->running_priority, 30);
	assert_int_equal(s2->running_priority, 30);
	assert_ptr_equal(CORE->current, s2);
	assert_ptr_equal(CORE->payer, low);
	middle = start(4, 20, 0);
	kit_run(s2);
	/* one after the other is done, and their priorities fall */
	assert_status(KIT_BLOCKED, CALL(s2, SK_REPLY_WAIT, e2));
	assert_int_equal(s2->running_priority, 7);
	assert_ptr_equal(CORE->current, s1);
	assert_ok(CALL(s1, SK_REPLY_WAIT, e1));
	assert_int_equal(kit_outcome(s1).w[0], 3);
	assert_status(KIT_BLOCKED, CALL(s1, SK_REPLY_WAIT, e1));
	assert_int_equal(s1->running_priority, 8);
	assert_ptr_equal(CORE->current, high);
	assert_ok(SYS(SK_THREAD_STOP, slot_of[3]));
	kit_run(middle);
	assert_true(low->queued);
}

static void test_highest_is_served_first(void **state)
{
	static const unsigned priority[] = { 5, 20, 5, 12 }, order[] = { 1, 3, 0, 2 };
	struct thread *server;
	unsigned e = endpoint();

	(void)state;
	server = make(7, 30, 0);
	for (unsigned i = 0; i < 4; i++) {
		struct thread *caller = start(i, priority[i], 0);

		assert_status(KIT_BLOCKED, CALL(caller, SK_CALL, e, i));
	}
	assert_ok(SYS(SK_THREAD_START, slot_of[7]));
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(CALL(server, SK_REPLY_WAIT, e).w[0], order[i]);
}

/* A chain of SK_CALL_DEPTH calls, and one more. */
static void test_too_deep(void **state)
{
	unsigned e[SK_CALL_DEPTH + 1], slot;
	struct thread *server[SK_CALL_DEPTH + 1], *caller;

	(void)state;
	for (unsigned i = 0; i <= SK_CALL_DEPTH; i++) {
		e[i] = endpoint();
		server[i] = kit_thread(FAR, 10, &slot);
		assert_status(KIT_BLOCKED, CALL(server[i], SK_REPLY_WAIT, e[i]));
	}
	caller = start(0, 10, 0);
	for (unsigned i = 0; i < SK_CALL_DEPTH; i++) {
		assert_status(KIT_BLOCKED, CALL(caller, SK_CALL, e[i]));
		caller = server[i];
		kit_check();
	}
	assert_status(SK_TOO_DEEP, CALL(caller, SK_CALL, e[SK_CALL_DEPTH]));
	assert_status(KIT_BLOCKED, CALL(caller, SK_REPLY_WAIT, e[SK_CALL_DEPTH - 1]));
	caller = server[SK_CALL_DEPTH - 2];
	assert_status(KIT_BLOCKED, CALL(caller, SK_CALL, e[SK_CALL_DEPTH]));
	assert_ptr_equal(CORE->current, server[SK_CALL_DEPTH]);
}

/* Two that wait for each other: nobody runs, nothing goes round for ever. */
static void test_deadlock(void **state)
{
	struct thread *a, *b, *caller;
	unsigned ea = endpoint(), eb = endpoint();

	(void)state;
	a = serve(0, 10, 0, ea);
	b = serve(1, 10, 0, eb);
	caller = start(2, 10, 0);
	assert_status(KIT_BLOCKED, CALL(caller, SK_CALL, ea));
	assert_status(KIT_BLOCKED, CALL(a, SK_CALL, eb));
	assert_status(KIT_BLOCKED, CALL(b, SK_CALL, ea));
	assert_idle();
	kit_check();
	assert_ok(SYS(SK_THREAD_STOP, slot_of[1]));
	kit_run(a);
	assert_status(SK_ABORTED, kit_outcome(a));
}

/* --- whatever comes -------------------------------------------------------------- */

enum { THREADS = 8, ENDPOINTS = 3, ROUNDS = 6000, STEP = 8 };

static uint32_t seed = 7;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static struct thread *crowd[THREADS];
static uint64_t used[THREADS];

/* Each has had no more than its periods since the beginning allow, and what one step made too much. */
static void assert_fair(uint64_t since)
{
	for (unsigned i = 0; i < THREADS; i++) {
		const struct budget *b = &crowd[i]->budget;

		if (b->ticks)
			assert_true(used[i] <= ((host.now - since) / b->period + 2) * b->ticks + STEP);
	}
}

/* The first ENDPOINTS threads serve one endpoint each, mostly, and call the next ones; the others call. */
static void one_step(const unsigned *e)
{
	struct thread *thread = CORE->current;
	unsigned i = 0;

	if (!thread || thread == root || rnd(4) != 0)
		return;
	while (crowd[i] != thread)
		i++;
	if (i < ENDPOINTS && rnd(3))
		CALL(thread, SK_REPLY_WAIT, rnd(8) ? e[rnd(10) ? i : rnd(ENDPOINTS)] : 0);
	else if (rnd(6) == 0)
		CALL(thread, SK_YIELD, 0);
	else if (i + 1 != ENDPOINTS)
		CALL(thread, SK_CALL, e[i < ENDPOINTS ? i + 1 : rnd(ENDPOINTS)]);
}

static void stir(void)
{
	unsigned i = rnd(THREADS);

	SYS(SK_THREAD_STOP, slot_of[i]);
	SYS(SK_THREAD_START, slot_of[i]);
	if (CORE->current == root)
		assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
}

static void test_random_servers(void **state)
{
	unsigned e[ENDPOINTS], lent = 0, parked = 0, deep = 0;
	uint64_t since;

	(void)state;
	for (unsigned i = 0; i < ENDPOINTS; i++)
		e[i] = endpoint();
	for (unsigned i = 0; i < THREADS; i++)
		crowd[i] = start(i, 1 + rnd(20), rnd(4) ? 20 + rnd(300) : 0);
	if (CORE->current == root)
		assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
	since = host.now;
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t ticks = rnd(STEP);

		one_step(e);
		for (unsigned i = 0; i < THREADS; i++) {
			used[i] += CORE->payer == crowd[i] ? ticks : 0;
			parked += crowd[i]->parked;
			deep += crowd[i]->depth > 1;
		}
		lent += CORE->lent;
		passes(ticks);
		assert_fair(since);
		if (rnd(20) == 0)
			stir();
	}
	assert_true(lent > 0 && parked > 0 && deep > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_a_loop_has_its_share), TEST_TWO(test_a_loop_has_its_share),
		TEST_ONE(test_too_much_is_taken_off), TEST_ONE(test_periods_begin_with_use),
		TEST_ONE(test_stop_and_start_give_nothing), TEST_TWO(test_stop_and_start_give_nothing),
		TEST_ONE(test_server_runs_on_the_callers_budget), TEST_TWO(test_server_runs_on_the_callers_budget),
		TEST_TWO(test_caller_pays_again), TEST_ONE(test_helping), TEST_TWO(test_helping),
		TEST_ONE(test_who_helps_may_leave), TEST_TWO(test_who_helps_may_leave),
		TEST_ONE(test_priority_goes_deeper), TEST_TWO(test_priority_goes_deeper),
		TEST_ONE(test_highest_is_served_first), TEST_TWO(test_too_deep), TEST_TWO(test_deadlock),
		TEST_ONE(test_random_servers), TEST_TWO(test_random_servers),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
