/* SPDX-License-Identifier: BSD-2-Clause */
#include "print.h"

#define UARTDR 0x000
#define UARTFR 0x018
#define UARTCR 0x030
#define FR_BUSY 0x08u
#define FR_TXFF 0x20u
#define CR_ON   0x301u    /* UARTEN, TXE, RXE; the line's settings are firmware's */
#define PATIENCE 1000000u /* a UART that never drains must not stop the boot */

static uint64_t uart;

static volatile uint32_t *reg(unsigned offset)
{
	return (volatile uint32_t *)(uintptr_t)(uart + offset);
}

void print_begin(uint64_t base)
{
	uart = base;
	if ((*reg(UARTCR) & CR_ON) != CR_ON)
		*reg(UARTCR) = CR_ON;
}

static void wait_clear(uint32_t flags)
{
	for (unsigned i = 0; (*reg(UARTFR) & flags) && i < PATIENCE; i++)
		;
}

static void put(char c)
{
	wait_clear(FR_TXFF);
	*reg(UARTDR) = (unsigned char)c;
}

void print(const char *text, ...)
{
	char line[256];
	va_list args;
	size_t length;

	if (!uart)
		return;
	va_start(args, text);
	length = format_list(line, sizeof(line), text, args);
	va_end(args);
	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\n')
			put('\r');
		put(line[i]);
	}
	wait_clear(FR_BUSY);
}
