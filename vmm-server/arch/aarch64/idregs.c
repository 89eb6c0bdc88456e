/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * [ARM] Arm ARM, DDI 0487 K.a, chapter "AArch64 System Register Descriptions",
 *       general system control registers; each row by the register's name.
 *       Rules of ID fields: "Principles of the ID scheme for fields in ID registers".
 *
 * The registers are rows of 4-bit fields. A guest sees the core's value of a
 * field, but no more than the row's `most`, which is 0 for all that this version
 * does not offer or does not know: what came later than this table stays hidden.
 * Hidden on purpose:
 *   - AArch32 at every level, EL2 and EL3 fields
 *   - SVE, SME, MTE, PAuth, the statistical, trace, branch and activity units,
 *     MPAM, LOR, RAS, the PMU: their registers are trapped and undefined
 *   - what adds bits to PSTATE (PAN, UAO, DIT, SSBS, BTI): the VMM that injects
 *     an exception does not set them
 *   - what has to be enabled at EL2 first (MOPS, TCR2, LS64, XS ...)
 *   - mixed endianness: MMIO exits carry little-endian values
 */
#include "arch/aarch64/idregs.h"

#include <stddef.h>

#include "abi/skerry.h"

#define FIELD(low, value) ((uint64_t)(value) << (low))
#define ID_REG(crm, op2)  SK_SYSREG(3, 0, 0, crm, op2)

struct offer {
	unsigned sysreg;
	uint64_t most;      /* highest value of each field; 0: hidden */
	uint64_t absent;    /* 0xf where the field is signed: 0xf means "not there" and passes through */
	uint64_t always;    /* values independent of the core */
};

/* A register that is not named here reads as zero. */
static const struct offer offers[] = {
	{ .sysreg = ID_REG(4, 0), /* [ARM] ID_AA64PFR0_EL1 */
		.most = FIELD(16, 1) /* FP, half precision too */ | FIELD(20, 1) /* AdvSIMD */ |
			FIELD(56, 1) /* CSV2 */ | FIELD(60, 1) /* CSV3 */,
		.absent = FIELD(16, 0xf) | FIELD(20, 0xf),
		.always = FIELD(0, 1) /* EL0: AArch64 only */ | FIELD(4, 1) /* EL1: the same */ |
			  FIELD(24, 1) /* GIC: system registers, version 3 */,
	},
	{ .sysreg = ID_REG(5, 0), /* [ARM] ID_AA64DFR0_EL1; two breakpoints and watchpoints are the fewest there can be */
		.always = FIELD(0, 6) /* DebugVer: Armv8 */ | FIELD(12, 1) /* BRPs */ | FIELD(20, 1) /* WRPs */ |
			  FIELD(36, 0xf) /* DoubleLock: not there */,
	},
	{ .sysreg = ID_REG(6, 0), /* [ARM] ID_AA64ISAR0_EL1 */
		.most = FIELD(4, 2) /* AES, PMULL */ | FIELD(8, 1) /* SHA1 */ | FIELD(12, 2) /* SHA2 */ |
			FIELD(16, 1) /* CRC32 */ | FIELD(20, 2) /* Atomic */ | FIELD(28, 1) /* RDM */ |
			FIELD(32, 1) /* SHA3 */ | FIELD(36, 1) /* SM3 */ | FIELD(40, 1) /* SM4 */ |
			FIELD(44, 1) /* DP */ | FIELD(48, 1) /* FHM */ | FIELD(52, 2) /* TS */ |
			FIELD(56, 2) /* TLB */ | FIELD(60, 1) /* RNDR */,
	},
	{ .sysreg = ID_REG(6, 1), /* [ARM] ID_AA64ISAR1_EL1 */
		.most = FIELD(0, 2) /* DPB */ | FIELD(12, 1) /* JSCVT */ | FIELD(16, 1) /* FCMA */ |
			FIELD(20, 2) /* LRCPC */ | FIELD(32, 1) /* FRINTTS */ | FIELD(36, 1) /* SB */ |
			FIELD(44, 1) /* BF16 */ | FIELD(48, 1) /* DGH */ | FIELD(52, 1) /* I8MM */,
	},
	{ .sysreg = ID_REG(6, 2), /* [ARM] ID_AA64ISAR2_EL1 */
		.most = FIELD(20, 1) /* BC */ | FIELD(28, 1) /* CLRBHB */ | FIELD(52, 1) /* CSSC */,
	},
	{ .sysreg = ID_REG(7, 0), /* [ARM] ID_AA64MMFR0_EL1; PARange 40 bits: the least that covers an IPA of SK_IPA_BITS */
		.most = FIELD(0, 2) /* PARange */ | FIELD(4, 2) /* ASIDBits */ | FIELD(20, 1) /* TGran16 */,
		.absent = FIELD(24, 0xf) /* TGran64 */ | FIELD(28, 0xf) /* TGran4 */,
	},
	{ .sysreg = ID_REG(7, 1), /* [ARM] ID_AA64MMFR1_EL1 */
		.most = FIELD(0, 2) /* HAFDBS */ | FIELD(12, 2) /* HPDS */ | FIELD(60, 1) /* ECBHB */,
	},
	{ .sysreg = ID_REG(7, 2), /* [ARM] ID_AA64MMFR2_EL1 */
		.most = FIELD(0, 1) /* CnP */ | FIELD(16, 1) /* VARange */ | FIELD(20, 1) /* CCIDX */ |
			FIELD(28, 1) /* ST */ | FIELD(32, 1) /* AT */ | FIELD(36, 1) /* IDS: not to be trapped away */ |
			FIELD(48, 1) /* TTL */ | FIELD(52, 2) /* BBM */ | FIELD(60, 1) /* E0PD */,
	},
};

static uint64_t filter(const struct offer *offer, uint64_t has)
{
	uint64_t value = offer->always;

	for (unsigned low = 0; low < 64; low += 4) {
		uint64_t field = has >> low & 0xf, most = offer->most >> low & 0xf;

		if (offer->absent >> low & field >> 3 & 1)
			most = 0xf; /* signed and negative: the core does not have it */
		value |= FIELD(low, field < most ? field : most);
	}
	return value;
}

bool idregs_access(struct vcpu *cpu, unsigned reg, bool write, uint64_t *value)
{
	uint64_t has = *value;

	(void)cpu;
	if (write || reg < ID_REG(1, 0))
		return false;
	*value = 0;
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		if (offers[i].sysreg == reg)
			*value = filter(&offers[i], has);
	}
	return true;
}
