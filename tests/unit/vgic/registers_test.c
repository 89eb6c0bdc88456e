/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual GIC's registers as a guest sees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cpu_interface.h"

static struct vgic *gic;

static int set_up(void **state)
{
	(void)state;
	gic = malloc(sizeof(*gic));
	vgic_init(gic, 3);
	for (unsigned n = 0; n < 3; n++) {
		cpu_reset(n, 3);
		vgic_attach(gic, n, n, n | 1ul << 31);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(gic);
	return 0;
}

static void identification(void **state)
{
	(void)state;
	assert_int_equal(dist_read(gic, 0, 4), 0x50);              /* ARE, DS */
	assert_int_equal(dist_read(gic, 4, 4) & 0x1f, 8);          /* 288 INTIDs */
	assert_int_equal(dist_read(gic, 0xffe8, 4) & 0xf0, 0x30);  /* GICv3 */
	assert_int_equal(redist_read(gic, 0xffe8, 4) & 0xf0, 0x30);
	assert_int_equal(dist_read(gic, 0xfff0, 4), 0x0d);
	assert_int_equal(dist_read(gic, 0xfffc, 4), 0xb1);
	assert_int_equal(redist_read(gic, 8, 8), 0);
	assert_int_equal(redist_read(gic, 0x20008, 8), 1ul << 32 | 1 << 8);
	assert_int_equal(redist_read(gic, 0x40008, 8), 2ul << 32 | 2 << 8 | 1 << 4);
	assert_int_equal(redist_read(gic, 0x40008, 4), 2 << 8 | 1 << 4);
	assert_int_equal(redist_read(gic, 0x4000c, 4), 2);
}

static void control_keeps_only_the_enables(void **state)
{
	(void)state;
	dist_write(gic, 0, 4, 0xffffffff);
	assert_int_equal(dist_read(gic, 0, 4), 0x53);
	dist_write(gic, 0, 4, 0);
	assert_int_equal(dist_read(gic, 0, 4), 0x50);
}

static void waker_mirrors(void **state)
{
	(void)state;
	assert_int_equal(redist_read(gic, 0x14, 4), 6);
	redist_write(gic, 0x14, 4, 0);
	assert_int_equal(redist_read(gic, 0x14, 4), 0);
	assert_int_equal(redist_read(gic, 0x20014, 4), 6);
}

static void set_and_clear_pairs(void **state)
{
	(void)state;
	static const unsigned set[] = { 0x100, 0x200, 0x300 };

	for (unsigned i = 0; i < 3; i++) {
		dist_write(gic, set[i] + 4, 4, 0xff00ff00);
		dist_write(gic, set[i] + 4, 4, 0x00000001);
		dist_write(gic, set[i] + 0x84, 4, 0x0f000000);
		assert_int_equal(dist_read(gic, set[i] + 4, 4), 0xf000ff01);
		assert_int_equal(dist_read(gic, set[i] + 0x84, 4), 0xf000ff01);
		assert_int_equal(dist_read(gic, set[i] + 8, 4), 0);
	}
}

static void priority_has_five_bits_in_bytes_and_words(void **state)
{
	(void)state;
	dist_write(gic, 0x420, 4, 0xffa58007);
	assert_int_equal(dist_read(gic, 0x420, 4), 0xf8a08000);
	assert_int_equal(dist_read(gic, 0x422, 1), 0xa0);
	dist_write(gic, 0x421, 1, 0x33);
	assert_int_equal(dist_read(gic, 0x420, 4), 0xf8a03000);
	assert_int_equal(dist_read(gic, 0x420, 8), 0);
}

static void config(void **state)
{
	(void)state;
	dist_write(gic, 0xc08, 4, 0xffffffff);
	assert_int_equal(dist_read(gic, 0xc08, 4), 0xaaaaaaaa);
	redist_write(gic, 0x10c00, 4, 0);
	assert_int_equal(redist_read(gic, 0x10c00, 4), 0xaaaaaaaa); /* SGIs are edges */
	redist_write(gic, 0x10c04, 4, 0xffffffff);
	assert_int_equal(redist_read(gic, 0x10c04, 4), 0xaaaaaaaa & ~(2u << 22)); /* the timer is a level */
}

static void route_in_one_and_two_pieces(void **state)
{
	(void)state;
	dist_write(gic, 0x6108, 8, ~0ul);
	assert_true(dist_read(gic, 0x6108, 8) == 0xff80fffffful);
	dist_write(gic, 0x6108, 8, 2);
	assert_int_equal(gic->spi[1].target, 2);
	dist_write(gic, 0x610c, 4, 1);
	assert_true(dist_read(gic, 0x6108, 8) == (1ul << 32 | 2));
	assert_int_equal(gic->spi[1].target, VGIC_VCPUS);
	dist_write(gic, 0x610c, 4, 0);
	dist_write(gic, 0x6108, 4, 1);
	assert_int_equal(gic->spi[1].target, 1);
	assert_int_equal(dist_read(gic, 0x6108, 4), 1);
	assert_int_equal(dist_read(gic, 0x610c, 4), 0);
}

static void private_registers_in_the_distributor_read_as_zero(void **state)
{
	(void)state;
	static const unsigned offset[] = { 0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x41c, 0xc00, 0xc04 };

	for (unsigned i = 0; i < sizeof(offset) / sizeof(offset[0]); i++) {
		dist_write(gic, offset[i], 4, 0xffffffff);
		assert_int_equal(dist_read(gic, offset[i], 4), 0);
	}
	dist_write(gic, 0x6000, 8, 5);
	assert_int_equal(dist_read(gic, 0x6000, 8), 0);
	assert_int_equal(redist_read(gic, 0x10100, 4), 0);
}

/* Whatever a guest reads or writes anywhere: no crash, no bus error for aligned accesses. */
static void every_offset_answers(void **state)
{
	(void)state;
	static const unsigned width[] = { 1, 2, 4, 8 };

	for (unsigned w = 0; w < 4; w++) {
		for (unsigned offset = 0; offset < VGIC_DIST_SIZE; offset += width[w]) {
			dist_write(gic, offset, width[w], ~0ul);
			dist_read(gic, offset, width[w]);
		}
		for (unsigned offset = 0; offset < 3 * VGIC_REDIST_SIZE; offset += width[w]) {
			redist_write(gic, offset, width[w], ~0ul);
			redist_read(gic, offset, width[w]);
		}
	}
	/* beyond the last interrupt */
	assert_int_equal(dist_read(gic, 0x100 + 4 * 9, 4), 0);
	assert_int_equal(dist_read(gic, 0x400 + 288, 4), 0);
	assert_int_equal(dist_read(gic, 0x6000 + 8 * 288, 8), 0);
	for (unsigned n = 0; n < 3; n++)
		cpu_enter(gic, n);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(identification),
		TEST(control_keeps_only_the_enables),
		TEST(waker_mirrors),
		TEST(set_and_clear_pairs),
		TEST(priority_has_five_bits_in_bytes_and_words),
		TEST(config),
		TEST(route_in_one_and_two_pieces),
		TEST(private_registers_in_the_distributor_read_as_zero),
		TEST(every_offset_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
