/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What exits cost, in nanoseconds of the virtual counter: under QEMU's
 * -icount shift=0 these are instructions. The loop around is measured and taken off.
 */
#include "guest.h"

int main(void);

#define ROUNDS 4000u
#define UART_INTID 33u

static uint64_t per_round(uint64_t ticks, uint64_t rounds)
{
	return (ticks * (1000000000ul / 1000) / (ticks_per_second() / 1000) + rounds / 2) / rounds;
}

static void metric(const char *name, uint64_t value)
{
	put("metric ");
	put(name);
	put(" ");
	put_number(value);
	put("\n");
}

static uint64_t empty_loop(void)
{
	uint64_t start = now();

	for (unsigned i = 0; i < ROUNDS; i++)
		__asm__ volatile("" ::: "memory");
	return now() - start;
}

static uint64_t hypercall_loop(void)
{
	uint64_t start = now();

	for (unsigned i = 0; i < ROUNDS; i++)
		hvc(PSCI_VERSION, 0, 0, 0);
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

/* From the moment that the timer was set for to the first instruction of the vector. */
static uint64_t timer_latency(void)
{
	uint64_t sum = 0, gap = ticks_per_second() / 50000;

	for (unsigned i = 0; i < ROUNDS / 10; i++) {
		unsigned seen = irqs[VTIMER];
		uint64_t deadline = now() + gap + i % 7;

		timer_at(deadline);
		while (irqs[VTIMER] == seen)
			;
		sum += irq_time - deadline;
	}
	return sum;
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
	uint64_t empty = empty_loop();

	metric("exit_round_trip", per_round(hypercall_loop() - empty, ROUNDS));
	metric("mmio_load", per_round(load_loop(RTC + 4) - empty, ROUNDS));
	metric("mmio_load_gicd", per_round(load_loop(GICD + 4) - empty, ROUNDS));
	metric("mmio_store", per_round(store_loop(RTC + 4) - empty, ROUNDS));
	gic_start();
	gic_enable(VTIMER, 0x80, false);
	gic_enable(5, 0x80, true);
	irqs_on();
	metric("timer_interrupt", per_round(timer_latency(), ROUNDS / 10));
	metric("sgi_to_self", per_round(sgi_loop() - empty, ROUNDS));
	metric("device_interrupt", per_round(device_loop() - empty, ROUNDS));
	check(irqs[5] == ROUNDS && irqs[UART_INTID] == ROUNDS, "all measured", irqs[UART_INTID]);
	finish();
}
