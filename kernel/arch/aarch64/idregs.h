/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_IDREGS_H
#define SKERRY_IDREGS_H

#include "types.h"

/*
 * What a guest reads in an identification register (HCR_EL2.TID3 traps them):
 * what the core has of the features that this version offers. sysreg: SK_SYSREG
 * encoding. False: not in the ID space (op0 3, op1 0, CRn 0, CRm 1..7), *value
 * untouched. Any core.
 */
bool idregs_read(unsigned sysreg, uint64_t *value);

#endif
