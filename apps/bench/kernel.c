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

#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/root.h"

/* Sections (section.h); interrupts.h has three further. */
enum { NULL_CALL, IPC_0, IPC_8, SIGNAL_IDLE, SIGNAL_SWITCH, FAULT, RETYPE, DELETE_OBJECT, MINT, DELETE, MAP, UNMAP };

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
	MEASURE("syscall_null", NULL_CALL, MEASURE_ROUNDS, LOOP_OWN, SVC_LOOP(SK_NULL, 0, MEASURE_ROUNDS));
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

	endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	make_thread_with(&t);
	make_time(100); /* it waits now */
	SVC_LOOP(SK_CALL, endpoint, 1);
	MEASURE("ipc_rt_0", IPC_0, MEASURE_ROUNDS, LOOP_OWN + SERVER_OWN, SVC_LOOP(SK_CALL, endpoint, MEASURE_ROUNDS));
	MEASURE("ipc_rt_8", IPC_8, MEASURE_ROUNDS, LOOP_OWN + SERVER_OWN, SVC_LOOP(SK_CALL, endpoint, MEASURE_ROUNDS));
}

/* --- notifications -------------------------------------------------------------- */

static void signal_idle(void)
{
	notification = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	MEASURE("signal_idle", SIGNAL_IDLE, MEASURE_ROUNDS, LOOP_OWN, SVC_LOOP(SK_SIGNAL, notification, MEASURE_ROUNDS));
}

/*
 * From the signal to the thread of higher priority that waited: both read the
 * counter. Its tick is 16 instructions, so the signaller dawdles by a random
 * number of instructions each time and the mean is right to one.
 */
#define SWITCH_OWN 6u            /* reading and keeping the counter, mov, the section's ends */
#define SIGNAL_OWN 1u            /* in the section besides the svc: mov */

static uint32_t bell;
static volatile uint64_t signalled_at, switch_ticks;
static _Atomic uint32_t signalled;

static void waiter(void *arg)
{
	uint64_t bits;

	(void)arg;
	for (;;) {
		sk_wait(bell, SK_NEVER, &bits);
		SECTION_END(SIGNAL_SWITCH);
		switch_ticks += sk_counter() - signalled_at;
	}
}

static void signaller(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < MEASURE_ROUNDS; i++) {
		measure_dawdle();
		signalled_at = sk_counter();
		SECTION_BEGIN(SIGNAL_SWITCH);
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
	measure_exact("signal_switch", SIGNAL_SWITCH, 1, SIGNAL_OWN);
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
	SECTION_BEGIN(FAULT);
	SVC_LOOP(SK_REPLY_WAIT, fault_endpoint, FAULT_ROUNDS);
	SECTION_END(FAULT);
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
	measure_section("fault_rt", FAULT, FAULT_ROUNDS);
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
	uint64_t done;

	MEASURE("retype_endpoint", RETYPE, OBJECT_ROUNDS, WORDS_OWN, WORDS_LOOP(SK_RETYPE, SK_ROOT_OBJECTS, OBJECT_ROUNDS,
		SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, 0, 1, 0, 3, slots, 1));
	MEASURE("delete_object", DELETE_OBJECT, OBJECT_ROUNDS, WORDS_OWN, WORDS_LOOP(SK_DELETE, SK_ROOT_CNODE, OBJECT_ROUNDS,
		0, 0, 0, 0, 0, 0, 0, slots, 1));
	MEASURE("mint", MINT, OBJECT_ROUNDS, WORDS_OWN, WORDS_LOOP(SK_MINT, SK_ROOT_CNODE, OBJECT_ROUNDS,
		0, SK_ROOT_CNODE, endpoint, SK_RIGHTS_ALL, 1, 0, 0, slots, 1));
	MEASURE("delete", DELETE, OBJECT_ROUNDS, WORDS_OWN, WORDS_LOOP(SK_DELETE, SK_ROOT_CNODE, OBJECT_ROUNDS,
		0, 0, 0, 0, 0, 0, 0, slots, 1));
	sk_map(memory, SK_ROOT_SPACE, ipa, 0, SK_PAGE, SK_RIGHT_READ, &done); /* its tables */
	MEASURE("map_page", MAP, OBJECT_ROUNDS - 1, WORDS_OWN, WORDS_LOOP(SK_MAP, memory, OBJECT_ROUNDS - 1,
		SK_ROOT_SPACE, ipa, 0, SK_PAGE, SK_RIGHT_READ, 0, 2, SK_PAGE, SK_PAGE));
	MEASURE("unmap_page", UNMAP, OBJECT_ROUNDS, WORDS_OWN, WORDS_LOOP(SK_UNMAP, memory, OBJECT_ROUNDS,
		0, SK_PAGE, 0, 0, 0, 0, 0, 0, SK_PAGE));
}

int main(void)
{
	check_invariants(false); /* the release kernel has no checker */
	null_call();
	signal_idle();
	ipc();
	signal_switch();
	fault();
	interrupts();
	objects();
	check_done();
}
