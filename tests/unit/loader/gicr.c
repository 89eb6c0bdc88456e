/* SPDX-License-Identifier: BSD-2-Clause */
/* Redistributors found by affinity, in memory that looks like two regions of frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gicr.h"

#define FRAME 0x20000ul
#define LAST  16ul
#define VLPIS 2ul

static struct machine m;
static uint64_t frame[BOOTINFO_CORES];
static struct report report;

static void put(char *region, uint64_t at, uint64_t affinity, uint64_t flags)
{
	*(uint64_t *)(void *)(region + at + 8) = affinity << 32 | flags;
}

static char *region(unsigned index, uint64_t bytes)
{
	char *memory = calloc(1, bytes);

	m.gicr[index] = (struct range){(uint64_t)memory, (uint64_t)memory + bytes};
	m.gicr_regions = index + 1;
	return memory;
}

static void two_regions(void **state)
{
	char *a = region(0, 2 * FRAME), *b = region(1, 2 * FRAME);

	(void)state;
	m.cores = 3;
	m.gicr_stride = 0;
	m.mpidr[0] = 0;
	m.mpidr[1] = 0x100;
	m.mpidr[2] = 0x200000001;
	put(a, 0, 0x100, 0);
	put(a, FRAME, 0x55, LAST);
	put(b, 0, 0x02000001, 0);
	put(b, FRAME, 0, LAST);
	assert_true(gicr_find(&m, frame, &report));
	assert_int_equal(frame[0], (uint64_t)b + FRAME);
	assert_int_equal(frame[1], (uint64_t)a);
	assert_int_equal(frame[2], (uint64_t)b);
	free(a);
	free(b);
}

/* Frames with virtual LPIs are twice as long; a region without LAST ends where reg says. */
static void wide_frames(void **state)
{
	char *a = region(0, 4 * FRAME);

	(void)state;
	m.cores = 2;
	m.mpidr[1] = 1;
	m.gicr_stride = 0;
	put(a, 0, 0, VLPIS);
	put(a, FRAME, 1, 0); /* not a frame */
	put(a, 2 * FRAME, 1, VLPIS);
	assert_true(gicr_find(&m, frame, &report));
	assert_int_equal(frame[1], (uint64_t)a + 2 * FRAME);
	m.gicr_stride = FRAME;
	assert_true(gicr_find(&m, frame, &report));
	assert_int_equal(frame[1], (uint64_t)a + FRAME);
	free(a);
}

static void missing(void **state)
{
	char *a = region(0, 2 * FRAME);

	(void)state;
	m.cores = 2;
	m.mpidr[1] = 1;
	m.gicr_stride = 0;
	put(a, 0, 0, LAST);
	put(a, FRAME, 1, LAST); /* behind the last */
	assert_false(gicr_find(&m, frame, &report));
	assert_string_equal(report.text,
			    "GICv3: no redistributor in its reg belongs to the core with MPIDR 0x1");
	free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_regions), cmocka_unit_test(wide_frames), cmocka_unit_test(missing),
	};

	return cmocka_run_group_tests_name("redistributors", tests, NULL, NULL);
}
