/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's EL1 physical timer. cntp.c is the manual. */
#ifndef VMM_CNTP_H
#define VMM_CNTP_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* Sets the timer's interrupt line. Returns the physical count at which it will rise, SK_NEVER if it will not. */
uint64_t cntp_poll(struct vcpu *cpu);

/* System register accesses: REG is SK_SYSREG(...). False: none of the timer's. */
bool cntp_access(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value);

#endif
