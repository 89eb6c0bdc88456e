/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every system register encoding there is room for (op0 2 and 3) is read, and
 * written with ones, zeroes and what it held, with an exit while the value stands;
 * every SYS and SYSL encoding (op0 1) and every MSR immediate and hint (op0 0) is
 * executed. Each must work or be undefined; the list says which keep bits.
 */
#include "hostile.h"

int main(void);

#define MSR 0xd5100000u
#define MRS 0xd5300000u
#define SYS 0xd5080000u
#define SYSL 0xd5280000u
#define PLAIN 0xd5000000u
#define RET 0xd65f03c0u
#define ISB 0xd5033fdfu
#define NOP 0xd503201fu
#define BLOCK 16u                /* words of code for a register */

#define OP1(n) ((n) >> 11 & 7)
#define CRN(n) ((n) >> 7 & 15)
#define CRM(n) ((n) >> 3 & 15)
#define OP2(n) ((n) & 7)
#define SCTLR_NAME 0x4080u       /* S3_0_C1_C0_0, less op0's upper bit */
#define M_AND_EE (1ul | 1ul << 25) /* the MMU needs tables and EE the other byte order: hostile_mmio turns the first on */

/* n: op0's low bit and op1, CRn, CRm, op2 in 15 bits, as they stand in the instruction. */
static uint32_t encode(uint32_t base, uint32_t n, uint32_t rt)
{
	return base | n << 5 | rt;
}

static uint32_t *code_of(uint32_t n)
{
	return (uint32_t *)CODE + (uint64_t)n * BLOCK;
}

/*
 *  0: mrs x0, reg; ret
 *  2: mov x9, x0; mrs x10, reg; msr reg, x9; isb; mov x0, PSCI_VERSION; hvc; mrs x11, reg; msr reg, x10; isb; mov x0, x11; ret
 * 13: msr reg, x0; isb; ret
 */
static void generate(void)
{
	for (uint32_t n = 0; n < 1u << 15; n++) {
		uint32_t *c = code_of(n);

		c[0] = encode(MRS, n, 0);
		c[1] = RET;
		c[2] = 0xaa0003e9; /* mov x9, x0 */
		c[3] = encode(MRS, n, 10);
		c[4] = encode(MSR, n, 9);
		c[5] = ISB;
		c[6] = 0xd2b08000; /* mov x0, #0x84000000 */
		c[7] = 0xd4000002; /* hvc #0 */
		c[8] = encode(MRS, n, 11);
		c[9] = encode(MSR, n, 10);
		c[10] = ISB;
		c[11] = 0xaa0b03e0; /* mov x0, x11 */
		c[12] = RET;
		c[13] = encode(MSR, n, 0);
		c[14] = ISB;
		c[15] = RET;
	}
	code_done();
}

/* x0 in and out; false: an exception, *esr says which. */
static bool try(const uint32_t *code, uint64_t *x0, uint64_t *esr)
{
	uint64_t x[4] = { *x0 };
	struct fault fault;
	bool good = run((uint64_t)code, x, &fault);

	*esr = fault.count ? fault.esr : 0;
	*x0 = x[0];
	return good;
}

static void put_bits(uint64_t value, unsigned digits)
{
	while (digits--)
		put((const char[]){ "0123456789abcdef"[value >> 4 * digits & 15], 0 });
}

static void put_name(uint32_t n)
{
	put("S");
	put_number(2 + (n >> 14));
	put("_");
	put_number(OP1(n));
	put("_C");
	put_number(CRN(n));
	put("_C");
	put_number(CRM(n));
	put("_");
	put_number(OP2(n));
}

/*
 * What an access that is not there may look like ([ARM] DDI 0487 K.a, D24.2.40): undefined;
 * with FEAT_IDST a trapped access in the space of ID registers; held back by the
 * guest's own CPACR_EL1, which comes first on a core that has SVE or SME.
 */
static bool absent(uint32_t n, uint64_t esr)
{
	unsigned class = esr >> 26 & 0x3f;

	if (class == 0x18)
		return CRN(n) == 0 && (READ(S3_0_C0_C7_2) >> 36 & 15) != 0; /* ID_AA64MMFR2_EL1.IDS */
	return esr == ESR_UNDEFINED || class == 0x19 || class == 0x1d;
}

static uint64_t readable, writable, undefined, write_only, strange;

/* An exit happens while ones and zeroes stand: whoever answers it must not notice. */
static void one_register(uint32_t n)
{
	uint64_t value = 0, ones = ~0ul, zeroes = 0, esr;
	bool reads = try(code_of(n), &value, &esr);

	if (!reads && !absent(n, esr)) {
		strange++;
		put_name(n);
		check(false, "a read is no undefined instruction", esr);
	}
	if (n == SCTLR_NAME)
		ones &= ~M_AND_EE;
	if (!reads) {
		uint64_t any = 0;

		if (try(code_of(n) + 13, &any, &esr))
			write_only++;
		else
			undefined++;
		any = ones;
		try(code_of(n) + 13, &any, &esr);
		return;
	}
	readable++;
	if (!try(code_of(n) + 2, &ones, &esr)) {
		if (!absent(n, esr)) {
			strange++;
			put_name(n);
			check(false, "a write is no undefined instruction", esr);
		}
		return;
	}
	try(code_of(n) + 2, &zeroes, &esr);
	if (ones != zeroes) {
		writable++;
		put_name(n);
		put(" ");
		put_bits(value, 16);
		put(" ones ");
		put_bits(ones, 16);
		put(" zeroes ");
		put_bits(zeroes, 16);
		put("\n");
	}
}

static void all_registers(void)
{
	generate();
	for (uint32_t n = 0; n < 1u << 15; n++)
		one_register(n);
	put_number(readable);
	put(" readable, ");
	put_number(writable);
	put(" of them keep what is written, ");
	put_number(write_only);
	put(" can only be written, ");
	put_number(undefined);
	put(" undefined\n");
	check(readable > 50 && undefined > 10000, "every system register", readable);
	check(strange == 0, "each works or is undefined", strange);
}

/* Instructions that would only sleep: WFE, WFI, and the two with a time limit. */
static bool sleeps(uint32_t n)
{
	return OP1(n) == 3 && ((CRN(n) == 2 && CRM(n) == 0 && (OP2(n) == 2 || OP2(n) == 3)) ||
			       (CRN(n) == 1 && CRM(n) == 0));
}

static void all_instructions(uint32_t base, const char *name)
{
	static const uint64_t arguments[] = { 0, SCRATCH, UART, GICD, NOWHERE, ~0ul, 0x8000000000000000ul, SCRATCH + 0xfff };
	uint64_t esr, done = 0;
	bool registers = base != PLAIN;

	for (uint32_t n = 0; n < 1u << 14; n++) {
		uint32_t *c = code_of(n);

		c[0] = encode(base, n, registers ? 0 : 31);
		c[1] = 0xd50041bf;  /* msr spsel, #1 */
		c[2] = 0xd5034fdf;  /* msr daifset, #15 */
		c[3] = RET;
	}
	code_done();
	for (uint32_t n = 0; n < 1u << 14; n++) {
		if (!registers && sleeps(n))
			continue;
		for (unsigned i = 0; i < (registers && (CRN(n) == 7 || CRN(n) == 8) ? 8 : 1); i++) {
			uint64_t x0 = arguments[i];

			done += try(code_of(n), &x0, &esr);
			__asm__ volatile("msr spsel, #1; msr daifset, #15" ::: "memory");
		}
	}
	put_number(done);
	put(" done\n");
	check(true, name, done);
}

int main(void)
{
	__asm__ volatile("msr daifset, #15" ::: "memory");
	WRITE(cpacr_el1, 3ul << 20);
	all_registers();
	all_instructions(SYS, "every SYS instruction");
	all_instructions(SYSL, "every SYSL instruction");
	all_instructions(PLAIN, "every MSR immediate, barrier and hint");
	check(hvc(PSCI_VERSION, 0, 0, 0) == 0x10001, "life goes on", hvc(PSCI_VERSION, 0, 0, 0));
	finish();
}
