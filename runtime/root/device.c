/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two PL011 UARTs as root uses them: one byte at a time, polled.
 * Reference: Arm DDI 0183G, PrimeCell UART (PL011) Technical Reference Manual,
 * 3.3.1 UARTDR, 3.3.3 UARTFR, 3.3.8 UARTCR, 3.3.10 UARTIMSC.
 */
#include "device.h"

#include <stddef.h>
#include "skerry/calls.h"
#include "skerry/root.h"

#define UARTDR 0x00
#define UARTFR 0x18
#define UARTCR 0x30
#define UARTIMSC 0x38
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define CR_RXE (1u << 9)
#define INT_RX (1u << 4)
#define CR_ENABLE (1u << 0 | 1u << 8) /* UARTEN, TXE */

#define CONSOLE_SLOT (SK_ROOT_RUNTIME_SLOTS + 0)
#define STATUS_SLOT  (SK_ROOT_RUNTIME_SLOTS + 1)

static void *console, *status;

static volatile uint32_t *reg(void *uart, unsigned offset)
{
	return (volatile uint32_t *)(void *)((char *)uart + offset);
}

/* Makes a memory capability of region INDEX's first page in SLOT and maps it. */
static void *map(uint32_t index, uint32_t slot, uint64_t ipa)
{
	const struct sk_root_info *info = sk_root_info();
	void *uart = (void *)(uintptr_t)(ipa + (index < info->regions ? info->region[index].offset : 0));
	uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE;

	if (index >= info->regions ||
	    sk_retype(SK_ROOT_REGIONS + index, SK_TYPE_MEMORY, SK_PAGE, SK_ROOT_CNODE, slot, 1,
		      rights | SK_CACHE_DEVICE << 8) != SK_OK ||
	    sk_map_all(slot, SK_ROOT_SPACE, ipa, 0, SK_PAGE, rights) != SK_OK)
		return NULL;
	/* Nobody has enabled it if firmware did not use it. */
	*reg(uart, UARTCR) = *reg(uart, UARTCR) | CR_ENABLE;
	return uart;
}

void device_map(void)
{
	console = map(sk_root_info()->console, CONSOLE_SLOT, SK_ROOT_CONSOLE_IPA);
	status = map(sk_root_info()->status, STATUS_SLOT, SK_ROOT_STATUS_IPA);
}

void *device_console(void)
{
	return console;
}

void *device_status(void)
{
	return status;
}

void device_put(void *uart, char c)
{
	while (*reg(uart, UARTFR) & FR_TXFF)
		;
	*reg(uart, UARTDR) = (uint8_t)c;
}

void device_listen(void *uart)
{
	*reg(uart, UARTCR) = *reg(uart, UARTCR) | CR_RXE;
	*reg(uart, UARTIMSC) = INT_RX;
}

void device_heard(void *uart)
{
	while (!(*reg(uart, UARTFR) & FR_RXFE))
		(void)*reg(uart, UARTDR);
}

void sk_root_release_console(void)
{
	console = NULL;
	sk_unmap_all(CONSOLE_SLOT, 0, SK_PAGE);
	sk_delete(SK_ROOT_CNODE, CONSOLE_SLOT);
}
