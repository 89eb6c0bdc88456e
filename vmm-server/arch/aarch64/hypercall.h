/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls from the guest by HVC or SMC, which are answered alike. */
#ifndef VMM_HYPERCALL_H
#define VMM_HYPERCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/vm.h"

/*
 * A function: x[0..3] = x0..x3, in and out. Registers that it leaves alone keep
 * their values, as the calling convention asks.
 */
typedef void hypercall_function(struct vcpu *cpu, uint64_t x[4]);

/* The function of this number, or null. */
hypercall_function *hypercall_find(uint32_t id);

/* Return values: PSCI (Arm DEN0022 F.b, 5.2.2) and SMCCC share -1. */
#define RESULT_SUCCESS            0ul
#define RESULT_NOT_SUPPORTED      ((uint64_t)-1)
#define RESULT_INVALID_PARAMETERS ((uint64_t)-2)
#define RESULT_DENIED             ((uint64_t)-3)
#define RESULT_ALREADY_ON         ((uint64_t)-4)
#define RESULT_ON_PENDING         ((uint64_t)-5)
#define RESULT_INVALID_ADDRESS    ((uint64_t)-9)

/* Bit 30 of a function number: SMC64, arguments are 64-bit. */
#define HYPERCALL_64 0x40000000u

struct hypercall {
	uint32_t id;
	hypercall_function *perform;
};

/* PSCI's, by number: 0x84000000 and up, or 0xc4000000 in the SMC64 form. psci.c */
#define PSCI_BASE  0x84000000u
#define PSCI_CALLS 0x13u

struct psci_call {
	hypercall_function *perform;
	bool wide;           /* there is an SMC64 form too */
};
extern const struct psci_call psci_calls[PSCI_CALLS];

/* Likewise, of PSCI. */
static inline hypercall_function *psci_find(uint32_t id)
{
	uint32_t number = (id & ~HYPERCALL_64) - PSCI_BASE;

	if (number >= PSCI_CALLS || ((id & HYPERCALL_64) && !psci_calls[number].wide))
		return 0;
	return psci_calls[number].perform;
}

/* Tables that end in { 0, 0 }. */
extern const struct hypercall smccc_calls[];  /* hypercall.c */
extern const struct hypercall trng_calls[];   /* trng.c */

#endif
