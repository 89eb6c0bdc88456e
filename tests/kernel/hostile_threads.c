/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component executes whatever there is: random instruction words, every system
 * register, calls to other levels, cache and TLB maintenance, jumps to everywhere,
 * a stack pointer that is not aligned; it loops, and uses up what it was given.
 * Each ends behind the instruction or in a fault, and nobody else notices.
 */
#include <string.h>
#include "check.h"
#include "hostile_kit.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/log.h"
#include "skerry/memory.h"
#include "skerry/root.h"
#include "skerry/start.h"

#ifdef LONG
#define RANDOM 200000u
#else
#define RANDOM 9000u
#endif
#define CODE_IPA  0x51000000ul
#define CODE_HERE 0x730000000ul
#define DATA_IPA  (BOX_MEMORY + 0xa000ul)
#define PATIENCE  4u             /* ms for what may loop; then it is stopped where it is */
#define LONG_PATIENCE 2000u      /* ms for what must fault, on a busy host */
#define UDF       0x00000000u
#define BACK      0x17ffffffu    /* b .-4 */

static uint32_t bell;
static uint64_t seed = 0x0bad5eed, faulted, stopped, waiting;

static void nothing(struct box_shared *s, uint64_t which)
{
	(void)s;
	(void)which;
}

/* Registers that make accesses hit something: its own memory, devices, nothing. */
static void write_registers(uint32_t thread, uint64_t pc)
{
	uint64_t x[6];

	for (unsigned first = 0; first < 30; first += 6) {
		for (unsigned i = 0; i < 6; i++) {
			uint64_t r = hostile_random(&seed);

			x[i] = (r & 3) == 0 ? r : (r & 3) == 1 ? DATA_IPA + (r >> 8 & 0xfff) :
			       (r & 3) == 2 ? (r >> 8) % BOX_SLOTS : CODE_IPA + (r >> 8 & 0xffc);
		}
		must("registers", sk_thread_write(thread, SK_REG_X0 + first, 6, x));
	}
	x[0] = CODE_IPA;
	must("link", sk_thread_write(thread, SK_REG_X0 + 30, 1, x));
	x[0] = DATA_IPA + (hostile_random(&seed) & 15);
	x[1] = pc;
	must("sp, pc", sk_thread_write(thread, SK_REG_SP, 2, x));
}

/* Runs the thread from PC until it stands. */
static void run_from(const struct box *box, uint64_t pc, unsigned patience)
{
	uint32_t thread = box_thread(box, 0);
	enum sk_thread_state state;
	uint64_t bits;

	write_registers(thread, pc);
	must("start", sk_thread_start(thread));
	sk_wait(bell, sk_counter() + sk_start()->counter_hz / 1000 * patience, &bits);
	state = box_state((struct box *)(uintptr_t)box, 0);
	if (state == SK_THREAD_FAULTED)
		faulted++;
	else if (state == SK_THREAD_READY)
		stopped++;
	else
		waiting++;
	must("stop", sk_thread_stop(thread));
	sk_poll(bell, &bits);
}

static void execute(const struct box *box, const uint32_t *words, unsigned count)
{
	volatile uint32_t *code = (uint32_t *)CODE_HERE;

	for (unsigned i = 0; i < count; i++)
		code[i] = words[i];
	for (unsigned i = count; i < count + 4; i++)
		code[i] = UDF;
	sk_memory_clean((void *)CODE_HERE, SK_PAGE);
	run_from(box, CODE_IPA, PATIENCE);
}

static void open_box(struct box *box)
{
	box_build(box, nothing);
	box_map_page(box, 0, CODE_IPA, CODE_HERE, SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC);
}

/* After a while it may have lost its own capabilities by some svc that stood there: a new one. */
static void again(struct box *box)
{
	box_destroy(box);
	open_box(box);
}

static uint32_t random_word(void)
{
	uint64_t r = hostile_random(&seed);

	switch (r >> 60 & 3) {
	case 0:
		return 0xd5000000u | (uint32_t)(r & 0x3fffff);         /* system instructions */
	case 1:
		return 0xd4000000u | (uint32_t)(r & 0xe0001f) | (uint32_t)(r >> 32 & 0x7f) << 5; /* exceptions, svc 0..127 */
	default:
		return (uint32_t)r;
	}
}

static void random_words(struct box *box)
{
	for (unsigned n = 0; n < RANDOM / 60; n++) {
		uint32_t words[60];

		for (unsigned i = 0; i < 60; i++)
			words[i] = random_word();
		memcpy((void *)CODE_HERE, words, sizeof(words));
		((volatile uint32_t *)CODE_HERE)[60] = BACK - 59;
		sk_memory_clean((void *)CODE_HERE, SK_PAGE);
		/* from each word in turn: what faults is skipped, what goes on shows the next */
		for (unsigned i = 0; i < 60; i += 1 + (unsigned)(hostile_random(&seed) & 3))
			run_from(box, CODE_IPA + 4 * i, PATIENCE);
		again(box);
	}
}

static void every_register(struct box *box)
{
	for (uint32_t n = 0; n < 1u << 16; n += 1 + (uint32_t)(hostile_random(&seed) % 61)) {
		uint32_t words[2] = { 0xd5100000u | (n & 0x7fff) << 5 | (n >> 15) << 21 };

		execute(box, words, 1);
	}
}

static void chosen(struct box *box)
{
	static const uint32_t words[] = {
		0xd4000002, 0xd4000003, 0xd69f03e0 /* eret */, 0xd6bf03e0 /* drps */, 0xd503207f /* wfi */, 0xd503205f,
		0xd4200000, 0xd4400000 /* hlt */, 0xd4a00001 /* dcps1 */, 0xd5087e20, 0xd508871f /* tlbi vmalle1 */,
		0xd50c871f /* tlbi alle2 */, 0xd508751f /* ic iallu */, 0xd50b7420 /* dc zva */, 0xd5087620 /* dc ivac */,
		0xd50b7e20 /* dc civac */, 0xd5087800 /* at */, 0xd50342df /* daifset */, 0xd50342ff, 0xd50040bf /* spsel */,
		0xd50b7520 /* ic ivau */, 0xd538d080 /* tpidr_el1 */, 0xd51bd060 /* tpidrro */, 0xd53be020 /* cntpct */,
		0xd53be040 /* cntvct */, 0xd51be200 /* cntp_tval */, 0xd51be320 /* cntv_ctl */, 0xd53b9d00 /* pmccntr */,
		0x2518e3e0 /* ptrue */, 0xd503477f /* smstart */, 0x9ac81400 /* irg-like */, 0xd69f0bff /* eretaa */,
		0xd503231f /* paciaz */, 0xd65f0bff /* retaa */, 0xf83fd000 /* ld64b */, 0x1d000400 /* mops */,
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		execute(box, &words[i], 1);
}

static void jumps(struct box *box)
{
	static const uint64_t at[] = { 0, 1, 2, 3, 4, SK_PAGE, BOX_MEMORY, BOX_MEMORY + 2, 1ul << 39, 1ul << 40, 1ul << 47,
				       1ul << 48, 1ul << 55, 1ul << 63, ~0ul, ~3ul, 0x0900000000ul, 0x40000000ul,
				       0x8000000000ul, 0xffff000000000000ul, 0x00ff000010000000ul };
	uint64_t before = faulted;

	for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		run_from(box, at[i], LONG_PATIENCE);
	check_value("jumping everywhere faults", faulted - before, sizeof(at) / sizeof(at[0]));
}

/* Everything of a kind that it can get; the kernel says no in the end, and has more for others. */
static void exhaust(struct box_shared *s, uint64_t which)
{
	static const uint8_t types[] = { SK_TYPE_SPACE, SK_TYPE_THREAD, SK_TYPE_CNODE, SK_TYPE_NOTIFICATION,
					 SK_TYPE_ENDPOINT, SK_TYPE_VCPU, SK_TYPE_UNTYPED };
	uint64_t made = 0;

	(void)which;
	for (unsigned round = 0; round < 40; round++) {
		for (unsigned t = 0; t < sizeof(types); t++) {
			uint64_t size = types[t] == SK_TYPE_CNODE ? 2 : types[t] == SK_TYPE_UNTYPED ? SK_PAGE : 0;

			for (uint32_t at = BOX_END; at < BOX_SLOTS; at++)
				made += sk_retype(BOX_OBJECTS, (enum sk_type)types[t], size, BOX_CNODE, at, 1, 0) == SK_OK;
			/* tables until there is no donation left, maps until there are no tables */
			while (sk_space_donate(BOX_GUEST_SPACE, BOX_OBJECTS, 1) == SK_OK)
				made++;
			for (uint64_t ipa = 0; ipa < 64; ipa++) {
				uint64_t done;

				if (sk_map(BOX_PRIVATE, BOX_SPACE, ipa << 30, 0, SK_PAGE, SK_RIGHT_READ, &done) == SK_OK)
					sk_unmap(BOX_PRIVATE, 0, SK_PAGE, &done);
			}
			for (uint32_t at = BOX_END; at < BOX_SLOTS; at++)
				sk_delete(BOX_CNODE, at);
		}
	}
	atomic_store(&s->progress[0], made);
	for (;;)
		;
}

/* A looping thread of the box beside it all the time, on the last core. */
static void loop(struct box_shared *s, uint64_t which)
{
	(void)s;
	(void)which;
	for (;;)
		;
}

static void exhausting(void)
{
	const struct sk_thread_config low = { .priorities = SK_PRIORITY(BOX_PRIORITY - 1, BOX_PRIORITY) };
	struct box box = { .core = { 0, sk_root_info()->cores - 1 } };

	box_init(&box);
	box_build(&box, exhaust);
	box_start(&box, 0);
	for (unsigned i = 0; i < 20000 && !atomic_load(&box.shared->progress[0]); i++)
		make_time(1000);
	check("it used up what it had", atomic_load(&box.shared->progress[0]) > 100);
	box_destroy(&box);
	box_build(&box, loop);
	must("below the others", sk_thread_configure(box_thread(&box, 1), &low));
	box_start(&box, 1);
}

int main(void)
{
	struct box box = { .core = { 0, sk_root_info()->cores - 1 } };
	uint32_t own = make(SK_TYPE_NOTIFICATION, 0, 0);

	bell = own;
	box.fault = make_badge(own, 1);
	watch_start();
	exhausting();
	box_init(&box);
	open_box(&box);
	jumps(&box);
	chosen(&box);
	again(&box);
	every_register(&box);
	again(&box);
	random_words(&box);
	sk_log("%u ended in a fault, %u ran on, %u waited\n", (unsigned)faulted, (unsigned)stopped, (unsigned)waiting);
	check("most faulted", faulted > stopped);
	box_destroy(&box);
	watch_report();
	check_done();
}
