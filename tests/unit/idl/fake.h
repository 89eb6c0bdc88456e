/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IDL_FAKE_H
#define IDL_FAKE_H

#include "skerry/calls.h"

/* Slots of the client, which fake.c knows by these numbers. */
enum { FAKE_NUMBERS = 10, FAKE_THINGS = 11, FAKE_TICK = 12, FAKE_ENDPOINT = 20, FAKE_EVENT = 21 };

#define FAKE_BUFFER 4096
extern uint8_t fake_buffer[2][FAKE_BUFFER]; /* of numbers, of things */

/* What the next call's message, or its reply, has its words replaced by. */
struct fake_tamper {
	bool message, reply;
	unsigned word;
	uint64_t value;
	int byte;          /* of the buffer of things, when message or reply; -1: leave */
	uint8_t byte_value;
};
extern struct fake_tamper fake_tamper;

extern uint64_t fake_badge;      /* of the next call, if not 0 */
extern bool fake_dies;           /* the server's next reply never comes */
extern unsigned fake_ticks;      /* times that the server's tick_handle() ran */

void *server_thread(void *unused);

#endif
