/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PL011 UART for the guest, its other end a console ring. pl011.c is the
 * manual.
 */
#ifndef VMM_PL011_H
#define VMM_PL011_H

#include <stdbool.h>
#include <stdint.h>

#include "core/mmio.h"
#include "devices/irq_line.h"
#include "rings/console.h"

#define PL011_SIZE 0x1000u
#define PL011_FIFO 16u

struct pl011 {
	struct irq_line irq;
	struct console_shared *shared; /* null: output vanishes, no input */
	void (*signal)(void *console); /* wakes the console; called seldom */
	void *console;
	uint32_t sent, received;       /* own indices of the rings */
	bool watching;                 /* the console will signal at the next input byte */
	bool blocked;                  /* ... and at the next space for output */

	uint8_t rx[PL011_FIFO];        /* receive FIFO, rx_count bytes from rx_first on */
	uint8_t rx_first, rx_count;
	uint16_t cr, lcr_h, imsc, ris, ibrd, fbrd, ifls, dmacr, ilpr;
};

extern const struct mmio_ops pl011_ops;

/*
 * State after reset. SIGNAL(CONSOLE) is called when the console asked to be told
 * of bytes in shared->to_console or of space in shared->to_client.
 */
void pl011_init(struct pl011 *uart, struct console_shared *shared, void (*signal)(void *), void *console,
		struct irq_line irq);

/* The guest's machine was reset: registers as after init, the connection goes on. */
void pl011_reset(struct pl011 *uart);

/*
 * The console signalled: takes input over, tells the guest of it, and of space
 * in a transmitter that was full. Call it for each VMM_EVENT_CONSOLE.
 */
void pl011_event(struct pl011 *uart);

#endif
