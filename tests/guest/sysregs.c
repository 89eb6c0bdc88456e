/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers and instructions that are trapped: what a guest finds is what
 * the ID registers promise. (On QEMU alone it ends at smc, which a machine
 * without EL2 and EL3 does not have.)
 */
#include "guest.h"

int main(void);

#define PHYSICAL_TIMER 30u
#define ISTATUS 4u
#define CPACR_OPEN (3ul << 20 | 3ul << 16) /* FPEN, ZEN */
#define ESR_UNDEFINED 0x02000000ul

#define READ(reg) ({ uint64_t v_; __asm__ volatile("isb; mrs %0, " #reg : "=r"(v_) :: "memory"); v_; })
#define WRITE(reg, value) __asm__ volatile("msr " #reg ", %0; isb" :: "r"((uint64_t)(value)) : "memory")

/* One instruction as a function, for try_call. */
#define PROBE(name, instruction) \
	extern char name[]; \
	__asm__(".pushsection .text\n.arch armv8-a\n" #name ":\n\t" instruction "\n\tret\n.popsection")

PROBE(probe_pmcr, "mrs xzr, pmcr_el0");
PROBE(probe_pmuserenr, "msr pmuserenr_el0, xzr");
PROBE(probe_sve, ".inst 0x2518e3e0");           /* ptrue p0.b */
PROBE(probe_zcr, "mrs xzr, S3_0_C1_C2_0");      /* ZCR_EL1 */
PROBE(probe_pauth_key, "mrs xzr, S3_0_C2_C1_0"); /* APIAKeyLo_EL1 */
PROBE(probe_lor, "mrs xzr, S3_0_C10_C4_3");     /* LORC_EL1 */
PROBE(probe_unallocated, "mrs xzr, S3_0_C11_C13_7");
PROBE(probe_oslsr_write, "msr S2_0_C1_C1_4, xzr"); /* OSLSR_EL1 is read-only */

static void undefined(bool expected, char *probe, const char *name)
{
	struct fault fault;

	try_call((uint64_t)probe, &fault);
	check((fault.count != 0) == expected && (!expected || fault.esr == ESR_UNDEFINED), name, fault.esr);
	if (expected)
		check(fault.pc == (uint64_t)probe, "at that instruction", fault.pc);
}

static void what_is_not_there(void)
{
	uint64_t pmu = READ(id_aa64dfr0_el1) >> 8 & 15, pfr0 = READ(id_aa64pfr0_el1);

	undefined(pmu == 0 || pmu == 15, probe_pmcr, "PMCR_EL0 as the ID register says");
	undefined(pmu == 0 || pmu == 15, probe_pmuserenr, "PMUSERENR_EL0 as the ID register says");
	/* CPACR_EL1 is the guest's own, and its trap comes before EL2's on a core that has SVE: open it ([ARM] D1.3.5) */
	WRITE(cpacr_el1, READ(cpacr_el1) | CPACR_OPEN);
	undefined((pfr0 >> 32 & 15) == 0, probe_sve, "SVE as the ID register says");
	undefined((pfr0 >> 32 & 15) == 0, probe_zcr, "ZCR_EL1 as the ID register says");
	undefined((READ(id_aa64isar1_el1) & 0xff0) == 0, probe_pauth_key, "pointer authentication as the ID register says");
	undefined((READ(id_aa64mmfr1_el1) >> 16 & 15) == 0, probe_lor, "LORC_EL1 as the ID register says");
	undefined(true, probe_unallocated, "an unallocated register is undefined");
	undefined(true, probe_oslsr_write, "a write of OSLSR_EL1 is undefined");
}

static void debug_registers(void)
{
	WRITE(S2_0_C1_C0_4, 1); /* OSLAR_EL1 */
	check((READ(S2_0_C1_C1_4) & 0xa) == 0xa, "the OS lock locks", READ(S2_0_C1_C1_4));
	WRITE(S2_0_C1_C0_4, 0);
	check((READ(S2_0_C1_C1_4) & 0xa) == 0x8, "and unlocks", READ(S2_0_C1_C1_4));
	WRITE(S2_0_C0_C0_5, 0); /* DBGBCR0_EL1 */
	WRITE(S2_0_C0_C0_7, 0); /* DBGWCR0_EL1 */
	WRITE(mdscr_el1, 0);
	check(READ(mdscr_el1) == 0, "debug is off", READ(mdscr_el1));
}

static void by_set_and_way(void)
{
	__asm__ volatile("dc isw, xzr; dc csw, xzr; dc cisw, xzr; dsb sy" ::: "memory");
	(void)READ(actlr_el1);
	check(true, "caches by set and way, ACTLR_EL1", 0);
}

static void physical_timer(void)
{
	uint64_t start = READ(cntpct_el0), ms = ticks_per_second() / 1000, due = start + 200000 * ms, left;

	WRITE(cntp_cval_el0, due); /* far, however busy the machine under us is */
	WRITE(cntp_ctl_el0, 3); /* enabled, masked */
	check(!(READ(cntp_ctl_el0) & ISTATUS), "the physical timer waits", READ(cntp_ctl_el0));
	start = READ(cntpct_el0);
	left = READ(cntp_tval_el0); /* the low 32 bits of what is left, whatever the frequency */
	check((uint32_t)(due - left - start) <= READ(cntpct_el0) - start, "CNTP_TVAL_EL0 counts down", left);
	start = READ(cntpct_el0);
	WRITE(cntp_cval_el0, start + 2 * ms);
	while (!(READ(cntp_ctl_el0) & ISTATUS) && READ(cntpct_el0) < start + 1000 * ms)
		;
	check(READ(cntp_ctl_el0) == 7, "and is due", READ(cntp_ctl_el0));
	check(READ(cntpct_el0) >= start + 2 * ms, "in time", READ(cntpct_el0) - start);
	WRITE(cntp_ctl_el0, 0);
	check(READ(cntp_ctl_el0) == 0, "off again", READ(cntp_ctl_el0));
}

static void stop_timer(unsigned intid)
{
	if (intid == PHYSICAL_TIMER)
		WRITE(cntp_ctl_el0, 0);
}

static void physical_timer_ends_wfi(void)
{
	uint64_t ms = ticks_per_second() / 1000, due = READ(cntpct_el0) + 20 * ms;

	irqs_forget();
	irq_handler = stop_timer;
	gic_enable(PHYSICAL_TIMER, 0x80, false);
	irqs_on();
	WRITE(cntp_tval_el0, 20 * ms);
	WRITE(cntp_ctl_el0, 1);
	while (irqs[PHYSICAL_TIMER] == 0 && READ(cntpct_el0) < due + 1000 * ms)
		wait_for_interrupt();
	check(irqs[PHYSICAL_TIMER] == 1, "the physical timer ends wfi", irqs[PHYSICAL_TIMER]);
	check(READ(cntpct_el0) >= due, "not before its time", due - READ(cntpct_el0));
	irqs_off();
}

static void smc_is_hvc(void)
{
	register uint64_t x0 __asm__("x0") = 0x84000000; /* PSCI_VERSION */

	__asm__ volatile("smc #0" : "+r"(x0) :: "x1", "x2", "x3", "memory");
	check(x0 == hvc(0x84000000, 0, 0, 0), "smc is answered as hvc", x0);
}

static void random_numbers(void)
{
	register uint64_t x0 __asm__("x0") = 0xc4000053; /* TRNG_RND64 */
	register uint64_t x1 __asm__("x1") = 128;
	register uint64_t x2 __asm__("x2") = 0;
	register uint64_t x3 __asm__("x3") = 0;
	uint64_t result[4];

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) :: "memory");
	result[0] = x0, result[1] = x1, result[2] = x2, result[3] = x3;
	check(result[0] == 0 && result[1] == 0, "128 random bits", result[0]);
	check(result[2] != 0 && result[3] != 0 && result[2] != result[3], "that look so", result[3]);
	check((int64_t)hvc(0xc4000053, 193, 0, 0) == -2, "193 are too many", 193);
}

int main(void)
{
	gic_start();
	what_is_not_there();
	debug_registers();
	by_set_and_way();
	physical_timer();
	physical_timer_ends_wfi();
	smc_is_hvc();
	random_numbers();
	finish();
}
