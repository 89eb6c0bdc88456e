/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any calls by any threads on both cores, with interrupts, faults, time and guests
 * in between; all invariants are checked throughout. The threads share one cnode,
 * `common`, and can do whatever the capabilities in it let them: also to each other
 * and themselves. Where the numbers come from that all this is chosen by, a seed or
 * a fuzzer, is the caller's.
 */
#ifndef SKERRY_KERNEL_LIFE_H
#define SKERRY_KERNEL_LIFE_H

#include "kit.h"

extern struct life {
	uint32_t (*random)(void);
	bool (*more)(void);           /* false: enough; null: as often as is asked */
	bool pairs;                   /* caps_life: also two calls at once, on two cores */
	unsigned check_every;         /* steps between checks of the invariants */
	unsigned done[SK_CALLS];      /* calls that succeeded */
	unsigned spent;               /* steps after which somebody was out of budget */
} life;

/* The machine is there (kit_one_core, kit_two_cores): makes what the threads share. */
void life_begin(void);

/* One core at a time makes a whole step. */
void life_alone(unsigned steps);

/* Two cores: one is cut off in the middle of a step by the other. */
void life_interleaved(unsigned rounds);

#endif
