/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual GIC against the GIC of the manual: a model without list registers
 * takes the same random inputs, and every acknowledge must give an interrupt
 * that the manual allows at that moment, or nothing if it allows none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cpu_interface.h"

#define FIRST 40u
#define COUNT 12u
#define STEPS 20000

/* The plain GIC: Arm IHI 0069H, 4.1.2. */
struct plain {
	uint8_t priority;
	bool enabled, edge, line, latch, active;
};

static struct plain plain[COUNT];
static struct vgic *gic;
static unsigned stack[COUNT], depth;
static uint64_t seed;

static unsigned dice(unsigned sides)
{
	seed = seed * 6364136223846793005ul + 1442695040888963407ul;
	return (unsigned)(seed >> 33) % sides;
}

static bool pending(const struct plain *p)
{
	return p->latch || (!p->edge && p->line);
}

static unsigned best_priority(void)
{
	unsigned best = 0xff, limit = depth ? plain[stack[depth - 1]].priority : 0xff;

	for (unsigned i = 0; i < COUNT; i++) {
		if (pending(&plain[i]) && plain[i].enabled && !plain[i].active && plain[i].priority < best)
			best = plain[i].priority;
	}
	return best < limit ? best : 0xff;
}

static void acknowledge(void)
{
	unsigned best = best_priority();
	unsigned intid = guest_ack(gic, 0);

	if (best == 0xff) {
		assert_int_equal(intid, SPURIOUS);
		return;
	}
	assert_in_range(intid, FIRST, FIRST + COUNT - 1);
	assert_true(pending(&plain[intid - FIRST]) && plain[intid - FIRST].enabled);
	assert_false(plain[intid - FIRST].active);
	assert_int_equal(plain[intid - FIRST].priority, best);
	plain[intid - FIRST].active = true;
	plain[intid - FIRST].latch = false;
	stack[depth++] = intid - FIRST;
}

static void end(void)
{
	if (depth == 0)
		return;
	depth--;
	plain[stack[depth]].active = false;
	guest_eoi(gic, 0, FIRST + stack[depth]);
}

static void set_line(unsigned i, bool level)
{
	plain[i].latch |= plain[i].edge && level && !plain[i].line;
	plain[i].line = level;
	vgic_set_spi(gic, FIRST + i, level);
}

static uint32_t bit(unsigned i)
{
	return 1u << (FIRST + i) % 32;
}

static void check_registers(void)
{
	uint64_t is_pending = dist_read(gic, 0x204, 4), is_active = dist_read(gic, 0x304, 4);

	for (unsigned i = 0; i < COUNT; i++) {
		assert_int_equal(!!(is_pending & bit(i)), pending(&plain[i]));
		assert_int_equal(!!(is_active & bit(i)), plain[i].active);
	}
}

static void step(void)
{
	unsigned i = dice(COUNT);

	switch (dice(10)) {
	case 0:
	case 1:
		set_line(i, dice(2));
		break;
	case 2:
	case 3:
	case 4:
		acknowledge();
		break;
	case 5:
	case 6:
	case 7:
		end();
		break;
	case 8:
		plain[i].enabled = dice(4);
		dist_write(gic, plain[i].enabled ? 0x104 : 0x184, 4, bit(i));
		break;
	case 9:
		if (dice(2)) {
			plain[i].latch = true;
			dist_write(gic, 0x204, 4, bit(i));
		} else {
			plain[i].latch = false;
			dist_write(gic, 0x284, 4, bit(i));
		}
		break;
	}
	if (dice(8) == 0)
		check_registers();
}

/* All served to the end: nothing may be left behind. */
static void settle(void)
{
	for (unsigned i = 0; i < COUNT; i++) {
		plain[i].enabled = true;
		set_line(i, plain[i].edge);
		dist_write(gic, 0x104, 4, bit(i));
	}
	while (depth > 0)
		end();
	for (unsigned i = 0; i < COUNT; i++) {
		acknowledge();
		end();
	}
	acknowledge();
	assert_int_equal(depth, 0);
	check_registers();
}

static void run(unsigned lists, bool same_priority)
{
	gic = malloc(sizeof(*gic));
	vgic_init(gic, 1);
	cpu_reset(0, lists);
	vgic_attach(gic, 0, 0, 0);
	enable_groups(gic);
	depth = 0;
	for (unsigned i = 0; i < COUNT; i++) {
		plain[i] = (struct plain){ .enabled = true, .edge = i % 2,
			.priority = (uint8_t)(same_priority ? 0x80 : 8 * (i + 1)) };
		set_up_spi(gic, FIRST + i, plain[i].priority, plain[i].edge);
	}
	for (unsigned s = 0; s < STEPS; s++) {
		step();
		if (s % 1000 == 999)
			settle();
	}
	free(gic);
}

static void random_inputs(void **state)
{
	(void)state;
	for (unsigned lists = 1; lists <= 15; lists += lists < 4 ? 1 : 11) {
		for (seed = 1; seed <= 4; seed++) {
			uint64_t start = seed;

			print_message("%u list registers, seed %lu\n", lists, (unsigned long)start);
			run(lists, start % 2);
			seed = start;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_inputs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
