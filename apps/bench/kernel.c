/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What kernel paths cost, from the trapping instruction to the first one after.
 * The loops are in assembly so that what they make themselves is known and
 * taken off.
 */
#include "interrupts.h"
#include "measure.h"
#include "second_space.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/root.h"

#define LOW  100u
#define HIGH 200u

#define CLOBBERS "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", \
		 "x15", "x16", "x17", "x18", "cc", "memory"

/* ROUNDS times: the call on a slot, no arguments. In a round besides the svc: LOOP_OWN instructions. */
#define LOOP_OWN 4u
#define SVC_LOOP(number, slot, rounds) do {                                   \
	uint64_t left_ = (rounds);                                            \
	__asm__ volatile("1:	mov	x8, %[s]\n"                           \
			 "	mov	x9, xzr\n"                            \
			 "	svc	%[n]\n"                               \
			 "	subs	%[left], %[left], #1\n"               \
			 "	b.ne	1b\n"                                 \
			 : [left] "+r"(left_)                                 \
			 : [s] "r"((uint64_t)(slot)), [n] "i"(number)         \
			 : CLOBBERS);                                         \
} while (0)

static uint32_t endpoint, notification;

static void null_call(void)
{
	uint64_t start = sk_counter();

	SVC_LOOP(SK_NULL, 0, MEASURE_ROUNDS);
	measure_print("syscall_null", sk_counter() - start, MEASURE_ROUNDS, LOOP_OWN);
}

/* --- IPC ---------------------------------------------------------------------- */

#define SERVER_OWN 3u

static void server(void *arg)
{
	(void)arg;
	__asm__ volatile("1:	mov	x8, %[s]\n"
			 "	mov	x9, xzr\n"
			 "	svc	%[n]\n"
			 "	b	1b\n"
			 :
			 : [s] "r"((uint64_t)endpoint), [n] "i"(SK_REPLY_WAIT)
			 : CLOBBERS);
}

/* Words travel in registers that the loop leaves alone: 0 and 8 words take the same path. */
static void ipc(void)
{
	struct make_thread t = { .entry = server, .priority = HIGH, .space = second_space() };
	uint64_t start;

	endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	make_thread_with(&t);
	make_time(100); /* it waits now */
	SVC_LOOP(SK_CALL, endpoint, 1);
	start = sk_counter();
	SVC_LOOP(SK_CALL, endpoint, MEASURE_ROUNDS);
	measure_print("ipc_rt_0", sk_counter() - start, MEASURE_ROUNDS, LOOP_OWN + SERVER_OWN);
	start = sk_counter();
	SVC_LOOP(SK_CALL, endpoint, MEASURE_ROUNDS);
	measure_print("ipc_rt_8", sk_counter() - start, MEASURE_ROUNDS, LOOP_OWN + SERVER_OWN);
}

/* --- notifications -------------------------------------------------------------- */

static void signal_idle(void)
{
	uint64_t start;

	notification = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	start = sk_counter();
	SVC_LOOP(SK_SIGNAL, notification, MEASURE_ROUNDS);
	measure_print("signal_idle", sk_counter() - start, MEASURE_ROUNDS, LOOP_OWN);
}

/*
 * From the signal to the thread of higher priority that waited: both read the
 * counter. Its tick is 16 instructions, so the signaller dawdles by a different
 * number of instructions each time and the mean is right to one.
 */
#define SWITCH_OWN 6u            /* reading the counter, mov, mov, the wait's results */

static uint32_t bell;
static volatile uint64_t signalled_at, switch_ticks;
static _Atomic uint32_t signalled;

static void waiter(void *arg)
{
	uint64_t bits;

	(void)arg;
	for (;;) {
		sk_wait(bell, SK_NEVER, &bits);
		switch_ticks += sk_counter() - signalled_at;
	}
}

static void signaller(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < MEASURE_ROUNDS; i++) {
		for (unsigned j = 0; j < i % 16; j++)
			__asm__ volatile("nop");
		signalled_at = sk_counter();
		sk_signal(bell);
	}
	atomic_store(&signalled, 1);
}

static void signal_switch(void)
{
	bell = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	make_thread(waiter, 0, 0, HIGH);
	make_time(100); /* it waits now */
	make_thread(signaller, 0, 0, LOW);
	make_wait(&signalled);
	measure_print("signal_switch", switch_ticks, MEASURE_ROUNDS, SWITCH_OWN);
}

/*
 * To a thread that waits on the other core, which idles: what both cores execute,
 * the signaller's way back included. The machine runs one core until it sleeps, then
 * the other: so what the signaller does until it sleeps is measured as well, by a
 * thread over there that only looks, and taken off. (A turn that ends sooner makes
 * that less, never more.)
 */
#define REMOTE_ROUNDS 400u
#define LOOK_OWN      4u         /* storing the flag, the branch, the counter */

static _Atomic uint32_t asleep;
static volatile uint64_t until_asleep;

static void looker(void *arg)
{
	(void)arg;
	for (;;) {
		uint64_t ticks;

		while (!atomic_load_explicit(&asleep, memory_order_relaxed))
			;
		ticks = sk_counter() - signalled_at;
		if (ticks > until_asleep)
			until_asleep = ticks;
		atomic_store(&asleep, 0);
	}
}

/* Rounds of: the counter is read, then the signal or the flag, then this core sleeps. */
static void remote_rounds(bool signal)
{
	for (unsigned i = 0; i < REMOTE_ROUNDS; i++) {
		make_time(20);
		for (unsigned j = 0; j < i % 16; j++)
			__asm__ volatile("nop");
		signalled_at = sk_counter();
		if (signal)
			sk_signal(bell);
		else
			atomic_store_explicit(&asleep, 1, memory_order_relaxed);
	}
	make_time(1000);
}

static void signal_remote(void)
{
	uint32_t looks;

	if (sk_root_info()->cores < 2)
		return;
	looks = make_thread(looker, 0, 1, HIGH);
	remote_rounds(false);
	sk_thread_stop(looks);
	bell = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	make_thread(waiter, 0, 1, HIGH);
	make_time(1000);
	switch_ticks = 0;
	remote_rounds(true);
	measure_print("signal_remote", switch_ticks - REMOTE_ROUNDS * until_asleep, REMOTE_ROUNDS, SWITCH_OWN - LOOK_OWN);
}

/* --- faults ---------------------------------------------------------------------- */

#define FAULT_ROUNDS 1000u
#define HANDLER_OWN  5u          /* mov, mov, svc, subs, b.ne; and the load itself */

static uint32_t fault_endpoint;
static volatile uint64_t fault_ticks;

/* Answers FAULT_ROUNDS faults without doing anything about them, so that each comes again. */
static void handler(void *arg)
{
	uint64_t start;

	(void)arg;
	SVC_LOOP(SK_REPLY_WAIT, fault_endpoint, 1);
	start = sk_counter();
	SVC_LOOP(SK_REPLY_WAIT, fault_endpoint, FAULT_ROUNDS);
	fault_ticks = sk_counter() - start;
	make_time(1000000);
}

static void faulter(void *arg)
{
	(void)arg;
	*(volatile uint64_t *)0x7000000000ul;
}

static void fault(void)
{
	struct make_thread t = { .entry = faulter, .priority = LOW };
	uint32_t thread;

	fault_endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	make_thread(handler, 0, 0, HIGH);
	make_time(100);
	t.fault = fault_endpoint;
	thread = make_thread_with(&t);
	make_time(10000);
	sk_thread_stop(thread);
	measure_print("fault_rt", fault_ticks, FAULT_ROUNDS, HANDLER_OWN);
}

/* --- objects ----------------------------------------------------------------------- */

#define OBJECT_ROUNDS 512u

/* As SVC_LOOP with six words, of which number `moving` begins at `from` and goes on by `step` a round. */
#define WORDS_OWN 12u
#define WORDS_LOOP(number, slot, rounds, w0, w1, w2, w3, w4, w5, moving, from, step) do { \
	uint64_t left_ = (rounds), at_ = (from);                              \
	__asm__ volatile("1:	mov	x8, %[s]\n"                           \
			 "	mov	x9, xzr\n"                            \
			 "	mov	x0, %[a0]\n"                          \
			 "	mov	x1, %[a1]\n"                          \
			 "	mov	x2, %[a2]\n"                          \
			 "	mov	x3, %[a3]\n"                          \
			 "	mov	x4, %[a4]\n"                          \
			 "	mov	x5, %[a5]\n"                          \
			 "	mov	x" #moving ", %[at]\n"                \
			 "	svc	%[n]\n"                               \
			 "	add	%[at], %[at], %[by]\n"                \
			 "	subs	%[left], %[left], #1\n"               \
			 "	b.ne	1b\n"                                 \
			 : [left] "+&r"(left_), [at] "+&r"(at_)               \
			 : [s] "r"((uint64_t)(slot)), [n] "i"(number), [by] "r"((uint64_t)(step)), \
			   [a0] "r"((uint64_t)(w0)), [a1] "r"((uint64_t)(w1)), [a2] "r"((uint64_t)(w2)), \
			   [a3] "r"((uint64_t)(w3)), [a4] "r"((uint64_t)(w4)), [a5] "r"((uint64_t)(w5)) \
			 : CLOBBERS);                                         \
} while (0)

static void objects(void)
{
	const uint64_t ipa = 0x50000000;
	uint32_t memory = make_memory(SK_BLOCK), slots = make_slots(OBJECT_ROUNDS);
	uint64_t start = sk_counter(), done;

	WORDS_LOOP(SK_RETYPE, SK_ROOT_OBJECTS, OBJECT_ROUNDS, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, 0, 1, 0, 3, slots, 1);
	measure_print("retype_endpoint", sk_counter() - start, OBJECT_ROUNDS, WORDS_OWN);
	start = sk_counter();
	WORDS_LOOP(SK_DELETE, SK_ROOT_CNODE, OBJECT_ROUNDS, 0, 0, 0, 0, 0, 0, 0, slots, 1);
	measure_print("delete_object", sk_counter() - start, OBJECT_ROUNDS, WORDS_OWN);
	start = sk_counter();
	WORDS_LOOP(SK_MINT, SK_ROOT_CNODE, OBJECT_ROUNDS, 0, SK_ROOT_CNODE, endpoint, SK_RIGHTS_ALL, 1, 0, 0, slots, 1);
	measure_print("mint", sk_counter() - start, OBJECT_ROUNDS, WORDS_OWN);
	start = sk_counter();
	WORDS_LOOP(SK_DELETE, SK_ROOT_CNODE, OBJECT_ROUNDS, 0, 0, 0, 0, 0, 0, 0, slots, 1);
	measure_print("delete", sk_counter() - start, OBJECT_ROUNDS, WORDS_OWN);
	sk_map(memory, SK_ROOT_SPACE, ipa, 0, SK_PAGE, SK_RIGHT_READ, &done); /* its tables */
	start = sk_counter();
	WORDS_LOOP(SK_MAP, memory, OBJECT_ROUNDS - 1, SK_ROOT_SPACE, ipa, 0, SK_PAGE, SK_RIGHT_READ, 0, 2, SK_PAGE,
		   SK_PAGE);
	measure_print("map_page", sk_counter() - start, OBJECT_ROUNDS - 1, WORDS_OWN);
	start = sk_counter();
	WORDS_LOOP(SK_UNMAP, memory, OBJECT_ROUNDS, 0, SK_PAGE, 0, 0, 0, 0, 0, 0, SK_PAGE);
	measure_print("unmap_page", sk_counter() - start, OBJECT_ROUNDS, WORDS_OWN);
}

int main(void)
{
	null_call();
	signal_idle();
	ipc();
	signal_switch();
	signal_remote();
	fault();
	interrupts();
	objects();
	check_done();
}
