/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls with random functions and arguments, storms of SGIs and of timers set
 * to the ends of time, with interrupts open. Nothing is asked for that ends the guest.
 */
#include "hostile.h"

int main(void);

#define CALLS  40000u
#define STORM  40000u
#define TIMERS 20000u

/* Functions that end, reset or suspend the guest by right. */
static bool ends(uint32_t id)
{
	uint32_t number = id & 0xffff, owner = id >> 24 & 0x3f;

	return owner == 4 && (number == 1 || number == 2 || number == 8 || number == 9 || number == 0xc ||
			      number == 0xe || number == 0x12 || number == 0x13 || number == 0x14);
}

static uint32_t function(void)
{
	uint64_t r = random64();

	switch (r & 3) {
	case 0:
		return (uint32_t)(r >> 8);
	case 1:
		return 0x84000000u | (r >> 8 & 0x40000000u) | (r >> 40 & 0x1f);
	case 2:
		return 0x84000050u | (r >> 8 & 0x40000000u) | (r >> 40 & 0xf);
	default:
		return 0x80000000u | (r >> 8 & 0x7f000000u) | (r >> 40 & 0xff);
	}
}

static uint64_t argument(void)
{
	uint64_t r = random64();

	switch (r & 3) {
	case 0:
		return r >> 60;
	case 1:
		return ~0ul >> (r >> 58);
	case 2:
		return SCRATCH + (r >> 44);
	default:
		return r;
	}
}

static void hypercalls(void)
{
	uint64_t good = 0, refused = 0;

	for (unsigned i = 0; i < CALLS; i++) {
		uint32_t id = function();
		uint64_t got;

		if (ends(id))
			continue;
		got = hvc(id, argument(), argument(), argument());
		good += (int64_t)got >= 0;
		refused += (int32_t)got == -1;
	}
	check(good > 0, "some hypercalls are answered", good);
	check(refused > 100, "most are not supported", refused);
}

static void by_smc_and_immediate(void)
{
	for (unsigned i = 0; i < 1000; i++) {
		register uint64_t x0 __asm__("x0") = 0x84000000u;
		register uint64_t x1 __asm__("x1") = random64();

		__asm__ volatile("smc #0\n\thvc #0xffff\n\tsmc #0x1234\n\thvc #1"
				 : "+r"(x0), "+r"(x1) :: "x2", "x3", "memory");
	}
	check(true, "other immediates, smc", 0);
}

static void sgi_storm(void)
{
	unsigned before = irq_total;

	for (unsigned i = 0; i < 16; i++)
		gic_enable(i, (uint8_t)(i << 4), true);
	irqs_on();
	for (unsigned i = 0; i < STORM; i++) {
		uint64_t r = random64();

		/* half of them to this vCPU, the rest wherever the bits say */
		WRITE(S3_0_C12_C11_5, r & 1 ? 1 | (r >> 8 & 15) << 24 : r);       /* ICC_SGI1R_EL1 */
		WRITE(S3_0_C12_C11_6, r >> 1);                                    /* ICC_ASGI1R_EL1 */
		WRITE(S3_0_C12_C11_7, r >> 2);                                    /* ICC_SGI0R_EL1 */
	}
	irqs_off();
	check(irq_total - before > STORM / 100, "SGIs come through", irq_total - before);
}

static uint64_t instant(void)
{
	uint64_t r = random64();

	switch (r & 7) {
	case 0:
		return 0;
	case 1:
		return ~0ul;
	case 2:
		return 1ul << 63;
	case 3:
		return (1ul << 63) - 1;
	case 4:
		return now();
	case 5:
		return now() + (r >> 50);
	default:
		return r;
	}
}

static void timers(void)
{
	gic_enable(VTIMER, 0x80, false);
	gic_enable(30, 0x80, false);
	irqs_on();
	for (unsigned i = 0; i < TIMERS; i++) {
		WRITE(cntv_ctl_el0, random64() & 3);
		WRITE(cntv_cval_el0, instant());
		WRITE(cntv_tval_el0, instant());
		WRITE(cntv_cval_el0, instant());
		WRITE(cntv_ctl_el0, random64());
		if (i % 8 == 0) {
			WRITE(cntp_ctl_el0, random64() & 2);
			WRITE(cntp_cval_el0, instant());
			WRITE(cntp_tval_el0, instant());
			WRITE(cntp_ctl_el0, 0);
		}
	}
	timer_off();
	irqs_off();
	check(irqs[VTIMER] > 0, "timers set to any time fire", irqs[VTIMER]);
}

static void one_tick(void)
{
	unsigned before = irqs[VTIMER];
	uint64_t end = now() + 5 * ticks_per_second();

	irqs_on();
	timer_at(now() + ticks_per_second() / 1000);
	while (irqs[VTIMER] == before && now() < end)
		wait_for_interrupt();
	irqs_off();
	check(irqs[VTIMER] == before + 1, "and one that is set properly fires once", irqs[VTIMER] - before);
}

int main(void)
{
	gic_start();
	hypercalls();
	by_smc_and_immediate();
	sgi_storm();
	timers();
	one_tick();
	check(hvc(PSCI_VERSION, 0, 0, 0) == 0x10001, "life goes on", 0);
	finish();
}
