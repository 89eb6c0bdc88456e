/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest on its core. A vCPU's registers are in memory or, while it is loaded,
 * in the core; what memory holds then is made useless, so that reading it
 * without unloading is seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "core.h"
#include "entry.h"
#include "machine.h"
#include "simulation.h"
#include "space.h"
#include "vcpu.h"

#define POISON 0xdb

void arch_vcpu_unload(struct core *core, struct vcpu *vcpu)
{
	if (core->arch.loaded != vcpu)
		return;
	arch_vcpu_leave(core, vcpu);
	memcpy(vcpu->arch.reg, core->arch.guest, sizeof(vcpu->arch.reg));
	memset(core->arch.guest, POISON, sizeof(core->arch.guest));
	core->arch.loaded = NULL;
}

static void load(struct core *core, struct vcpu *vcpu)
{
	if (core->arch.loaded == vcpu)
		return;
	if (core->arch.loaded)
		arch_vcpu_unload(core, core->arch.loaded);
	memcpy(core->arch.guest, vcpu->arch.reg, sizeof(core->arch.guest));
	memset(vcpu->arch.reg, POISON, sizeof(vcpu->arch.reg));
	core->arch.loaded = vcpu;
}

void arch_vcpu_leave(struct core *core, struct vcpu *vcpu)
{
	if (core->arch.entered == vcpu)
		core->arch.entered = NULL;
}

static void enter(struct core *core, struct vcpu *vcpu)
{
	load(core, vcpu);
	core->arch.entered = vcpu;
	if (core->space != vcpu->space)
		arch_space_load(core, vcpu->space);
}

void host_resume(struct core *core)
{
	struct thread *thread = core->current;

	if (thread && thread->in_guest) {
		if (vcpu_may_enter(core, thread)) {
			enter(core, thread->vcpu);
			return;
		}
		vcpu_event(core, thread);
	}
	if (core->arch.entered)
		arch_vcpu_leave(core, core->arch.entered);
	if (thread && core->space != thread->space)
		arch_space_load(core, thread->space);
}

void host_trap(struct core *core)
{
	if (core->current && core->current->in_guest)
		vcpu_left(core->current);
}

bool host_in_guest(unsigned number)
{
	const struct core *core = &cores[number];

	return core->current && core->current->in_guest && core->arch.entered == core->current->vcpu;
}

void host_guest_exit(unsigned number, uint64_t exit_word, uint64_t w1, unsigned reg)
{
	struct core *core = &cores[number], *before = host_switch(number);
	struct thread *thread = core->current;
	struct vcpu *vcpu = thread->vcpu;

	host_trap(core);
	vcpu->arch.pending = 1;
	vcpu->arch.pending_reg = (uint8_t)reg;
	thread->in_guest = 0;
	arch_vcpu_lists(core, vcpu, &thread->frame);
	frame_word(&thread->frame, 0) = exit_word;
	frame_word(&thread->frame, 1) = w1;
	frame_word(&thread->frame, 5) = core->arch.guest[SK_VREG_PC];
	frame_slot(&thread->frame) = SK_OK;
	host_resume(core);
	host_here = before;
}

uint64_t *host_guest_reg(unsigned core, unsigned vreg)
{
	return &cores[core].arch.guest[vreg];
}
