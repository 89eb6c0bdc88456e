/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of ranges against a bitmap that is slow and obvious. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"

#define UNITS 96

static struct ranges set;
static char model[UNITS];

/* The set is sorted, disjoint, without touching ranges, and says what the model says. */
static void compare(void)
{
	char seen[UNITS] = {0};
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < set.count; i++) {
		assert_true(set.at[i].start < set.at[i].end);
		if (i)
			assert_true(set.at[i - 1].end < set.at[i].start);
		for (uint64_t u = set.at[i].start; u < set.at[i].end; u++, bytes++)
			seen[u] = 1;
	}
	assert_memory_equal(seen, model, UNITS);
	assert_int_equal(ranges_bytes(&set), bytes);
}

static void random_operations(void **state)
{
	(void)state;
	srand(20240607);
	for (int i = 0; i < 20000; i++) {
		uint64_t start = (uint64_t)rand() % UNITS,
			 end = start + (uint64_t)rand() % (UNITS - start + 1);
		struct range r = {start, end};
		int add = rand() % 2;

		assert_true(add ? ranges_add(&set, r) : ranges_remove(&set, r));
		memset(model + start, add, end - start);
		compare();
		start = (uint64_t)rand() % (UNITS - 1);
		end = start + 1 + (uint64_t)rand() % (UNITS - start - 1);
		r = (struct range){start, end};
		assert_int_equal(ranges_meet(&set, r), memchr(model + start, 1, end - start) != NULL);
		assert_int_equal(ranges_cover(&set, r), memchr(model + start, 0, end - start) == NULL);
	}
}

static void full(void **state)
{
	(void)state;
	set.count = 0;
	for (uint64_t i = 0; i < RANGES; i++)
		assert_true(ranges_add(&set, (struct range){16 * i, 16 * i + 12}));
	assert_false(ranges_add(&set, (struct range){16 * RANGES, 16 * RANGES + 1}));
	assert_false(ranges_remove(&set, (struct range){4, 8}));
	assert_int_equal(set.count, RANGES);
	assert_int_equal(ranges_bytes(&set), 12 * RANGES);
	assert_true(ranges_add(&set, (struct range){12, 16})); /* joins two */
	assert_int_equal(set.count, RANGES - 1);
}

static void find(void **state)
{
	struct range r;

	(void)state;
	set.count = 0;
	assert_true(ranges_add(&set, (struct range){0x1000, 0x9000}));
	assert_true(ranges_add(&set, (struct range){0x10000, 0x14000}));
	assert_true(ranges_find(&set, 0x2000, 0x1000, &r)); /* the top of the largest */
	assert_int_equal(r.start, 0x7000);
	assert_int_equal(r.end, 0x9000);
	assert_true(ranges_find(&set, 0x3000, 0x4000, &r));
	assert_int_equal(r.start, 0x4000);
	assert_true(ranges_find(&set, 0x3000, 0x8000, &r)); /* the largest has no such start */
	assert_int_equal(r.start, 0x10000);
	assert_false(ranges_find(&set, 0x9000, 0x1000, &r));
	assert_false(ranges_find(&set, 0x5000, 0x8000, &r));
	assert_int_equal(ranges_largest(&set).start, 0x1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_operations), cmocka_unit_test(full), cmocka_unit_test(find),
	};

	return cmocka_run_group_tests_name("sets of ranges", tests, NULL, NULL);
}
