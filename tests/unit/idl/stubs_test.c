/* SPDX-License-Identifier: BSD-2-Clause */
/* Every parameter type there and back; a hostile client; a hostile server; a server that dies. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "component.h"
#include "fake.h"

int run(void)
{
	return 0;
}

static int start(void **state)
{
	pthread_t thread;

	(void)state;
	component_start();
	return pthread_create(&thread, NULL, server_thread, NULL) || pthread_detach(thread);
}

static int plain(void **state)
{
	(void)state;
	fake_tamper = (struct fake_tamper){ .byte = -1 };
	fake_badge = 0;
	fake_dies = false;
	return 0;
}

static void attributes(void **state)
{
	(void)state;
	assert_string_equal(who, "somebody");
	assert_int_equal(rounds, 77);
	assert_int_equal(offset, -300);
	assert_true(loud);
	assert_non_null(frame);
	assert_int_equal(frame_size, 16384);
	assert_int_equal(spare_slot, 0);
}

static void words(void **state)
{
	uint64_t sum;
	int32_t least, value = 4;
	int64_t many;
	uint32_t high, low;
	bool b, odd = true;

	(void)state;
	assert_int_equal(numbers_nothing(), SK_OK);
	assert_int_equal(numbers_add(0xffffffff, 2, &sum), SK_OK);
	assert_true(sum == 0x100000001ul);
	assert_int_equal(numbers_least(-7, 300, -70000, &least), SK_OK);
	assert_int_equal(least, -70000);
	assert_int_equal(numbers_invert(true, &b), SK_OK);
	assert_false(b);
	assert_int_equal(numbers_six(1, 2, 3, 4, 5, 6), SK_OK);
	assert_int_equal(numbers_split(0x123456789abcdef0ul, &high, &low), SK_OK);
	assert_true(high == 0x12345678 && low == 0x9abcdef0);
	assert_int_equal(numbers_step(&value, &odd), SK_OK);
	assert_true(value == 5 && odd);
	/* Nine arguments: seven in words, two in the buffer. */
	assert_int_equal(numbers_many(255, 65535, 1, 1000000000000ul, -128, -3, -4, -5, true, &many), SK_OK);
	assert_true(many == -(255 + 65535 + 1 + 1000000000000l - 128 - 3 - 4 - 5));
}

static void strings(void **state)
{
	char answer[81], text[21] = "quiet words";
	static char name[42] = "a name of exactly forty characters here";

	(void)state;
	assert_int_equal(things_greet("you", answer), SK_OK);
	assert_string_equal(answer, "Hello, you!");
	assert_int_equal(things_shout(text), SK_OK);
	assert_string_equal(text, "QUIET WORDS");
	memset(name, 'x', 40);
	assert_int_equal(things_greet(name, answer), SK_OK);
	assert_int_equal(strlen(answer), 48);
	name[40] = 'x';
	assert_int_equal(things_greet(name, answer), SK_BAD_ARG);
}

static void arrays(void **state)
{
	uint16_t values[17] = { 1, 2, 65535 };
	uint32_t sum, squares[8];
	int32_t list[8] = { 1, 2, 3, 4, 5 };
	uint8_t data[32] = { 1, 2, 3 }, digest[8];
	bool bits[8] = { true, false, true };
	size_t count = 0;

	(void)state;
	assert_int_equal(things_sum(values, 3, &sum), SK_OK);
	assert_int_equal(sum, 65538);
	assert_int_equal(things_sum(values, 0, &sum), SK_OK);
	assert_int_equal(sum, 0);
	assert_int_equal(things_sum(values, 17, &sum), SK_BAD_ARG);
	assert_int_equal(things_squares(5, squares, &count), SK_OK);
	assert_true(count == 5 && squares[4] == 16);
	assert_int_equal(things_squares(200, squares, &count), SK_OK);
	assert_int_equal(count, 8); /* the server said more than there is room for */
	count = 5;
	assert_int_equal(things_reverse(list, &count), SK_OK);
	assert_true(count == 5 && list[0] == 5 && list[4] == 1);
	data[9] = 0x80;
	assert_int_equal(things_digest(data, digest), SK_OK);
	assert_true(digest[0] == 1 && digest[1] == 0x82 && digest[2] == 3);
	assert_int_equal(things_flip(bits), SK_OK);
	assert_true(!bits[0] && bits[1] && !bits[2] && bits[7]);
}

static void structs(void **state)
{
	struct Point p = { 3, -4, true }, q, points[4] = { { 1, 1, true }, { 2, 2, false } }, sorted[4];
	struct Shape shape = { "box", { { 1, 2, false }, { 3, 4, true }, { 5, 6, false } }, { 1, 2, 3, 4 }, { true, true },
			       { 9, 9, true } };
	size_t count;

	(void)state;
	assert_int_equal(things_mirror(&p, &q), SK_OK);
	assert_true(q.x == -3 && q.y == 4 && !q.marked);
	assert_int_equal(things_grow(&shape, 10), SK_OK);
	assert_string_equal(shape.name, "grown 10");
	assert_true(shape.corner[0].x == 11 && shape.corner[2].x == 15 && shape.corner[1].marked);
	assert_true(shape.tags[3] == 5 && !shape.flags[0] && shape.flags[1] && shape.centre.y == 9);
	assert_int_equal(things_sort(points, 2, sorted, &count), SK_OK);
	assert_true(count == 2 && sorted[0].x == 2 && sorted[1].marked);
}

/* A client that writes the words itself. */
static enum sk_status raw(uint32_t slot, uint64_t method, unsigned word, uint64_t value)
{
	struct sk_words m = { .w = { [7] = method } };

	if (word)
		m.w[word - 1] = value;
	assert_int_equal(sk_call(slot, &m), SK_OK);
	return (enum sk_status)m.w[7];
}

static void hostile_client(void **state)
{
	(void)state;
	assert_int_equal(raw(FAKE_NUMBERS, 99, 0, 0), SK_NO_CALL);
	assert_int_equal(raw(FAKE_THINGS, ~0ul, 0, 0), SK_NO_CALL);
	assert_int_equal(raw(FAKE_NUMBERS, 1, 2, 1ul << 32), SK_BAD_ARG);  /* uint32_t */
	assert_int_equal(raw(FAKE_NUMBERS, 2, 1, 384), SK_BAD_ARG);        /* int8_t */
	assert_int_equal(raw(FAKE_NUMBERS, 2, 2, ~40000ul), SK_BAD_ARG);   /* int16_t */
	assert_int_equal(raw(FAKE_NUMBERS, 3, 1, 2), SK_BAD_ARG);          /* bool */
	memset(fake_buffer[1], 'x', FAKE_BUFFER);
	assert_int_equal(raw(FAKE_THINGS, 0, 0, 0), SK_BAD_ARG); /* greet: no NUL */
	assert_int_equal(raw(FAKE_THINGS, 2, 0, 0), SK_BAD_ARG); /* sum: count is too large */
	assert_int_equal(raw(FAKE_THINGS, 6, 0, 0), SK_BAD_ARG); /* flip: no bools */
	assert_int_equal(raw(FAKE_THINGS, 7, 0, 0), SK_BAD_ARG); /* mirror: a member is no bool */
	assert_int_equal(raw(FAKE_THINGS, 8, 0, 0), SK_BAD_ARG); /* grow: name, flags, members */
	assert_int_equal(raw(FAKE_THINGS, 9, 0, 0), SK_BAD_ARG); /* sort: count */
	fake_badge = 3;                   /* a client that has no buffer at this server */
	assert_int_equal(raw(FAKE_NUMBERS, 1, 1, 1), SK_BAD_ARG);
	fake_badge = 9ul << 16;           /* a port that it does not have */
	assert_int_equal(raw(FAKE_NUMBERS, 1, 1, 1), SK_NO_CALL);
}

/* Each bit of each word by itself: refused where its type does not have it, and nowhere else. */
static void every_bit(void **state)
{
	static const struct { uint64_t method; unsigned bits[7]; } methods[] = {
		{ 1, { 32, 32 } }, { 2, { 8, 16, 32 } }, { 3, { 1 } }, { 5, { 8, 16, 32, 64, 8, 16, 32 } }, { 7, { 32, 1 } },
	};

	(void)state;
	memset(fake_buffer[0], 0, FAKE_BUFFER);
	for (unsigned m = 0; m < sizeof(methods) / sizeof(methods[0]); m++) {
		for (unsigned word = 0; word < 7 && methods[m].bits[word]; word++) {
			for (unsigned bit = 0; bit < 64; bit++)
				assert_int_equal(raw(FAKE_NUMBERS, methods[m].method, word + 1, 1ul << bit),
						 bit < methods[m].bits[word] ? SK_OK : SK_BAD_ARG);
		}
	}
}

static void hostile_server(void **state)
{
	bool b, bits[8] = { false };
	int32_t least = 5;
	uint32_t high, low;
	char answer[81];

	(void)state;
	fake_tamper = (struct fake_tamper){ .reply = true, .word = 0, .value = 2, .byte = -1 };
	assert_int_equal(numbers_invert(true, &b), SK_ABORTED);
	fake_tamper.value = 1ul << 32;
	assert_int_equal(numbers_least(1, 2, 3, &least), SK_ABORTED);
	assert_int_equal(least, 5);
	fake_tamper.value = 1ul << 40;
	assert_int_equal(numbers_split(1, &high, &low), SK_ABORTED);
	/* A status whose low half is none must not pass for success without a result. */
	fake_tamper = (struct fake_tamper){ .reply = true, .word = 7, .value = SK_BUSY, .byte = -1 };
	assert_int_equal(numbers_invert(true, &b), SK_BUSY);
	fake_tamper = (struct fake_tamper){ .reply = true, .word = 7, .byte = 0, .byte_value = 9 };
	assert_int_equal(things_flip(bits), SK_ABORTED);
	fake_tamper = (struct fake_tamper){ .byte = -1 };
	memset(fake_buffer[1], 'x', FAKE_BUFFER);
	assert_int_equal(things_greet("a", answer), SK_OK); /* the stub wrote all of its 81 bytes */
	assert_string_equal(answer, "Hello, a!");
}

static void dies(void **state)
{
	uint64_t sum = 3;

	(void)state;
	fake_dies = true;
	assert_int_equal(numbers_add(1, 2, &sum), SK_ABORTED);
	assert_int_equal(sum, 3);
	fake_dies = false;
	assert_int_equal(numbers_add(1, 2, &sum), SK_OK);
}

static void events(void **state)
{
	unsigned before = fake_ticks;

	(void)state;
	assert_int_equal(tick_emit(), SK_OK);
	for (unsigned i = 0; i < 2000 && *(volatile unsigned *)&fake_ticks == before; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	assert_int_equal(numbers_nothing(), SK_OK); /* the server took both in turn */
	assert_int_equal(fake_ticks, before + 1);
	done_wait();                                /* fake: bits 0, 1 and 2 come at once */
	assert_false(done_poll());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(attributes, plain), cmocka_unit_test_setup(words, plain),
		cmocka_unit_test_setup(strings, plain), cmocka_unit_test_setup(arrays, plain),
		cmocka_unit_test_setup(structs, plain), cmocka_unit_test_setup(hostile_client, plain),
		cmocka_unit_test_setup(hostile_server, plain), cmocka_unit_test_setup(dies, plain),
		cmocka_unit_test_setup(events, plain), cmocka_unit_test_setup(every_bit, plain),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
