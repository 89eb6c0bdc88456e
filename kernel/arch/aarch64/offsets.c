/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets for assembly, taken from C at build time. */
#include <stddef.h>

#include "../../core/core.h"
#include "../../core/thread.h"
#include "../../core/vcpu.h"

#define OFFSET(name, value) __asm__ volatile(".ascii \"->" #name " %c0\"" : : "i"(value))

void offsets(void);

void offsets(void)
{
	OFFSET(CORE_STACK, offsetof(struct core, arch.stack_top));
	OFFSET(FRAME_SP, offsetof(struct arch_frame, sp));
	OFFSET(FRAME_PSTATE, offsetof(struct arch_frame, pstate));
	OFFSET(VCPU_PC, offsetof(struct arch_vcpu, pc));
}
