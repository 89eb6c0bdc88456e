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
	static const struct hypercall *const tables[] = { smccc_calls, trng_calls };
	hypercall_function *psci = psci_find(id);

	if (psci)
		return psci;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct hypercall *call = tables[i]; call->perform; call++) {
			if (call->id == id)
				return call->perform;
		}
	}
	return NULL;
}

/* The answer is made in place. Of a 32-bit call the upper halves of the arguments do not count. */
static inline void call(struct vcpu *cpu, const struct sk_words *exit, hypercall_function *perform)
{
	uint64_t mask = exit->w[1] & HYPERCALL_64 ? ~0ul : 0xfffffffful;
	uint64_t *x = &cpu->run.w[1];

	cpu->run.w[0] = SK_RUN_ANSWER;
	x[0] = exit->w[1];
	for (unsigned i = 1; i < 4; i++)
		x[i] = exit->w[1 + i] & mask;
	perform(cpu, x);
}

static void unknown(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = RESULT_NOT_SUPPORTED;
}

static __attribute__((noinline)) void call_other(struct vcpu *cpu, const struct sk_words *exit)
{
	hypercall_function *perform = exit->w[6] == 0 ? hypercall_find((uint32_t)exit->w[1]) : NULL;

	if (!perform) {
		guest_log("unknown call 0x%lx (immediate %lu) at pc 0x%lx", (unsigned long)exit->w[1],
			  (unsigned long)exit->w[6], (unsigned long)exit->w[5]);
		perform = unknown;
	}
	call(cpu, exit, perform);
}

void arch_exit_hypercall(struct vcpu *cpu, const struct sk_words *exit)
{
	hypercall_function *perform = psci_find((uint32_t)exit->w[1]);

	if (perform && exit->w[6] == 0)
		call(cpu, exit, perform);
	else
		call_other(cpu, exit);
}
