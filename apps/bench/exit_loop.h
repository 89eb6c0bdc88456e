/* SPDX-License-Identifier: BSD-2-Clause */
/* Exits that are answered at once, by a VMM of known instructions. */
#ifndef EXIT_LOOP_H
#define EXIT_LOOP_H

#include <stdint.h>

#include "skerry/calls.h"

/* In a round besides the guest's hvc and the VMM's svc: b, mov, subs, b.ne. */
#define EXIT_LOOP_OWN 4u

/* The guest's part: `1: hvc; b 1b`. The calling thread's vCPU stands behind an hvc; ROUNDS times it is answered. */
static inline void exit_loop(uint64_t rounds)
{
	__asm__ volatile("1:	mov	x0, %[answer]\n"
			 "	svc	%[n]\n"
			 "	subs	%[left], %[left], #1\n"
			 "	b.ne	1b\n"
			 : [left] "+r"(rounds)
			 : [answer] "i"(SK_RUN_ANSWER), [n] "i"(SK_VCPU_RUN)
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
			   "x15", "x16", "x17", "x18", "cc", "memory");
}

#endif
