/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system-call instruction. abi/skerry.h says which register is what.
 * SK_SVC(number, words) passes and returns all eight words, slot and extra;
 * number must be a constant: it is the immediate of the instruction.
 */
#ifndef SKERRY_SVC_H
#define SKERRY_SVC_H

#include "abi/skerry.h"

struct sk_words {
	uint64_t w[SK_WORDS];
	uint64_t slot;   /* in: capability slot; out: status */
	uint64_t extra;
};

#define SK_SVC(number, m) do {                                                  \
	register uint64_t r0 __asm__("x0") = (m)->w[0];                         \
	register uint64_t r1 __asm__("x1") = (m)->w[1];                         \
	register uint64_t r2 __asm__("x2") = (m)->w[2];                         \
	register uint64_t r3 __asm__("x3") = (m)->w[3];                         \
	register uint64_t r4 __asm__("x4") = (m)->w[4];                         \
	register uint64_t r5 __asm__("x5") = (m)->w[5];                         \
	register uint64_t r6 __asm__("x6") = (m)->w[6];                         \
	register uint64_t r7 __asm__("x7") = (m)->w[7];                         \
	register uint64_t r8 __asm__("x8") = (m)->slot;                         \
	register uint64_t r9 __asm__("x9") = (m)->extra;                        \
	__asm__ volatile("svc %[n]"                                             \
		: "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4), "+r"(r5),   \
		  "+r"(r6), "+r"(r7), "+r"(r8), "+r"(r9)                        \
		: [n] "i"(number)                                               \
		: "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",       \
		  "x18", "cc", "memory");                                       \
	(m)->w[0] = r0; (m)->w[1] = r1; (m)->w[2] = r2; (m)->w[3] = r3;         \
	(m)->w[4] = r4; (m)->w[5] = r5; (m)->w[6] = r6; (m)->w[7] = r7;         \
	(m)->slot = r8; (m)->extra = r9;                                        \
} while (0)

#endif
