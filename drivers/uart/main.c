/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The UART driver: the machine's console, shared by the system log and the
 * guests. All output goes out; all input goes to one client.
 *
 * What it is given
 *   regions   uart.registers         the PL011
 *             client0, client1, ...  struct console_shared, without a gap
 *   slots     event                  its notification, WAIT; badges: 1 from the
 *                                    interrupt, 2 << N from client N
 *             uart.irq               the interrupt, bound to `event`
 *             clientN.signal         wakes client N; may be missing
 *   params    clientN.kind           "log" or "guest"; missing: client 0 is the log
 *             input                  number of the client that gets the input;
 *                                    missing: the first guest
 *
 * It sleeps in one place. Woken by a client it sends what there is, and then
 * looks again after `pause` instead of asking for a signal at the next byte: a
 * guest that prints steadily, byte by byte, costs one wake-up a pause and not
 * one a byte. When nothing more came, it asks. So the last bytes of a client may
 * be a pause late: whoever switches the machine off gives them two (2 ms).
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdio.h>
#include <string.h>

#include "client.h"
#include "pl011.h"

#define MAX_CLIENTS 32
#define EVENT_IRQ   1ul
#define INPUT_TURN  64u

static struct uart uart;
static struct client client[MAX_CLIENTS];
static unsigned clients;
static struct client *input;
static uint32_t event, irq;

static void connect(unsigned n)
{
	char name[40];
	size_t size;
	void *shared;

	snprintf(name, sizeof(name), "client%u", n);
	shared = sk_need_region(name, &size);
	if (size < sizeof(struct console_shared))
		sk_fail("uart: region %s has %zu bytes, a console connection takes %zu: the system spec wires it too small",
			name, size, sizeof(struct console_shared));
	client[n].shared = shared;
	snprintf(name, sizeof(name), "client%u.signal", n);
	client[n].signal = sk_slot(name);
	snprintf(name, sizeof(name), "client%u.kind", n);
	client[n].text = strcmp(sk_param(name, n == 0 ? "log" : "guest"), "log") == 0;
}

static void connect_all(void)
{
	char name[40];
	uint64_t chosen;

	for (clients = 0; clients < MAX_CLIENTS; clients++) {
		snprintf(name, sizeof(name), "client%u", clients);
		if (!sk_region(name, NULL))
			break;
		connect(clients);
		if (!input && !client[clients].text)
			input = &client[clients];
	}
	chosen = sk_param_number("input", MAX_CLIENTS);
	if (chosen < clients)
		input = &client[chosen];
}

/*
 * Input is left in the UART while its client has no room (it overruns there, as
 * on any machine that is not listening), and thrown away if nobody wants it.
 */
static bool receive(void)
{
	uint8_t bytes[INPUT_TURN];
	size_t room = input ? client_room(input) : sizeof(bytes);
	size_t count;

	uart_interrupt_on_receive(&uart, room > 0);
	count = uart_receive(&uart, bytes, room < sizeof(bytes) ? room : sizeof(bytes));
	if (input && count > 0)
		client_give(input, bytes, count);
	return count > 0;
}

/* One turn for each client. The one that found the UART full goes on with its turn, so it ends some time and nobody is always last. */
static bool send(bool *full)
{
	static unsigned first;
	bool moved = false;

	*full = false;
	for (unsigned i = 0; i < clients && !*full; i++) {
		unsigned n = (first + i) % clients;

		moved |= client_send(&client[n], &uart, full) > 0;
		if (*full)
			first = n;
	}
	uart_interrupt_on_room(&uart, *full);
	return moved;
}

static bool ask_all(void)
{
	bool more = false;

	for (unsigned n = 0; n < clients; n++)
		more |= client_idle(&client[n]);
	return more;
}

/* Moves all there is. Returns true if anything moved, and in *FULL whether the UART stopped it. */
static bool work(bool *full)
{
	bool any = false, moved;

	do {
		moved = receive();
		moved |= send(full);
		any |= moved;
	} while (moved && !*full);
	return any;
}

static void serve(void)
{
	uint64_t pause = sk_start()->counter_hz / 1000;
	uint64_t bits = EVENT_IRQ; /* the interrupt may have come before us */

	for (;;) {
		bool full;
		bool busy = work(&full);

		/* The FIFOs are served: a level that is still high interrupts again. */
		if (bits & EVENT_IRQ)
			sk_irq_ack(irq);
		bits = 0;
		if (full)
			sk_wait(event, SK_NEVER, &bits);
		else if (busy)
			sk_wait(event, sk_counter() + pause, &bits);
		else if (!ask_all())
			sk_wait(event, SK_NEVER, &bits);
	}
}

int main(void)
{
	void *registers = sk_need_region("uart.registers", NULL);

	event = sk_need_slot("event");
	irq = sk_need_slot("uart.irq");
	connect_all();
	uart_start(&uart, registers);
	serve();
}
