/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of devices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/mmio.h"

static bool read_op(void *state, struct mmio_access *access)
{
	access->value = 0x1122334455667788ul + access->offset;
	return state != NULL;
}

static uint64_t stored;

static bool write_op(void *state, struct mmio_access *access)
{
	stored = access->value + access->offset;
	return state != NULL;
}

static const struct mmio_ops ops = { read_op, write_op };
static int present;

static struct mmio_device device(uint64_t base, uint64_t size)
{
	return (struct mmio_device){ .name = "x", .base = base, .size = size, .ops = &ops, .state = &present };
}

static void add(struct mmio_map *map, uint64_t base, uint64_t size, bool expected)
{
	struct mmio_device d = device(base, size);

	assert_int_equal(mmio_add(map, &d), expected);
}

static const struct mmio_device *find(const struct mmio_map *map, uint64_t address, unsigned width)
{
	uint64_t offset;
	const struct mmio_device *d = mmio_find(map, address, width, &offset);

	if (d)
		assert_int_equal(offset, address - d->base);
	return d;
}

static void disjoint(void **state)
{
	struct mmio_map map = { 0 };

	(void)state;
	add(&map, 0x9000, 0x1000, true);
	add(&map, 0x1000, 0x1000, true);
	add(&map, 0x5000, 0x1000, true);
	add(&map, 0x5ff8, 8, false);
	add(&map, 0x0, 0x1008, false);
	add(&map, 0x0, 0x20000, false);
	add(&map, 0x7000, 0, false);
	add(&map, 0x7001, 8, false);
	add(&map, 0x7000, 9, false);
	add(&map, ~7ul, 16, false);
	add(&map, MMIO_END - 8, 16, false);
	add(&map, MMIO_END, 8, false);
	add(&map, 8, ~7ul, false);
	add(&map, MMIO_END - 8, 8, true);
	assert_int_equal(map.count, 4);
}

static void full(void **state)
{
	struct mmio_map map = { 0 };

	(void)state;
	for (unsigned i = 0; i < MMIO_DEVICES; i++)
		add(&map, 0x1000ul * i, 0x1000, true);
	add(&map, 0x1000ul * MMIO_DEVICES, 0x1000, false);
}

static void finds(void **state)
{
	struct mmio_map map = { 0 };

	(void)state;
	add(&map, 0x1000, 0x1000, true);
	add(&map, 0x2000, 0x10, true);
	add(&map, 0x4000, 0x1000, true);
	assert_ptr_equal(find(&map, 0x1000, 8), &map.device[1]);
	assert_ptr_equal(find(&map, 0x1ff8, 8), &map.device[1]);
	assert_null(find(&map, 0x1ffc, 8)); /* misaligned */
	assert_null(find(&map, 0x1001, 2));
	assert_ptr_equal(find(&map, 0x200f, 1), &map.device[2]);
	assert_null(find(&map, 0x2010, 1));
	assert_null(find(&map, 0xfff, 1));
	assert_null(find(&map, 0x5000, 1));
	assert_null(find(&map, ~0ul, 1));
}

/* Several devices in one cell, and devices of several cells, in whatever order they came: each address has its own. */
static void shared_cells(void **state)
{
	static const struct { uint64_t base, size; } window[] = {
		{ 0x28000, 0x8000 }, { 0x38000, 0x8000 }, { 0x20000, 0x200 }, { 0x30000, 0x200 }, { 0x10000, 0x10000 },
		{ 0x30200, 0x200 }, { 0x20200, 0x200 }, { 0x40000, 0x30000 }, { 0x70000, 0x200 }, { 0x0f000, 0x1000 },
	};
	struct mmio_map map = { 0 };

	(void)state;
	for (unsigned i = 0; i < sizeof(window) / sizeof(window[0]); i++)
		add(&map, window[i].base, window[i].size, true);
	for (uint64_t at = 0; at < 0x80000; at += 8) {
		const struct mmio_device *found = find(&map, at, 8), *expected = NULL;

		for (unsigned i = 0; i < sizeof(window) / sizeof(window[0]); i++) {
			if (at >= window[i].base && at < window[i].base + window[i].size)
				expected = &map.device[1 + i];
		}
		assert_ptr_equal(found, expected);
	}
}

static void performs(void **state)
{
	struct mmio_map map = { 0 };
	struct mmio_access access = { .width = 2 };
	struct mmio_device refuses = { .name = "y", .base = 0x8000, .size = 0x1000, .ops = &ops };

	(void)state;
	add(&map, 0x1000, 0x1000, true);
	assert_true(mmio_add(&map, &refuses));
	assert_true(mmio_perform(&map, 0x1010, &access));
	assert_int_equal(access.value & 0xffff, 0x7798);
	access = (struct mmio_access){ .width = 4, .write = true, .value = 0x100 };
	assert_true(mmio_perform(&map, 0x1004, &access));
	assert_int_equal(stored, 0x104);
	assert_false(mmio_perform(&map, 0x8000, &access));
	assert_false(mmio_perform(&map, 0x3000, &access));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disjoint),
		cmocka_unit_test(shared_cells),
		cmocka_unit_test(full),
		cmocka_unit_test(finds),
		cmocka_unit_test(performs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
