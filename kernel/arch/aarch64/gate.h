/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between a thread and its guest: what every exit and entry switches. Inline,
 * for both are the hot paths. Own core only.
 */
#ifndef SKERRY_GATE_H
#define SKERRY_GATE_H

#include "core.h"
#include "cpu.h"
#include "fp.h"
#include "space.h"
#include "sysreg.h"
#include "thread.h"
#include "vcpu.h"

extern char thread_vectors[], guest_vectors[];

/* Registers of EL1 that bind, or are seen by, EL0 under TGE, and what components get. */
#define EACH_EL0(X)                                                                  \
	X(sctlr, sctlr_el1, SCTLR_COMPONENT) X(cpacr, cpacr_el1, CPACR_COMPONENT)    \
	X(cntkctl, cntkctl_el1, CNTKCTL_COMPONENT) X(tpidrro_el0, tpidrro_el0, 0)    \
	X(cntv_ctl, cntv_ctl_el0, 0)

/* Lets whoever is entered use the FP registers if it owns them; else it traps at its first use. */
static inline void gate_fp(struct core *core, const struct fp_state *state)
{
	bool open = core->arch.fp == state;

	if (__builtin_expect(core->arch.fp_open != open, 0))
		fp_open(core, open);
}

static inline void gate_space(struct core *core, struct space *space)
{
	core->space = space;
	WRITE_SYSREG(vttbr_el2, space->hardware.vttbr); /* the eret synchronises */
}

/* ICH_HCR_EL2 (IHI 0069H, 12.4.5): on, an EOI without entry exits; and underflow, if wanted. */
#define ICH_RUN (1ul | 1ul << 2)
#define ICH_UIE (1ul << 1)

/*
 * The virtual interface stays on outside the guest (HCR_EL2.TGE keeps its
 * interrupts away); it is off after a maintenance interrupt until the next entry.
 */
static inline void gate_interface(struct core *core, uint32_t value)
{
	if (core->arch.ich_hcr == value)
		return;
	core->arch.ich_hcr = value;
	WRITE_SYSREG(ich_hcr_el2, value);
}

/* sp_el0 and tpidr_el0 of a thread are written where it is entered. */
static inline void gate_out(struct core *core, struct arch_vcpu *v)
{
	core->arch.guest = NULL;
#define X(field, reg, component) v->el0.field = READ_SYSREG(reg);
	EACH_EL0(X)
#undef X
	v->el0.sp_el0 = READ_SYSREG(sp_el0);
	v->el0.tpidr_el0 = READ_SYSREG(tpidr_el0);
#define X(field, reg, component) WRITE_SYSREG(reg, component);
	EACH_EL0(X)
#undef X
	WRITE_SYSREG(hcr_el2, HCR_COMPONENT);
	WRITE_SYSREG(vbar_el2, (uintptr_t)thread_vectors);
}

static inline void gate_in(struct core *core, struct vcpu *vcpu)
{
	const struct arch_vcpu *v = &vcpu->arch;

	core->arch.guest = vcpu;
#define X(field, reg, component) WRITE_SYSREG(reg, v->el0.field);
	EACH_EL0(X)
#undef X
	WRITE_SYSREG(sp_el0, v->el0.sp_el0);
	WRITE_SYSREG(tpidr_el0, v->el0.tpidr_el0);
	WRITE_SYSREG(hcr_el2, HCR_GUEST);
	WRITE_SYSREG(vbar_el2, (uintptr_t)guest_vectors);
}

#endif
