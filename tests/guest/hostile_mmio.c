/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses of every form to every device, to flash and to nowhere: all widths,
 * misaligned, pairs, SIMD, exclusive, atomic, cache maintenance, fetches; page
 * tables outside RAM. Each is answered or aborts; the guest goes on.
 */
#include "hostile.h"

int main(void);

#define FLASH  0x00000000ul
#define VIRTIO 0x0a000000ul
#define ECAM   0x4010000000ul
#define BEYOND 0x200000000ul
#define ROUNDS 60000u

static const struct { uint64_t base; uint64_t bytes; } targets[] = {
	{ GICD, 0x10000 }, { GICR, 0x20000 }, { GICR + 0x20000, 0x20000 }, { UART, 0x1000 }, { RTC, 0x1000 },
	{ NOWHERE, 0x1000 }, { FLASH, 0x8000000 }, { VIRTIO, 0x4000 }, { ECAM, 0x100000 }, { BEYOND, 0x1000000 },
	{ 0x08080000, 0x20000 }, { 0x10000000, 0x2effffff }, { (1ul << 40) - 0x1000, 0x2000 }, { ~0xffful, 0xfff },
};
#define TARGETS (sizeof(targets) / sizeof(targets[0]))

/* x0 = address, x1..x3 = values. Each form is two words: the instruction and ret. */
#define FORM(text) text "\n\tret\n\t"
__asm__(".pushsection .text\n"
	".arch armv8.4-a\n.arch_extension fp\n.arch_extension simd\n"
	".balign 8\n"
	".globl forms, forms_end\n"
	"forms:\n\t"
	FORM("ldrb w1, [x0]") FORM("ldrh w1, [x0]") FORM("ldr w1, [x0]") FORM("ldr x1, [x0]")
	FORM("ldrsb x1, [x0]") FORM("ldrsh w1, [x0]") FORM("ldrsw x1, [x0]") FORM("ldr x1, [x0, x2]")
	FORM("strb w1, [x0]") FORM("strh w1, [x0]") FORM("str w1, [x0]") FORM("str x1, [x0]")
	FORM("ldr w1, [x0], #4") FORM("str w1, [x0, #4]!") FORM("ldrb w1, [x0, #-1]!") FORM("ldr xzr, [x0]")
	FORM("str wzr, [x0]") FORM("ldp w1, w2, [x0]") FORM("ldp x1, x2, [x0]") FORM("stp w1, w2, [x0]")
	FORM("stp x1, x2, [x0], #16") FORM("ldpsw x1, x2, [x0]") FORM("ldnp x1, x2, [x0]") FORM("stnp x1, x2, [x0]")
	FORM("ldr b0, [x0]") FORM("ldr h0, [x0]") FORM("ldr s0, [x0]") FORM("ldr d0, [x0]") FORM("ldr q0, [x0]")
	FORM("str b0, [x0]") FORM("str q0, [x0]") FORM("ldp q0, q1, [x0]") FORM("stp q0, q1, [x0]")
	FORM("ld1 {v0.16b-v3.16b}, [x0]") FORM("st1 {v0.16b-v3.16b}, [x0]") FORM("ld4 {v0.4s-v3.4s}, [x0]")
	FORM("ld1r {v0.8h}, [x0]") FORM("st3 {v0.b-v2.b}[7], [x0]")
	FORM("ldxrb w1, [x0]") FORM("ldxr x1, [x0]") FORM("ldaxr w1, [x0]") FORM("ldxp x1, x2, [x0]")
	FORM("stxr w2, x1, [x0]") FORM("stlxrb w2, w1, [x0]") FORM("stxp w3, x1, x2, [x0]") FORM("ldar x1, [x0]")
	FORM("stlr w1, [x0]") FORM("ldapr w1, [x0]") FORM("cas x1, x2, [x0]") FORM("casp x2, x3, x0, x1, [x0]")
	FORM("swp w1, w2, [x0]") FORM("ldadd x1, x2, [x0]") FORM("stset w1, [x0]") FORM("ldumaxalb w1, w2, [x0]")
	FORM("ldapur x1, [x0, #3]") FORM("stlurh w1, [x0, #1]") FORM("ldtr x1, [x0]") FORM("sttr w1, [x0]")
	FORM("ldtrsb x1, [x0]") FORM("ldur x1, [x0, #-7]") FORM("stur w1, [x0, #3]")
	FORM("prfm pldl1keep, [x0]") FORM("prfm pstl3strm, [x0]") FORM("dc zva, x0") FORM("dc cvac, x0")
	FORM("dc civac, x0") FORM("dc ivac, x0") FORM("dc cvau, x0") FORM("dc cvap, x0") FORM("ic ivau, x0")
	FORM("at s1e1r, x0") FORM("at s1e1w, x0") FORM("at s1e0r, x0") FORM("tlbi vae1is, x0") FORM("dc cisw, x0")
	"forms_end:\n.popsection\n");
extern const char forms[], forms_end[];

static uint64_t answered, aborted, strange;

static bool sane(uint64_t esr)
{
	uint64_t class = esr >> 26 & 0x3f;

	/* undefined, trapped FP, aborts of this level, pc alignment */
	return class == 0 || class == 7 || class == 0x21 || class == 0x25 || class == 0x22;
}

static void note(bool good, const struct fault *fault, uint64_t form)
{
	if (good) {
		answered++;
		return;
	}
	aborted++;
	if (sane(fault->esr))
		return;
	if (strange++ < 10) {
		put("form ");
		put_number(form);
		put(" ");
		check(false, "a strange exception", fault->esr);
	}
}

/* What a console needs and the chaos may have changed: enabled, FIFO on, no interrupts. */
static void console_again(void)
{
	write32(UART + 0x38, 0);
	write32(UART + 0x2c, 0x70);
	write32(UART + 0x30, 0x301);
}

static void random_accesses(void)
{
	uint64_t count = (uint64_t)(forms_end - forms) / 8;

	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t r = random64(), form = r % count, t = (r >> 8) % TARGETS;
		uint64_t at = targets[t].base + (r >> 16) % targets[t].bytes;
		uint64_t x[4] = { r & 1ul << 60 ? at : at & ~7ul, random64(), random64() & 0xff, random64() };
		struct fault fault;

		if (t == 3 && (x[0] & 0xff8) == 0)
			x[0] += 0x18; /* not the data register: the output is read by a machine */
		note(run((uint64_t)forms + 8 * form, x, &fault), &fault, form);
	}
	console_again();
	put_number(answered);
	put(" accesses answered, ");
	put_number(aborted);
	put(" aborted\n");
	check(answered > 1000, "some are answered", answered);
	check(aborted > 1000, "some abort", aborted);
	check(strange == 0, "with an abort", strange);
}

static void jumps(void)
{
	static const uint64_t at[] = { FLASH, GICD, GICR, UART, RTC, NOWHERE, VIRTIO, BEYOND, (1ul << 40) - 4, 1ul << 40,
				       1ul << 47, 1ul << 63, ~3ul, ~0ul, 2, UART + 1, SCRATCH, 0x00ffffffffffff00ul };
	uint64_t faults = 0;

	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
			uint64_t x[4] = { 0 };
			struct fault fault;

			faults += !run(at[i], x, &fault);
		}
	}
	check(faults == 20 * sizeof(at) / sizeof(at[0]), "jumping everywhere aborts", faults);
}

/*
 * TTBR0: one table of 1 GiB blocks that map as before. TTBR1: outside RAM, wherever
 * that leads: the walk of the upper half fails.
 */
static _Alignas(4096) uint64_t table[512];

static void tables_outside_ram(void)
{
	static const uint64_t at[] = { NOWHERE, UART, GICD, GICR, FLASH, RTC, BEYOND, (1ul << 40) - 4096, 0xfffffffff000ul, VIRTIO };
	uint64_t faults = 0, tcr = 25 | 25ul << 16 | 2ul << 30 | 2ul << 32;

	for (uint64_t i = 0; i < 8; i++)
		table[i] = i << 30 | 1 | 1ul << 10 | (i == 0 ? 0 : 1ul << 2);
	WRITE(mair_el1, 0xff00ul | 0x4400);
	WRITE(mair_el1, 0x4400ul);
	WRITE(tcr_el1, tcr);
	WRITE(ttbr0_el1, (uint64_t)table);
	WRITE(ttbr1_el1, NOWHERE);
	__asm__ volatile("dsb sy; tlbi vmalle1; dsb sy; isb" ::: "memory");
	WRITE(sctlr_el1, READ(sctlr_el1) | 1);
	for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		WRITE(ttbr1_el1, at[i]);
		__asm__ volatile("tlbi vmalle1; dsb sy; isb" ::: "memory");
		for (uint64_t form = 0; form < (uint64_t)(forms_end - forms) / 8; form++) {
			uint64_t x[4] = { 0xffffffff80000000ul + (random64() & 0x3ffffff8), 0, 0, 0 };
			struct fault fault;
			bool good = run((uint64_t)forms + 8 * form, x, &fault);

			faults += !good;
			note(good, &fault, form);
		}
		faults += !run(0xffffffff80000000ul, (uint64_t[4]){ 0 }, &(struct fault){ 0 });
	}
	WRITE(sctlr_el1, READ(sctlr_el1) & ~1ul);
	check(faults > 100, "page tables outside RAM abort", faults);
	check(strange == 0, "and nothing else", strange);
}

int main(void)
{
	__asm__ volatile("msr daifset, #15" ::: "memory");
	WRITE(cpacr_el1, 3ul << 20);
	random_accesses();
	jumps();
	tables_outside_ram();
	random_accesses();
	check(hvc(PSCI_VERSION, 0, 0, 0) == 0x10001, "life goes on", 0);
	finish();
}
