/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [ARM] Arm ARM DDI 0487 K.a: D1.3.6 exception entry, D24.2.40 ESR_EL1
 */
#include "arch/aarch64/inject.h"

#include "arch/aarch64/vreg.h"

#define EC_UNKNOWN       0x00ul
#define EC_FETCH_LOWER   0x20ul
#define EC_FETCH_SAME    0x21ul
#define EC_DATA_LOWER    0x24ul
#define EC_DATA_SAME     0x25ul
#define ESR_IL           (1ul << 25)
#define ESR_WNR          (1ul << 6)
#define FSC_EXTERNAL     0x10ul      /* synchronous external abort, not on a table walk */

#define PSTATE_MODE      0xful
#define MODE_EL0T        0x0ul
#define MODE_EL1T        0x4ul
#define MODE_EL1H        0x5ul
#define PSTATE_DAIF      (0xful << 6)
#define PSTATE_BTYPE     (3ul << 10)
#define PSTATE_SSBS      (1ul << 12)
#define PSTATE_IL        (1ul << 20)
#define PSTATE_SS        (1ul << 21)
#define PSTATE_PAN       (1ul << 22)
#define PSTATE_UAO       (1ul << 23)
#define SCTLR_SPAN       (1ul << 23) /* RES1 without FEAT_PAN */
#define SCTLR_DSSBS      (1ul << 44)

/* PSTATE in the handler. [ARM] AArch64.TakeException */
static uint64_t handler_pstate(uint64_t pstate, uint64_t sctlr)
{
	pstate &= ~(PSTATE_MODE | PSTATE_BTYPE | PSTATE_SSBS | PSTATE_IL | PSTATE_SS | PSTATE_UAO);
	pstate |= PSTATE_DAIF | MODE_EL1H;
	if (!(sctlr & SCTLR_SPAN))
		pstate |= PSTATE_PAN;
	if (sctlr & SCTLR_DSSBS)
		pstate |= PSTATE_SSBS;
	return pstate;
}

/* Offset of the synchronous vector. [ARM] D1.3.1.5, table of vector offsets */
static uint64_t vector(uint64_t pstate)
{
	switch (pstate & PSTATE_MODE) {
	case MODE_EL1T:
		return 0x000;
	case MODE_EL1H:
		return 0x200;
	default:
		return 0x400;
	}
}

static void take(struct vcpu *cpu, uint64_t pc, uint64_t pstate, uint64_t esr)
{
	vreg_write(cpu, SK_VREG_ELR_EL1, pc);
	vreg_write(cpu, SK_VREG_SPSR_EL1, pstate);
	vreg_write(cpu, SK_VREG_ESR_EL1, esr);
	vreg_write(cpu, SK_VREG_PSTATE, handler_pstate(pstate, vreg_read(cpu, SK_VREG_SCTLR_EL1)));
	vreg_write(cpu, SK_VREG_PC, vreg_read(cpu, SK_VREG_VBAR_EL1) + vector(pstate));
}

static bool from_el0(uint64_t pstate)
{
	return (pstate & PSTATE_MODE) == MODE_EL0T;
}

void inject_data_abort(struct vcpu *cpu, uint64_t pc, uint64_t address, bool write)
{
	uint64_t pstate = vreg_read(cpu, SK_VREG_PSTATE);
	uint64_t class = from_el0(pstate) ? EC_DATA_LOWER : EC_DATA_SAME;

	vreg_write(cpu, SK_VREG_FAR_EL1, address);
	take(cpu, pc, pstate, class << 26 | ESR_IL | (write ? ESR_WNR : 0) | FSC_EXTERNAL);
}

void inject_fetch_abort(struct vcpu *cpu, uint64_t pc, uint64_t address)
{
	uint64_t pstate = vreg_read(cpu, SK_VREG_PSTATE);
	uint64_t class = from_el0(pstate) ? EC_FETCH_LOWER : EC_FETCH_SAME;

	vreg_write(cpu, SK_VREG_FAR_EL1, address);
	take(cpu, pc, pstate, class << 26 | ESR_IL | FSC_EXTERNAL);
}

void inject_undefined(struct vcpu *cpu, uint64_t pc)
{
	take(cpu, pc, vreg_read(cpu, SK_VREG_PSTATE), EC_UNKNOWN << 26 | ESR_IL);
}
