/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's side of one console connection. What the client does to its
 * shared page harms nobody but itself: indices are the ring's to check, and a
 * turn moves a bounded number of bytes.
 */
#ifndef UART_CLIENT_H
#define UART_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rings/console.h"

#define CLIENT_TURN 256u    /* bytes of one client before the next one has its turn */

struct client {
	struct console_shared *shared;
	uint32_t signal;        /* slot that wakes the client, 0: it polls */
	bool text;              /* LF goes out as CR LF: the system log */
	uint32_t taken, given;  /* own indices of the rings */
	bool open;              /* its last byte on the wire was not the end of a line */
	size_t ready, next;     /* chunk[next..ready) is still to be sent */
	uint8_t chunk[2 + 2 * CLIENT_TURN];
};

struct uart;

/*
 * Sends from the client for one turn. Returns the number of bytes that moved;
 * *full = the UART takes no more for now. BROKEN: the cursor stands in another
 * client's line, so the log begins a new one.
 */
size_t client_send(struct client *client, struct uart *uart, bool broken, bool *full);

/* True if there is something to send after all; else the client will signal. */
bool client_idle(struct client *client);

/* Room for input, in bytes. If there is none the client will signal when there is. */
size_t client_room(struct client *client);

/* Hands input over; COUNT is at most what client_room said. */
void client_give(struct client *client, const uint8_t *bytes, size_t count);

#endif
