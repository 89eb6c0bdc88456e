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
	return (struct mmio_device){ "x", base, size, &ops, &present, NULL };
}

static void add(struct mmio_map *map, uint64_t base, uint64_t size, bool expected)
{
	struct mmio_device d = device(base, size);

	assert_int_equal(mmio_add(map, &d), expected);
}

static void sorted_and_disjoint(void **state)
{
	struct mmio_map map = { 0 };

	(void)state;
	add(&map, 0x9000, 0x1000, true);
	add(&map, 0x1000, 0x1000, true);
	add(&map, 0x5000, 0x1000, true);
	add(&map, 0x5fff, 1, false);
	add(&map, 0x0, 0x1001, false);
	add(&map, 0x0, 0x20000, false);
	add(&map, 0x7000, 0, false);
	add(&map, ~0ul, 2, false);
	assert_int_equal(map.count, 3);
	assert_true(map.device[0].base == 0x1000 && map.device[1].base == 0x5000 && map.device[2].base == 0x9000);
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
	assert_ptr_equal(mmio_find(&map, 0x1000, 8), &map.device[0]);
	assert_ptr_equal(mmio_find(&map, 0x1ff8, 8), &map.device[0]);
	assert_null(mmio_find(&map, 0x1ffc, 8));
	assert_ptr_equal(mmio_find(&map, 0x200f, 1), &map.device[1]);
	assert_null(mmio_find(&map, 0x2010, 1));
	assert_null(mmio_find(&map, 0xfff, 1));
	assert_null(mmio_find(&map, 0x5000, 1));
	assert_null(mmio_find(&map, ~0ul, 1));
}

static void performs(void **state)
{
	struct mmio_map map = { 0 };
	struct mmio_access access = { .width = 2 };
	struct mmio_device refuses = { "y", 0x8000, 0x1000, &ops, NULL, NULL };

	(void)state;
	add(&map, 0x1000, 0x1000, true);
	assert_true(mmio_add(&map, &refuses));
	assert_true(mmio_perform(&map, 0x1010, &access));
	assert_int_equal(access.value, 0x7798);
	access = (struct mmio_access){ .width = 4, .write = true, .value = 0x100 };
	assert_true(mmio_perform(&map, 0x1004, &access));
	assert_int_equal(stored, 0x104);
	assert_false(mmio_perform(&map, 0x8000, &access));
	assert_false(mmio_perform(&map, 0x3000, &access));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_and_disjoint),
		cmocka_unit_test(full),
		cmocka_unit_test(finds),
		cmocka_unit_test(performs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
