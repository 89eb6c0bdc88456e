/* SPDX-License-Identifier: BSD-2-Clause */
/* The PL011's registers. pl011.c names the manual. */
#ifndef UART_PL011_H
#define UART_PL011_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uart {
	volatile uint32_t *registers;
	uint32_t enabled;   /* IMSC */
};

/*
 * Takes the device over: 8 data bits, no parity, FIFOs on, receive interrupts
 * on. Speed: as firmware set it, for only firmware knows the clock.
 */
void uart_start(struct uart *uart, void *registers);

/* Sends at most COUNT bytes; returns how many the transmit FIFO took. Never waits. */
size_t uart_send(struct uart *uart, const uint8_t *bytes, size_t count);

/* Takes at most COUNT received bytes. Those that arrived damaged, and breaks, are left out. */
size_t uart_receive(struct uart *uart, uint8_t *bytes, size_t count);

/* Whether to interrupt when bytes have come / when the transmit FIFO has room again. */
void uart_interrupt_on_receive(struct uart *uart, bool on);
void uart_interrupt_on_room(struct uart *uart, bool on);

#endif
