/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "component.h"

static unsigned passed, failed;

static void check(const char *name, bool ok)
{
	printf("%s %s\n", ok ? "ok" : "not ok", name);
	*(ok ? &passed : &failed) += 1;
}

static void check_words(void)
{
	uint64_t sum = 0;
	int64_t n = 0;
	int32_t least = 0, value = 41;
	uint32_t high = 0, low = 0;
	uint8_t narrow = 0;
	int8_t sign = 0;
	bool b = true, odd = false;

	check("no argument", words_nothing() == SK_OK);
	check("uint32_t", words_add(0xffffffff, 2, &sum) == SK_OK && sum == 0x100000001ul);
	check("int8_t int16_t int32_t", words_least(-7, 300, -70000, &least) == SK_OK && least == -70000);
	check("int8_t is widened with its sign", words_least(-128, 300, 70000, &least) == SK_OK && least == -128);
	check("int64_t", words_negate(INT64_MIN + 1, &n) == SK_OK && n == INT64_MAX);
	check("bool", words_invert(true, &b) == SK_OK && !b);
	check("uint8_t uint16_t", words_narrow(255, 65535, &narrow) == SK_OK && narrow == 254);
	check("out words", words_split(0x923456789abcdef1ul, &high, &low, &odd, &sign) == SK_OK && high == 0x92345678 &&
	      low == 0x9abcdef1 && odd && sign == -1);
	check("inout words", words_step(&value, &b) == SK_OK && value == 42 && b);
	check("nine arguments", words_many(255, 65535, 1, 1000000000000ul, -128, -3, -4, -5, true, &n) == SK_OK &&
	      n == -(255 + 65535 + 1 + 1000000000000l - 128 - 3 - 4 - 5));
}

static void check_strings(void)
{
	char answer[81], text[21] = "quiet words", name[42];

	check("string", things_greet("you", answer) == SK_OK && strcmp(answer, "Hello, you!") == 0);
	check("inout string", things_shout(text) == SK_OK && strcmp(text, "QUIET WORDS") == 0);
	memset(name, 'x', sizeof(name));
	name[40] = 0;
	check("string of its bound", things_greet(name, answer) == SK_OK && strlen(answer) == 48);
	name[40] = 'x';
	name[41] = 0;
	check("string too long", things_greet(name, answer) == SK_BAD_ARG);
}

static void check_arrays(void)
{
	uint16_t values[17] = { 1, 2, 65535 };
	uint32_t sum = 0, squares[8];
	int32_t list[8] = { 1, 2, 3, 4, 5 };
	uint8_t data[32] = { 1, 2, 3 }, digest[4];
	bool bits[8] = { false }, any = true;
	size_t count = 0;

	check("bounded array", things_sum(values, 3, &sum) == SK_OK && sum == 65538);
	check("bounded array, empty", things_sum(values, 0, &sum) == SK_OK && sum == 0);
	check("bounded array, too long", things_sum(values, 17, &sum) == SK_BAD_ARG);
	check("out bounded array", things_squares(5, squares, &count) == SK_OK && count == 5 && squares[4] == 16);
	check("out bounded array, cut off", things_squares(200, squares, &count) == SK_OK && count == 8);
	count = 5;
	check("inout bounded array", things_reverse(list, &count) == SK_OK && count == 5 && list[0] == 5 && list[4] == 1);
	data[9] = 0x80;
	check("fixed arrays", things_digest(data, digest) == SK_OK && digest[0] == 1 && digest[1] == 0x82 && digest[2] == 3);
	check("bool array", things_any(bits, &any) == SK_OK && !any);
	bits[7] = true;
	check("bool array, last", things_any(bits, &any) == SK_OK && any);
}

static void check_structs(void)
{
	struct Point p = { 3, -4, true }, q = { 0 }, points[4] = { { 1, 1, true }, { 2, 2, false } }, sorted[4];
	struct Shape s = { "box", { { 1, 2, false }, { 3, 4, true }, { 5, 6, false } }, { 1, 2, 3, 4 }, { true, true } };
	size_t count = 0;

	check("struct", things_mirror(&p, &q) == SK_OK && q.x == -3 && q.y == 4 && !q.marked);
	check("inout struct", things_grow(&s, 10) == SK_OK && strcmp(s.name, "grown 10") == 0 && s.corner[2].x == 15 &&
	      s.corner[1].marked && s.tags[3] == 5 && !s.flags[0] && s.flags[1]);
	check("array of structs", things_sort(points, 2, sorted, &count) == SK_OK && count == 2 && sorted[0].x == 2 &&
	      sorted[1].marked);
}

/* --- a client that writes words and buffer itself ------------------------------- */

/* Methods are numbered in the order of the text. */
enum { NOTHING, ADD, LEAST, NEGATE, INVERT, NARROW, SPLIT, STEP, MANY };
enum { GREET, SHOUT, SUM, SQUARES, REVERSE, DIGEST, ANY, MIRROR, GROW, SORT };

static enum sk_status raw(uint32_t slot, uint64_t method, unsigned word, uint64_t value)
{
	struct sk_words m = { { [7] = method }, 0, 0 };

	if (word)
		m.w[word - 1] = value;
	if (sk_call(slot, &m) != SK_OK)
		return SK_ABORTED;
	return (enum sk_status)m.w[7];
}

static enum sk_status raw_filled(uint64_t method, int byte)
{
	memset(things_buffer, byte, 128);
	return raw(things_slot, method, 0, 0);
}

static void check_hostile(void)
{
	uint64_t sum = 0;

	check("no such method", raw(words_slot, 9, 0, 0) == SK_NO_CALL);
	check("a method number of 64 bits", raw(words_slot, 1ul << 32, 0, 0) == SK_NO_CALL);
	check("uint32_t of 33 bits", raw(words_slot, ADD, 2, 1ul << 32) == SK_BAD_ARG);
	check("uint8_t of 9 bits", raw(words_slot, NARROW, 1, 256) == SK_BAD_ARG);
	check("uint16_t of 17 bits", raw(words_slot, NARROW, 2, 65536) == SK_BAD_ARG);
	check("int8_t of 9 bits", raw(words_slot, LEAST, 1, 0x180) == SK_BAD_ARG);
	check("int16_t of 17 bits", raw(words_slot, LEAST, 2, 0x18000) == SK_BAD_ARG);
	check("int32_t with its sign above", raw(words_slot, LEAST, 3, 0xffffffff80000000) == SK_BAD_ARG);
	check("bool of 2", raw(words_slot, INVERT, 1, 2) == SK_BAD_ARG);
	check("inout int32_t of 33 bits", raw(words_slot, STEP, 1, 1ul << 32) == SK_BAD_ARG);
	check("inout bool of 2", raw(words_slot, STEP, 2, 2) == SK_BAD_ARG);
	memset(words_buffer, 0xff, 64);
	check("bool of 255 in the buffer", raw(words_slot, MANY, 0, 0) == SK_BAD_ARG);
	check("string without end", raw_filled(GREET, 'x') == SK_BAD_ARG);
	check("inout string without end", raw_filled(SHOUT, 'x') == SK_BAD_ARG);
	check("more elements than the bound", raw_filled(SUM, 0xff) == SK_BAD_ARG);
	check("inout, more elements than the bound", raw_filled(REVERSE, 1) == SK_BAD_ARG);
	check("bool array of 2", raw_filled(ANY, 2) == SK_BAD_ARG);
	check("struct with a bool of 3", raw_filled(MIRROR, 3) == SK_BAD_ARG);
	check("inout struct with a string without end", raw_filled(GROW, 'x') == SK_BAD_ARG);
	memset(things_buffer, 0, 128);
	things_buffer[16 + 2 * 9 + 8] = 2;
	check("inout struct with a bool of 2 in its array of structs", raw(things_slot, GROW, 0, 0) == SK_BAD_ARG);
	check("more structs than the bound", raw_filled(SORT, 5) == SK_BAD_ARG);
	memset(things_buffer, 0, 128);
	things_buffer[0] = 2;
	things_buffer[4 + 9 + 8] = 3;
	check("the second of two structs with a bool of 3", raw(things_slot, SORT, 0, 0) == SK_BAD_ARG);
	check("the server serves on", words_add(1, 2, &sum) == SK_OK && sum == 3);
}

/* --- capabilities ---------------------------------------------------------------- */

enum { USE, KEEP, DROP_ALL, LEASE };

static enum sk_status raw_with(uint32_t slot, uint64_t method, uint64_t word, uint32_t capability)
{
	struct sk_words m = { { word, [7] = method }, 0, capability };
	enum sk_status status = sk_call(slot, &m);

	return status != SK_OK ? status : (enum sk_status)m.w[7];
}

/* COUNT times with the same answer: nothing is left in the server's slots. */
static bool always(unsigned count, uint64_t method, uint64_t word, enum sk_status expected)
{
	for (unsigned i = 0; i < count; i++) {
		if (raw_with(keys_slot, method, word, ping_slot) != expected)
			return false;
	}
	return true;
}

static void check_capabilities(void)
{
	uint32_t n = 0, kept = 0, all = 0;

	check("nothing was signalled yet", !pong_poll());
	check("a capability lent", keys_use(ping_slot, 41, &n) == SK_OK && n == 42);
	pong_wait();
	check("and used by the server", true);
	check("no capability, by the stub", keys_use(0, 1, &n) == SK_NO_CAP);
	check("an empty slot", keys_use(15, 1, &n) == SK_NO_CAP);
	check("a slot behind the last one", keys_use(1u << 30, 1, &n) == SK_NO_CAP);
	check("no capability, by hand", raw_with(keys_slot, USE, 1, 0) == SK_BAD_ARG);
	check("to a method that takes none", always(40, DROP_ALL, 0, SK_OK));
	check("to no method", always(40, 77, 0, SK_NO_CALL));
	check("with an argument that is refused", always(40, KEEP, 1ul << 32, SK_BAD_ARG));
	check("to a server that takes none", raw_with(words_slot, NOTHING, 0, ping_slot) == SK_NO_RECEIVE_SLOT);
	while (kept < 100 && keys_keep(0, ping_slot) == SK_OK)
		kept++;
	check("as many as it has room for", kept >= 8 && kept < 100 && keys_keep(0, ping_slot) == SK_NO_RECEIVE_SLOT);
	check("it serves on, and gives them up", keys_drop_all(&all) == SK_OK && all == kept);
	check("and takes others", keys_use(ping_slot, 1, &n) == SK_OK && n == 2);
	pong_wait(); /* so that it does not come later */
}

/* COUNT times with the same answer: no slot of the client's is lost by it. */
static bool leased(enum sk_status (*lease)(uint32_t, uint32_t *, char *, uint32_t *), unsigned count, uint32_t what, enum sk_status expected)
{
	uint32_t key, n;
	char name[10];

	for (unsigned i = 0; i < count; i++) {
		if (lease(what, &key, name, &n) != expected)
			return false;
		if (expected == SK_OK)
			component_drop(key);
	}
	return true;
}

static void check_replies(void)
{
	uint32_t key = 0, n = 0, kept = 0, keys[64];
	char name[10];

	check("a capability in a reply", keys_lease(0, &key, name, &n) == SK_OK && n == 1 && strcmp(name, "ping") == 0);
	check("nothing was signalled since", !pong_poll());
	check("it is what the server has", sk_signal(key) == SK_OK);
	pong_wait();
	component_drop(key);
	check("given up, it is gone", sk_signal(key) == SK_NO_CAP);
	check("again and again", leased(keys_lease, 40, 0, SK_OK));
	check("the server has none", leased(keys_lease, 40, 1, SK_NO_CAP));
	check("the server gives an empty slot", leased(keys_lease, 40, 2, SK_NO_CAP));
	check("the server gives what is no slot", leased(keys_lease, 40, 3, SK_NO_CAP));
	check("a caller that names no slot", raw_with(keys_slot, LEASE, 0, 0) == SK_NO_RECEIVE_SLOT);
	while (kept < 64 && keys_lease(0, &keys[kept], name, &n) == SK_OK)
		kept++;
	check("as many as there is room for", kept >= 8 && kept < 64 && leased(keys_lease, 1, 0, SK_NO_RECEIVE_SLOT));
	while (kept > 0)
		component_drop(keys[--kept]);
	check("and again when they are given up", leased(keys_lease, 40, 0, SK_OK));
	check("a server that promises one", leased(lies_lease, 40, 0, SK_ABORTED));
	check("one and a result that is none", leased(lies_lease, 40, 1, SK_ABORTED));
	check("one and a string without end", leased(lies_lease, 40, 2, SK_ABORTED));
	check("one with an error", leased(lies_lease, 40, 3, SK_STATE));
	check("and one at last", leased(lies_lease, 40, 4, SK_OK));
}

static void check_death(void)
{
	uint32_t value = 7;

	check("a procedure that nobody provides", words_nothing() == SK_OK && nobody_nothing() == SK_NO_CAP);
	check("before its death", mortal_live(1, &value) == SK_OK && value == 2);
	check("the server dies in the call", mortal_die(1, &value) == SK_ABORTED && value == 2);
	check("others serve on", words_nothing() == SK_OK);
}

int run(void)
{
	check_words();
	check_strings();
	check_arrays();
	check_structs();
	check_hostile();
	check_capabilities();
	check_replies();
	check_death();
	printf("done %u passed %u failed\n", passed, failed);
	fflush(stdout);
	return failed ? exit_crash() != SK_OK : exit_off() != SK_OK;
}
