/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time: a looping thread and a looping guest get their share and no more, a thread
 * that runs each millisecond above them misses none, whatever another core does,
 * and a server without budget is helped. It is run by tests/boot/budget.sh, where a
 * nanosecond is an instruction; what is printed as "the ..." is for its eyes.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/memory.h"
#include "skerry/root.h"
#include "skerry/start.h"

#define GUEST 0x40000000ul
#define HERE  0x700000000ul
#define STATE 0x800u             /* in that page: the guest's sum */

enum {
	BUDGET = 2000, PERIOD = 10000,   /* us, of those that loop */
	RUN = 200000,                    /* us */
	LONG = 10000000,                 /* us: a period that does not end */
	BEAT = 1000,                     /* us */
	GAP = 20,                        /* us: who sees the counter jump further did not run meanwhile */
};

static uint64_t us(uint64_t ticks)
{
	return ticks * 1000000 / sk_start()->counter_hz;
}

static uint64_t ticks(uint64_t us)
{
	return us * sk_start()->counter_hz / 1000000;
}

/* A thread with a budget, not started. */
static uint32_t limited(void (*entry)(void *), void *arg, uint32_t priority, uint64_t budget, uint64_t period)
{
	uint32_t thread = make_thread(entry, arg, 0, priority);
	const struct sk_thread_config config = { .budget = ticks(budget), .period = ticks(period) };

	must("stop before it ran", sk_thread_stop(thread));
	must("budget", sk_thread_configure(thread, &config));
	return thread;
}

/* --- those that loop ---------------------------------------------------------------- */

static volatile uint64_t thread_ran, thread_turns;

/* Adds up what it sees of time without being away. */
static void loop(void *arg)
{
	uint64_t gap = ticks(GAP), last = sk_counter();

	(void)arg;
	for (;;) {
		uint64_t now = sk_counter();

		thread_turns++;
		if (now - last < gap)
			thread_ran += now - last;
		last = now;
	}
}

/* The same as a guest: x1 = where sum and turns are told, x5 = the gap. */
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl loop_code, loop_end\n"
	"loop_code:\n"
	"1:	isb\n"
	"	mrs	x0, cntvct_el0\n"
	"	sub	x2, x0, x3\n"
	"	mov	x3, x0\n"
	"	add	x6, x6, #1\n"
	"	str	x6, [x1, #8]\n"
	"	cmp	x2, x5\n"
	"	b.hs	1b\n"
	"	add	x4, x4, x2\n"
	"	str	x4, [x1]\n"
	"	b	1b\n"
	"loop_end:\n"
	".popsection\n");
extern const char loop_code[], loop_end[];

static void run_guest(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	sk_vcpu_run(&m);
}

static uint32_t make_guest(void)
{
	uint32_t space = make(SK_TYPE_SPACE, 8, SK_SPACE_GUEST), memory = make_memory(SK_PAGE), alias = make_slots(1);
	uint32_t vcpu = make(SK_TYPE_VCPU, 0, 0), thread = limited(run_guest, NULL, 100, BUDGET, PERIOD);
	const uint64_t registers[] = { GUEST + STATE, 0, 0, 0, ticks(GAP) };

	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map here", sk_map_all(memory, SK_ROOT_SPACE, HERE, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	memset((void *)HERE, 0, SK_PAGE);
	memcpy((void *)HERE, loop_code, (size_t)(loop_end - loop_code));
	sk_memory_clean((void *)HERE, SK_PAGE);
	must("map there", sk_map_all(alias, space, GUEST, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC));
	must("bind", sk_vcpu_bind(vcpu, space, thread));
	must("registers", sk_vcpu_write(vcpu, SK_VREG_X0 + 1, 5, registers));
	must("pc", sk_vcpu_set(vcpu, SK_VREG_PC, GUEST));
	must("pstate", sk_vcpu_set(vcpu, SK_VREG_PSTATE, 0x3c5));
	return thread;
}

/* --- what runs above them, and beside them -------------------------------------------- */

static uint32_t beat_bell;
static volatile uint64_t beats, missed, latest;

/* Each millisecond, at a time that does not depend on when it ran last. */
static void beat(void *arg)
{
	uint64_t due = sk_counter() + ticks(BEAT), bits;

	(void)arg;
	for (;; due += ticks(BEAT)) {
		uint64_t late;

		sk_wait(beat_bell, due, &bits);
		late = us(sk_counter() - due);
		latest = late > latest ? late : latest;
		missed += late >= BEAT;
		beats++;
	}
}

static uint32_t scrap, scrap_slots;
static volatile uint64_t retyped;

/* Makes what an untyped has room for, and takes it back. */
static void retype_and_revoke(void *arg)
{
	(void)arg;
	for (;;) {
		must("retype", sk_retype(scrap, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, scrap_slots, 64, 0));
		must("revoke", sk_revoke(SK_ROOT_CNODE, scrap));
		retyped++;
	}
}

static void share(const char *who, uint64_t ran, uint64_t turns, uint64_t elapsed)
{
	char name[64];

	printf("the %s ran %lu of %lu us\n", who, (unsigned long)us(ran), (unsigned long)elapsed);
	snprintf(name, sizeof(name), "the %s has no more than its share", who);
	check(name, us(ran) <= (elapsed / PERIOD + 2) * BUDGET);
	snprintf(name, sizeof(name), "the %s does run", who);
	check(name, turns > 0);
}

static void loops(void)
{
	uint32_t thread = limited(loop, NULL, 100, BUDGET, PERIOD), guest = make_guest();
	volatile uint64_t *guest_state = (volatile uint64_t *)(HERE + STATE); /* sum, turns */
	uint64_t start = sk_counter(), elapsed;

	beat_bell = make(SK_TYPE_NOTIFICATION, 0, 0);
	make_thread(beat, NULL, 0, 200);
	if (sk_root_info()->cores > 1) {
		scrap = make(SK_TYPE_UNTYPED, SK_PAGE, 0);
		scrap_slots = make_slots(64);
		make_thread(retype_and_revoke, NULL, 1, 50);
	}
	must("start", sk_thread_start(thread));
	must("start", sk_thread_start(guest));
	make_time(RUN);
	elapsed = us(sk_counter() - start);
	must("stop", sk_thread_stop(thread));
	must("stop", sk_thread_stop(guest));
	share("thread", thread_ran, thread_turns, elapsed);
	share("guest", guest_state[0], guest_state[1], elapsed);
	printf("the beat came %lu times, missed %lu, %lu us late at most\n", (unsigned long)beats, (unsigned long)missed,
	       (unsigned long)latest);
	check("the beat came", beats > 0);
	if (sk_root_info()->cores > 1)
		check("the other core did retype and revoke", retyped > 0);
}

/* --- helping ---------------------------------------------------------------------------- */

static uint32_t door;
static _Atomic uint32_t working, answered;
static volatile uint64_t low_answer;

/* Its first request takes three milliseconds of its time, more than it and who asks have. */
static void slow_server(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };
	uint64_t gap = ticks(GAP), last, done = 0;

	(void)arg;
	sk_reply_wait(door, &m);
	atomic_store(&working, 1);
	for (last = sk_counter(); done < ticks(3000);) {
		uint64_t now = sk_counter();

		done += now - last < gap ? now - last : 0;
		last = now;
	}
	for (;;) {
		m.w[0] += 1000;
		sk_reply_wait(door, &m);
	}
}

static void low_caller(void *arg)
{
	struct sk_words m = { { 1 }, 0, 0 };

	(void)arg;
	sk_call(door, &m);
	low_answer = m.w[0];
	atomic_store(&answered, 1);
}

static void helping(void)
{
	struct sk_words m = { { 2 }, 0, 0 };
	uint32_t server, low;
	uint64_t start;

	door = make(SK_TYPE_ENDPOINT, 0, 0);
	server = limited(slow_server, NULL, 60, 1000, LONG);
	low = limited(low_caller, NULL, 50, 1000, LONG);
	must("start", sk_thread_start(server));
	make_state(server, SK_THREAD_SERVING);
	must("start", sk_thread_start(low));
	check("the server works for the low caller", make_wait(&working));
	make_time(20000); /* both are out of budget now, and for long */
	check("and is not done", !atomic_load(&answered));
	start = sk_counter();
	check_status("a caller with budget", sk_call(door, &m), SK_OK);
	check_value("is answered", m.w[0], 1002);
	check("before their periods end: it has helped", us(sk_counter() - start) < LONG / 2);
	check("the low caller has its answer, but no time to look at it", !atomic_load(&answered));
	must("stop", sk_thread_stop(server));
}

int main(void)
{
	check_invariants(false);
	loops();
	helping();
	check_done();
}
