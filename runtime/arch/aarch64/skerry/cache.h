/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache maintenance from EL0 (Arm ARM DDI 0487, D7.5.9): needs SCTLR_EL1.UCI and UCT, which the kernel sets. */
#ifndef SKERRY_CACHE_H
#define SKERRY_CACHE_H

#include <stdint.h>

/* Bytes of the smallest data cache line (CTR_EL0.DminLine: log2 of its words of 4 bytes). */
static inline uintptr_t cache_line(void)
{
	uint64_t ctr;

	__asm__("mrs %0, ctr_el0" : "=r"(ctr));
	return 4ul << (ctr >> 16 & 0xf);
}

/* Clean and invalidate the line that holds AT, to the point of coherency. */
static inline void cache_clean_invalidate(uintptr_t at)
{
	__asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
}

/* All of the above are complete for every observer: pairs with whatever hands the memory over. */
static inline void cache_done(void)
{
	__asm__ volatile("dsb sy" : : : "memory");
}

#endif
