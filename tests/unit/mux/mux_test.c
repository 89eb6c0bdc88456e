/* SPDX-License-Identifier: BSD-2-Clause */
/* What the terminal shows of two consoles, and whose the keys are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mux.h"

#define ESCAPE 29

static struct mux mux;
static char shown[20000];
static size_t count;

static void out(const void *bytes, size_t n)
{
	assert_true(count + n < sizeof(shown));
	memcpy(shown + count, bytes, n);
	count += n;
	shown[count] = 0;
}

static int set_up(void **state)
{
	(void)state;
	count = 0;
	shown[0] = 0;
	mux_init(&mux, ESCAPE, out);
	mux_add(&mux, "one");
	mux_add(&mux, "two");
	return 0;
}

static void print(unsigned n, const char *text)
{
	mux_print(&mux, n, (const uint8_t *)text, strlen(text));
}

static void expect(const char *text)
{
	assert_string_equal(shown, text);
	count = 0;
	shown[0] = 0;
}

static void focus_alone(void **state)
{
	(void)state;
	print(0, "hello");
	print(1, "unseen\n");
	expect("hello");
	assert_true(mux_key(&mux, 'x'));
	assert_false(mux_key(&mux, ESCAPE));
	assert_false(mux_key(&mux, '2'));
	assert_int_equal(mux.focus, 1);
	expect("\r\n[two]\r\nunseen\n");
	print(0, "later");
	print(1, "now");
	expect("now");
	mux_key(&mux, ESCAPE);
	mux_key(&mux, '1');
	expect("\r\n[one]\r\nlater");
}

static void all_labelled(void **state)
{
	(void)state;
	mux_key(&mux, ESCAPE);
	mux_key(&mux, 'a');
	expect("[all; the keys are one's]\r\n");
	print(0, "a\nb");
	print(1, "c\n");
	print(0, "d\n");
	expect("one| a\none| b\r\ntwo| c\none| bd\n");
	print(1, "p");
	print(1, "q\n");
	expect("two| pq\n");
	/* the focus's line is seen at once, and again if others come in between; theirs come whole */
	print(0, "prom");
	print(1, "half");
	print(0, "pt ");
	expect("one| prompt ");
	print(1, " and half\n");
	print(0, "answer\n");
	expect("\r\ntwo| half and half\none| prompt answer\n");
	assert_true(mux_key(&mux, 'k'));
	assert_int_equal(mux.focus, 0);
}

/* A line without end is not held back for ever; what is held back when one is watched again is not lost. */
static void lines_without_end(void **state)
{
	char much[MUX_LINE + 1];

	(void)state;
	mux_key(&mux, ESCAPE);
	mux_key(&mux, 'a');
	count = 0;
	memset(much, 'm', MUX_LINE);
	much[MUX_LINE] = 0;
	print(1, much);
	assert_int_equal(count, 0);
	print(1, "!");
	assert_int_equal(count, 5 + MUX_LINE + 1);
	print(1, "?\n");
	assert_int_equal(count, 5 + MUX_LINE + 3);
	print(1, "later");
	count = 0;
	mux_key(&mux, ESCAPE);
	mux_key(&mux, '2');
	expect("[two]\r\nlater");
}

static void escape_keys(void **state)
{
	(void)state;
	assert_false(mux_key(&mux, ESCAPE));
	assert_true(mux_key(&mux, ESCAPE));
	assert_true(mux_key(&mux, '2'));
	assert_false(mux_key(&mux, ESCAPE));
	assert_false(mux_key(&mux, '3')); /* there is no third */
	assert_non_null(strstr(shown, "1-2"));
	assert_int_equal(mux.focus, 0);
}

/* Of much that was printed unseen the last whole lines are shown. */
static void backlog(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2000; i++)
		print(1, i % 10 ? "x" : "line\n");
	for (unsigned i = 0; i < 1000; i++)
		print(1, "0123456789\n");
	mux_key(&mux, ESCAPE);
	mux_key(&mux, '2');
	assert_memory_equal(shown, "[two]\r\n0123456789\n", 18);
	assert_true(count <= MUX_BACKLOG + 256);
	assert_true(count > MUX_BACKLOG - 20);
	assert_string_equal(shown + count - 11, "0123456789\n");
}

/* The system's log: seen until the focus prints, kept, labelled among all, without keys. */
static void system_log(void **state)
{
	(void)state;
	print(MUX_SYSTEM, "disk: none\r\n");
	print(1, "two\n");
	expect("disk: none\r\n");
	print(0, "login: ");
	print(MUX_SYSTEM, "unseen\r\n");
	expect("login: ");
	mux_key(&mux, ESCAPE);
	assert_false(mux_key(&mux, '0'));
	expect("\r\n[system]\r\ndisk: none\r\nunseen\r\n");
	assert_false(mux_key(&mux, 'x'));
	mux_key(&mux, ESCAPE);
	assert_false(mux_key(&mux, ESCAPE));
	print(0, "hidden\n");
	print(MUX_SYSTEM, "net: up\r\n");
	expect("net: up\r\n");
	mux_key(&mux, ESCAPE);
	mux_key(&mux, 'a');
	print(1, "c\n");
	print(MUX_SYSTEM, "root: vmm1 faulted\r\n");
	expect("[all; the keys are nobody's]\r\ntwo| c\nsystem| root: vmm1 faulted\r\n");
	mux_key(&mux, ESCAPE);
	mux_key(&mux, '1');
	expect("[one]\r\nhidden\n");
	assert_true(mux_key(&mux, 'x'));
}

/* The promise that the caller's buffer rests on. */
static void growth(void **state)
{
	static const uint8_t byte = '\n';

	(void)state;
	strcpy(mux.client[0].name, "abcdefghijklmnopqrstuvw");
	strcpy(mux.client[1].name, "abcdefghijklmnopqrstuvw");
	mux.all = true;
	for (unsigned i = 0; i < 100; i++) {
		count = 0;
		mux_print(&mux, i % 2, i % 3 ? &byte : (const uint8_t *)"x", 1);
		assert_true(count <= MUX_GROWTH + MUX_LINE);
	}
	for (unsigned i = 0; i < 10; i++)
		mux_add(&mux, "more");
	assert_int_equal(mux.clients, MUX_CLIENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(focus_alone, set_up), cmocka_unit_test_setup(all_labelled, set_up),
		cmocka_unit_test_setup(lines_without_end, set_up),
		cmocka_unit_test_setup(escape_keys, set_up), cmocka_unit_test_setup(backlog, set_up),
		cmocka_unit_test_setup(system_log, set_up), cmocka_unit_test_setup(growth, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
