/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between a thread and its guest: what every exit and entry switches. gate_exit
 * and gate_enter in gate.S are the hot paths; gate_out is the same as the
 * first half of gate_exit for those who leave the guest without an exit. Own core
 * only.
 */
#pragma once

#include "core.h"
#include "cpu.h"
#include "fp.h"
#include "space.h"
#include "sysreg.h"
#include "thread.h"
#include "vcpu.h"

extern char thread_vectors[], guest_vectors[];

/* Lets whoever is entered (null: nobody) use the FP registers if it owns them; else it traps at its first use. */
static inline void gate_fp(struct core *core, const struct fp_state *state)
{
	bool open = state && core->arch.fp == state;

	if (__builtin_expect(core->arch.fp_open != open, 0))
		fp_open(core, open);
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

/* What vectors.S, gate.S and head.S call: trap.c; arch_resume follows each. */
void trap_thread_sync(struct core *core, uint64_t esr);
void trap_guest_sync(struct core *core, uint64_t esr);
_Noreturn void kernel_main(const struct bootinfo *boot, unsigned number, uint64_t stack_top);

/*
 * vcpu_run.c; the vCPU is loaded. The list register writes of SK_VCPU_RUN, whose words these are: false and nothing
 * written if one is refused.
 */
bool lists_answer(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t a, uint64_t b);
/* Of word 7 of an exit, what ICH_MISR_EL2 says to look for: seldom anything. It is told once. */
uint64_t list_events(uint64_t misr);

/* In guest.c. */
void gate_out(struct core *core, struct arch_vcpu *v);

/* In gate.S. */
/* They never return, but are not told the compiler so: it would not make a jump of the last call. */
void gate_enter(struct core *core, struct vcpu *vcpu);
/* The guest's plain access to a device, which the syndrome describes: an exit. */
void gate_mmio(uint64_t esr);
void gate_exit(uint64_t word, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t pc, uint64_t w6);
