/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Function number -> function, and the two calls of the convention itself.
 * Reference: SMC Calling Convention, Arm DEN0028 F, section 7.
 */
#include "arch/aarch64/hypercall.h"

#include <stddef.h>

#include "core/arch.h"
#include "core/log.h"

#define SMCCC_VERSION       0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u
#define VENDOR_CALL_UID     0x8600ff01u  /* whose vendor calls are these? Every Linux asks */
#define VERSION_1_1         0x10001u
#define ARCH_CALLS          0xffffu     /* arch calls differ in these bits only */

static void smccc_version(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = VERSION_1_1;
}

/* No workaround calls are offered: what a CPU's errata ask for is the kernel's business. */
static void smccc_arch_features(struct vcpu *cpu, uint64_t x[4])
{
	uint32_t id = (uint32_t)x[1];

	(void)cpu;
	x[0] = (id & ~ARCH_CALLS) == SMCCC_VERSION && hypercall_find(id) ? RESULT_SUCCESS : RESULT_NOT_SUPPORTED;
}

static void no_vendor_calls(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = RESULT_NOT_SUPPORTED;
}

const struct hypercall smccc_calls[] = {
	{ SMCCC_VERSION, smccc_version },
	{ SMCCC_ARCH_FEATURES, smccc_arch_features },
	{ VENDOR_CALL_UID, no_vendor_calls },
	{ 0, NULL },
};

hypercall_function *hypercall_find(uint32_t id)
{
	static const struct hypercall *const tables[] = { psci_calls, smccc_calls, trng_calls };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct hypercall *call = tables[i]; call->perform; call++) {
			if (call->id == id)
				return call->perform;
		}
	}
	return NULL;
}

/* 32-bit calls: the upper halves of the arguments do not count. */
static void narrow(uint64_t x[4])
{
	if (x[0] & HYPERCALL_64)
		return;
	for (unsigned i = 1; i < 4; i++)
		x[i] = (uint32_t)x[i];
}

void arch_exit_hypercall(struct vcpu *cpu, const struct sk_words *exit)
{
	uint64_t x[4] = { exit->w[1], exit->w[2], exit->w[3], exit->w[4] };
	hypercall_function *perform = exit->w[6] == 0 ? hypercall_find((uint32_t)x[0]) : NULL;

	if (perform) {
		narrow(x);
		perform(cpu, x);
	} else {
		guest_log("unknown call 0x%lx (immediate %lu) at pc 0x%lx", (unsigned long)x[0],
			  (unsigned long)exit->w[6], (unsigned long)exit->w[5]);
		x[0] = RESULT_NOT_SUPPORTED;
	}
	cpu->run.w[0] = SK_RUN_ANSWER;
	for (unsigned i = 0; i < 4; i++)
		cpu->run.w[1 + i] = x[i];
}
