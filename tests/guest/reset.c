/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SYSTEM_RESET restarts the machine as if switched on. The real-time clock, which
 * a reset leaves alone, remembers how often: it is set to a date of our own.
 */
#include "guest.h"

int main(void);

#define OUR_DATE 0x10000000u
#define STEP     0x00100000u /* seconds: far more than a run takes */
#define RESETS   3u

static volatile uint32_t in_bss, in_data = 7;

static unsigned resets(void)
{
	uint32_t date = read32(RTC);

	return date >= OUR_DATE && date < OUR_DATE + (RESETS + 1) * STEP ? (date - OUR_DATE) / STEP : 0;
}

int main(void)
{
	unsigned count = resets();

	check(in_bss == 0 && in_data == 7, "memory is as loaded", in_data);
	check(read32(GICD) == 0x50, "the distributor is as after reset", read32(GICD));
	check(read32(UART + 0x38) == 0, "the UART's interrupts are off", read32(UART + 0x38));
	in_bss = in_data = 99;
	gic_start();
	gic_enable(VTIMER, 0x80, false);
	timer_at(now() + ticks_per_second() * 1000);
	write32(UART + 0x38, 0x70);
	if (count == RESETS) {
		check(true, "it was reset three times", count);
		finish();
	}
	write32(RTC + 8, OUR_DATE + (count + 1) * STEP);
	put("reset ");
	put_number(count + 1);
	put("\n");
	hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	check(false, "SYSTEM_RESET came back", count);
	finish();
}
