/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One core at boot: every control register that user level or a guest depends on is written whole.
 * And its end: PSCI (Arm DEN 0022E, 5.1.9 SYSTEM_OFF, 5.1.11 SYSTEM_RESET; SMCCC DEN 0028).
 */
#include "cpu.h"

#include "kernel.h"
#include "gic.h"
#include "guest.h"
#include "sysreg.h"

#define PSCI_SYSTEM_OFF   0x84000008ul
#define PSCI_SYSTEM_RESET 0x84000009ul

/* For lists of registers. */
#define ZERO(name) WRITE_SYSREG(name, 0);

uint64_t window_offset;
static bool by_hvc;
extern char thread_vectors[];

/*
 * Trap registers that newer cores have. Zero is the strict value: the bits whose
 * name begins with n trap when they are 0, and they guard what this version hides
 * (TPIDR2, GCS, BRBE, ACCDATA, permission indirection ...).
 */
static void init_extensions(void)
{
	if (READ_SYSREG(id_aa64mmfr1_el1) >> 40 & 0xf)
		ZERO(HCRX_EL2)
	if (READ_SYSREG(id_aa64dfr0_el1) >> 40 & 0xf)
		ZERO(TRFCR_EL2)
	if (READ_SYSREG(id_aa64pfr0_el1) >> 40 & 0xf)
		WRITE_SYSREG(MPAM2_EL2, MPAM2_TRAPS);
	if (READ_SYSREG(id_aa64mmfr0_el1) >> 56 & 0xf) {
		ZERO(HFGRTR_EL2) ZERO(HFGWTR_EL2) ZERO(HFGITR_EL2) ZERO(HDFGRTR_EL2) ZERO(HDFGWTR_EL2)
		if (READ_SYSREG(id_aa64pfr0_el1) >> 44 & 0xf)
			ZERO(HAFGRTR_EL2) /* only with activity monitors */
		if ((READ_SYSREG(id_aa64mmfr0_el1) >> 56 & 0xf) >= 2) {
			ZERO(HFGRTR2_EL2) ZERO(HFGWTR2_EL2) ZERO(HFGITR2_EL2) ZERO(HDFGRTR2_EL2) ZERO(HDFGWTR2_EL2)
		}
	}
}

/* ID_AA64DFR0_EL1.PMUVer: 0 none, 15 not the architecture's. */
static bool has_pmu(void)
{
	uint64_t version = READ_SYSREG(id_aa64dfr0_el1) >> 8 & 0xf;

	return version != 0 && version != 0xf;
}

static void init_el2(void)
{
	uint64_t size = READ_SYSREG(id_aa64mmfr0_el1) & 0xf; /* of physical addresses */

	WRITE_SYSREG(hcr_el2, HCR_COMPONENT);
	WRITE_SYSREG(cptr_el2, CPTR_HOST | CPTR_TFP);
	WRITE_SYSREG(mdcr_el2, MDCR_TRAPS | (has_pmu() ? READ_SYSREG(pmcr_el0) >> 11 & 0x1f : 0));
	WRITE_SYSREG(vtcr_el2, VTCR_BASE | (size < VTCR_PS_MAX ? size : VTCR_PS_MAX) << VTCR_PS_SHIFT);
	WRITE_SYSREG(cnthctl_el2, CNTHCTL_BASE);
	WRITE_SYSREG(vpidr_el2, READ_SYSREG(midr_el1));
	WRITE_SYSREG(vmpidr_el2, READ_SYSREG(mpidr_el1));
	WRITE_SYSREG(vbar_el2, (uintptr_t)thread_vectors);
	ZERO(hstr_el2) ZERO(cntvoff_el2) ZERO(cnthp_ctl_el2)
}

static void init_el1(void)
{
	WRITE_SYSREG(sctlr_el1, SCTLR_COMPONENT);
	WRITE_SYSREG(cpacr_el1, CPACR_COMPONENT);
	WRITE_SYSREG(cntkctl_el1, CNTKCTL_COMPONENT);
	ZERO(mdscr_el1) ZERO(tcr_el1) ZERO(contextidr_el1) ZERO(tpidr_el0) ZERO(tpidrro_el0)
	ZERO(cntv_ctl_el0) ZERO(cntp_ctl_el0)
	if (has_pmu()) {
		ZERO(pmuserenr_el0) ZERO(pmcr_el0)
	}
}

void arch_core_init(struct core *core, const struct bootinfo *boot)
{
	by_hvc = boot->psci_hvc;
	core->arch.timer_deadline = SK_NEVER;
	init_el2();
	init_extensions();
	arch_space_load(core, NULL);
	init_el1();
	isb();
	/* Whatever the TLB holds of VMIDs is of nobody. */
	__asm__ volatile("tlbi alle1\n\tic iallu\n\tdsb nsh\n\tisb" : : : "memory");
	gic_init_core(core, boot);
	guest_init_core(core);
}

void arch_relax(void)
{
	__asm__ volatile("yield");
}

void arch_power(unsigned action)
{
	register uint64_t x0 __asm__("x0") = action == SK_POWER_OFF ? PSCI_SYSTEM_OFF : PSCI_SYSTEM_RESET;

	/* an hvc at EL2 is taken to EL2, that is here: such firmware cannot be reached */
	if (by_hvc)
		return;
	__asm__ volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
			 "x12", "x13", "x14", "x15", "x16", "x17", "memory");
}

void arch_halt(void)
{
	arch_power(SK_POWER_OFF); /* all cores: what is broken must not go on beside this one */
	for (;;)
		__asm__ volatile("wfi");
}
