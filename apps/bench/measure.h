/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures as "metric NAME VALUE" lines: instructions per round under QEMU's -icount shift=0. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

#define MEASURE_ROUNDS 4000u

/*
 * Prints the instructions that one call of ROUND costs, the loop around taken off.
 * Virtual time is one nanosecond an instruction; MEASURE_ROUNDS rounds make the
 * counter's granularity (16 ns) vanish.
 */
void measure(const char *name, void (*round)(void));

/* Prints a figure that was measured otherwise: TICKS of the counter over ROUNDS. */
void measure_ticks(const char *name, uint64_t ticks, uint64_t rounds);

#endif
