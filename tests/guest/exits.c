/* SPDX-License-Identifier: BSD-2-Clause */
/* Exits that the VMM answers: hypercalls, device accesses of all shapes, aborts. */
#include "guest.h"

int main(void);

#define EC(esr)  ((esr) >> 26 & 0x3f)
#define FSC(esr) ((esr) & 0x3f)
#define EC_FETCH 0x21u /* instruction abort, same EL */
#define EC_DATA  0x25u /* data abort, same EL */
#define FSC_EXTERNAL 0x10u

static void hypercalls(void)
{
	uint64_t version = hvc(PSCI_VERSION, 0, 0, 0);

	check(version >> 16 == 1 && (version & 0xffff) >= 1, "PSCI_VERSION is 1.1 or later", version);
	check((uint32_t)hvc(PSCI_FEATURES, PSCI_SYSTEM_OFF, 0, 0) == 0, "PSCI_FEATURES knows SYSTEM_OFF", 0);
	check((uint32_t)hvc(0x8400ffffu, 0, 0, 0) == NOT_SUPPORTED, "an unknown function is NOT_SUPPORTED", 0);
}

static void loads_of_all_widths(void)
{
	uint64_t id = RTC + 0xfe0;

	check(read32(id) == 0x31, "32-bit load", read32(id));
	check(*(volatile uint8_t *)id == 0x31, "8-bit load", *(volatile uint8_t *)id);
	check(*(volatile uint16_t *)id == 0x31, "16-bit load", *(volatile uint16_t *)id);
}

static void sign_extension(void)
{
	int64_t value;

	write32(RTC + 4, 0x81); /* MR */
	__asm__ volatile("ldrsb %0, [%1]" : "=r"(value) : "r"(RTC + 4) : "memory");
	check(value == -127, "ldrsb extends the sign", (uint64_t)value);
}

static void discarded_load(void)
{
	__asm__ volatile("ldr wzr, [%0]" :: "r"(RTC + 0xfe0) : "memory");
	check(true, "a load to wzr", 0);
}

/* Loads that the syndrome does not describe (ISV = 0): the VMM decodes the instruction. */
static void undescribed_accesses(void)
{
	uint64_t base = RTC + 0xfe0, value = 0, second = 0;

	__asm__ volatile("ldr %w0, [%1], #4" : "=r"(value), "+r"(base) :: "memory");
	check(value == 0x31, "post-indexed load", value);
	check(base == RTC + 0xfe4, "its base register", base);
	__asm__ volatile("ldr %w0, [%1, #4]!" : "=r"(value), "+r"(base) :: "memory");
	check((value & 0xf) == 4 && base == RTC + 0xfe8, "pre-indexed load", value);
	base = RTC + 0xfe0;
	__asm__ volatile("ldp %w0, %w1, [%2]" : "=r"(value), "=r"(second) : "r"(base) : "memory");
	check(value == 0x31 && second == 0x10, "load of a pair", value << 32 | second);
	base = RTC + 4;
	__asm__ volatile("str %w1, [%0], #8" : "+r"(base) : "r"(0x1234u) : "memory");
	check(read32(RTC + 4) == 0x1234 && base == RTC + 12, "post-indexed store", read32(RTC + 4));
}

static void aborts(void)
{
	struct fault fault;
	uint32_t value;

	check(!try_read(NOWHERE, &value, &fault), "a load from nowhere aborts", value);
	check(EC(fault.esr) == EC_DATA && FSC(fault.esr) == FSC_EXTERNAL, "its syndrome", fault.esr);
	check(fault.far == NOWHERE, "its address", fault.far);
	check(!try_write(NOWHERE + 8, 1, &fault), "a store to nowhere aborts", 0);
	check(EC(fault.esr) == EC_DATA && FSC(fault.esr) == FSC_EXTERNAL, "its syndrome", fault.esr);
	check(!try_call(NOWHERE, &fault), "a jump to nowhere aborts", 0);
	check(EC(fault.esr) == EC_FETCH && FSC(fault.esr) == FSC_EXTERNAL, "its syndrome", fault.esr);
	check(fault.far == NOWHERE && fault.pc == NOWHERE, "its address", fault.far);
	check(try_read(RTC + 0xfe0, &value, &fault) && value == 0x31, "life goes on", value);
}

static void clock(void)
{
	uint64_t start = now(), second = ticks_per_second();
	uint32_t first = read32(RTC);
	uint32_t again;

	do {
		again = read32(RTC);
	} while (again == first && now() - start < 3 * second);
	check(again == first + 1, "the real-time clock counts seconds", again - first);
	check(now() - start <= second + second / 2, "and not too slowly", now() - start);
}

int main(void)
{
	hypercalls();
	loads_of_all_widths();
	sign_extension();
	discarded_load();
	undescribed_accesses();
	aborts();
	clock();
	finish();
}
