/* SPDX-License-Identifier: BSD-2-Clause */
/* The FP register of a core, switched when another thread first uses it. */
#include "arch.h"
#include "core.h"
#include "machine.h"
#include "thread.h"

void arch_thread_unload(struct core *core, struct thread *thread)
{
	if (core->arch.fp_owner != thread)
		return;
	thread->arch.fp = core->arch.fp;
	core->arch.fp_owner = NULL;
}

uint64_t host_fp_swap(unsigned number, uint64_t value)
{
	struct core *core = &cores[number];
	struct thread *owner = core->arch.fp_owner;
	uint64_t had;

	if (owner != core->current) {
		if (owner)
			owner->arch.fp = core->arch.fp;
		core->arch.fp = core->current->arch.fp;
		core->arch.fp_owner = core->current;
	}
	had = core->arch.fp;
	core->arch.fp = value;
	return had;
}
