/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the VMM's own random numbers begin. */
#ifndef VMM_SEED_H
#define VMM_SEED_H

#include "core/vm.h"

/* Seeds vm->entropy. Before there are devices; vCPU 0's event is known. */
void seed_entropy(struct vm *vm);

#endif
