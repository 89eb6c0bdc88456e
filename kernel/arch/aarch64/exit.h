/* SPDX-License-Identifier: BSD-2-Clause */
/* Out of the guest, and from the system call into it. Home core. */
#ifndef SKERRY_EXIT_H
#define SKERRY_EXIT_H

#include "gate.h"

/* Assembly: OK and these words to the current thread, which is in a call. */
_Noreturn void thread_return(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t w5,
			     uint64_t w6, uint64_t w7);

/* From vectors.S: SK_VCPU_RUN with its words; the thread's callee-saved registers are in its frame. */
_Noreturn void fast_vcpu_run(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t w5,
			     uint64_t w6);

/* Whether a VMM may put VALUE into its list register n of `usable`, given what all of them hold. */
bool list_legal(unsigned usable, const uint64_t *list, unsigned n, uint64_t value);

/* Of word 7, what ICH_MISR_EL2 says to look for: seldom anything. */
uint64_t list_events(uint64_t misr);

/* Word 7. */
static inline uint64_t list_state(void)
{
	uint64_t empty = READ_SYSREG(ich_elrsr_el2) >> 1, misr = READ_SYSREG(ich_misr_el2); /* 1: TIMER_LIST */

	return __builtin_expect(misr != 0, 0) ? empty | list_events(misr) : empty;
}

/*
 * The current thread's vCPU exits: back to the thread, past the scheduler (the
 * trap made nobody ready). The words are those of abi/skerry.h; the vCPU's
 * `pending` says what the answer will be for.
 */
static inline _Noreturn void exit_guest(struct core *core, struct vcpu *vcpu, uint64_t word, uint64_t w1, uint64_t w2,
					uint64_t w3, uint64_t w4, uint64_t pc, uint64_t w6)
{
	struct thread *thread = vcpu->thread;
	uint64_t lists = list_state();

	thread->in_guest = 0;
	gate_out(core, &vcpu->arch);
	gate_space(core, thread->space);
	gate_fp(core, &thread->arch.fp);
	thread_return(word, w1, w2, w3, w4, pc, w6, lists);
}

#endif
