/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What exits cost, in nanoseconds of the virtual counter: under QEMU's
 * -icount shift=0 these are instructions. The loop around is measured and taken off.
 */
#include "guest.h"
#include "section.h"

int main(void);

#define ROUNDS 4000u
#define UART_INTID 33u

/* Sections (section.h); those of the timer end in vectors.S. */
enum { PSCI, LOAD, LOAD_GICD, STORE, TIMER_BUSY = 4, TIMER_WFI = 5, TICK, SGI, DEVICE, CONSOLE };

static uint64_t per_round(uint64_t ticks, uint64_t rounds)
{
	return (ticks * (1000000000ul / 1000) / (ticks_per_second() / 1000) + rounds / 2) / rounds;
}

/* Told at the end: what the console's driver does about a line would be measured with what comes next. */
static struct result {
	const char *name;
	uint64_t value, rounds;
	unsigned section;
	bool exact;         /* the section tells more than the value */
} result[16];
static unsigned results;

/* NAME costs VALUE; section N is what it measures, ROUNDS times from its begin to its end. */
static void metric(const char *name, uint64_t value, unsigned n, uint64_t rounds, bool exact)
{
	result[results++] = (struct result){ name, value, rounds, n, exact };
}

static void put_word(const char *before, uint64_t value)
{
	put(before);
	put_number(value);
}

static void tell(const struct result *r)
{
	put("metric ");
	put(r->name);
	put_word(" ", r->value);
	put("\nsection ");
	put(r->name);
	put_word(" ", r->section);
	put_word(" ", r->rounds);
	put(r->exact ? " 0\n" : "\n");
}

/* What one of ROUNDS costs: TICKS of all, measured as section N, less OWN. */
#define METRIC(name, n, rounds, ticks, own) do {                              \
	uint64_t ticks_;                                                      \
	SECTION_BEGIN(n);                                                     \
	ticks_ = (ticks);                                                     \
	SECTION_END(n);                                                       \
	metric(name, per_round(ticks_, rounds) - (own), n, rounds, false);         \
} while (0)

static uint64_t empty_loop(void)
{
	uint64_t start = now();

	for (unsigned i = 0; i < ROUNDS; i++)
		__asm__ volatile("" ::: "memory");
	return now() - start;
}

/* In a round besides the hvc: HYPERCALL_OWN instructions. */
#define HYPERCALL_OWN 4u
static uint64_t hypercall_loop(void)
{
	uint64_t left = ROUNDS, start = now();

	__asm__ volatile("1:	mov	w0, #0x84000000\n" /* PSCI_VERSION */
			 "	mov	x1, xzr\n"
			 "	hvc	#0\n"
			 "	subs	%0, %0, #1\n"
			 "	b.ne	1b\n"
			 : "+r"(left) :: "x0", "x1", "x2", "x3", "cc", "memory");
	return now() - start;
}

static uint64_t load_loop(uint64_t address)
{
	uint64_t start = now();

	for (unsigned i = 0; i < ROUNDS; i++)
		read32(address);
	return now() - start;
}

static uint64_t store_loop(uint64_t address)
{
	uint64_t start = now();

	for (unsigned i = 0; i < ROUNDS; i++)
		write32(address, 0);
	return now() - start;
}

/*
 * From the moment that the timer was set for to the first instruction of the
 * vector; but for it the guest computes, or waits in WFI. A tick of the counter is 16 instructions, and
 * the deadline is where one begins: so ./skerry bench has these sections begin anew where the kernel takes
 * the interrupt or wakes up, and they end at the vector.
 */
static uint64_t timer_latency(bool wait)
{
	uint64_t sum = 0, gap = ticks_per_second() / 50000;


	for (unsigned i = 0; i < ROUNDS / 10; i++) {
		unsigned seen = irqs[VTIMER];
		uint64_t deadline = now() + gap + i % 7;

		timer_at(deadline);
		while (irqs[VTIMER] == seen) {
			if (wait) {
				SECTION_BEGIN(TIMER_WFI);
				wait_for_interrupt();
			} else {
				SECTION_BEGIN(TIMER_BUSY);
			}
		}
		sum += irq_time - deadline;
	}
	return sum;
}

/*
 * A whole tick, from the interrupt to its end, with a vector of its own: the timer
 * fires as soon as it is on. In a round TICK_OWN instructions are the guest's.
 */
#define TICK_OWN 9u
__asm__(".pushsection .text\n"
	".balign 2048\n"
	"tick_vectors:\n"
	".org	tick_vectors + 0x280\n"
	"	mrs	x10, S3_0_C12_C12_0\n"  /* ICC_IAR1_EL1 */
	"	msr	cntv_ctl_el0, xzr\n"
	"	msr	S3_0_C12_C12_1, x10\n"  /* ICC_EOIR1_EL1 */
	"	add	x11, x11, #1\n"
	"	eret\n"
	".popsection\n");

static uint64_t tick_loop(uint64_t *ticks)
{
	register uint64_t taken __asm__("x11") = 0;
	uint64_t left = ROUNDS, vectors, table, start;

	__asm__ volatile("mrs %0, vbar_el1\n	adrp %1, tick_vectors\n	add %1, %1, :lo12:tick_vectors\n"
			 "	msr vbar_el1, %1\n	msr cntv_cval_el0, xzr\n	isb"
			 : "=&r"(vectors), "=&r"(table) :: "memory");
	start = now();
	__asm__ volatile("1:	msr	cntv_ctl_el0, %2\n"
			 "	isb\n"
			 "	subs	%0, %0, #1\n"
			 "	b.ne	1b\n"
			 : "+r"(left), "+r"(taken) : "r"(1ul) : "x10", "cc", "memory");
	start = now() - start;
	__asm__ volatile("msr vbar_el1, %0; isb" :: "r"(vectors) : "memory");
	*ticks = taken;
	return start;
}

/* Characters as a program writes them that does not look whether there is room; the UART driver's part included. */
#define LINE  60u
#define LINES 100u
static uint64_t console_loop(void)
{
	uint64_t start = now();

	for (unsigned i = 0; i < LINES * LINE; i++)
		write32(UART, i % LINE == LINE - 1 ? '\n' : '.');
	return now() - start;
}

static uint64_t sgi_loop(void)
{
	uint64_t start = now();

	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned seen = irqs[5];

		__asm__ volatile("msr S3_0_C12_C11_5, %0; isb" :: "r"(5ul << 24 | 1)); /* ICC_SGI1R_EL1 */
		while (irqs[5] == seen)
			;
	}
	return now() - start;
}

/* A level: raised by a register, lowered by the handler at the device, ended. Three exits and what the GIC adds. */
static void lower(unsigned intid)
{
	if (intid == UART_INTID)
		write32(UART + 0x38, 0);
}

static uint64_t device_loop(void)
{
	uint64_t start;

	gic_enable(UART_INTID, 0x80, false);
	write32(UART, '\r'); /* the transmit interrupt is now pending in the UART */
	irq_handler = lower;
	start = now();
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned seen = irqs[UART_INTID];

		write32(UART + 0x38, 0x20);
		while (irqs[UART_INTID] == seen)
			;
	}
	irq_handler = 0;
	return now() - start;
}

int main(void)
{
	uint64_t empty = empty_loop(), ticks;

	METRIC("psci_version", PSCI, ROUNDS, hypercall_loop(), HYPERCALL_OWN);
	METRIC("mmio_load", LOAD, ROUNDS, load_loop(RTC + 4) - empty, 0);
	METRIC("mmio_load_gicd", LOAD_GICD, ROUNDS, load_loop(GICD + 4) - empty, 0);
	METRIC("mmio_store", STORE, ROUNDS, store_loop(RTC + 4) - empty, 0);
	gic_start();
	gic_enable(VTIMER, 0x80, false);
	gic_enable(5, 0x80, true);
	irqs_on();
	metric("vtimer_busy", per_round(timer_latency(false), ROUNDS / 10), TIMER_BUSY, 1, true);
	metric("vtimer_wfi", per_round(timer_latency(true), ROUNDS / 10), TIMER_WFI, 1, true);
	METRIC("timer_tick", TICK, ROUNDS, tick_loop(&ticks), TICK_OWN);
	check(ticks == ROUNDS, "each tick came once", ticks);
	METRIC("sgi_to_self", SGI, ROUNDS, sgi_loop() - empty, 0);
	METRIC("device_interrupt", DEVICE, ROUNDS, device_loop() - empty, 0);
	METRIC("console_char", CONSOLE, LINES * LINE, console_loop(), 0);
	for (unsigned i = 0; i < results; i++)
		tell(&result[i]);
	check(irqs[5] == ROUNDS && irqs[UART_INTID] == ROUNDS, "all measured", irqs[UART_INTID]);
	finish();
}
