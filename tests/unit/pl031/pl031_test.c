/* SPDX-License-Identifier: BSD-2-Clause */
/* The PL031 model: time, setting it, the alarm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "devices/pl031.h"

enum { DR = 0, MR = 4, LR = 8, CR = 0xc, IMSC = 0x10, RIS = 0x14, MIS = 0x18, ICR = 0x1c };

#define HZ    1000u
#define EPOCH 1790000000u

static struct pl031 rtc;
static uint64_t ticks;
static bool level;

static uint64_t counter(void)
{
	return ticks;
}

static void set_level(void *controller, uint32_t input, bool now)
{
	(void)controller;
	(void)input;
	level = now;
}

static int set_up(void **state)
{
	(void)state;
	ticks = 123456;
	level = false;
	pl031_init(&rtc, EPOCH, counter, HZ, (struct irq_line){ set_level, NULL, 34 });
	return 0;
}

static uint32_t read_reg(unsigned offset)
{
	struct mmio_access a = { .offset = offset, .width = 4 };

	assert_true(pl031_ops.read(&rtc, &a));
	return (uint32_t)a.value;
}

static void write_reg(unsigned offset, uint32_t value)
{
	struct mmio_access a = { .offset = offset, .width = 4, .value = value, .write = true };

	assert_true(pl031_ops.write(&rtc, &a));
}

static void tells_the_time(void **state)
{
	(void)state;
	assert_int_equal(read_reg(DR), EPOCH);
	ticks += 999;
	assert_int_equal(read_reg(DR), EPOCH);
	ticks += 1;
	assert_int_equal(read_reg(DR), EPOCH + 1);
	ticks += 86400ul * HZ;
	assert_int_equal(read_reg(DR), EPOCH + 86401);
	assert_int_equal(read_reg(CR), 1);
}

static void can_be_set(void **state)
{
	(void)state;
	ticks += 5500;
	write_reg(LR, 100);
	assert_int_equal(read_reg(LR), 100);
	assert_int_equal(read_reg(DR), 100);
	ticks += 1000;
	assert_int_equal(read_reg(DR), 101);
	write_reg(DR, 7);
	assert_int_equal(read_reg(DR), 101);
}

static void alarm_comes_at_its_time(void **state)
{
	(void)state;
	write_reg(MR, EPOCH + 10);
	write_reg(IMSC, 1);
	assert_int_equal(pl031_poll(&rtc), ticks + 10 * HZ);
	ticks += 10 * HZ - 1;
	pl031_poll(&rtc);
	assert_false(level);
	ticks += 1;
	assert_true(pl031_poll(&rtc) == ~0ul);
	assert_true(level);
	assert_int_equal(read_reg(RIS), 1);
	assert_int_equal(read_reg(MIS), 1);
	write_reg(ICR, 1);
	assert_false(level);
	ticks += 100 * HZ;
	pl031_poll(&rtc);
	assert_false(level);
}

static void alarm_can_be_masked_and_moved(void **state)
{
	(void)state;
	write_reg(MR, EPOCH + 10);
	ticks += 20 * HZ;
	assert_int_equal(read_reg(RIS), 1);
	assert_int_equal(read_reg(MIS), 0);
	assert_false(level);
	write_reg(IMSC, 1);
	assert_true(level);
	write_reg(ICR, 1);
	write_reg(MR, EPOCH + 5); /* past: not before 2^32 seconds */
	assert_true(pl031_poll(&rtc) == ~0ul);
	write_reg(LR, EPOCH);
	assert_int_equal(pl031_poll(&rtc), ticks + 5 * HZ);
}

static void identifies_itself(void **state)
{
	(void)state;
	uint32_t periph = 0, cell = 0;

	for (unsigned i = 0; i < 4; i++) {
		periph |= read_reg(0xfe0 + 4 * i) << 8 * i;
		cell |= read_reg(0xff0 + 4 * i) << 8 * i;
	}
	assert_int_equal(periph & 0x000fffff, 0x00041031); /* what rtc-pl031 looks for */
	assert_int_equal(cell, 0xb105f00d);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tells_the_time),
		TEST(can_be_set),
		TEST(alarm_comes_at_its_time),
		TEST(alarm_can_be_masked_and_moved),
		TEST(identifies_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
