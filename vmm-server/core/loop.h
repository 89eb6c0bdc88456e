/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VMM_LOOP_H
#define VMM_LOOP_H

#include <stdint.h>

#include "core/vm.h"

/* Runs a vCPU in the calling thread, which it is bound to, until vm->outcome is decided. */
void vcpu_loop(struct vcpu *cpu);

/* Waits until an event or the deadline (physical counter), and serves the events. */
void vcpu_wait(struct vcpu *cpu, uint64_t deadline);

#endif
