/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the tests that try to break the kernel: a box is a component with a space,
 * a small cnode and memory of its own, made of two untyped and gone when they are
 * revoked; a watcher lives beside it and notices whatever leaks out of the box.
 */
#ifndef HOSTILE_KIT_H
#define HOSTILE_KIT_H

#include <stdatomic.h>
#include <stdint.h>
#include "abi/skerry.h"
#include "skerry/svc.h"

/* Where a box has its private memory, and where the test sees the first box's. */
#define BOX_MEMORY 0x50000000ul
#define BOX_HERE   0x700000000ul
#define BOX_PAGES  16u
#define BOX_STACK  0x4000u            /* bytes at its start for each thread's stack */
#define BOX_SLOTS  64u
#define BOX_PRIORITY 100u

/* What a box's cnode holds at first. */
enum box_slot {
	BOX_CNODE = 1, BOX_SPACE, BOX_THREAD, BOX_OBJECTS, BOX_RAM, BOX_ENDPOINT, BOX_NOTIFICATION,
	BOX_PRIVATE, BOX_VCPU, BOX_GUEST_SPACE, BOX_IRQ, BOX_SECOND, BOX_POWER, BOX_IRQ_CONTROL,
	BOX_BLIND_ENDPOINT, BOX_BADGE, BOX_READ_ONLY, BOX_FAR_ENDPOINT, BOX_SPARE, BOX_READ_CNODE, BOX_END,
};

/* One thread of a box: entered at ENTRY with x0 = address of struct box_shared, x1 = WHICH. */
struct box_shared {
	_Atomic uint64_t progress[2];   /* calls made, by thread */
	uint64_t seed[2];
	uint64_t first, end;            /* numbers of the calls that thread 0 makes */
	_Atomic uint64_t broken[2];     /* calls that came back with registers or stack spoilt */
	_Atomic uint64_t statuses[24];  /* how often each was seen */
	uint64_t words[64];             /* for the test's own use */
};

struct box {
	uint32_t objects, ram;          /* slots of the two untyped */
	uint32_t first;                 /* slots of the test's cnode that it takes */
	uint32_t core[2];               /* homes of its threads */
	uint32_t fault;                 /* fault handler, 0: none */
	uint64_t here;                  /* where the test sees its memory */
	uint32_t line;                  /* its interrupt */
	uint64_t used;                  /* bytes of objects after the first build */
	struct box_shared *shared;
};

/* Sets a box up: its untyped, its slots. Nothing is built. */
void box_init(struct box *box);

/* Builds it: threads BOX_THREAD and BOX_SECOND stand at ENTRY. Ends the test on failure. */
void box_build(struct box *box, void (*entry)(struct box_shared *, uint64_t));

void box_start(struct box *box, unsigned which);
enum sk_thread_state box_state(struct box *box, unsigned which);

/* The test's slots of its two threads. */
uint32_t box_thread(const struct box *box, unsigned which);

/* Revokes both untyped: nothing of it is left. */
void box_destroy(struct box *box);

/* Gives the box one more region of 4 KiB: mapped in it at IPA with these rights, here writable at HERE. */
void box_map_page(struct box *box, unsigned n, uint64_t ipa, uint64_t here, uint32_t rights);

/* --- the watcher ---- */

void watch_start(void);

/* Stops it and checks what it saw: a line for each of its senses. */
void watch_report(void);

/* --- numbers --- */

static inline uint64_t hostile_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13; /* Marsaglia, "Xorshift RNGs", 2003 */
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

/* Makes system call NUMBER (0..63). False if a register that a call preserves was not. */
uint64_t hostile_svc(struct sk_words *m, uint64_t number);

#endif
