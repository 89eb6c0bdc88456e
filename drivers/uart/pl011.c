/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PL011 UART.
 *
 * References
 *   [TRM] Arm DDI 0183G, PrimeCell UART (PL011) Technical Reference Manual.
 */
#include "pl011.h"

/* Word indices of the registers ([TRM] table 3-1). */
enum {
	DR = 0x00 / 4,
	FR = 0x18 / 4,
	IBRD = 0x24 / 4,
	LCR_H = 0x2c / 4,
	CR = 0x30 / 4,
	IFLS = 0x34 / 4,
	IMSC = 0x38 / 4,
	ICR = 0x44 / 4,
};

#define DR_ERRORS   0xf00u
#define FR_BUSY     0x08u
#define FR_RXFE     0x10u
#define FR_TXFF     0x20u
#define FR_TXFE     0x80u
#define LCR_H_8BITS 0x60u
#define LCR_H_FEN   0x10u
#define CR_ON       0x301u  /* UARTEN, TXE, RXE */
#define IFLS_HALF   0x12u   /* interrupts at half full, half empty */
#define INT_RX      0x10u
#define INT_TX      0x20u
#define INT_RT      0x40u
#define INT_ALL     0x7ffu

#define FIFO_BYTES  16u     /* the smallest FIFO of any revision */

void uart_start(struct uart *uart, void *registers)
{
	volatile uint32_t *r = registers;

	uart->registers = r;
	/* LCR_H may be changed only while the UART is off and silent ([TRM] 3.3.8). Bounded: it may be stuck. */
	for (int i = 0; i < 1000000 && (r[FR] & FR_BUSY); i++)
		;
	r[CR] = 0;
	r[IMSC] = 0;
	r[ICR] = INT_ALL;
	if (r[IBRD] == 0)
		r[IBRD] = 1; /* no divisor is no speed at all */
	r[LCR_H] = LCR_H_8BITS | LCR_H_FEN;
	r[IFLS] = IFLS_HALF;
	r[CR] = CR_ON;
	uart->enabled = INT_RX | INT_RT;
	r[IMSC] = uart->enabled;
}

size_t uart_send(struct uart *uart, const uint8_t *bytes, size_t count)
{
	volatile uint32_t *r = uart->registers;
	size_t sent = 0;

	while (sent < count) {
		uint32_t flags = r[FR];
		/* An empty FIFO takes a whole load without another look. */
		size_t room = flags & FR_TXFE ? FIFO_BYTES : !(flags & FR_TXFF);

		if (room == 0)
			break;
		for (; room > 0 && sent < count; room--)
			r[DR] = bytes[sent++];
	}
	return sent;
}

size_t uart_receive(struct uart *uart, uint8_t *bytes, size_t count)
{
	volatile uint32_t *r = uart->registers;
	size_t got = 0;

	/* Bounded also if all that comes is damaged. */
	for (size_t i = 0; i < count && !(r[FR] & FR_RXFE); i++) {
		uint32_t data = r[DR];

		if (!(data & DR_ERRORS))
			bytes[got++] = (uint8_t)data;
	}
	return got;
}

static void enable(struct uart *uart, uint32_t interrupts, bool on)
{
	uint32_t enabled = on ? uart->enabled | interrupts : uart->enabled & ~interrupts;

	if (enabled == uart->enabled)
		return;
	uart->enabled = enabled;
	uart->registers[IMSC] = enabled;
}

void uart_interrupt_on_receive(struct uart *uart, bool on)
{
	enable(uart, INT_RX | INT_RT, on);
}

void uart_interrupt_on_room(struct uart *uart, bool on)
{
	enable(uart, INT_TX, on);
}
