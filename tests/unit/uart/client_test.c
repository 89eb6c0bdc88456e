/* SPDX-License-Identifier: BSD-2-Clause */
/* The UART driver's side of a console connection, on a wire of limited depth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client.h"
#include "pl011.h"
#include "skerry/calls.h"

static struct console_shared shared;
static struct client client;
static struct uart uart;
static uint32_t sent, taken; /* the client's own indices */
static char wire[8192];
static size_t on_wire, wire_room;
static unsigned signals;

size_t uart_send(struct uart *u, const uint8_t *bytes, size_t count)
{
	(void)u;
	if (count > wire_room)
		count = wire_room;
	memcpy(wire + on_wire, bytes, count);
	on_wire += count;
	wire_room -= count;
	return count;
}

void sk_signal(uint32_t notification)
{
	assert_int_equal(notification, 5);
	signals++;
}

static int set_up(void **state)
{
	(void)state;
	memset(&shared, 0, sizeof(shared));
	client = (struct client){ .shared = &shared, .signal = 5 };
	sent = taken = signals = 0;
	on_wire = 0;
	wire_room = sizeof(wire);
	return 0;
}

static size_t print(const void *bytes, size_t count)
{
	bool signal;

	return console_ring_write(&shared.to_console, &sent, bytes, count, &signal);
}

static void send_all(void)
{
	bool full;

	while (client_send(&client, &uart, false, &full) > 0)
		assert_false(full);
}

static void a_guests_bytes_pass_unchanged(void **state)
{
	(void)state;
	print("a\nb\r\n\0c", 7);
	send_all();
	assert_int_equal(on_wire, 7);
	assert_memory_equal(wire, "a\nb\r\n\0c", 7);
}

static void the_logs_lines_end_with_cr_lf(void **state)
{
	(void)state;
	client.text = true;
	print("a\nb\n", 4);
	send_all();
	assert_int_equal(on_wire, 6);
	assert_memory_equal(wire, "a\r\nb\r\n", 6);
}

static void the_log_breaks_another_clients_line(void **state)
{
	(void)state;
	bool full;

	print("a\n", 2);
	assert_int_equal(client_send(&client, &uart, true, &full), 2); /* a guest does not */
	client.text = true;
	assert_int_equal(client_send(&client, &uart, true, &full), 0);
	print("b", 1);
	client_send(&client, &uart, true, &full);
	assert_int_equal(on_wire, 5);
	assert_memory_equal(wire, "a\n\r\nb", 5);
	assert_true(client.open);
	print("\n", 1);
	client_send(&client, &uart, false, &full);
	assert_false(client.open);
}

static void all_newlines_fit(void **state)
{
	(void)state;
	char lines[CONSOLE_RING_BYTES];

	memset(lines, '\n', sizeof(lines));
	client.text = true;
	assert_int_equal(print(lines, sizeof(lines)), sizeof(lines));
	send_all();
	assert_int_equal(on_wire, 2 * sizeof(lines));
}

static void a_turn_is_bounded(void **state)
{
	(void)state;
	char lots[CONSOLE_RING_BYTES] = { 0 };
	bool full;

	print(lots, sizeof(lots));
	assert_in_range(client_send(&client, &uart, false, &full), 1, 2 + 2 * CLIENT_TURN);
	assert_true(client_idle(&client));
}

static void a_full_uart_loses_nothing(void **state)
{
	(void)state;
	char text[600];
	bool full;

	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	print(text, sizeof(text));
	for (unsigned i = 0; i < 200 && on_wire < sizeof(text); i++) {
		wire_room = 7;
		client_send(&client, &uart, false, &full);
		if (full)
			assert_true(client_idle(&client));
	}
	assert_int_equal(on_wire, sizeof(text));
	assert_memory_equal(wire, text, sizeof(text));
	assert_false(client_idle(&client));
}

static void a_waiting_writer_is_woken(void **state)
{
	(void)state;
	char lots[CONSOLE_RING_BYTES] = { 0 };

	print(lots, sizeof(lots));
	assert_false(console_ring_want_space(&shared.to_console, sent));
	send_all();
	assert_int_equal(signals, 1);
}

static void input_is_given_and_announced(void **state)
{
	(void)state;
	uint8_t bytes[8];

	assert_false(console_ring_want(&shared.to_client, taken));
	client_give(&client, (const uint8_t *)"key", 3);
	assert_int_equal(signals, 1);
	assert_int_equal(console_ring_read(&shared.to_client, &taken, bytes, sizeof(bytes)), 3);
	assert_memory_equal(bytes, "key", 3);
}

static void room_for_input_is_asked_for(void **state)
{
	(void)state;
	uint8_t lots[CONSOLE_RING_BYTES] = { 0 };

	client_give(&client, lots, client_room(&client));
	assert_int_equal(client_room(&client), 0);
	console_ring_read(&shared.to_client, &taken, lots, 10);
	assert_true(console_ring_space_wanted(&shared.to_client));
	assert_int_equal(client_room(&client), 10);
}

/* Whatever a client writes over its page: turns stay bounded and nothing outside is touched. */
static void a_hostile_client_gets_nowhere(void **state)
{
	(void)state;
	uint32_t seed = 1;
	bool full;

	client.text = true;
	for (unsigned i = 0; i < 5000; i++) {
		uint32_t *word = (uint32_t *)(void *)&shared;

		for (unsigned w = 0; w < sizeof(shared) / 4; w += i % 50 ? 8 : 1) {
			seed = seed * 1664525u + 1013904223u;
			word[w] = i % 3 ? seed : client.taken + seed % 3000;
		}
		on_wire = 0;
		wire_room = sizeof(wire);
		assert_true(client_send(&client, &uart, i % 2, &full) <= 2 + 2 * CLIENT_TURN);
		client_idle(&client);
		assert_true(client_room(&client) <= CONSOLE_RING_BYTES);
		client_give(&client, (const uint8_t *)"input", 5);
	}
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_guests_bytes_pass_unchanged),
		TEST(the_logs_lines_end_with_cr_lf),
		TEST(the_log_breaks_another_clients_line),
		TEST(all_newlines_fit),
		TEST(a_turn_is_bounded),
		TEST(a_full_uart_loses_nothing),
		TEST(a_waiting_writer_is_woken),
		TEST(input_is_given_and_announced),
		TEST(room_for_input_is_asked_for),
		TEST(a_hostile_client_gets_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
