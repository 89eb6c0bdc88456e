/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a vCPU that is out of the guest, one at a time: for the seldom paths. */
#ifndef VMM_VREG_H
#define VMM_VREG_H

#include <stdint.h>

#include "core/vm.h"

/* REG: enum sk_vreg. Only the thread that runs the vCPU. */
uint64_t vreg_read(const struct vcpu *cpu, unsigned reg);
void vreg_write(struct vcpu *cpu, unsigned reg, uint64_t value);

#endif
