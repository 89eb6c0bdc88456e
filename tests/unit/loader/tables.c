/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation tables, read back by a walker of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tables.h"

#define PAGES 16
#define NONE  (~0ul)

static _Alignas(4096) uint64_t pages[PAGES][512];
static struct tables t;

static int fresh(void **state)
{
	(void)state;
	memset(pages, 0, sizeof(pages));
	t = (struct tables){pages[0], (uint64_t)pages[1], (uint64_t)pages[PAGES], 30};
	return 0;
}

/* The leaf entry for VA and the bits of its size. */
static uint64_t walk(uint64_t va, unsigned *bits)
{
	uint64_t *table = pages[0];

	for (*bits = 39;; *bits -= 9) {
		uint64_t entry = table[va >> *bits & 511];

		if (!(entry & 1))
			return NONE;
		if (*bits == 12 || !(entry & 2))
			return entry;
		table = (uint64_t *)(entry & 0xfffffffff000);
	}
}

static uint64_t address(uint64_t va)
{
	unsigned bits;
	uint64_t entry = walk(va, &bits);

	if (entry == NONE)
		return NONE;
	return (entry & 0xfffffffff000 & ~((1ul << bits) - 1)) | (va & ((1ul << bits) - 1));
}

static unsigned size_at(uint64_t va)
{
	unsigned bits;

	return walk(va, &bits) == NONE ? 0 : bits;
}

static void largest_blocks(void **state)
{
	(void)state;
	/* from one page before 1 GiB to one page behind 2 GiB + 2 MiB */
	assert_true(tables_map(&t, 0x3ffff000, 0x3ffff000, 0x40000000 + 0x200000 + 0x2000, MAP_LOADER));
	assert_int_equal(size_at(0x3ffff000), 12);
	assert_int_equal(size_at(0x40000000), 30);
	assert_int_equal(size_at(0x80000000), 21);
	assert_int_equal(size_at(0x80200000), 12);
	assert_true(address(0x3fffe000) == NONE);
	assert_true(address(0x80201000) == NONE);
	for (uint64_t va = 0x3ffff000; va < 0x80201000; va += 0x1000)
		assert_true(address(va) == va);
}

static void block_limit(void **state)
{
	(void)state;
	t.block_bits = 21;
	assert_true(tables_map(&t, 0x8000000000, 0x40000000, 0x40000000, MAP_DATA));
	assert_int_equal(size_at(0x8000000000), 21);
	assert_int_equal(address(0x803fe12345), 0x7fe12345);
}

/* Mapping around what is there already leaves it alone, pages or blocks. */
static void keeps_what_is_there(void **state)
{
	uint64_t before;
	unsigned bits;

	(void)state;
	assert_true(tables_map(&t, 0x40201000, 0x40201000, 0x1000, MAP_DEVICE));
	before = walk(0x40201000, &bits);
	assert_true(tables_map(&t, 0x40000000, 0x40000000, 0x600000, MAP_LOADER));
	assert_true(walk(0x40201000, &bits) == before);
	assert_int_equal(size_at(0x40000000), 21);
	assert_int_equal(size_at(0x40202000), 12);
	assert_int_equal(size_at(0x40400000), 21);
	assert_true(tables_map(&t, 0x40401000, 0x12345000, 0x1000, MAP_LOADER));
	assert_int_equal(address(0x40401000), 0x40401000);
	for (uint64_t va = 0x40000000; va < 0x40600000; va += 0x1000)
		assert_true(address(va) == va);
}

/* Bit 7 read only, 54 no execution, 10 accessed; bits 4..2: 1 is Device; 9..8: 3 is inner shareable. */
static void rights(void **state)
{
	const struct { enum map_kind kind; bool write, execute, device;
	} kinds[] = {
		{MAP_LOADER, true, true, false},  {MAP_TEXT, false, true, false},
		{MAP_CONST, false, false, false}, {MAP_DATA, true, false, false},
		{MAP_DEVICE, true, false, true},
	};

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		uint64_t va = 0x1000ul * i, entry;
		unsigned bits;

		assert_true(tables_map(&t, va, 0x9000000, 0x1000, kinds[i].kind));
		entry = walk(va, &bits);
		assert_int_equal(!(entry >> 7 & 1), kinds[i].write);
		assert_int_equal(!(entry >> 54 & 1), kinds[i].execute);
		assert_int_equal(entry >> 2 & 7, kinds[i].device);
		assert_int_equal(entry >> 10 & 1, 1);
		if (!kinds[i].device)
			assert_int_equal(entry >> 8 & 3, 3);
	}
}

static void runs_out(void **state)
{
	(void)state;
	t.end = t.next + 2 * 4096;
	assert_false(tables_map(&t, 0x1000, 0x1000, 0x1000, MAP_DATA));
	assert_true(address(0x1000) == NONE);
	t.end += 4096;
	assert_true(tables_map(&t, 0x1000, 0x1000, 0x1000, MAP_DATA));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(largest_blocks, fresh), cmocka_unit_test_setup(block_limit, fresh),
		cmocka_unit_test_setup(keeps_what_is_there, fresh), cmocka_unit_test_setup(rights, fresh),
		cmocka_unit_test_setup(runs_out, fresh),
	};

	return cmocka_run_group_tests_name("translation tables", tests, NULL, NULL);
}
