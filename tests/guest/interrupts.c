/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual GIC and timer as a guest sees them. */
#include "guest.h"

int main(void);

#define SPI 64u  /* first of those that no device uses */

static void wait_ticks(uint64_t ticks)
{
	uint64_t end = now() + ticks;

	while (now() < end)
		;
}

static uint64_t milliseconds(unsigned n)
{
	return ticks_per_second() / 1000 * n;
}

static void timer_interrupt(void)
{
	uint64_t deadline = now() + milliseconds(2);

	irqs_forget();
	gic_enable(VTIMER, 0x80, false);
	timer_at(deadline);
	irqs_on();
	while (irqs[VTIMER] == 0 && now() < deadline + milliseconds(1000))
		;
	check(irqs[VTIMER] == 1, "the virtual timer interrupts a busy guest", irqs[VTIMER]);
	check(irq_time >= deadline, "not before its time", deadline - irq_time);
	wait_ticks(milliseconds(2));
	check(irqs[VTIMER] == 1, "once", irqs[VTIMER]);
	for (unsigned i = 0; i < 100; i++) {
		timer_at(now() + milliseconds(1) / 10);
		while (irqs[VTIMER] == 1 + i && now() < deadline + milliseconds(2000))
			;
	}
	check(irqs[VTIMER] == 101, "a hundred times more", irqs[VTIMER]);
}

static void timer_masked_by_the_gic(void)
{
	irqs_forget();
	gic_disable(VTIMER);
	timer_at(now());
	wait_ticks(milliseconds(1));
	check(irq_total == 0, "a disabled timer interrupt stays away", irq_total);
	gic_enable(VTIMER, 0x80, false);
	wait_ticks(milliseconds(1));
	check(irqs[VTIMER] == 1, "and comes when it is enabled", irqs[VTIMER]);
}

static void sleep_until_timer(void)
{
	uint64_t deadline = now() + milliseconds(20);
	unsigned wakes = 0;

	irqs_forget();
	timer_at(deadline);
	while (irqs[VTIMER] == 0) {
		wait_for_interrupt();
		wakes++;
	}
	check(now() >= deadline, "wfi until the timer", deadline - now());
	check(wakes < 1000, "mostly asleep", wakes);
	irqs_off();
	timer_at(now() + milliseconds(5));
	wait_for_interrupt();
	check(irqs[VTIMER] == 1, "wfi with interrupts masked takes none", irqs[VTIMER]);
	irqs_on();
	wait_ticks(milliseconds(6));
	check(irqs[VTIMER] == 2, "the interrupt was kept", irqs[VTIMER]);
}

static void sgi_to_self(void)
{
	irqs_forget();
	gic_enable(5, 0x40, true);
	for (unsigned i = 0; i < 3; i++) {
		__asm__ volatile("msr S3_0_C12_C11_5, %0; isb" :: "r"(5ul << 24 | 1)); /* ICC_SGI1R_EL1 */
		wait_ticks(milliseconds(1) / 10);
	}
	check(irqs[5] == 3, "SGIs to oneself", irqs[5]);
	__asm__ volatile("msr S3_0_C12_C11_5, %0; isb" :: "r"(5ul << 24 | 1ul << 40));
	wait_ticks(milliseconds(1) / 10);
	check(irqs[5] == 3, "an SGI to all others does not come back", irqs[5]);
}

static volatile bool was_active, was_pending;

static void look(unsigned intid)
{
	was_active = gic_is_active(intid);
	was_pending = gic_is_pending(intid);
}

static void states(void)
{
	irqs_forget();
	irqs_off();
	gic_enable(SPI, 0x80, true);
	gic_pend(SPI);
	check(gic_is_pending(SPI) && !gic_is_active(SPI), "pending after ISPENDR", gic_is_pending(SPI));
	irq_handler = look;
	irqs_on();
	wait_ticks(milliseconds(1) / 10);
	irq_handler = 0;
	check(irqs[SPI] == 1, "it is delivered", irqs[SPI]);
	check(was_active && !was_pending, "active and not pending in its handler", was_active | was_pending << 1);
	check(!gic_is_pending(SPI) && !gic_is_active(SPI), "neither after its end", gic_is_active(SPI));
}

static void pend_again(unsigned intid)
{
	if (irqs[intid] == 1) {
		gic_pend(intid);
		look(intid);
	}
}

static void edge_while_active(void)
{
	irqs_forget();
	irq_handler = pend_again;
	gic_pend(SPI);
	wait_ticks(milliseconds(1) / 10);
	irq_handler = 0;
	check(was_active && was_pending, "pending and active", was_active | was_pending << 1);
	check(irqs[SPI] == 2, "an edge in the handler comes after it", irqs[SPI]);
}

static void disabled_while_pending(void)
{
	irqs_forget();
	irqs_off();
	gic_pend(SPI);
	gic_disable(SPI);
	irqs_on();
	wait_ticks(milliseconds(1) / 10);
	check(irqs[SPI] == 0, "disabled while pending: not delivered", irqs[SPI]);
	check(gic_is_pending(SPI), "but still pending", 0);
	gic_enable(SPI, 0x80, true);
	wait_ticks(milliseconds(1) / 10);
	check(irqs[SPI] == 1, "delivered when enabled again", irqs[SPI]);
}

static void many_at_once(void)
{
	bool order = true;

	irqs_forget();
	irqs_off();
	for (unsigned i = 0; i < 20; i++) {
		gic_enable(SPI + i, (uint8_t)(0xe0 - 8 * i), true);
		gic_pend(SPI + i);
	}
	irqs_on();
	wait_ticks(milliseconds(1));
	check(irq_total == 20, "twenty interrupts at once", irq_total);
	for (unsigned i = 0; i < 20; i++)
		order = order && irq_order[i] == SPI + 19 - i;
	check(order, "by priority", irq_order[0]);
}

static void priority_mask(void)
{
	irqs_forget();
	__asm__ volatile("msr S3_0_C4_C6_0, %0; isb" :: "r"(0x80ul)); /* ICC_PMR_EL1 */
	gic_enable(SPI, 0xa0, true);
	gic_enable(SPI + 1, 0x40, true);
	gic_pend(SPI);
	gic_pend(SPI + 1);
	wait_ticks(milliseconds(1) / 10);
	check(irqs[SPI] == 0 && irqs[SPI + 1] == 1, "the priority mask holds back the less urgent", irqs[SPI]);
	__asm__ volatile("msr S3_0_C4_C6_0, %0; isb" :: "r"(0xf0ul));
	wait_ticks(milliseconds(1) / 10);
	check(irqs[SPI] == 1, "until it is raised", irqs[SPI]);
}

/* The UART's transmit interrupt is a level: it comes until the handler clears it at the device. */
static void clear_at_third(unsigned intid)
{
	if (intid == 33 && irqs[33] == 3)
		write32(UART + 0x44, 0x20);
}

static void level_from_a_device(void)
{
	irqs_forget();
	irq_handler = clear_at_third;
	gic_enable(33, 0x80, false);
	write32(UART + 0x30, 0x301);
	write32(UART, '\r');
	write32(UART + 0x38, 0x20);
	wait_ticks(milliseconds(5));
	write32(UART + 0x38, 0);
	irq_handler = 0;
	check(irqs[33] == 3, "a level comes again until it is cleared", irqs[33]);
	gic_disable(33);
}

int main(void)
{
	gic_start();
	timer_interrupt();
	timer_masked_by_the_gic();
	sleep_until_timer();
	sgi_to_self();
	states();
	edge_while_active();
	disabled_while_pending();
	many_at_once();
	priority_mask();
	level_from_a_device();
	finish();
}
