/* SPDX-License-Identifier: BSD-2-Clause */
#include "fp.h"

#include "kernel.h"
#include "cpu.h"
#include "sysreg.h"

void fp_open(struct core *core, bool open)
{
	core->arch.fp_open = open;
	WRITE_SYSREG(cptr_el2, open ? CPTR_HOST : CPTR_HOST | CPTR_TFP);
}

void fp_take(struct core *core, struct fp_state *to)
{
	fp_open(core, true);
	isb();
	if (core->arch.fp == to) /* they were its own, only closed */
		return;
	if (core->arch.fp)
		fp_save(core->arch.fp);
	fp_load(to);
	core->arch.fp = to;
}

void fp_drop(struct core *core, struct fp_state *state)
{
	if (core->arch.fp != state)
		return;
	fp_open(core, true);
	isb();
	fp_save(state);
	fp_open(core, false); /* nobody's: who uses them next traps first */
	core->arch.fp = NULL;
}

void arch_thread_unload(struct core *core, struct thread *thread)
{
	fp_drop(core, &thread->arch.fp);
}
