/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "cpu.h"

/* Bytes of the smallest data cache line (CTR_EL0.DminLine). */
static uint64_t data_line(void)
{
	return 4ul << (READ_SYSREG(ctr_el0) >> 16 & 15);
}

void cache_clean(struct range range)
{
	uint64_t line = data_line();

	for (uint64_t at = align_down(range.start, line); at < range.end; at += line)
		__asm__ volatile("dc cvac, %0" :: "r"(at) : "memory");
	barrier_all();
}

void cache_invalidate(struct range range)
{
	uint64_t line = data_line();

	for (uint64_t at = align_down(range.start, line); at < range.end; at += line)
		__asm__ volatile("dc ivac, %0" :: "r"(at) : "memory");
	barrier_all();
}

/* DCZID_EL0: bit 4 set: dc zva may not be used; bits 3..0: log2 of its words. */
void memory_zero(struct range range)
{
	uint64_t id = READ_SYSREG(dczid_el0), block = 4ul << (id & 15), at = range.start;

	if ((id & 16) || block > PAGE || (range.start | range.end) % (8 * block)) {
		memset((void *)at, 0, range.end - range.start);
		return;
	}
	for (; at < range.end; at += 8 * block)
		__asm__ volatile("dc zva, %0\n\tdc zva, %1\n\tdc zva, %2\n\tdc zva, %3\n\t"
				 "dc zva, %4\n\tdc zva, %5\n\tdc zva, %6\n\tdc zva, %7"
				 :: "r"(at), "r"(at + block), "r"(at + 2 * block), "r"(at + 3 * block),
				    "r"(at + 4 * block), "r"(at + 5 * block), "r"(at + 6 * block),
				    "r"(at + 7 * block) : "memory");
}

uint64_t counter_hz(void)
{
	return READ_SYSREG(cntfrq_el0);
}

/* ID_AA64ISAR0_EL1.RNDR (D24.2.78); RNDR is S3_3_C2_C4_0, and sets Z if it has no number (D24.2.147). */
bool cpu_random(uint64_t *number)
{
	uint64_t ok;

	if (READ_SYSREG(id_aa64isar0_el1) >> 60 == 0)
		return false;
	__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %1, ne" : "=r"(*number), "=r"(ok) :: "cc");
	return ok;
}

unsigned pa_bits(void)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48};
	uint64_t range = READ_SYSREG(id_aa64mmfr0_el1) & 15;

	return range < sizeof(bits) ? bits[range] : 48;
}
