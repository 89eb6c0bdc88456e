/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watcher: a thread of the highest priority that wakes every millisecond,
 * sums up memory that nobody else may write, makes a call to a server, and signals
 * a thread on the last core. What it counts is looked at when the test ends. How late
 * it woke is printed only: here that is mostly the host; tests/boot/hostile-late.sh
 * looks at it where time is counted in instructions.
 */
#include "hostile_kit.h"

#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/log.h"
#include "skerry/root.h"
#include "skerry/start.h"

#define WORDS 4096u
#define GUARD_PAGES 4u
#define GUARD 0x710000000ul

static uint64_t pattern[WORDS];
static _Atomic uint32_t stop, stopped;
static _Atomic uint64_t ticks, bad_sums, bad_replies, bad_clock, echoes, bad_echoes;
static uint32_t alarm, endpoint, ring, rung;
static uint64_t worst;

static uint64_t word_of(uint64_t n)
{
	return n * 0x9e3779b97f4a7c15ul + 1;
}

static bool intact(void)
{
	const volatile uint64_t *guard = (void *)GUARD;

	for (unsigned i = 0; i < WORDS; i++) {
		if (pattern[i] != word_of(i))
			return false;
	}
	for (unsigned i = 0; i < GUARD_PAGES * SK_PAGE / 8; i++) {
		if (guard[i] != word_of(~(uint64_t)i))
			return false;
	}
	return true;
}

static void serve(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };
	uint64_t calls = 0;

	(void)arg;
	while (sk_reply_wait(endpoint, &m) == SK_OK) {
		calls++;
		for (unsigned i = 0; i < SK_WORDS; i++)
			m.w[i] = word_of(m.w[i]) + (calls == m.w[7] ? 0 : 1);
		m.extra = 0;
	}
	atomic_fetch_add(&bad_replies, 1000);
}

static void echo(void *arg)
{
	uint64_t bits, expected = 0;

	(void)arg;
	while (sk_wait(ring, SK_NEVER, &bits) == SK_OK) {
		expected++;
		if (bits != 5)
			atomic_fetch_add(&bad_echoes, 1);
		atomic_store(&echoes, expected);
		sk_signal(rung);
	}
	atomic_fetch_add(&bad_echoes, 1000);
}

static void call_server(uint64_t n)
{
	struct sk_words m = { { n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n }, 0, 0 };
	bool good = sk_call(endpoint, &m) == SK_OK;

	for (unsigned i = 0; i < SK_WORDS; i++)
		good &= m.w[i] == word_of(i == 7 ? n : n + i);
	if (!good)
		atomic_fetch_add(&bad_replies, 1);
}

static void watch(void *arg)
{
	uint64_t hz = sk_start()->counter_hz, period = hz / 1000, next = sk_counter(), bits, last = 0;

	(void)arg;
	for (uint64_t n = 1; !atomic_load(&stop); n++) {
		uint64_t at;

		next += period;
		if (sk_wait(alarm, next, &bits) != SK_TIMEOUT)
			atomic_fetch_add(&bad_clock, 1);
		at = sk_counter();
		if (at < next || at < last)
			atomic_fetch_add(&bad_clock, 1);
		last = at;
		if (at - next > worst)
			worst = at - next;
		if (at - next > hz)
			next = at;
		if (!intact())
			atomic_fetch_add(&bad_sums, 1);
		call_server(n);
		sk_signal(ring);
		if (sk_wait(rung, sk_counter() + 5 * hz, &bits) != SK_OK || atomic_load(&echoes) != n)
			atomic_fetch_add(&bad_echoes, 1);
		atomic_store(&ticks, n);
	}
	atomic_store(&stopped, 1);
}

void watch_start(void)
{
	uint32_t guard = make_memory(GUARD_PAGES * SK_PAGE), bell = make(SK_TYPE_NOTIFICATION, 0, 0);
	uint32_t own = make(SK_TYPE_NOTIFICATION, 0, 0), there = make(SK_TYPE_NOTIFICATION, 0, 0);

	for (unsigned i = 0; i < WORDS; i++)
		pattern[i] = word_of(i);
	must("guard pages", sk_map_all(guard, SK_ROOT_SPACE, GUARD, 0, GUARD_PAGES * SK_PAGE,
				       SK_RIGHT_READ | SK_RIGHT_WRITE));
	for (unsigned i = 0; i < GUARD_PAGES * SK_PAGE / 8; i++)
		((volatile uint64_t *)GUARD)[i] = word_of(~(uint64_t)i);
	alarm = bell;
	endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	ring = make_badge(there, 5);
	rung = make_badge(own, 1);
	make_state(make_thread(serve, NULL, 0, 240), SK_THREAD_SERVING);
	make_state(make_thread(echo, NULL, sk_root_info()->cores - 1, 240), SK_THREAD_WAITING);
	make_thread(watch, NULL, 0, 250);
}

void watch_report(void)
{
	atomic_store(&stop, 1);
	check("the watcher is alive", make_wait(&stopped) != 0);
	sk_log("the watcher woke %u times, %u us late at most\n", (unsigned)atomic_load(&ticks),
	       (unsigned)(worst * 1000000 / sk_start()->counter_hz));
	check("it woke", atomic_load(&ticks) > 10);
	check_value("its memory changed", atomic_load(&bad_sums), 0);
	check_value("calls answered wrongly", atomic_load(&bad_replies), 0);
	check_value("signals to another core lost or wrong", atomic_load(&bad_echoes), 0);
	check_value("its clock went wrong", atomic_load(&bad_clock), 0);
}
