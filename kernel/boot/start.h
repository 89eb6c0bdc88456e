/* SPDX-License-Identifier: BSD-2-Clause */
/* Between head.S and C. */
#ifndef BOOT_START_H
#define BOOT_START_H

#define MODE_OK   0
#define MODE_EL1  1 /* not entered at EL2 */
#define MODE_E2H  2 /* HCR_EL2.E2H is stuck at 1 */

/* Offsets in struct core_start. */
#define CORE_MAIR  0
#define CORE_TCR   8
#define CORE_TTBR  16
#define CORE_SCTLR 24
#define CORE_STACK 32

/* SCTLR_EL2, E2H = 0 (Arm ARM DDI 0487 K.a, D24.2.181): the bits that are RES1; caches and MMU; WXN, SA. */
#define SCTLR_RES1   0x30c50830
#define SCTLR_LOADER 0x30c51835 /* M, C, I */
#define SCTLR_KERNEL 0x30cd183d /* M, C, I, SA, WXN */

#define LOADER_STACK 0x4000

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* What a secondary core reads before its MMU is on: cleaned to memory by who writes it. */
struct core_start {
	uint64_t mair, tcr, ttbr, sctlr;
	uint64_t stack;
	uint64_t core;
};

_Static_assert(offsetof(struct core_start, mair) == CORE_MAIR &&
		       offsetof(struct core_start, tcr) == CORE_TCR &&
		       offsetof(struct core_start, ttbr) == CORE_TTBR &&
		       offsetof(struct core_start, sctlr) == CORE_SCTLR &&
		       offsetof(struct core_start, stack) == CORE_STACK,
	       "head.S knows struct core_start");

/* head.S and loader.ld; hidden: reached relative to pc, not through a table of addresses. */
#pragma GCC visibility push(hidden)
void mmu_on(uint64_t mair, uint64_t tcr, uint64_t ttbr, uint64_t sctlr);
void secondary_entry(void);
int64_t psci_smc(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
int64_t psci_hvc(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
_Noreturn void stub_call(uint64_t bootinfo, uint64_t core, uint64_t stack_top, uint64_t root_pt,
			 uint64_t entry, uint64_t stub);
extern char _image_start[], _image_end[], stub_begin[], stub_end[];
#pragma GCC visibility pop

/* main.c, cores.c: called by head.S */
void loader_main(uint64_t dtb, uint64_t mode);
_Noreturn void secondary_main(const struct core_start *start);
_Noreturn void exception(uint64_t syndrome, uint64_t pc, uint64_t address);
#endif
#endif
