/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Power State Coordination Interface 1.1 (Arm DEN0022 F.b, section 5).
 */
#include <stddef.h>

#include "arch/aarch64/hypercall.h"
#include "arch/aarch64/vreg.h"
#include "core/log.h"

#define PSCI_VERSION           0x00
#define PSCI_CPU_SUSPEND       0x01
#define PSCI_CPU_OFF           0x02
#define PSCI_CPU_ON            0x03
#define PSCI_AFFINITY_INFO     0x04
#define PSCI_MIGRATE_INFO_TYPE 0x06
#define PSCI_SYSTEM_OFF        0x08
#define PSCI_SYSTEM_RESET      0x09
#define PSCI_FEATURES          0x0a
#define PSCI_SYSTEM_RESET2     0x12
#define SMCCC_VERSION          0x80000000u

#define VERSION_1_1     0x10001u
#define NO_TRUSTED_OS   2u
#define AFFINITY_ON     0u
#define AFFINITY_OFF    1u
#define AFFINITY_ON_PENDING 2u
#define TIMER_ENABLE    1u
#define TIMER_IMASK     2u
#define POWER_STATE_BAD 0xfcfe0000ul  /* bits that must be zero in the original format */

static void psci_version(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = VERSION_1_1;
}

/* When the virtual timer wants the vCPU to run (physical counter). */
static uint64_t timer_deadline(const struct vcpu *cpu)
{
	uint64_t ctl = vreg_read(cpu, SK_VREG_CNTV_CTL);

	if ((ctl & (TIMER_ENABLE | TIMER_IMASK)) != TIMER_ENABLE)
		return SK_NEVER;
	return vreg_read(cpu, SK_VREG_CNTV_CVAL) + vreg_read(cpu, SK_VREG_CNTVOFF);
}

/*
 * Any state is entered as a standby, a WFI: nothing is lost, so power-down needs
 * no entry point (5.4.5 allows that). What stands in a list register may be
 * pending: then it ends at once.
 */
static void psci_cpu_suspend(struct vcpu *cpu, uint64_t x[4])
{
	x[0] = RESULT_INVALID_PARAMETERS;
	if (x[1] & POWER_STATE_BAD)
		return;
	x[0] = RESULT_SUCCESS;
	if (!vgic_in_use(&cpu->vm->arch.gic, cpu->index))
		vcpu_idle(cpu, timer_deadline(cpu));
}

static bool some_run(const struct vm *vm)
{
	for (unsigned i = 0; i < vm->cpus; i++) {
		if (atomic_load(&vm->vcpu[i].arch.power) != VCPU_POWER_OFF)
			return true;
	}
	return false;
}

/* Two that are the last at once both find nobody, and decide the same. */
static void psci_cpu_off(struct vcpu *cpu, uint64_t x[4])
{
	(void)x;
	atomic_fetch_or(&cpu->halt, VCPU_OFF);
	atomic_store(&cpu->arch.power, VCPU_POWER_OFF);
	if (some_run(cpu->vm))
		return;
	vm_log("the last vCPU switched itself off");
	vm_decide(cpu->vm, VM_OFF);
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
	enum vcpu_power was = VCPU_POWER_OFF;

	if (!target) {
		x[0] = RESULT_INVALID_PARAMETERS;
	} else if (atomic_load(&target->arch.power) == VCPU_POWER_OFF &&
		   (x[2] & 3 || !ram_at(&cpu->vm->ram, gpa(x[2]), 4))) {
		x[0] = RESULT_INVALID_ADDRESS;
	} else if (!atomic_compare_exchange_strong(&target->arch.power, &was, VCPU_POWER_CLAIMED)) {
		x[0] = was == VCPU_POWER_ON ? RESULT_ALREADY_ON : RESULT_ON_PENDING;
	} else {
		target->arch.entry = x[2];
		target->arch.context = x[3];
		/* release: pairs with the acquire in arch_vcpu_off */
		atomic_store_explicit(&target->arch.power, VCPU_POWER_STARTING, memory_order_release);
		vcpu_kick(target);
		x[0] = RESULT_SUCCESS;
	}
}

/* x[2]: lowest affinity level. Levels above 0 may be refused since version 1.0. */
static void psci_affinity_info(struct vcpu *cpu, uint64_t x[4])
{
	static const uint32_t state[] = {
		[VCPU_POWER_ON] = AFFINITY_ON, [VCPU_POWER_OFF] = AFFINITY_OFF,
		[VCPU_POWER_CLAIMED] = AFFINITY_ON_PENDING, [VCPU_POWER_STARTING] = AFFINITY_ON_PENDING,
	};
	struct vcpu *target = find(cpu->vm, x[1]);

	if (!target || x[2] != 0)
		x[0] = RESULT_INVALID_PARAMETERS;
	else
		x[0] = state[atomic_load(&target->arch.power)];
}

static void psci_migrate_info_type(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = NO_TRUSTED_OS;
}

static void psci_system_off(struct vcpu *cpu, uint64_t x[4])
{
	(void)x;
	vm_decide(cpu->vm, VM_OFF);
}

static void psci_system_reset(struct vcpu *cpu, uint64_t x[4])
{
	(void)x;
	vm_decide(cpu->vm, VM_RESET);
}

/* Only the architectural warm reset (type 0), which here is the same as a cold one. */
static void psci_system_reset2(struct vcpu *cpu, uint64_t x[4])
{
	if ((uint32_t)x[1] != 0)
		x[0] = RESULT_INVALID_PARAMETERS;
	else
		vm_decide(cpu->vm, VM_RESET);
}

static void psci_features(struct vcpu *cpu, uint64_t x[4])
{
	uint32_t id = (uint32_t)x[1];

	(void)cpu;
	x[0] = id == SMCCC_VERSION || psci_find(id) ? RESULT_SUCCESS : RESULT_NOT_SUPPORTED;
}

const struct psci_call psci_calls[PSCI_CALLS] = {
	[PSCI_VERSION] = { psci_version, false },
	[PSCI_CPU_SUSPEND] = { psci_cpu_suspend, true },
	[PSCI_CPU_OFF] = { psci_cpu_off, false },
	[PSCI_CPU_ON] = { psci_cpu_on, true },
	[PSCI_AFFINITY_INFO] = { psci_affinity_info, true },
	[PSCI_MIGRATE_INFO_TYPE] = { psci_migrate_info_type, false },
	[PSCI_SYSTEM_OFF] = { psci_system_off, false },
	[PSCI_SYSTEM_RESET] = { psci_system_reset, false },
	[PSCI_FEATURES] = { psci_features, false },
	[PSCI_SYSTEM_RESET2] = { psci_system_reset2, true },
};
