/* SPDX-License-Identifier: BSD-2-Clause */
/* Out of the guest: what trap.c tells vcpu_run.c. Home core. */
#ifndef SKERRY_EXIT_H
#define SKERRY_EXIT_H

#include "arch_types.h"

struct vcpu;

/* The words of an exit (abi/skerry.h), and what its answer will be for. */
struct exit {
	uint64_t word, w1, w2, w3, w4, pc, w6;
	enum vcpu_pending pending;
};

/*
 * The current thread's vCPU exits: back to the thread, past the scheduler (the
 * trap made nobody ready). Never returns.
 */
_Noreturn void exit_guest(struct core *core, struct vcpu *vcpu, const struct exit *exit);

/* Whether a VMM may put VALUE into its list register n of `usable`, given what all of them hold. */
bool list_legal(unsigned usable, const uint64_t *list, unsigned n, uint64_t value);

/* From vectors.S: SK_VCPU_RUN with its words; the thread's callee-saved registers are in its frame. */
_Noreturn void fast_vcpu_run(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t w5,
			     uint64_t w6);

/* Assembly: OK and these words to the current thread, which is in a call. */
_Noreturn void thread_return(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t w5,
			     uint64_t w6, uint64_t w7);

#endif
