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

void arch_vcpu_reset(struct vcpu *cpu, gpa_t entry, gpa_t dtb)
{
	for (unsigned i = 0; i <= 30; i++)
		vreg_write(cpu, SK_VREG_X0 + i, 0);
	for (unsigned i = 0; i < sizeof(zeroed); i++)
		vreg_write(cpu, zeroed[i], 0);
	vreg_write(cpu, SK_VREG_SCTLR_EL1, SCTLR_RESET);
	vreg_write(cpu, SK_VREG_VMPIDR, VMPIDR_RES1 | cpu->arch.affinity);
	vreg_write(cpu, SK_VREG_X0, dtb.value);
	vreg_write(cpu, SK_VREG_PC, entry.value);
	vreg_write(cpu, SK_VREG_PSTATE, PSTATE_RESET);
	vreg_write(cpu, SK_VREG_CNTVOFF, sk_counter());
	cpu->arch.off = false;
	cpu->arch.os_lock = true; /* OSLSR_EL1.OSLK resets to 1 */
	cpu->arch.cntp_ctl = 0;
	cpu->arch.cntp_cval = 0;
	memset(&cpu->run, 0, sizeof(cpu->run));
}
