/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest reads in its identification registers. idregs.c is the table. */
#ifndef VMM_IDREGS_H
#define VMM_IDREGS_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/*
 * REG is SK_SYSREG(3, 0, 0, CRm, op2); *value what the core has, and then what the guest sees: of the features
 * that this version offers. False: a write, or no ID register (CRm 0).
 */
bool idregs_access(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value);

#endif
