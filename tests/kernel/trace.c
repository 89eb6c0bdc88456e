/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug kernel's trace, read by the one who is traced: its calls, an IPC, a fault, interrupts, in order. */
#include <stdatomic.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/root.h"

static uint32_t door, handler, never;

/* Serves one caller after the other. */
static void serve(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	while (sk_reply_wait(door, &m) == SK_OK)
		m.w[0] += 1;
}

static void hold(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };
	uint64_t bits;

	(void)arg;
	must("wait for a fault", sk_reply_wait(handler, &m));
	sk_wait(never, SK_NEVER, &bits); /* it is not answered: the thread would fault again, and again */
}

static void fault(void *arg)
{
	(void)arg;
	*(volatile uint64_t *)0x12345678ul = 1;
}

static uint64_t now(void)
{
	uint64_t count = 0, w[SK_WORDS];

	sk_debug_trace(0, 0, &count, w);
	return count;
}

/* The first event of the kind from `from` on whose words are these (~0: any); its number, or 0. */
static uint64_t find(uint64_t from, enum sk_trace kind, uint64_t a, uint64_t b)
{
	uint64_t count = now(), w[SK_WORDS];

	if (count > 300 && from < count - 300)
		from = count - 300; /* what was before may be gone */
	for (; sk_debug_trace(0, from, &count, w) == SK_OK; from++) {
		if (w[2] == kind && (a == ~0ul || w[5] == a) && (b == ~0ul || w[6] == b))
			return from;
	}
	return 0;
}

static uint64_t object_id(uint32_t slot)
{
	struct sk_inspection i;

	must("inspect", sk_inspect(SK_ROOT_CNODE, slot, &i));
	return i.object;
}

static void ipc(void)
{
	struct sk_words m = { { 0x5e7 }, 0, 0 };
	uint32_t server = make_thread(serve, NULL, 0, 200);
	uint64_t start, me = object_id(SK_ROOT_THREAD), call, there, back;

	make_state(server, SK_THREAD_SERVING);
	start = now();
	must("call", sk_call(door, &m));
	call = find(start, SK_TRACE_CALL, SK_CALL, door);
	check("the call is in the trace", call != 0);
	there = find(start, SK_TRACE_IPC, me, object_id(server));
	check("the server goes on with the message behind it", there > call);
	back = find(start, SK_TRACE_IPC, object_id(server), me);
	check("then the caller with the reply", back > there);
	check_value("which the server made", m.w[0], 0x5e8);
}

static void others(void)
{
	uint64_t start = now(), count, w[SK_WORDS], timer = 0, faulted;
	uint32_t thread, holder;

	/* where the host stands still the time may be over before the call sleeps */
	for (unsigned i = 1; i <= 100 && !timer; i++) {
		make_time(2000 * i);
		timer = find(start, SK_TRACE_INTERRUPT, ~0ul, 0);
	}
	check("the timer's interrupt is there", timer != 0);
	check("and the thread that went on", find(start, SK_TRACE_THREAD, ~0ul, ~0ul) != 0);
	start = now();
	holder = make_thread(hold, NULL, 0, 200);
	make_state(holder, SK_THREAD_SERVING);
	thread = make_thread_with(&(struct make_thread){ fault, NULL, 0, 100, handler, 0, 0 });
	make_state(thread, SK_THREAD_CALLING);
	faulted = find(start, SK_TRACE_FAULT, ~0ul, 0x12345678ul);
	check("a fault with its address", faulted != 0);
	check("the message about it behind it", find(start, SK_TRACE_IPC, object_id(thread), object_id(holder)) > faulted);
	must("stop", sk_thread_stop(thread));
	check_status("an event that is yet to come", sk_debug_trace(0, now() + 100, &count, w), SK_NO_MEMORY);
	start = now();
	check("reading leaves no trace", now() == start || find(start, SK_TRACE_CALL, SK_DEBUG_TRACE, ~0ul) == 0);
	check_status("a core that is not there", sk_debug_trace(99, 0, &count, w), SK_BAD_ARG);
}

int main(void)
{
	door = make(SK_TYPE_ENDPOINT, 0, 0);
	handler = make(SK_TYPE_ENDPOINT, 0, 0);
	never = make(SK_TYPE_NOTIFICATION, 0, 0);
	ipc();
	others();
	check_done();
}
