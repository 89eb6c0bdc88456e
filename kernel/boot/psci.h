/* SPDX-License-Identifier: BSD-2-Clause */
/* The Power State Coordination Interface (Arm DEN 0022F). */
#ifndef BOOT_PSCI_H
#define BOOT_PSCI_H

#include <stdbool.h>
#include <stdint.h>

/* Starts the core MPIDR at the physical address ENTRY, x0 = CONTEXT. Returns 0 or PSCI's (negative) error. */
int64_t psci_cpu_on(bool hvc, uint64_t mpidr, uint64_t entry, uint64_t context);

/* Turns the machine off. Returns if that fails. */
void psci_off(bool hvc);

#endif
