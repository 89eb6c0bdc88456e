/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers that the kernel traps and does not answer itself. What stands
 * in no row is undefined, as on a CPU without the feature: the ID registers that
 * the guest sees say that it is not there.
 *
 * References
 *   [ARM] Arm ARM DDI 0487 K.a, D24; C5.3 for DC by set and way
 *   [GIC] Arm IHI 0069H, 12.2
 */
#include <stddef.h>

#include "arch/aarch64/cntp.h"
#include "arch/aarch64/idregs.h"
#include "arch/aarch64/inject.h"
#include "arch/aarch64/vreg.h"
#include "core/arch.h"
#include "core/log.h"

/* Reads set *value, which holds what the exit said of it. Returns false if the access is undefined. */
typedef bool sysreg_access(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value);

static bool raz_wi(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)cpu, (void)reg;
	if (!write)
		*value = 0;
	return true;
}

static bool write_ignored(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)cpu, (void)reg, (void)value;
	return write;
}

static bool sgi1(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)reg;
	if (write)
		vgic_sgi(&cpu->vm->arch.gic, cpu->index, *value, true);
	return write;
}

static bool sgi0(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)reg;
	if (write)
		vgic_sgi(&cpu->vm->arch.gic, cpu->index, *value, false);
	return write;
}

/* System registers only, bypass disabled; cannot be switched. [GIC] 12.2.21 */
static bool icc_sre(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)cpu, (void)reg;
	if (!write)
		*value = 7;
	return true;
}

static bool oslar(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)reg;
	if (write)
		cpu->arch.os_lock = *value & 1;
	return write;
}

/* OSLM = 0b10: an OS lock is there; bit 1: it is locked. [ARM] D24.3.23 */
static bool oslsr(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)reg;
	if (!write)
		*value = 8 | (cpu->arch.os_lock ? 2 : 0);
	return !write;
}

static bool mdscr(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)reg;
	if (write)
		vreg_write(cpu, SK_VREG_MDSCR_EL1, *value);
	else
		*value = vreg_read(cpu, SK_VREG_MDSCR_EL1);
	return true;
}

static bool actlr(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	(void)reg;
	if (!write)
		*value = vreg_read(cpu, SK_VREG_ACTLR_EL1);
	return true;
}

#define ANY_CRM (15u << 3)

static const struct {
	unsigned reg, any;       /* bits of `any` do not matter */
	sysreg_access *access;
} table[] = {
	{ SK_SYSREG(3, 0, 12, 11, 5), 0, sgi1 },                /* ICC_SGI1R_EL1 */
	{ SK_SYSREG(3, 0, 12, 11, 6), 0, sgi0 },                /* ICC_ASGI1R_EL1 */
	{ SK_SYSREG(3, 0, 12, 11, 7), 0, sgi0 },                /* ICC_SGI0R_EL1 */
	{ SK_SYSREG(3, 0, 12, 12, 5), 0, icc_sre },             /* ICC_SRE_EL1 */
	{ SK_SYSREG(3, 3, 14, 2, 0), 3, cntp_access },          /* CNTP_TVAL, _CTL, _CVAL_EL0 */
	{ SK_SYSREG(3, 0, 0, 0, 0), ANY_CRM | 7, idregs_access },
	{ SK_SYSREG(3, 0, 1, 0, 1), 0, actlr },                 /* ACTLR_EL1 */

	/* DC ISW, CSW, CISW: they complete. Known limit: a guest that passes data to its own
	 * uncached accesses by them alone would need all its RAM cleaned by address here. */
	{ SK_SYSREG(1, 0, 7, 6, 2), 0, write_ignored },
	{ SK_SYSREG(1, 0, 7, 10, 2), 0, write_ignored },
	{ SK_SYSREG(1, 0, 7, 14, 2), 0, write_ignored },

	/* Self-hosted debug: breakpoints and watchpoints can be written, none ever hits. */
	{ SK_SYSREG(2, 0, 0, 2, 2), 0, mdscr },                 /* MDSCR_EL1 */
	{ SK_SYSREG(2, 0, 1, 0, 4), 0, oslar },
	{ SK_SYSREG(2, 0, 1, 1, 4), 0, oslsr },
	{ SK_SYSREG(2, 0, 1, 3, 4), 0, raz_wi },                /* OSDLR_EL1 */
	{ SK_SYSREG(2, 0, 1, 4, 4), 0, raz_wi },                /* DBGPRCR_EL1 */
	{ SK_SYSREG(2, 0, 0, 0, 4), ANY_CRM | 3, raz_wi },      /* DBGBVR, DBGBCR, DBGWVR, DBGWCR: op2 4..7 */
	{ SK_SYSREG(2, 0, 0, 2, 0), 0, raz_wi },                /* MDCCINT_EL1 */
	{ SK_SYSREG(2, 3, 0, 1, 0), 0, raz_wi },                /* MDCCSR_EL0 */
	{ SK_SYSREG(2, 3, 0, 4, 0), 1u << 3, raz_wi },          /* DBGDTR_EL0, DBGDTRRX/TX_EL0 */
	{ SK_SYSREG(2, 0, 0, 0, 2), 0, raz_wi },                /* OSDTRRX_EL1 */
	{ SK_SYSREG(2, 0, 0, 3, 2), 0, raz_wi },                /* OSDTRTX_EL1 */
	{ SK_SYSREG(2, 0, 0, 6, 2), 0, raz_wi },                /* OSECCR_EL1 */
	{ SK_SYSREG(2, 0, 1, 0, 0), 0, raz_wi },                /* MDRAR_EL1 */
	{ SK_SYSREG(2, 0, 7, 8, 6), 1u << 3, raz_wi },          /* DBGCLAIMSET, DBGCLAIMCLR_EL1 */
	{ SK_SYSREG(2, 0, 7, 14, 6), 0, raz_wi },               /* DBGAUTHSTATUS_EL1 */
};

static bool perform(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if ((reg & ~table[i].any) == table[i].reg)
			return table[i].access(cpu, reg, write, value);
	}
	return false;
}

void arch_exit_sysreg(struct vcpu *cpu, const struct sk_words *exit)
{
	unsigned reg = (unsigned)exit->w[1];
	bool write = exit->w[0] & SK_EXIT_WRITE;
	uint64_t value = exit->w[2];

	if (!perform(cpu, reg, write, &value)) {
		guest_log("%s of system register S%u_%u_C%u_C%u_%u at pc 0x%lx: undefined", write ? "write" : "read",
			  reg >> 14, reg >> 11 & 7, reg >> 7 & 15, reg >> 3 & 15, reg & 7, (unsigned long)exit->w[5]);
		inject_undefined(cpu, exit->w[5]);
		return;
	}
	if (!write) {
		cpu->run.w[0] = SK_RUN_ANSWER;
		cpu->run.w[1] = value;
	}
}

/* What the ID registers hide, too, but as instructions. */
void arch_exit_undefined(struct vcpu *cpu, const struct sk_words *exit)
{
	inject_undefined(cpu, exit->w[5]);
}
