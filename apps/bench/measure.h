/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Figures as "metric NAME VALUE" lines: instructions under QEMU's -icount shift=0,
 * where virtual time is one nanosecond an instruction. Many rounds make the
 * counter's granularity (16 ns) vanish.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

#include "section.h"
#include "skerry/calls.h"

#define MEASURE_ROUNDS 4000u

/*
 * MEASURE(NAME, N, ROUNDS, OWN, LOOP): runs LOOP as section N (section.h) and prints what one of its ROUNDS costs.
 */
#define MEASURE(name, n, rounds, own, ...) do {                               \
	uint64_t start_ = sk_counter();                                       \
	SECTION_BEGIN(n);                                                     \
	__VA_ARGS__;                                                          \
	SECTION_END(n);                                                       \
	measure_print(name, sk_counter() - start_, rounds, own);              \
	measure_section(name, n, rounds);                                     \
} while (0)

/* Executes a number of instructions at random, so that the counter is read at any place within its tick. */
void measure_dawdle(void);

/* Prints TICKS of the counter per round, less OWN instructions that the measuring loop itself makes in a round. */
void measure_print(const char *name, uint64_t ticks, uint64_t rounds, uint64_t own);

/* Prints that section N is what NAME measures, ROUNDS times from its begin to its end. */
void measure_section(const char *name, unsigned n, uint64_t rounds);

/*
 * The same, and that NAME is what the section counts in a round less OWN: exact where the clock's ticks are not. If
 * several sections have one NAME it is their mean.
 */
void measure_exact(const char *name, unsigned n, uint64_t rounds, uint64_t own);

#endif
