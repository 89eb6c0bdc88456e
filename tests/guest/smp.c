/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several vCPUs: PSCI's calls about cores, SGIs to every kind of set, SPIs routed
 * and looked at from elsewhere, each vCPU's own timer, one virtual counter for all.
 *
 * The MMU is off, so nobody uses atomic instructions: every variable has one
 * writer.
 */
#include "guest.h"

#define CPUS_MOST   8u
#define STACK_BYTES 4096u
#define ROUNDS      100u
#define SPI         60u
#define DISTANCE    0x20000ul       /* from one redistributor to the next */

#define CPU_SUSPEND   0xc4000001u
#define CPU_OFF       0x84000002u
#define CPU_ON        0xc4000003u
#define AFFINITY_INFO 0xc4000004u
#define INVALID       0xfffffffffffffffeul
#define ALREADY_ON    0xfffffffffffffffcul
#define BAD_ADDRESS   0xfffffffffffffff7ul

enum order { WAIT, PASS_ON, OFF, TIMER, COUNTER, HOLD };

static struct cpu {
	volatile uint64_t up;            /* context id of its last start, + 1 */
	volatile uint64_t mpidr;
	volatile unsigned irqs[64];      /* by INTID; 60: SPI */
	volatile enum order order;       /* cpu 0's to it */
	volatile uint64_t done;          /* orders it has carried out */
	volatile uint64_t counter;
	volatile bool good;
} cpu[CPUS_MOST];
static _Alignas(16) __attribute__((used)) uint8_t stack[CPUS_MOST][STACK_BYTES]; /* by second_start */
static unsigned cpus;
static volatile bool release;
static volatile uint64_t pass;           /* 1: cpu 0 hands the token on; written by whoever has it */

void second_start(void);
_Noreturn void second_main(uint64_t context);
int main(void);
extern char vectors[];

/* x0 = context id: its number in the low byte. */
__asm__(
	"	.text\n"
	"	.global second_start\n"
	"second_start:\n"
	"	adrp	x1, vectors\n"
	"	add	x1, x1, :lo12:vectors\n"
	"	msr	vbar_el1, x1\n"
	"	adrp	x1, stack\n"
	"	add	x1, x1, :lo12:stack\n"
	"	and	x2, x0, #7\n"
	"	add	x2, x2, #1\n"
	"	add	x1, x1, x2, lsl #12\n"
	"	mov	sp, x1\n"
	"	isb\n"
	"	bl	second_main\n");

static uint64_t mpidr(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(value));
	return value;
}

static unsigned self(void)
{
	return mpidr() & 7;
}

static void barrier(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

/* Waits at most two seconds of the virtual counter. */
#define UNTIL(condition) ({ \
	uint64_t end_ = now() + 2 * ticks_per_second(); \
	while (!(condition) && now() < end_) \
		barrier(); \
	(condition); })

/* --- interrupts ------------------------------------------------------------------ */

static void send(uint64_t sgi1r)
{
	barrier();
	__asm__ volatile("msr S3_0_C12_C11_5, %0; isb" :: "r"(sgi1r) : "memory");
}

static uint64_t to_list(unsigned intid, unsigned list)
{
	return (uint64_t)intid << 24 | list;
}

static uint64_t to_others(unsigned intid)
{
	return (uint64_t)intid << 24 | 1ul << 40;
}

static void own_gic(unsigned n)
{
	uint64_t frame = GICR + n * DISTANCE;

	write32(frame + 0x14, 0);
	write32(frame + 0x10080, 0xffffffff);
	for (unsigned i = 0; i < 32; i += 4)
		write32(frame + 0x10400 + i, 0x80808080);
	write32(frame + 0x10100, 0xffff | 1u << VTIMER);
	__asm__ volatile(
		"msr	S3_0_C12_C12_5, %0; isb\n"  /* ICC_SRE_EL1 */
		"msr	S3_0_C4_C6_0, %1\n"         /* ICC_PMR_EL1 */
		"msr	S3_0_C12_C12_7, %0\n"       /* ICC_IGRPEN1_EL1 */
		"isb" :: "r"(1ul), "r"(0xf0ul));
}

static void count(unsigned intid)
{
	struct cpu *c = &cpu[self()];

	if (intid < 64)
		c->irqs[intid]++;
	while (intid == SPI && !release)
		barrier();
}

/* --- the others -------------------------------------------------------------------- */

static bool timer_comes(unsigned n)
{
	unsigned before = cpu[n].irqs[VTIMER];

	timer_at(now() + ticks_per_second() / 100);
	return UNTIL(cpu[n].irqs[VTIMER] != before);
}

/* The token: PASS = 1 + whose turn it is, in the round PASS / cpus. */
static bool pass_on(unsigned n)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		if (!UNTIL(pass == (uint64_t)round * cpus + n && (n == 0 || cpu[n].irqs[7] == round + 1)))
			return false;
		pass = pass + 1;
		send(to_list(7, 1u << (n + 1) % cpus));
	}
	return true;
}

static void carry_out(unsigned n, enum order order)
{
	struct cpu *c = &cpu[n];

	switch (order) {
	case PASS_ON:
		c->good = pass_on(n);
		break;
	case TIMER:
		c->good = timer_comes(n);
		break;
	case COUNTER:
		c->counter = now();
		break;
	default:
		break;
	}
	barrier();
	c->order = WAIT;
	c->done++;
	if (order == OFF) {
		hvc(CPU_OFF, 0, 0, 0);
		c->good = false;
	}
}

_Noreturn void second_main(uint64_t context)
{
	unsigned n = context & 7;
	struct cpu *c = &cpu[n];

	own_gic(n);
	c->mpidr = mpidr();
	c->good = true;
	barrier();
	c->up = context + 1;
	irqs_on();
	for (;;) {
		if (c->order != WAIT)
			carry_out(n, c->order);
		/* A new order comes with SGI 0. Masked, so that it cannot slip in between. */
		irqs_off();
		if (c->order == WAIT)
			wait_for_interrupt();
		irqs_on();
	}
}

/* --- vCPU 0 ------------------------------------------------------------------------- */

static void order(unsigned n, enum order what)
{
	cpu[n].order = what;
	send(to_list(0, 1u << n));
}

static bool all_done(uint64_t count_of)
{
	for (unsigned n = 1; n < cpus; n++) {
		if (!UNTIL(cpu[n].done >= count_of))
			return false;
	}
	return true;
}

static uint64_t switch_on(unsigned n, uint64_t context)
{
	return hvc(CPU_ON, n, (uintptr_t)second_start, context << 8 | n);
}

static void power(void)
{
	bool off = true, on = true, up = true;

	check(hvc(CPU_ON, 0, (uintptr_t)second_start, 0) == ALREADY_ON, "CPU_ON of itself", 0);
	check(hvc(CPU_ON, cpus, (uintptr_t)second_start, 0) == INVALID, "CPU_ON of a vCPU that is not there", 0);
	check(hvc(CPU_ON, 1, 0x1000, 0) == BAD_ADDRESS, "CPU_ON at an address without RAM", 0);
	check(hvc(AFFINITY_INFO, 0, 0, 0) == 0, "AFFINITY_INFO of itself: on", 0);
	for (unsigned n = 1; n < cpus; n++) {
		off = off && hvc(AFFINITY_INFO, n, 0, 0) == 1;
		on = on && switch_on(n, 5) == 0;
		up = up && UNTIL(cpu[n].up == (5 << 8 | n) + 1) && (cpu[n].mpidr & 0xffffff) == n;
		up = up && hvc(AFFINITY_INFO, n, 0, 0) == 0;
	}
	check(off, "AFFINITY_INFO of the others: off", 0);
	check(on, "CPU_ON", 0);
	check(up, "they run, with their context and their affinity", 0);
}

/* Which vCPUs have got INTID once more than BEFORE says, as a mask; bit 8: one got it more often. */
static unsigned who_got(unsigned intid, const unsigned before[CPUS_MOST])
{
	unsigned mask = 0;

	for (unsigned n = 0; n < cpus; n++)
		mask |= cpu[n].irqs[intid] == before[n] + 1 ? 1u << n : cpu[n].irqs[intid] != before[n] ? 0x100 : 0;
	return mask;
}

static void sgi(const char *name, uint64_t value, unsigned expect)
{
	unsigned before[CPUS_MOST], got, intid = value >> 24 & 15;

	for (unsigned n = 0; n < cpus; n++)
		before[n] = cpu[n].irqs[intid];
	send(value);
	UNTIL(who_got(intid, before) == expect);
	/* and a little longer, for one too many */
	for (uint64_t end = now() + ticks_per_second() / 50; now() < end;)
		barrier();
	got = who_got(intid, before);
	check(got == expect, name, got);
}

static void sgis(void)
{
	unsigned all = (1u << cpus) - 1;

	sgi("SGI to itself", to_list(3, 1), 1);
	sgi("SGI to one other", to_list(3, 2), 2);
	sgi("SGI to the last one", to_list(4, 1u << (cpus - 1)), 1u << (cpus - 1));
	sgi("SGI to a list, itself in it", to_list(5, all), all);
	sgi("SGI to all others", to_others(6), all & ~1u);
	sgi("SGI to a vCPU that is not there", to_list(3, 1u << cpus), 0);
	sgi("SGI to another cluster", to_list(3, 3) | 1ul << 16, 0);
}

static void token(void)
{
	uint64_t before = cpu[1].done;
	bool good = true;

	for (unsigned n = 1; n < cpus; n++)
		order(n, PASS_ON);
	check(pass_on(0), "a token goes round by SGIs", pass);
	check(all_done(before + 1), "all see its end", pass);
	for (unsigned n = 1; n < cpus; n++)
		good = good && cpu[n].good && cpu[n].irqs[7] == ROUNDS;
	check(good, "no SGI was lost or came twice", cpu[1].irqs[7]);
}

static void timers(void)
{
	uint64_t before = cpu[1].done;
	bool good = true;

	for (unsigned n = 1; n < cpus; n++)
		order(n, TIMER);
	check(timer_comes(0), "vCPU 0's timer", 0);
	check(all_done(before + 1), "the others' timers", 0);
	for (unsigned n = 1; n < cpus; n++)
		good = good && cpu[n].good;
	check(good, "each got its own", 0);
}

/* A later look at the counter elsewhere must not see an earlier time. */
static void counter(void)
{
	bool good = true;

	for (unsigned i = 0; i < 10; i++) {
		for (unsigned n = 1; n < cpus; n++) {
			uint64_t done = cpu[n].done, start = now();

			order(n, COUNTER);
			good = good && UNTIL(cpu[n].done == done + 1);
			good = good && cpu[n].counter >= start && cpu[n].counter <= now();
		}
	}
	check(good, "one virtual counter for all", 0);
}

static void route(unsigned n)
{
	*(volatile uint64_t *)(GICD + 0x6000 + 8 * SPI) = n;
}

static void spis(void)
{
	bool there = true, active = true, ended = true;

	gic_enable(SPI, 0x80, true);
	for (unsigned n = 0; n < cpus; n++) {
		unsigned before = cpu[n].irqs[SPI];

		release = n == 0;
		route(n);
		gic_pend(SPI);
		there = there && UNTIL(cpu[n].irqs[SPI] == before + 1);
		active = active && (n == 0 || gic_is_active(SPI));
		release = true;
		ended = ended && UNTIL(!gic_is_active(SPI));
	}
	check(there, "an SPI goes where it is routed", 0);
	check(active, "its active state is seen from elsewhere", 0);
	check(ended, "and its end", 0);
	/* pending at a vCPU that does not take it, then routed to another one */
	gic_disable(SPI);
	route(1);
	gic_pend(SPI);
	check(gic_is_pending(SPI), "it pends while it is disabled", 0);
	route(cpus - 1);
	gic_enable(SPI, 0x80, true);
	check(UNTIL(cpu[cpus - 1].irqs[SPI] == 2), "and comes where it is routed then", cpu[cpus - 1].irqs[SPI]);
}

static void off_and_on(void)
{
	bool off = true, on = true;

	for (unsigned i = 0; i < 10; i++) {
		for (unsigned n = 1; n < cpus; n++)
			order(n, OFF);
		for (unsigned n = 1; n < cpus; n++)
			off = off && UNTIL(hvc(AFFINITY_INFO, n, 0, 0) == 1);
		for (unsigned n = 1; n < cpus; n++)
			on = on && switch_on(n, 10 + i) == 0 && UNTIL(cpu[n].up == ((10 + i) << 8 | n) + 1);
	}
	check(off, "10 times off", 0);
	check(on, "and on again", 0);
	sgi("SGI to all others, afterwards", to_others(6), ((1u << cpus) - 1) & ~1u);
}

static void suspend(void)
{
	uint64_t start = now(), delay = ticks_per_second() / 20;
	unsigned before = cpu[0].irqs[VTIMER];

	irqs_off();
	timer_at(start + delay);
	check(hvc(CPU_SUSPEND, 0x10000, (uintptr_t)second_start, 0) == 0, "CPU_SUSPEND", 0);
	check(now() >= start + delay, "it waits for the timer", now() - start);
	irqs_on();
	check(UNTIL(cpu[0].irqs[VTIMER] == before + 1), "whose interrupt comes then", 0);
}

int main(void)
{
	while (cpus < CPUS_MOST && !(read32(GICR + cpus++ * DISTANCE + 8) & 1 << 4))
		;
	put("vCPUs: ");
	put_number(cpus);
	put("\n");
	if (cpus < 2) {
		check(false, "needs two vCPUs", cpus);
		finish();
	}
	irq_handler = count;
	gic_start();
	own_gic(0);
	irqs_on();
	power();
	sgis();
	token();
	timers();
	counter();
	spis();
	off_and_on();
	suspend();
	finish();
}
