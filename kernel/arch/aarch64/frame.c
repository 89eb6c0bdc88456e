/* SPDX-License-Identifier: BSD-2-Clause */
/* A component's registers. */
#include "arch.h"
#include "core.h"
#include "thread.h"
#include "fp.h"

#define PSTATE_NZCV (0xful << 28)

void arch_frame_init(struct arch_frame *frame)
{
	frame->pstate = 0; /* EL0t, AArch64, nothing masked */
}

static uint64_t *place(struct arch_frame *frame, unsigned reg)
{
	switch (reg) {
	case SK_REG_SP:
		return &frame->sp;
	case SK_REG_PC:
		return &frame->pc;
	case SK_REG_FLAGS:
		return &frame->pstate;
	case SK_REG_TLS:
		return &frame->tls;
	default:
		return &frame->x[reg];
	}
}

uint64_t arch_frame_read(const struct arch_frame *frame, unsigned reg)
{
	return *place((struct arch_frame *)(uintptr_t)frame, reg);
}

void arch_frame_write(struct arch_frame *frame, unsigned reg, uint64_t value)
{
	*place(frame, reg) = reg == SK_REG_FLAGS ? value & PSTATE_NZCV : value;
}

void arch_frame_restart(struct arch_frame *frame)
{
	frame->pc -= 4; /* the svc */
}

void arch_thread_unload(struct core *core, struct thread *thread, bool keep)
{
	fp_drop(core, &thread->arch.fp, keep);
}
