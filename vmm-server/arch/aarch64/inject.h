/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions that the VMM makes the guest take, as the machine would. */
#ifndef VMM_INJECT_H
#define VMM_INJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/vm.h"

/*
 * Each sets the vCPU's registers as if the instruction at PC had raised the
 * exception; the next entry runs the guest's handler. ADDRESS is virtual.
 */
void inject_data_abort(struct vcpu *cpu, uint64_t pc, uint64_t address, bool write);
void inject_fetch_abort(struct vcpu *cpu, uint64_t pc, uint64_t address);
void inject_undefined(struct vcpu *cpu, uint64_t pc);

#endif
