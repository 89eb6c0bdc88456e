/* SPDX-License-Identifier: BSD-2-Clause */
/* The switch's decision: learning, flooding, isolation, locked addresses, a flood of made-up senders. */
#include "test.h"

#include "forward.h"

#define MANY 0xfffffffffffful
#define A    0x02000000000aul
#define B    0x02000000000bul
#define C    0x02000000000cul

static struct forward f;

static int set_up(void **state)
{
	(void)state;
	forward_init(&f, 3);
	return 0;
}

static void learns(void **state)
{
	(void)state;
	assert_int_equal(forward(&f, 0, B, A), 1u << 1 | 1u << 2); /* unknown: to all others */
	assert_int_equal(forward(&f, 1, A, B), 1u << 0);
	assert_int_equal(forward(&f, 0, B, A), 1u << 1);
	assert_int_equal(forward(&f, 0, A, A), 0);                 /* to itself: nowhere */
	assert_int_equal(forward(&f, 2, MANY, C), 1u << 0 | 1u << 1);
	assert_int_equal(forward(&f, 0, 0x01005e000001, A), 1u << 1 | 1u << 2);
	forward(&f, 2, MANY, A);                                   /* A has moved */
	assert_int_equal(forward(&f, 1, A, B), 1u << 2);
}

static void drops(void **state)
{
	(void)state;
	assert_int_equal(forward(&f, 0, B, MANY), 0);              /* a sender is one station */
	assert_int_equal(forward(&f, 0, B, 0), 0);
	assert_int_equal(forward(&f, 0, 0x0180c2000000, A), 0);    /* for bridges only */
	assert_int_equal(forward(&f, 0, 0x0180c200000f, A), 0);
	assert_int_not_equal(forward(&f, 0, 0x0180c2000010, A), 0);
}

static void locked(void **state)
{
	(void)state;
	f.locked[0] = A;
	assert_int_equal(forward(&f, 0, C, B), 0);
	assert_int_equal(forward(&f, 0, C, A), 6);
	assert_int_equal(forward(&f, 1, B, C), 5);                 /* nothing was learnt of the made-up one */
}

static void isolated(void **state)
{
	(void)state;
	f.reach[0] = 1u << 2;
	f.reach[1] = 1u << 2;
	forward(&f, 1, MANY, B);
	assert_int_equal(forward(&f, 0, B, A), 0);
	assert_int_equal(forward(&f, 0, MANY, A), 1u << 2);
	assert_int_equal(forward(&f, 2, B, C), 1u << 1);
}

/* One port invents senders without end: another's address stays known in most sets, and nothing grows. */
static void flooded(void **state)
{
	unsigned known = 0;

	(void)state;
	for (uint64_t i = 0; i < 64; i++)
		forward(&f, 1, MANY, B + 256 * i);
	for (uint64_t i = 0; i < 1000000; i++)
		forward(&f, 0, MANY, 0x060000000000ul + i);
	for (uint64_t i = 0; i < 64; i++)
		known += forward(&f, 2, B + 256 * i, C) == 1u << 1;
	assert_true(known >= 60);
}

static void reads_addresses(void **state)
{
	static const uint8_t bytes[6] = { 0x52, 0x53, 0x4b, 0, 1, 0xff };

	(void)state;
	assert_int_equal(forward_address(bytes), 0x52534b0001fful);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(learns, set_up), cmocka_unit_test_setup(drops, set_up),
		cmocka_unit_test_setup(locked, set_up), cmocka_unit_test_setup(isolated, set_up),
		cmocka_unit_test_setup(flooded, set_up), cmocka_unit_test(reads_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
