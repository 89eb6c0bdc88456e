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
 * Lines are kept whole where that costs nobody much: a client whose line is not
 * finished goes on alone until it is, or pauses, or has sent LINE_BYTES.
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
#define LINE_BYTES  1024u
#define LINE_PAUSES 2u

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
	client[n].taken = console_ring_taken(&client[n].shared->to_console);
	client[n].given = console_ring_written(&client[n].shared->to_client);
	snprintf(name, sizeof(name), "client%u.signal", n);
	client[n].signal = sk_slot(name);
	snprintf(name, sizeof(name), "client%u.kind", n);
	if (client[n].signal)
		sk_signal(client[n].signal); /* unasked: who was here before may have died on its way to that */
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

/* What one look at the clients came to. */
struct sent {
	bool moved;  /* bytes */
	bool full;   /* the UART takes no more: it will interrupt */
	bool held;   /* some were not looked at because of another's line */
};

/* The client in whose line the cursor stands, and for how long yet the others wait for its end. */
static struct client *line;
static unsigned line_bytes, line_pauses;

static void turn(struct client *c, struct sent *sent)
{
	size_t count = client_send(c, &uart, line && line != c, &sent->full);

	if (count == 0)
		return;
	sent->moved = true;
	line_bytes = line == c ? line_bytes + (unsigned)count : 0;
	line_pauses = LINE_PAUSES;
	line = c->open ? c : NULL;
}

/* The line goes on: its client has its turn alone. */
static bool finish_line(struct sent *sent)
{
	if (!line || line_pauses == 0 || line_bytes >= LINE_BYTES)
		return false;
	turn(line, sent);
	if (line && !sent->moved)
		line_pauses--;
	return line;
}

/* One turn for each client. The one that found the UART full goes on with its turn, so it ends some time and nobody is always last. */
static struct sent send(void)
{
	static unsigned first;
	struct sent sent = { false, false, false };

	sent.held = finish_line(&sent);
	for (unsigned i = 0; i < clients && !sent.full && !sent.held; i++) {
		unsigned n = (first + i) % clients;

		turn(&client[n], &sent);
		if (sent.full)
			first = n;
	}
	uart_interrupt_on_room(&uart, sent.full);
	return sent;
}

static bool ask_all(void)
{
	bool more = false;

	for (unsigned n = 0; n < clients; n++)
		more |= client_idle(&client[n]);
	return more;
}

/* Moves all there is. Returns how it stopped; `moved` is of the whole. */
static struct sent work(void)
{
	struct sent sent;
	bool any = false, moved;

	do {
		moved = receive();
		sent = send();
		moved |= sent.moved;
		any |= moved;
	} while (moved && !sent.full);
	sent.moved = any;
	return sent;
}

static void serve(void)
{
	uint64_t pause = sk_start()->counter_hz / 1000;
	uint64_t bits = EVENT_IRQ; /* the interrupt may have come before us */

	for (;;) {
		struct sent sent = work();

		/* The FIFOs are served: a level that is still high interrupts again. */
		if (bits & EVENT_IRQ)
			sk_irq_ack(irq);
		bits = 0;
		if (sent.full)
			sk_wait(event, SK_NEVER, &bits);
		else if (sent.moved || sent.held)
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
