/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest.h"

static unsigned passed, failed;

static void put_byte(char c)
{
	while (read32(UART + 0x18) & 0x20)
		;
	write32(UART, (uint8_t)c);
}

void put(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			put_byte('\r');
		put_byte(*text);
	}
}

void put_number(uint64_t value)
{
	char digits[21], *at = digits + 20;

	*at = 0;
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(at);
}

void put_hex(uint64_t value)
{
	put("0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		put_byte("0123456789abcdef"[value >> shift & 15]);
}

void check(bool good, const char *name, uint64_t got)
{
	put(good ? "ok " : "not ok ");
	put(name);
	if (good) {
		passed++;
	} else {
		failed++;
		put(": got ");
		put_hex(got);
	}
	put("\n");
}

_Noreturn void power_off(void)
{
	hvc(PSCI_SYSTEM_OFF, 0, 0, 0);
	put("not ok SYSTEM_OFF came back\n");
	for (;;)
		wait_for_interrupt();
}

_Noreturn void finish(void)
{
	put("done ");
	put_number(passed);
	put(" passed ");
	put_number(failed);
	put(" failed\n");
#ifdef FOREVER
	if (failed == 0)
		hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	for (;;) /* what went wrong stays to be seen */
		wait_for_interrupt();
#endif
	power_off();
}
