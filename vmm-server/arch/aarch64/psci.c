/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Power State Coordination Interface 1.1 (Arm DEN0022 F.b, section 5).
 */
#include <stddef.h>

#include "arch/aarch64/hypercall.h"
#include "core/log.h"

#define PSCI_VERSION           0x84000000u
#define PSCI_CPU_SUSPEND       0x84000001u
#define PSCI_CPU_OFF           0x84000002u
#define PSCI_CPU_ON            0x84000003u
#define PSCI_AFFINITY_INFO     0x84000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_SYSTEM_OFF        0x84000008u
#define PSCI_SYSTEM_RESET      0x84000009u
#define PSCI_FEATURES          0x8400000au
#define PSCI_SYSTEM_RESET2     0x84000012u
#define SMCCC_VERSION          0x80000000u

#define VERSION_1_1     0x10001u
#define NO_TRUSTED_OS   2u
#define AFFINITY_ON     0u
#define AFFINITY_OFF    1u
#define POWER_STATE_BAD 0xfcfe0000ul  /* bits that must be zero in the original format */

static void psci_version(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = VERSION_1_1;
}

/* Any state may be entered as a standby that ends at once: nothing is lost, so power-down needs no entry point. */
static void psci_cpu_suspend(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = x[1] & POWER_STATE_BAD ? RESULT_INVALID_PARAMETERS : RESULT_SUCCESS;
}

static bool others_run(const struct vcpu *cpu)
{
	for (unsigned i = 0; i < cpu->vm->cpus; i++) {
		if (i != cpu->index && !cpu->vm->vcpu[i].arch.off)
			return true;
	}
	return false;
}

static void psci_cpu_off(struct vcpu *cpu, uint64_t x[4])
{
	(void)x;
	cpu->arch.off = true;
	if (others_run(cpu))
		return;
	vm_log("the last vCPU switched itself off");
	cpu->vm->outcome = VM_OFF;
}

/* The vCPU with this affinity, or null. */
static struct vcpu *find(struct vm *vm, uint64_t affinity)
{
	for (unsigned i = 0; i < vm->cpus; i++) {
		if (vm->vcpu[i].arch.affinity == affinity)
			return &vm->vcpu[i];
	}
	return NULL;
}

static void psci_cpu_on(struct vcpu *cpu, uint64_t x[4])
{
	struct vcpu *target = find(cpu->vm, x[1]);

	if (!target)
		x[0] = RESULT_INVALID_PARAMETERS;
	else
		x[0] = target->arch.off ? RESULT_DENIED : RESULT_ALREADY_ON;
}

/* x[2]: lowest affinity level. Levels above 0 may be refused since version 1.0. */
static void psci_affinity_info(struct vcpu *cpu, uint64_t x[4])
{
	struct vcpu *target = find(cpu->vm, x[1]);

	if (!target || x[2] != 0)
		x[0] = RESULT_INVALID_PARAMETERS;
	else
		x[0] = target->arch.off ? AFFINITY_OFF : AFFINITY_ON;
}

static void psci_migrate_info_type(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = NO_TRUSTED_OS;
}

static void psci_system_off(struct vcpu *cpu, uint64_t x[4])
{
	(void)x;
	cpu->vm->outcome = VM_OFF;
}

static void psci_system_reset(struct vcpu *cpu, uint64_t x[4])
{
	(void)x;
	cpu->vm->outcome = VM_RESET;
}

/* Only the architectural warm reset (type 0), which here is the same as a cold one. */
static void psci_system_reset2(struct vcpu *cpu, uint64_t x[4])
{
	if ((uint32_t)x[1] != 0)
		x[0] = RESULT_INVALID_PARAMETERS;
	else
		cpu->vm->outcome = VM_RESET;
}

static void psci_features(struct vcpu *cpu, uint64_t x[4])
{
	uint32_t id = (uint32_t)x[1];

	(void)cpu;
	x[0] = RESULT_NOT_SUPPORTED;
	if (id == SMCCC_VERSION)
		x[0] = RESULT_SUCCESS;
	for (const struct hypercall *call = psci_calls; call->perform; call++) {
		if (call->id == id)
			x[0] = RESULT_SUCCESS;
	}
}

const struct hypercall psci_calls[] = {
	{ PSCI_VERSION, psci_version },
	{ PSCI_CPU_SUSPEND, psci_cpu_suspend },
	{ PSCI_CPU_SUSPEND | HYPERCALL_64, psci_cpu_suspend },
	{ PSCI_CPU_OFF, psci_cpu_off },
	{ PSCI_CPU_ON, psci_cpu_on },
	{ PSCI_CPU_ON | HYPERCALL_64, psci_cpu_on },
	{ PSCI_AFFINITY_INFO, psci_affinity_info },
	{ PSCI_AFFINITY_INFO | HYPERCALL_64, psci_affinity_info },
	{ PSCI_MIGRATE_INFO_TYPE, psci_migrate_info_type },
	{ PSCI_SYSTEM_OFF, psci_system_off },
	{ PSCI_SYSTEM_RESET, psci_system_reset },
	{ PSCI_FEATURES, psci_features },
	{ PSCI_SYSTEM_RESET2, psci_system_reset2 },
	{ PSCI_SYSTEM_RESET2 | HYPERCALL_64, psci_system_reset2 },
	{ 0, NULL },
};
