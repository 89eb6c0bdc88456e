/* SPDX-License-Identifier: BSD-2-Clause */
/* What many threads wait for at once is done in batches: SCHED_BATCH of them, and the rest a little later. */
#include "kit.h"
#include "sched.h"

#define FAR (core_count - 1)

enum { MANY = 2 * SCHED_BATCH + 4, PAUSE = HOST_HZ / SCHED_PAUSE_DIVISOR };

static struct thread *many[MANY];
static unsigned note[MANY];

static void make_many(void)
{
	unsigned slot;

	for (unsigned i = 0; i < MANY; i++) {
		many[i] = kit_thread(FAR, 10, &slot);
		note[i] = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	}
}

static unsigned ready(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < MANY; i++)
		n += many[i]->state == SK_THREAD_READY;
	return n;
}

/* Batches come one pause after the other, until all are awake. */
static void expect_batches(void)
{
	for (unsigned n = SCHED_BATCH; n < MANY; n += SCHED_BATCH) {
		assert_int_equal(ready(), n);
		kit_check();
		host_advance(PAUSE - 1);
		host_take_interrupts(FAR);
		assert_int_equal(ready(), n);
		host_advance(1);
		host_take_interrupts(FAR);
	}
	assert_int_equal(ready(), MANY);
}

static void test_deadlines(void **state)
{
	uint64_t deadline = host.now + 100;

	(void)state;
	make_many();
	for (unsigned i = 0; i < MANY; i++)
		assert_status(KIT_BLOCKED, CALL(many[i], SK_WAIT, note[i], deadline));
	if (FAR == 0)
		assert_null(cores[0].current);
	host_advance(100);
	host_take_interrupts(FAR);
	expect_batches();
	for (unsigned i = 0; i < MANY; i++)
		assert_status(SK_TIMEOUT, kit_outcome(many[i]));
}

static void test_wakes_from_another_core(void **state)
{
	(void)state;
	make_many();
	for (unsigned i = 0; i < MANY; i++) {
		note[i] = kit_badge(note[i], 1 + i);
		assert_status(KIT_BLOCKED, CALL(many[i], SK_WAIT, note[i], SK_NEVER));
	}
	kit_manual = true;
	for (unsigned i = 0; i < MANY; i++)
		assert_ok(SYS(SK_SIGNAL, note[i]));
	host_take_interrupts(FAR);
	expect_batches();
	kit_manual = false;
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(kit_outcome(many[i]).w[0], 1 + i);
}

/* All of them are destroyed between two batches. */
static void test_death_between_batches(void **state)
{
	unsigned slot;

	(void)state;
	make_many();
	for (unsigned i = 0; i < MANY; i++) {
		note[i] = kit_badge(note[i], 1 + i);
		assert_status(KIT_BLOCKED, CALL(many[i], SK_WAIT, note[i], SK_NEVER));
	}
	kit_manual = true;
	for (unsigned i = 0; i < MANY; i++)
		assert_ok(SYS(SK_SIGNAL, note[i]));
	host_take_interrupts(FAR);
	assert_int_equal(ready(), SCHED_BATCH);
	kit_manual = false;
	/* its memory is used anew, which waits until nobody finds it any more */
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, POOL));
	slot = kit_make(SK_TYPE_THREAD, 0, 0);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, slot));
	assert_null(cores[FAR].woken);
}

/* All call, or all serve, when the endpoint goes. */
static void endpoint_dies(unsigned call)
{
	unsigned e = kit_make(SK_TYPE_ENDPOINT, 0, FAR);

	make_many();
	for (unsigned i = 0; i < MANY; i++)
		assert_status(KIT_BLOCKED, CALL(many[i], call, e));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, e));
	kit_check();
	for (unsigned i = 0; i < MANY; i++) {
		assert_status(SK_ABORTED, kit_outcome(many[i]));
		assert_null(many[i]->serves);
	}
}

static void test_endpoint_dies_with_callers(void **state)
{
	(void)state;
	endpoint_dies(SK_CALL);
}

static void test_endpoint_dies_with_servers(void **state)
{
	(void)state;
	endpoint_dies(SK_REPLY_WAIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_deadlines), TEST_TWO(test_deadlines), TEST_TWO(test_wakes_from_another_core),
		TEST_TWO(test_death_between_batches), TEST_ONE(test_endpoint_dies_with_callers),
		TEST_TWO(test_endpoint_dies_with_callers), TEST_ONE(test_endpoint_dies_with_servers),
		TEST_TWO(test_endpoint_dies_with_servers),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
