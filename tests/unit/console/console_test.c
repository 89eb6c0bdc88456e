/* SPDX-License-Identifier: BSD-2-Clause */
/* The console ring: order, fullness, requests for signals, a lying peer, two threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <semaphore.h>

#include "rings/console.h"

static struct console_ring ring;
static uint32_t written, taken;

static int set_up(void **state)
{
	(void)state;
	memset(&ring, 0, sizeof(ring));
	/* Indices count modulo 2^32: start near the end. */
	written = taken = ring.head = ring.tail = UINT32_MAX - 100;
	return 0;
}

static void bytes_come_out_in_order(void **state)
{
	(void)state;
	uint8_t in[300], out[300];
	uint8_t next = 0, expected = 0;
	bool signal;

	for (int round = 0; round < 100; round++) {
		size_t want = (size_t)(round * 7 % 300 + 1);

		for (size_t i = 0; i < want; i++)
			in[i] = next++;
		assert_int_equal(console_ring_write(&ring, &written, in, want, &signal), want);
		assert_int_equal(console_ring_read(&ring, &taken, out, sizeof(out)), want);
		for (size_t i = 0; i < want; i++)
			assert_int_equal(out[i], expected++);
	}
	assert_int_equal(console_ring_read(&ring, &taken, out, sizeof(out)), 0);
}

static void full_means_full(void **state)
{
	(void)state;
	uint8_t bytes[CONSOLE_RING_BYTES + 1] = { 0 };
	bool signal;

	assert_int_equal(console_ring_space(&ring, written), CONSOLE_RING_BYTES);
	assert_int_equal(console_ring_write(&ring, &written, bytes, sizeof(bytes), &signal), CONSOLE_RING_BYTES);
	assert_int_equal(console_ring_space(&ring, written), 0);
	assert_int_equal(console_ring_write(&ring, &written, bytes, 1, &signal), 0);
	assert_int_equal(console_ring_read(&ring, &taken, bytes, 10), 10);
	assert_int_equal(console_ring_write(&ring, &written, bytes, sizeof(bytes), &signal), 10);
}

static void single_bytes_are_no_different(void **state)
{
	(void)state;
	bool signal;
	uint8_t byte;

	console_ring_want(&ring, taken);
	for (unsigned i = 0; i < CONSOLE_RING_BYTES; i++) {
		assert_true(console_ring_put(&ring, &written, (uint8_t)i, &signal));
		assert_int_equal(signal, i == 0);
	}
	assert_false(console_ring_put(&ring, &written, 1, &signal));
	for (unsigned i = 0; i < CONSOLE_RING_BYTES; i++) {
		assert_int_equal(console_ring_read(&ring, &taken, &byte, 1), 1);
		assert_int_equal(byte, i & 0xff);
	}
}

static void a_signal_is_asked_for_and_given_once(void **state)
{
	(void)state;
	bool signal;

	console_ring_write(&ring, &written, "a", 1, &signal);
	assert_false(signal);
	assert_true(console_ring_want(&ring, taken));
	console_ring_write(&ring, &written, "b", 1, &signal);
	assert_true(signal);
	console_ring_write(&ring, &written, "c", 1, &signal);
	assert_false(signal);
}

static void space_is_asked_for_and_given_once(void **state)
{
	(void)state;
	uint8_t bytes[CONSOLE_RING_BYTES] = { 0 };
	bool signal;

	assert_true(console_ring_want_space(&ring, written));
	console_ring_write(&ring, &written, bytes, sizeof(bytes), &signal);
	assert_false(console_ring_want_space(&ring, written));
	console_ring_read(&ring, &taken, bytes, 1);
	assert_true(console_ring_space_wanted(&ring));
	assert_false(console_ring_space_wanted(&ring));
}

static void a_lying_peer_changes_only_what_it_may(void **state)
{
	(void)state;
	uint8_t bytes[CONSOLE_RING_BYTES];
	bool signal;

	ring.head = taken + CONSOLE_RING_BYTES + 1;
	assert_int_equal(console_ring_read(&ring, &taken, bytes, sizeof(bytes)), 0);
	ring.head = taken - 1;
	assert_int_equal(console_ring_read(&ring, &taken, bytes, sizeof(bytes)), 0);
	ring.tail = written + 5;
	assert_true(console_ring_write(&ring, &written, bytes, sizeof(bytes), &signal) <= CONSOLE_RING_BYTES);
	for (uint32_t lie = 1; lie != 0; lie *= 2) {
		ring.head = ring.tail = lie;
		console_ring_read(&ring, &taken, bytes, sizeof(bytes));
		console_ring_write(&ring, &written, bytes, sizeof(bytes), &signal);
	}
}

/* Two threads, each sleeping whenever it can: a lost signal hangs the test. */
#define TOTAL 200000u

static sem_t for_reader, for_writer;

static void *write_all(void *unused)
{
	(void)unused;
	for (uint32_t i = 0; i < TOTAL;) {
		uint8_t chunk[97];
		size_t n = 0;
		bool signal;

		while (n < sizeof(chunk) && i + n < TOTAL) {
			chunk[n] = (uint8_t)((i + n) * 31 >> 3);
			n++;
		}
		n = console_ring_write(&ring, &written, chunk, n, &signal);
		i += (uint32_t)n;
		if (signal)
			sem_post(&for_reader);
		if (n == 0 && !console_ring_want_space(&ring, written))
			sem_wait(&for_writer);
	}
	return NULL;
}

static void two_threads_lose_nothing(void **state)
{
	(void)state;
	pthread_t writer;

	sem_init(&for_reader, 0, 0);
	sem_init(&for_writer, 0, 0);
	assert_int_equal(pthread_create(&writer, NULL, write_all, NULL), 0);
	for (uint32_t i = 0; i < TOTAL;) {
		uint8_t chunk[61];
		size_t n = console_ring_read(&ring, &taken, chunk, sizeof(chunk));

		for (size_t k = 0; k < n; k++, i++)
			assert_int_equal(chunk[k], (uint8_t)(i * 31 >> 3));
		if (n && console_ring_space_wanted(&ring))
			sem_post(&for_writer);
		if (n == 0 && !console_ring_want(&ring, taken))
			sem_wait(&for_reader);
	}
	pthread_join(writer, NULL);
	assert_int_equal(ring.head, ring.tail);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_come_out_in_order),
		TEST(full_means_full),
		TEST(single_bytes_are_no_different),
		TEST(a_signal_is_asked_for_and_given_once),
		TEST(space_is_asked_for_and_given_once),
		TEST(a_lying_peer_changes_only_what_it_may),
		TEST(two_threads_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
