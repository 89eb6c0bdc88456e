/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two programs that the loader loads: ELF64, little endian, AArch64, fixed
 * address. Reference: System V ABI, chapter 5; ELF for the Arm 64-bit
 * Architecture (IHI 0056).
 */
#ifndef BOOT_ELF_H
#define BOOT_ELF_H

#include "memory.h"
#include "report.h"

#define ELF_SEGMENTS 4

struct elf_segment {
	uint64_t va, size;         /* whole pages */
	uint64_t skip;             /* zero bytes before the contents */
	uint64_t offset, bytes;    /* the contents in the file; zeros behind */
	uint64_t rights;           /* SK_RIGHT_* */
};

struct elf {
	uint64_t entry;
	uint64_t low, high;        /* span of all segments */
	bool noted;                /* it has a note: of the kernel, that it wants the UART (bootinfo.h) */
	uint32_t segments;
	struct elf_segment segment[ELF_SEGMENTS];
};

/*
 * Checks the file and decodes its loadable segments: each with one kind of
 * rights (never write and execute), in whole pages of its own, ascending,
 * inside LIMITS. NAME stands in messages.
 */
bool elf_read(struct elf *elf, const char *name, const void *file, uint64_t size, struct range limits,
	      struct report *report);

#endif
