/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FP and SIMD registers, switched when they are first used: whoever does not own
 * them traps (CPTR_EL2.TFP, [ARM] D23.2.34). Own core only.
 */
#pragma once

#include "arch_types.h"

/* Makes `to` the owner: saves the present owner's registers, loads its. */
void fp_take(struct core *core, struct fp_state *to);

/* If `state` owns the registers they are saved, and nobody's any more. */
void fp_drop(struct core *core, struct fp_state *state);

/* Sets CPTR_EL2.TFP: not open, it traps. */
void fp_open(struct core *core, bool open);

void fp_save(struct fp_state *state);
void fp_load(const struct fp_state *state);
