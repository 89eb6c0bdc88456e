/* SPDX-License-Identifier: BSD-2-Clause */
/* The switch's decision: learning, flooding, isolation, locked addresses, VLANs, a flood of made-up senders. */
#include "test.h"

#include "forward.h"

#define MANY 0xfffffffffffful
#define A    0x02000000000aul
#define B    0x02000000000bul
#define C    0x02000000000cul

static struct forward f;
static uint32_t vlan;

static uint32_t go(unsigned from, uint64_t to, uint64_t sender)
{
	return forward(&f, from, to, sender, FORWARD_NO_TAG, &vlan);
}

static int set_up(void **state)
{
	(void)state;
	forward_init(&f, 3);
	return 0;
}

static void learns(void **state)
{
	(void)state;
	assert_int_equal(go(0, B, A), 1u << 1 | 1u << 2); /* unknown: to all others */
	assert_int_equal(go(1, A, B), 1u << 0);
	assert_int_equal(go(0, B, A), 1u << 1);
	assert_int_equal(go(0, A, A), 0);                 /* to itself: nowhere */
	assert_int_equal(go(2, MANY, C), 1u << 0 | 1u << 1);
	assert_int_equal(go(0, 0x01005e000001, A), 1u << 1 | 1u << 2);
	go(2, MANY, A);                                   /* A has moved */
	assert_int_equal(go(1, A, B), 1u << 2);
}

static void drops(void **state)
{
	(void)state;
	assert_int_equal(go(0, B, MANY), 0);              /* a sender is one station */
	assert_int_equal(go(0, B, 0), 0);
	assert_int_equal(go(0, 0x0180c2000000, A), 0);    /* for bridges only */
	assert_int_equal(go(0, 0x0180c200000f, A), 0);
	assert_int_not_equal(go(0, 0x0180c2000010, A), 0);
}

static void locked(void **state)
{
	(void)state;
	f.locked[0] = A;
	assert_int_equal(go(0, C, B), 0);
	assert_int_equal(go(0, C, A), 6);
	assert_int_equal(go(1, B, C), 5);                 /* nothing was learnt of the made-up one */
}

static void isolated(void **state)
{
	(void)state;
	f.reach[0] = 1u << 2;
	f.reach[1] = 1u << 2;
	go(1, MANY, B);
	assert_int_equal(go(0, B, A), 0);
	assert_int_equal(go(0, MANY, A), 1u << 2);
	assert_int_equal(go(2, B, C), 1u << 1);
}

/* One port invents senders without end: another's address stays known in most sets, and nothing grows. */
static void flooded(void **state)
{
	unsigned known = 0;

	(void)state;
	for (uint64_t i = 0; i < 64; i++)
		go(1, MANY, B + 256 * i);
	for (uint64_t i = 0; i < 1000000; i++)
		go(0, MANY, 0x060000000000ul + i);
	for (uint64_t i = 0; i < 64; i++)
		known += go(2, B + 256 * i, C) == 1u << 1;
	assert_true(known >= 60);
}

/* Tags and membership: 0 and 1 are in VLAN 10, 2 in VLAN 20, 3 is a trunk of both, 4 and 5 are plain. */
static void vlans(void **state)
{
	(void)state;
	forward_init(&f, 6);
	assert_true(forward_access(&f, 0, 10) && forward_access(&f, 1, 10) && forward_access(&f, 2, 20));
	forward_trunk(&f, 3);
	assert_true(forward_member(&f, 3, 10) && forward_member(&f, 3, 20));
	assert_int_equal(go(0, MANY, A), 1u << 1 | 1u << 3);
	assert_int_equal(vlan, 10);
	assert_int_equal(go(2, MANY, B), 1u << 3);
	assert_int_equal(go(4, MANY, C), 1u << 5);
	assert_int_equal(vlan, 0);
	assert_int_equal(forward(&f, 3, MANY, C, 20, &vlan), 1u << 2);
	assert_int_equal(forward(&f, 3, MANY, C, 10, &vlan), 1u << 0 | 1u << 1);
	/* The same address is another station in another VLAN. */
	assert_int_equal(forward(&f, 3, A, C, 10, &vlan), 1u << 0);
	assert_int_equal(forward(&f, 3, A, C, 20, &vlan), 1u << 2);
	/* Dropped: tagged from an access port; on a trunk no tag, a priority tag, a VLAN not its own. */
	assert_int_equal(forward(&f, 0, MANY, A, 10, &vlan), 0);
	assert_int_equal(forward(&f, 0, MANY, A, 20, &vlan), 0);
	assert_int_equal(forward(&f, 3, MANY, C, FORWARD_NO_TAG, &vlan), 0);
	assert_int_equal(forward(&f, 3, MANY, C, 0, &vlan), 0);
	assert_int_equal(forward(&f, 3, MANY, C, 30, &vlan), 0);
	/* A plain port's tag is payload. */
	assert_int_equal(forward(&f, 4, MANY, C, 10, &vlan), 1u << 5);
	assert_true(forward_member(&f, 3, 0));
	assert_int_equal(go(4, MANY, C), 1u << 3 | 1u << 5);
	assert_int_equal(go(3, MANY, A), 1u << 4 | 1u << 5);
	/* Numbers that are none, and too many. */
	assert_false(forward_access(&f, 0, 0) || forward_access(&f, 0, 4095) || forward_member(&f, 3, 4096));
	for (uint32_t n = 100; n < 100 + FORWARD_VLANS - 3; n++)
		assert_true(forward_member(&f, 3, n));
	assert_false(forward_member(&f, 3, 200));
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
		cmocka_unit_test_setup(flooded, set_up), cmocka_unit_test(vlans), cmocka_unit_test(reads_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
