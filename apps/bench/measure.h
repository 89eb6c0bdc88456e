/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Figures as "metric NAME VALUE" lines: instructions under QEMU's -icount shift=0,
 * where virtual time is one nanosecond an instruction. Many rounds make the
 * counter's granularity (16 ns) vanish.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

#define MEASURE_ROUNDS 4000u

/* Prints TICKS of the counter per round, less OWN instructions that the measuring loop itself makes in a round. */
void measure_print(const char *name, uint64_t ticks, uint64_t rounds, uint64_t own);

#endif
