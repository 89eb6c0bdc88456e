/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's part of a round trip, in loops of which every instruction is known. */
#ifndef LOOP_H
#define LOOP_H

#include <stdint.h>
#include "skerry/calls.h"

#define LOOP_CLOBBERS "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", \
		      "x15", "x16", "x17", "x18", "cc", "memory"

#define LOOP_OWN 7u /* besides the two svc, a round of both sides together */

static inline void loop_call(uint32_t slot, uint64_t rounds)
{
	__asm__ volatile("1:	mov	x8, %[s]\n"
			 "	mov	x9, xzr\n"
			 "	svc	%[n]\n"
			 "	subs	%[left], %[left], #1\n"
			 "	b.ne	1b\n"
			 : [left] "+r"(rounds)
			 : [s] "r"((uint64_t)slot), [n] "i"(SK_CALL)
			 : LOOP_CLOBBERS);
}

__attribute__((noreturn)) static inline void loop_serve(uint32_t slot)
{
	__asm__ volatile("1:	mov	x8, %[s]\n"
			 "	mov	x9, xzr\n"
			 "	svc	%[n]\n"
			 "	b	1b\n"
			 :
			 : [s] "r"((uint64_t)slot), [n] "i"(SK_REPLY_WAIT)
			 : LOOP_CLOBBERS);
	__builtin_unreachable();
}

#endif
