/* SPDX-License-Identifier: BSD-2-Clause */
/* What vcpu_run.c shares with gate.S. Home core, the vCPU loaded. */
#ifndef SKERRY_VCPU_RUN_H
#define SKERRY_VCPU_RUN_H

#include "types.h"

/*
 * The list register writes of SK_VCPU_RUN, whose words these are: false and nothing
 * written if one is refused.
 */
bool lists_answer(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t a, uint64_t b);

/* Of word 7 of an exit, what ICH_MISR_EL2 says to look for: seldom anything. It is told once. */
uint64_t list_events(uint64_t misr);

#endif
