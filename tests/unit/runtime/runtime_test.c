/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime's allocators: pages of the heap, slots of a cnode. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pages.h"
#include "skerry/slots.h"

#define HEAP_PAGES 300u

static uint8_t *heap;

static int make_heap(void **state)
{
	(void)state;
	heap = aligned_alloc(PAGES_BYTES, HEAP_PAGES * PAGES_BYTES);
	if (!heap)
		return -1;
	memset(heap, 0, HEAP_PAGES * PAGES_BYTES);
	return 0;
}

static int drop_heap(void **state)
{
	(void)state;
	free(heap);
	return 0;
}

static void pages_are_distinct_and_zero(void **state)
{
	struct pages p = { 0 };
	uint8_t *seen[HEAP_PAGES];
	unsigned n = 0;
	uint8_t *at;

	(void)state;
	pages_init(&p, heap, HEAP_PAGES * PAGES_BYTES);
	while ((at = pages_take(&p, PAGES_BYTES)) != NULL) {
		assert_true(n < HEAP_PAGES);
		assert_int_equal((at - heap) % PAGES_BYTES, 0);
		for (unsigned i = 0; i < PAGES_BYTES; i++)
			assert_int_equal(at[i], 0);
		memset(at, 0xa5, PAGES_BYTES);
		seen[n++] = at;
	}
	/* One page holds the map of 300. */
	assert_int_equal(n, HEAP_PAGES - 1);
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < i; j++)
			assert_ptr_not_equal(seen[i], seen[j]);
	}
}

static void pages_come_back_zeroed(void **state)
{
	struct pages p = { 0 };
	uint8_t *a, *b;

	(void)state;
	pages_init(&p, heap, HEAP_PAGES * PAGES_BYTES);
	a = pages_take(&p, 10 * PAGES_BYTES);
	memset(a, 0xff, 10 * PAGES_BYTES);
	assert_true(pages_give(&p, a, 10 * PAGES_BYTES));
	b = pages_take(&p, 10 * PAGES_BYTES - 5);
	assert_ptr_equal(a, b);
	for (unsigned i = 0; i < 10 * PAGES_BYTES; i++)
		assert_int_equal(b[i], 0);
}

static void pages_refuse_what_is_not_theirs(void **state)
{
	struct pages p = { 0 };
	uint8_t *a;

	(void)state;
	pages_init(&p, heap, HEAP_PAGES * PAGES_BYTES);
	a = pages_take(&p, 2 * PAGES_BYTES);
	assert_non_null(a);
	assert_false(pages_give(&p, a, 3 * PAGES_BYTES));
	assert_false(pages_give(&p, a + 1, PAGES_BYTES));
	assert_false(pages_give(&p, heap, PAGES_BYTES));
	assert_false(pages_give(&p, heap + HEAP_PAGES * PAGES_BYTES, PAGES_BYTES));
	assert_false(pages_give(&p, heap - PAGES_BYTES, PAGES_BYTES));
	assert_true(pages_give(&p, a + PAGES_BYTES, PAGES_BYTES));
	assert_false(pages_give(&p, a + PAGES_BYTES, PAGES_BYTES));
	assert_null(pages_take(&p, HEAP_PAGES * PAGES_BYTES));
	assert_null(pages_take(&p, SIZE_MAX));
	assert_null(pages_take(&p, 0));
}

static void pages_of_no_heap(void **state)
{
	struct pages p = { 0 };

	(void)state;
	pages_init(&p, heap, PAGES_BYTES);
	assert_null(pages_take(&p, 1));
	pages_init(&p, heap, 0);
	assert_null(pages_take(&p, 1));
}

/* Against a plain array of owners, with sizes at random. */
static void pages_at_random(void **state)
{
	struct pages p = { 0 };
	struct { uint8_t *at; size_t pages; } live[40] = { { 0 } };
	uint8_t owner[HEAP_PAGES] = { 0 };
	unsigned seed = 1;

	(void)state;
	pages_init(&p, heap, HEAP_PAGES * PAGES_BYTES);
	for (int step = 0; step < 3000; step++) {
		unsigned i = (seed = seed * 1103515245 + 12345) >> 16 & 0x7fff;
		size_t n = 1 + (seed >> 8) % 30;

		i %= 40;
		if (live[i].at) {
			memset(owner + (live[i].at - heap) / PAGES_BYTES, 0, live[i].pages);
			assert_true(pages_give(&p, live[i].at, live[i].pages * PAGES_BYTES));
			live[i].at = NULL;
			continue;
		}
		live[i].at = pages_take(&p, n * PAGES_BYTES);
		live[i].pages = n;
		for (size_t k = 0; live[i].at && k < n; k++) {
			size_t page = (size_t)(live[i].at - heap) / PAGES_BYTES + k;

			assert_true(page < HEAP_PAGES && owner[page] == 0);
			owner[page] = 1;
		}
	}
}

static void slots_are_distinct(void **state)
{
	uint64_t map[SK_SLOTS_WORDS(100)];
	struct sk_slots s;
	uint8_t seen[200] = { 0 };
	uint32_t slot;

	(void)state;
	sk_slots_init(&s, map, 50, 100);
	for (int i = 0; i < 100; i++) {
		slot = sk_slots_take(&s, 1);
		assert_true(slot >= 50 && slot < 150 && !seen[slot]);
		seen[slot] = 1;
	}
	assert_int_equal(sk_slots_take(&s, 1), 0);
	sk_slots_give(&s, 77, 1);
	sk_slots_give(&s, 77, 1); /* free already: counts once */
	sk_slots_give(&s, 149, 5); /* the end of the range bounds it */
	sk_slots_give(&s, 10, 3);
	assert_int_equal(s.free, 2);
	assert_int_equal(sk_slots_take(&s, 1) + sk_slots_take(&s, 1), 77 + 149);
	assert_int_equal(sk_slots_take(&s, 1), 0);
}

static void slots_in_a_row(void **state)
{
	uint64_t map[SK_SLOTS_WORDS(100)];
	struct sk_slots s;

	(void)state;
	sk_slots_init(&s, map, 1, 100);
	assert_int_equal(sk_slots_take(&s, 100), 1);
	sk_slots_give(&s, 1, 100);
	assert_int_equal(sk_slots_take(&s, 101), 0);
	assert_int_equal(sk_slots_take(&s, 0), 0);
	for (int i = 0; i < 100; i++)
		sk_slots_take(&s, 1);
	for (uint32_t i = 1; i <= 100; i += 2)
		sk_slots_give(&s, i, 1);
	/* Fifty are free, no two side by side. */
	assert_int_equal(sk_slots_take(&s, 2), 0);
	sk_slots_give(&s, 64, 1);
	assert_int_equal(sk_slots_take(&s, 3), 63);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pages_are_distinct_and_zero, make_heap, drop_heap),
		cmocka_unit_test_setup_teardown(pages_come_back_zeroed, make_heap, drop_heap),
		cmocka_unit_test_setup_teardown(pages_refuse_what_is_not_theirs, make_heap, drop_heap),
		cmocka_unit_test_setup_teardown(pages_of_no_heap, make_heap, drop_heap),
		cmocka_unit_test_setup_teardown(pages_at_random, make_heap, drop_heap),
		cmocka_unit_test(slots_are_distinct),
		cmocka_unit_test(slots_in_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
