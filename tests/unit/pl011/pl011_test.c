/* SPDX-License-Identifier: BSD-2-Clause */
/* The PL011 model, used as Linux's driver, a polling console and a careless guest would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "devices/pl011.h"

enum { DR = 0, FR = 0x18, LCR_H = 0x2c, CR = 0x30, IFLS = 0x34, IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44 };
enum { RXFE = 0x10, TXFF = 0x20, RXFF = 0x40, TXFE = 0x80 };
enum { INT_RX = 0x10, INT_TX = 0x20, INT_RT = 0x40 };

static struct pl011 uart;
static struct console_shared shared;
static uint32_t taken, given;
static unsigned signals;
static bool level;

static void set_level(void *controller, uint32_t input, bool now)
{
	assert_ptr_equal(controller, &level);
	assert_int_equal(input, 33);
	level = now;
}

static void on_signal(void *console)
{
	assert_ptr_equal(console, &signals);
	signals++;
}

static int set_up(void **state)
{
	(void)state;
	memset(&shared, 0, sizeof(shared));
	taken = given = signals = 0;
	level = false;
	pl011_init(&uart, &shared, on_signal, &signals, (struct irq_line){ set_level, &level, 33 });
	return 0;
}

static uint32_t read_reg(unsigned offset)
{
	struct mmio_access a = { .offset = offset, .width = 4 };

	assert_true(pl011_ops.read(&uart, &a));
	return (uint32_t)a.value;
}

static void write_reg(unsigned offset, uint32_t value)
{
	struct mmio_access a = { .offset = offset, .width = 4, .value = value, .write = true };

	assert_true(pl011_ops.write(&uart, &a));
}

/* The console sends input; the VMM hears of it if it asked. */
static void type(const char *text)
{
	bool signal;

	console_ring_write(&shared.to_client, &given, text, strlen(text), &signal);
	if (signal)
		pl011_event(&uart);
}

static void identifies_itself(void **state)
{
	(void)state;
	uint32_t periph = 0, cell = 0;

	for (unsigned i = 0; i < 4; i++) {
		periph |= read_reg(0xfe0 + 4 * i) << 8 * i;
		cell |= read_reg(0xff0 + 4 * i) << 8 * i;
	}
	assert_int_equal(periph & 0x000fffff, 0x00041011); /* what amba-pl011 looks for */
	assert_int_equal(cell, 0xb105f00d);
	assert_int_equal(read_reg(FR) & (RXFE | TXFF | RXFF | TXFE), RXFE | TXFE);
	assert_int_equal(read_reg(IFLS), 0x12);
}

static void output_reaches_the_ring(void **state)
{
	(void)state;
	char out[8];

	write_reg(DR, 'h');
	write_reg(DR, 'i');
	assert_int_equal(console_ring_read(&shared.to_console, &taken, out, sizeof(out)), 2);
	assert_memory_equal(out, "hi", 2);
	assert_int_equal(signals, 0);
	assert_false(console_ring_want(&shared.to_console, taken));
	write_reg(DR, '1');
	write_reg(DR, '2');
	assert_int_equal(signals, 1);
}

static void full_ring_shows_as_full_fifo_until_there_is_space(void **state)
{
	(void)state;
	char out[100];

	write_reg(LCR_H, 0x70);
	write_reg(IMSC, INT_TX);
	for (unsigned i = 0; i < CONSOLE_RING_BYTES; i++) {
		assert_false(read_reg(FR) & TXFF);
		write_reg(DR, i & 0xff);
	}
	assert_int_equal(read_reg(FR) & (TXFF | TXFE), TXFF);
	assert_false(level);
	write_reg(DR, 'x'); /* lost, as in a full FIFO */
	assert_int_equal(console_ring_read(&shared.to_console, &taken, out, sizeof(out)), sizeof(out));
	assert_true(console_ring_space_wanted(&shared.to_console));
	pl011_event(&uart);
	assert_true(level);
	assert_int_equal(read_reg(FR) & (TXFF | TXFE), TXFE);
	write_reg(DR, 'y');
	while (console_ring_read(&shared.to_console, &taken, out, 1) == 1)
		;
	assert_int_equal(out[0], 'y');
}

static void transmit_interrupt_can_be_cleared_and_masked(void **state)
{
	(void)state;
	write_reg(IMSC, INT_TX);
	assert_false(level);
	write_reg(DR, 'a');
	assert_true(level);
	assert_int_equal(read_reg(MIS), INT_TX);
	write_reg(ICR, INT_TX);
	assert_false(level);
	write_reg(DR, 'a');
	write_reg(IMSC, 0);
	assert_false(level);
	assert_int_equal(read_reg(RIS), INT_TX);
	assert_int_equal(read_reg(MIS), 0);
}

static void one_key_interrupts_by_timeout(void **state)
{
	(void)state;
	write_reg(LCR_H, 0x70);
	write_reg(IMSC, INT_RX | INT_RT);
	type("k");
	assert_true(level);
	assert_int_equal(read_reg(MIS), INT_RT);
	assert_false(read_reg(FR) & RXFE);
	assert_int_equal(read_reg(DR), 'k');
	assert_false(level);
	assert_true(read_reg(FR) & RXFE);
	type("l");
	assert_int_equal(read_reg(DR), 'l');
}

static void trigger_level_is_kept(void **state)
{
	(void)state;
	write_reg(LCR_H, 0x70);
	write_reg(IFLS, 2 << 3);
	type("1234567");
	assert_false(read_reg(RIS) & INT_RX);
	type("8");
	assert_true(read_reg(RIS) & INT_RX);
	read_reg(DR);
	assert_false(read_reg(RIS) & INT_RX);
	assert_true(read_reg(RIS) & INT_RT);
}

/* As Linux's handler: clear, then read until empty. */
static void long_input_is_neither_lost_nor_reordered(void **state)
{
	(void)state;
	char text[1001], got[1001] = { 0 };
	unsigned n = 0;

	for (unsigned i = 0; i < 1000; i++)
		text[i] = (char)('a' + i % 26);
	text[1000] = 0;
	write_reg(LCR_H, 0x70);
	write_reg(IMSC, INT_RX | INT_RT);
	type(text);
	while (level && n < 1000) {
		write_reg(ICR, read_reg(RIS));
		for (unsigned burst = 0; burst < 40 && !(read_reg(FR) & RXFE); burst++)
			got[n++] = (char)read_reg(DR);
	}
	assert_int_equal(n, 1000);
	assert_string_equal(got, text);
	assert_false(level);
	type("z");
	assert_true(level);
}

static void without_fifo_one_byte_at_a_time(void **state)
{
	(void)state;
	type("ab");
	assert_true(read_reg(FR) & RXFF);
	assert_true(read_reg(RIS) & INT_RX);
	assert_int_equal(read_reg(DR), 'a');
	assert_true(read_reg(RIS) & INT_RX);
	assert_int_equal(read_reg(DR), 'b');
	assert_true(read_reg(FR) & RXFE);
}

static void input_waits_while_the_receiver_is_off(void **state)
{
	(void)state;
	write_reg(CR, 0);
	type("abc");
	pl011_event(&uart);
	assert_true(read_reg(FR) & RXFE);
	write_reg(CR, 0x301);
	assert_int_equal(read_reg(DR), 'a');
}

static void console_hears_of_space_for_input(void **state)
{
	(void)state;
	char fill[CONSOLE_RING_BYTES + PL011_FIFO];
	bool signal;

	memset(fill, 'f', sizeof(fill));
	write_reg(LCR_H, 0x70);
	console_ring_write(&shared.to_client, &given, fill, sizeof(fill), &signal);
	pl011_event(&uart);
	console_ring_write(&shared.to_client, &given, fill, sizeof(fill), &signal);
	assert_int_equal(console_ring_space(&shared.to_client, given), 0);
	assert_false(console_ring_want_space(&shared.to_client, given));
	read_reg(DR);
	assert_int_equal(signals, 1);
	read_reg(DR);
	assert_int_equal(signals, 1);
}

static void reset_keeps_the_connection(void **state)
{
	(void)state;
	char out[4];

	write_reg(DR, 'a');
	type("xyz");
	write_reg(IMSC, 0x7ff);
	pl011_reset(&uart);
	assert_false(level);
	write_reg(DR, 'b');
	assert_int_equal(console_ring_read(&shared.to_console, &taken, out, sizeof(out)), 2);
	assert_memory_equal(out, "ab", 2);
	type("n");
	while (!(read_reg(FR) & RXFE))
		out[0] = (char)read_reg(DR);
	assert_int_equal(out[0], 'n');
}

static void lives_without_a_console(void **state)
{
	(void)state;
	pl011_init(&uart, NULL, NULL, NULL, (struct irq_line){ 0 });
	write_reg(IMSC, 0x7ff);
	write_reg(DR, 'a');
	assert_int_equal(read_reg(DR), 0);
	assert_false(read_reg(FR) & TXFF);
	pl011_event(&uart);
}

static void every_offset_answers(void **state)
{
	(void)state;
	for (unsigned offset = 0; offset < PL011_SIZE; offset += 4) {
		write_reg(offset, 0xffffffff);
		read_reg(offset);
	}
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(identifies_itself),
		TEST(output_reaches_the_ring),
		TEST(full_ring_shows_as_full_fifo_until_there_is_space),
		TEST(transmit_interrupt_can_be_cleared_and_masked),
		TEST(one_key_interrupts_by_timeout),
		TEST(trigger_level_is_kept),
		TEST(long_input_is_neither_lost_nor_reordered),
		TEST(without_fifo_one_byte_at_a_time),
		TEST(input_waits_while_the_receiver_is_off),
		TEST(console_hears_of_space_for_input),
		TEST(reset_keeps_the_connection),
		TEST(lives_without_a_console),
		TEST(every_offset_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
