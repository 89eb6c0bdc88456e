/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that was given the machine's own clock, a PL031 (Arm DDI 0224C): registers
 * and interrupt are those of apps/demos/clock.
 */
#include "guest.h"

int main(void);

#define CLOCK 0xb000000ul
#define INTID 200u

enum { DATA = 0x0, MATCH = 0x4, MASK = 0x10, RAW = 0x14, CLEAR = 0x1c, PART = 0xfe0 };

static volatile uint32_t *clock(unsigned offset)
{
	return (volatile uint32_t *)(CLOCK + offset);
}

static void handler(unsigned intid)
{
	if (intid == INTID)
		*clock(CLEAR) = 1;
}

/* The alarm, a second from now; how often it came within three. */
static unsigned alarm(void)
{
	uint64_t end = now() + 3 * ticks_per_second();
	unsigned before = irqs[INTID];

	*clock(MATCH) = *clock(DATA) + 1;
	while (now() < end && irqs[INTID] == before)
		;
	end = now() + ticks_per_second() / 10;
	while (now() < end)
		;
	return irqs[INTID] - before;
}

/* The same with the processor asleep. (Masked, an interrupt ends wfi all the same, and none is taken just before it.) */
static unsigned alarm_in_sleep(void)
{
	unsigned before = irqs[INTID];

	irqs_off();
	*clock(MATCH) = *clock(DATA) + 1;
	while (irqs[INTID] == before) {
		wait_for_interrupt();
		irqs_on();
		irqs_off();
	}
	irqs_on();
	return irqs[INTID] - before;
}

/* While the controller has it disabled it waits. */
static unsigned alarm_disabled(void)
{
	unsigned before = irqs[INTID], came;

	gic_disable(INTID);
	came = alarm();
	gic_enable(INTID, 0x80, false);
	while (irqs[INTID] == before)
		;
	return came;
}

int main(void)
{
	uint32_t first = *clock(DATA);

	gic_start();
	check((*clock(PART) & 0xff) == 0x31, "the device itself answers", *clock(PART));
	check(first > 1000000000u, "and knows the time", first);
	irqs_forget();
	irq_handler = handler;
	gic_enable(INTID, 0x80, false);
	irqs_on();
	*clock(MASK) = 1;
	check(alarm() == 1, "its interrupt comes, once", irqs[INTID]);
	check(alarm() == 1, "and again, since its end was seen", irqs[INTID]);
	check(alarm_in_sleep() == 1, "it ends wfi", irqs[INTID]);
	check(alarm_disabled() == 0, "disabled in the controller it waits", irqs[INTID]);
	check(*clock(RAW) == 0, "nothing is left of it", *clock(RAW));
	*clock(MASK) = 0;
	check(alarm() == 0, "masked in the device it stays away", irqs[INTID]);
	finish();
}
