/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VMM_THREADS_H
#define VMM_THREADS_H

#include "core/vm.h"

/* Starts the threads of vCPU 1 and up; they wait for threads_run. Main thread, once. */
void threads_start(struct vm *vm);

/* Runs all vCPUs until vm->outcome is decided and no other thread is in the machine any more. Main thread. */
void threads_run(struct vm *vm);

#endif
