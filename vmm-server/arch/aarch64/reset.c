/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU after power-on (Arm ARM DDI 0487 K.a, D1.3.8 and the reset values of
 * each register), entered as Linux's booting.rst and PSCI ask: EL1h, DAIF
 * masked, MMU and caches off, device tree in x0.
 */
#include <string.h>

#include <skerry/calls.h>

#include "arch/aarch64/vreg.h"
#include "core/arch.h"
#include "core/loop.h"

#define PSTATE_RESET 0x3c5ul      /* EL1h, D A I F masked */
#define SCTLR_RESET  0x30d50838ul /* the RES1 bits of Armv8.0, nTWE, nTWI, CP15BEN, SA, SA0; M, C, I off */
#define VMPIDR_RES1  (1ul << 31)

/* Registers whose reset value is 0, or of no consequence and then 0 rather than the previous guest's. */
static const uint8_t zeroed[] = {
	SK_VREG_SP_EL0, SK_VREG_SP_EL1, SK_VREG_ELR_EL1, SK_VREG_SPSR_EL1, SK_VREG_ESR_EL1, SK_VREG_FAR_EL1,
	SK_VREG_VBAR_EL1, SK_VREG_CPACR_EL1, SK_VREG_TTBR0_EL1, SK_VREG_TTBR1_EL1, SK_VREG_TCR_EL1,
	SK_VREG_MAIR_EL1, SK_VREG_AMAIR_EL1, SK_VREG_CONTEXTIDR_EL1, SK_VREG_TPIDR_EL0, SK_VREG_TPIDRRO_EL0,
	SK_VREG_TPIDR_EL1, SK_VREG_PAR_EL1, SK_VREG_AFSR0_EL1, SK_VREG_AFSR1_EL1, SK_VREG_CSSELR_EL1,
	SK_VREG_CNTKCTL_EL1, SK_VREG_MDSCR_EL1, SK_VREG_CNTV_CTL, SK_VREG_CNTV_CVAL, SK_VREG_ICH_VMCR,
	SK_VREG_AP0R0, SK_VREG_AP0R0 + 1, SK_VREG_AP0R0 + 2, SK_VREG_AP0R0 + 3,
	SK_VREG_AP1R0, SK_VREG_AP1R0 + 1, SK_VREG_AP1R0 + 2, SK_VREG_AP1R0 + 3,
};

void vcpu_power_on(struct vcpu *cpu, uint64_t entry, uint64_t argument)
{
	for (unsigned i = 0; i <= 30; i++)
		vreg_write(cpu, SK_VREG_X0 + i, 0);
	for (unsigned i = 0; i < sizeof(zeroed); i++)
		vreg_write(cpu, zeroed[i], 0);
	vreg_write(cpu, SK_VREG_SCTLR_EL1, SCTLR_RESET);
	vreg_write(cpu, SK_VREG_VMPIDR, VMPIDR_RES1 | cpu->arch.affinity);
	vreg_write(cpu, SK_VREG_X0, argument);
	vreg_write(cpu, SK_VREG_PC, entry);
	vreg_write(cpu, SK_VREG_PSTATE, PSTATE_RESET);
	vreg_write(cpu, SK_VREG_CNTVOFF, cpu->vm->arch.start);
	cpu->arch.os_lock = true; /* OSLSR_EL1.OSLK resets to 1 */
	cpu->arch.cntp_ctl = 0;
	cpu->arch.cntp_cval = 0;
	memset(&cpu->run, 0, sizeof(cpu->run));
}

void arch_vm_start(struct vm *vm, gpa_t entry, gpa_t dtb)
{
	vm->arch.start = sk_counter();
	for (unsigned i = 0; i < vm->cpus; i++) {
		struct vcpu *cpu = &vm->vcpu[i];

		atomic_store(&cpu->arch.power, i == 0 ? VCPU_POWER_ON : VCPU_POWER_OFF);
		atomic_store(&cpu->halt, i == 0 ? 0 : VCPU_OFF);
	}
	vcpu_power_on(&vm->vcpu[0], entry.value, dtb.value);
}

void arch_vcpu_off(struct vcpu *cpu)
{
	vgic_leave(&cpu->vm->arch.gic, cpu->index);
	/* acquire: pairs with the release in psci_cpu_on */
	while (atomic_load_explicit(&cpu->arch.power, memory_order_acquire) != VCPU_POWER_STARTING) {
		if (atomic_load(&cpu->vm->outcome) != VM_RUNS)
			return;
		vcpu_wait(cpu, SK_NEVER);
	}
	vcpu_power_on(cpu, cpu->arch.entry, cpu->arch.context);
	atomic_fetch_and(&cpu->halt, ~VCPU_OFF);
	atomic_store(&cpu->arch.power, VCPU_POWER_ON);
}

void arch_vcpu_leave(struct vcpu *cpu)
{
	vgic_leave(&cpu->vm->arch.gic, cpu->index);
}
