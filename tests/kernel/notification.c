/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications: bits, deadlines, one waiter, and EVENT out of a server's wait. */
#include <stdatomic.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/start.h"

static uint32_t note;
static _Atomic uint32_t woken, event;
static _Atomic uint64_t bits_seen;

static void bits(void)
{
	uint32_t one = make_badge(note, 1), four = make_badge(note, 4);
	uint64_t got = 99;

	check_status("poll an idle one", sk_poll(note, &got), SK_OK);
	check_value("no bits", got, 0);
	must("signal", sk_signal(one));
	must("signal", sk_signal(four));
	must("signal", sk_signal(four));
	check_status("wait", sk_wait(note, SK_NEVER, &got), SK_OK);
	check_value("the bits came together", got, 5);
	check_status("poll", sk_poll(note, &got), SK_OK);
	check_value("and were cleared", got, 0);
}

static void deadline(void)
{
	uint64_t got, before = sk_counter(), ms = sk_start()->counter_hz / 1000;

	check_status("a deadline in the past", sk_wait(note, 1, &got), SK_TIMEOUT);
	check_status("a deadline in 5 ms", sk_wait(note, before + 5 * ms, &got), SK_TIMEOUT);
	check("it was not early", sk_counter() >= before + 5 * ms);
	check("nor much too late", sk_counter() < before + 60000 * ms);
	must("signal", sk_signal(make_badge(note, 2)));
	check_status("bits win over a past deadline", sk_wait(note, 1, &got), SK_OK);
	check_value("those bits", got, 2);
}

static void sleeper(void *arg)
{
	uint64_t got = 0;

	(void)arg;
	if (sk_wait(note, SK_NEVER, &got) == SK_OK)
		atomic_store(&bits_seen, got);
	atomic_store(&woken, 1);
}

static void waiter(void)
{
	uint64_t got;
	uint32_t thread = make_thread(sleeper, NULL, 0, 100);

	make_state(thread, SK_THREAD_WAITING);
	check_value("it sleeps", atomic_load(&woken), 0);
	check_status("a second waiter", sk_wait(note, 1, &got), SK_BUSY);
	must("signal", sk_signal(make_badge(note, 8)));
	check_value("it wakes", make_wait(&woken), 1);
	check_value("with the bits", atomic_load(&bits_seen), 8);
	check_status("delete it", sk_delete(SK_ROOT_CNODE, thread), SK_OK);
}

static uint32_t endpoint;

static void server(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	if (sk_reply_wait(endpoint, &m) == SK_EVENT)
		atomic_store(&event, (uint32_t)m.w[0]);
	else
		atomic_store(&event, 0xbad);
}

/* A bound notification interrupts the wait for callers. */
static void bound(void)
{
	uint32_t bell = make(SK_TYPE_NOTIFICATION, 0, 0);
	uint64_t got;

	endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	make_thread_with(&(struct make_thread){ server, NULL, 0, 100, 0, bell, 0 });
	make_time(1000);
	check_value("the server waits", atomic_load(&event), 0);
	check_status("others cannot wait for a bound one", sk_wait(bell, 1, &got), SK_BUSY);
	must("signal", sk_signal(make_badge(bell, 0x40)));
	check_value("EVENT with the bits", make_wait(&event), 0x40);
}

static void rights(void)
{
	uint32_t weak = make_slots(1);
	uint64_t got;

	must("copy", sk_copy(SK_ROOT_CNODE, weak, SK_ROOT_CNODE, note, SK_RIGHT_WAIT));
	check_status("signal without the right", sk_signal(weak), SK_NO_RIGHT);
	must("delete", sk_delete(SK_ROOT_CNODE, weak));
	must("copy", sk_copy(SK_ROOT_CNODE, weak, SK_ROOT_CNODE, note, SK_RIGHT_SIGNAL));
	check_status("wait without the right", sk_wait(weak, 1, &got), SK_NO_RIGHT);
	check_status("poll without the right", sk_poll(weak, &got), SK_NO_RIGHT);
}

/* Deleted under a waiter. */
static void deleted(void)
{
	note = make(SK_TYPE_NOTIFICATION, 0, 0);
	atomic_store(&woken, 0);
	atomic_store(&bits_seen, 0);
	make_state(make_thread(sleeper, NULL, 0, 100), SK_THREAD_WAITING);
	check_status("delete it under its waiter", sk_delete(SK_ROOT_CNODE, note), SK_OK);
	check_value("the waiter returns", make_wait(&woken), 1);
	check_value("without bits", atomic_load(&bits_seen), 0);
}

int main(void)
{
	note = make(SK_TYPE_NOTIFICATION, 0, 0);
	bits();
	deadline();
	waiter();
	bound();
	rights();
	deleted();
	check_done();
}
