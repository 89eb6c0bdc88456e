/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component makes every system call with every capability in every place and
 * words at their limits and beyond, while its second thread, on another core if
 * there is one, copies, moves and deletes the capabilities under its hands. It may
 * wreck itself: then it is destroyed, built again and goes on behind that call.
 */
#include "check.h"
#include "hostile_kit.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/log.h"
#include "skerry/root.h"
#include "skerry/start.h"

#ifdef LONG
#define SAMPLES 200u         /* of each call on each slot */
#else
#define SAMPLES 12u
#endif
#ifndef TIMED
#define TIMED 0              /* 1: how late others run is looked at, on the release kernel */
#endif
#define ROUND       250u     /* calls of thread 0 on one box: then it has little left to lose */
#define SLOT_VALUES 32u
#define NUMBERS     40u      /* call numbers: all, and a few that do not exist */
#define CALLS       ((uint64_t)NUMBERS * SLOT_VALUES * SAMPLES)
#define STILL       40u      /* ms without progress: longer than a time slice */
#define SEED        0x5eed0fda7a11ul

/* Slots and small numbers are drawn directly; these are the limits. */
static const uint64_t limits[] = {
	0, 1, 2, 63, 64, 65, 127, 128, 255, 256, 512, 4095, 4096, 4097, 8192, 65535, 65536, 65537, 1ul << 21,
	(1ul << 21) + 4096, 1ul << 30, (1ul << 32) - 1, 1ul << 32, (1ul << 32) + 1, (1ul << 32) + BOX_CNODE,
	(1ul << 38), (1ul << 39) - 4096, 1ul << 39, (1ul << 39) + 4096, 1ul << 43, (1ul << 43) + 1, 1ul << 47,
	1ul << 48, 1ul << 52, 1ul << 62, (1ul << 63) - 1, 1ul << 63, (1ul << 63) + 1, (1ul << 63) | 0x6464,
	(1ul << 63) | 0xffff, ~0xffful, ~0ul - 1, ~0ul, 0x5555555555555555ul, BOX_MEMORY, 0x40000000, 0x09000000,
	0x10000000, 0x100000000000ul, 7, 1u << 8 | 7, 2u << 8 | 3, 1ul << 61, 1ul << 60 | 27, 3ul << 62 | 32,
	(uint64_t)BOX_IRQ_CONTROL | 1ul << 32,
};
#define LIMITS (sizeof(limits) / sizeof(limits[0]))

static uint64_t word(uint64_t *seed)
{
	uint64_t r = hostile_random(seed);

	switch (r & 7) {
	case 0:
	case 1:
	case 2:
		return (r >> 8) % (BOX_END + 4);
	case 3:
		return ((r >> 8) % 64) << SK_PAGE_BITS;
	case 4:
		return (r >> 8) % 128;
	case 5:
	case 6:
		return limits[(r >> 8) % LIMITS];
	default:
		return r;
	}
}

static uint64_t slot_of(uint64_t n)
{
	return n < BOX_END + 3 ? n : limits[LIMITS - 1 - n % LIMITS];
}

/* A deadline that has passed or soon will: else most of the time it only sleeps. */
static void tame(uint64_t number, struct sk_words *m)
{
	if (number == SK_WAIT && (m->w[0] & 1))
		m->w[0] = 0;
	if (number == SK_DEBUG_PUT)
		m->w[0] = 0; /* the test's output is counted by lines */
}

static void one_call(struct box_shared *s, uint64_t which, uint64_t number, struct sk_words *m)
{
	tame(number, m);
	if (!hostile_svc(m, number))
		atomic_fetch_add(&s->broken[which], 1);
	else if (m->slot < 24)
		atomic_fetch_add(&s->statuses[m->slot], 1);
}

/* Thread 0: every call on every slot, SAMPLES times with other words. */
static void all_calls(struct box_shared *s)
{
	for (uint64_t n = s->first; n < s->end; n++) {
		uint64_t seed = SEED + n * 0x9e3779b97f4a7c15ul;
		struct sk_words m;

		atomic_store(&s->progress[0], n);
		for (unsigned i = 0; i < 4; i++)
			hostile_random(&seed);
		for (unsigned i = 0; i < SK_WORDS; i++)
			m.w[i] = word(&seed);
		m.extra = hostile_random(&seed) & 1 ? word(&seed) : 0;
		if (n & 1) /* IPC: and one for the other way */
			m.extra = (uint32_t)m.extra | (uint64_t)(n % 24) << SK_SECOND_SLOT;
		m.slot = slot_of(n / NUMBERS % SLOT_VALUES);
		one_call(s, 0, n % NUMBERS, &m);
	}
	atomic_store(&s->progress[0], s->end);
	for (;;)
		;
}

/* Thread 1: what makes slots stale, without end. It keeps to slots 4 and up: the others are what it stands on. */
static void stale_slots(struct box_shared *s)
{
	static const uint8_t calls[] = { SK_COPY, SK_COPY, SK_COPY, SK_MOVE, SK_MOVE, SK_MOVE, SK_DELETE, SK_MINT,
					 SK_RETYPE, SK_RETYPE, SK_SIGNAL, SK_SIGNAL, SK_SIGNAL, SK_MAP, SK_MAP,
					 SK_REVOKE };
	uint64_t seed = s->seed[1];

	for (uint64_t n = 1;; n++) {
		uint64_t r = hostile_random(&seed);
		uint64_t number = calls[r % sizeof(calls)], a = BOX_OBJECTS + (r >> 8) % 40, b = BOX_OBJECTS + (r >> 16) % 40;
		struct sk_words m = { { a, BOX_CNODE, b, SK_RIGHTS_ALL, 0, SK_PAGE }, BOX_CNODE, 0 };

		if (number == SK_RETYPE)
			m = (struct sk_words){ { (r >> 32) % SK_TYPES, (r >> 40) % 3 << 12, BOX_CNODE, a, 1, 0 },
					       r >> 60 & 1 ? BOX_OBJECTS : BOX_RAM, 0 };
		else if (number == SK_SIGNAL)
			m.slot = a;
		else if (number == SK_MAP)
			m = (struct sk_words){ { BOX_SPACE, 0x90000000ul + (r >> 20 & 0xf) * SK_PAGE, 0, SK_PAGE, 1 }, a, 0 };
		one_call(s, 1, number, &m);
		atomic_store(&s->progress[1], n);
	}
}

static void box_main(struct box_shared *s, uint64_t which)
{
	if (which == 0)
		all_calls(s);
	else
		stale_slots(s);
}

static uint64_t made[2], broken, rebuilt, statuses[24];

static void collect(const struct box *box)
{
	struct box_shared *s = box->shared;

	made[1] += atomic_load(&s->progress[1]);
	broken += atomic_load(&s->broken[0]) + atomic_load(&s->broken[1]);
	for (unsigned i = 0; i < 24; i++)
		statuses[i] += atomic_load(&s->statuses[i]);
}

/* Builds the box, lets it run from call FIRST on until it is done or stands still; the call it came to. */
static uint64_t round_from(struct box *box, uint64_t first)
{
	uint64_t before = ~0ul, at, end;
	unsigned still = 0;

	box_build(box, box_main);
	*box->shared = (struct box_shared){ .seed = { 1, SEED ^ (first + 1) }, .first = first };
	box->shared->end = first + ROUND < CALLS ? first + ROUND : CALLS;
	atomic_store(&box->shared->progress[0], first);
	/* On one core the second thread only takes turns with it, in every other round. */
	if (box->core[1] != box->core[0] || (first & 1))
		box_start(box, 1);
	box_start(box, 0);
	while (still < STILL) {
		make_time(1000);
		at = atomic_load(&box->shared->progress[0]);
		if (at == box->shared->end)
			break;
		still = at == before ? still + 1 : 0;
		if (at == before && box_state(box, 0) != SK_THREAD_READY)
			break;
		before = at;
	}
	end = box->shared->end;
	collect(box);
	box_destroy(box);
	rebuilt++;
	if (at < first)
		at = first; /* it did not come to its first call */
	return at == end ? at : at + 1;
}

static void nothing(struct box_shared *s, uint64_t which)
{
	(void)s;
	(void)which;
}

int main(void)
{
	struct box box = { .core = { 0, sk_root_info()->cores - 1 } };
	struct sk_inspection before, after;
	uint64_t start = sk_counter(), hz = sk_start()->counter_hz;

	check_invariants(!TIMED);
	watch_start();
	box_init(&box);
	for (uint64_t at = 0; at < CALLS;)
		at = round_from(&box, at);
	made[0] = CALLS;
	sk_log("%u calls, %u more beside them, %u times rebuilt, %u s\n", (unsigned)made[0], (unsigned)made[1],
	       (unsigned)rebuilt, (unsigned)((sk_counter() - start) / hz));
	for (unsigned i = 0; i < 24; i++) {
		if (statuses[i])
			sk_log("  status %u: %u times\n", i, (unsigned)statuses[i]);
	}
	check("the second thread made calls", made[1] > 0);
	check_value("registers that a call spoilt", broken, 0);
	check("calls succeeded", statuses[SK_OK] > 500);
	check("calls were refused", statuses[SK_NO_CAP] > 100 && statuses[SK_WRONG_TYPE] > 100 &&
	      statuses[SK_NO_RIGHT] > 10 && statuses[SK_BAD_ARG] > 100 && statuses[SK_NO_CALL] > 10);
	box_build(&box, nothing);
	check("it can be built once more", true);
	box_destroy(&box);
	must("inspect", sk_inspect(SK_ROOT_CNODE, box.objects, &before));
	must("all of it as one again", sk_retype(box.objects, SK_TYPE_UNTYPED, 512u << 10, SK_ROOT_CNODE, make_slots(1), 1, 0));
	must("inspect", sk_inspect(SK_ROOT_CNODE, box.objects, &after));
	check_value("every byte is there", after.used, before.size);
	watch_report();
	check_done();
}
