/* SPDX-License-Identifier: BSD-2-Clause */
/* What vectors.S and head.S call. Own core, interrupts masked; arch_resume follows each trap_*. */
#ifndef SKERRY_TRAP_H
#define SKERRY_TRAP_H

#include "types.h"

struct bootinfo;
struct core;

void trap_thread_sync(struct core *core, uint64_t esr);
void trap_guest_sync(struct core *core, uint64_t esr);
_Noreturn void trap_kernel(uint64_t esr, uint64_t elr, uint64_t far);
_Noreturn void kernel_main(const struct bootinfo *boot, unsigned number, uint64_t stack_top);

#endif
