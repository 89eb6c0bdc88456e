/* SPDX-License-Identifier: BSD-2-Clause */
/* A component's registers, and its system call instruction. */
#include "arch.h"
#include "core.h"
#include "entry.h"
#include "machine.h"
#include "simulation.h"
#include "thread.h"

#define FLAGS 0xf0000000ul

void arch_frame_init(struct arch_frame *frame)
{
	*frame = (struct arch_frame){ 0 };
}

uint64_t arch_frame_read(const struct arch_frame *frame, unsigned reg)
{
	return frame->reg[reg];
}

void arch_frame_write(struct arch_frame *frame, unsigned reg, uint64_t value)
{
	frame->reg[reg] = reg == SK_REG_FLAGS ? value & FLAGS : value;
}

void arch_frame_restart(struct arch_frame *frame)
{
	frame->reg[SK_REG_PC] -= HOST_SYSCALL_BYTES;
}

void host_syscall(unsigned number, uint64_t call)
{
	struct core *core = &cores[number], *before = host_switch(number);

	core->current->frame.reg[SK_REG_PC] += HOST_SYSCALL_BYTES;
	kernel_syscall(core, call);
	host_resume(core);
	host_here = before;
}
