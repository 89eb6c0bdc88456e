/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of a debug kernel on the PL011 that the firmware set up (Arm DDI 0183G, 3.3.1, 3.3.3). */
#include "uart.h"

#include "arch.h"
#include "mmio.h"

enum pl011 { UARTDR = 0x000, UARTFR = 0x018 };
#define UARTFR_TXFF (1u << 5)

static uint64_t base;

void uart_init(const struct bootinfo *boot)
{
	base = boot->uart_va;
}

void arch_debug_put(char c)
{
	if (!ARCH_DEBUG || !base)
		return;
	while (mmio_read32(base + UARTFR) & UARTFR_TXFF)
		arch_relax();
	mmio_write32(base + UARTDR, (unsigned char)c);
}
