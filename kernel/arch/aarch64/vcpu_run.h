/* SPDX-License-Identifier: BSD-2-Clause */
/* What vcpu_run.c shares with calls.S and vcpu_regs.c. Home core. */
#ifndef SKERRY_VCPU_RUN_H
#define SKERRY_VCPU_RUN_H

#include "types.h"

/* From calls.S: SK_VCPU_RUN with its words; the thread's callee-saved registers are in its frame. */
void fast_vcpu_run(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t w5,
			     uint64_t w6);

/* Whether a VMM may put VALUE into its list register n of `usable`, given what all of them hold. */
bool list_legal(unsigned usable, const uint64_t *list, unsigned n, uint64_t value);

/* Of word 7 of an exit, what ICH_MISR_EL2 says to look for: seldom anything. */
uint64_t list_events(uint64_t misr);

#endif
