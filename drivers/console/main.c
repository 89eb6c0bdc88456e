/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console multiplexer: the guests' consoles and the system's log on the one terminal
 * (mux.h), for which it is itself a client of the UART driver. What components say, and
 * root, comes by a ring each; together, line by line, it is the system's log.
 *
 * What it is given
 *   regions   uart                   struct console_shared: our connection to the UART driver
 *             client0, client1, ...  the guests' and the components', without a gap
 *   slots     event                  its notification, WAIT
 *             uart.signal            wakes the UART driver
 *             clientN.signal         wakes client N
 *   params    clientN.kind           "log": it is a component's, for the system's log
 *             clientN.name           a guest's label (missing: guest and its number)
 *             escape                 the escape key's code (29: Ctrl-])
 *             watch                  "all": begin with all of them (missing: the first)
 *
 * Woken, it moves what there is and looks again after a pause, as the UART driver
 * does: a guest that prints steadily costs one wake-up a pause, not one a line.
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdio.h>
#include <string.h>

#include "mux.h"
#include "rings/console.h"

#define PEERS 24u
#define TURN 256u
#define OUT  (MUX_BACKLOG + 256u) /* the most that a key makes */

struct peer {
	struct console_shared *shared;
	uint32_t signal;
	uint32_t taken, given;   /* own indices of the rings that we read and write */
	unsigned number;         /* in the mux; MUX_SYSTEM: it is a log */
	uint8_t line[TURN];      /* of a log: the begin of the line that is coming */
	size_t held;
};

static struct peer uart, client[PEERS];
static unsigned clients;
static struct peer *guest[MUX_CLIENTS]; /* by the mux's number */
static struct mux mux;
static uint8_t pending[OUT + TURN * MUX_GROWTH]; /* for the terminal, when its ring was full */
static size_t pending_bytes;

static void wake(const struct peer *p)
{
	if (p->signal)
		sk_signal(p->signal);
}

/* Collects; flush() sends. Never more than `pending` holds: see may_print and read_key. */
static void collect(const void *bytes, size_t count)
{
	if (count > sizeof(pending) - pending_bytes)
		count = sizeof(pending) - pending_bytes;
	memcpy(pending + pending_bytes, bytes, count);
	pending_bytes += count;
}

/* Returns true if all is out; else the UART driver will signal when there is space. */
static bool flush(void)
{
	struct console_ring *ring = &uart.shared->to_console;
	bool signal;
	size_t n;

	do {
		n = console_ring_write(ring, &uart.given, pending, pending_bytes, &signal);
		if (signal)
			wake(&uart);
		memmove(pending, pending + n, pending_bytes - n);
		pending_bytes -= n;
	} while (pending_bytes && console_ring_want_space(ring, uart.given));
	if (pending_bytes)
		wake(&uart); /* it may be pausing */
	return pending_bytes == 0;
}

/* Components end lines with \n alone. A line goes on in one piece, since others have their say in the same log. */
static bool read_line(struct peer *p)
{
	bool any = false, whole = false;
	uint8_t byte;

	while (!whole && console_ring_read(&p->shared->to_console, &p->taken, &byte, 1) > 0) {
		if (byte == '\n')
			p->line[p->held++] = '\r';
		p->line[p->held++] = byte;
		whole = byte == '\n' || p->held > TURN - 3;
		any = true;
	}
	if (whole) {
		mux_print(&mux, MUX_SYSTEM, p->line, p->held);
		p->held = 0;
	}
	return any;
}

static bool read_some(struct peer *p)
{
	uint8_t bytes[TURN];
	size_t count = console_ring_read(&p->shared->to_console, &p->taken, bytes, sizeof(bytes));

	mux_print(&mux, p->number, bytes, count);
	return count > 0;
}

static bool print(struct peer *p)
{
	if (!(p->number == MUX_SYSTEM ? read_line(p) : read_some(p)))
		return false;
	if (console_ring_space_wanted(&p->shared->to_console))
		wake(p);
	return true;
}

/* Whose the keys are has room for one more, or will tell. */
static bool takes_key(void)
{
	struct peer *to = mux.focus == MUX_SYSTEM ? NULL : guest[mux.focus];

	return !to || console_ring_space(&to->shared->to_client, to->given) > 0 ||
	       console_ring_want_space(&to->shared->to_client, to->given);
}

/* One key, if the focus has room for it. */
static bool read_key(void)
{
	unsigned focus = mux.focus;
	bool signal;
	uint8_t key;

	if (!takes_key() || console_ring_read(&uart.shared->to_client, &uart.taken, &key, 1) == 0)
		return false;
	if (console_ring_space_wanted(&uart.shared->to_client))
		wake(&uart);
	if (mux_key(&mux, key)) {
		console_ring_write(&guest[focus]->shared->to_client, &guest[focus]->given, &key, 1, &signal);
		if (signal)
			wake(guest[focus]);
	}
	return true;
}

/* A turn for all. Returns whether anything moved; nothing moves while the terminal is behind. */
static bool work(void)
{
	bool any = false;

	for (unsigned n = 0; n < clients && flush(); n++)
		any |= print(&client[n]);
	while (flush() && read_key())
		any = true;
	return any;
}

/* Moves all there is. Returns whether that was anything. */
static bool work_all(void)
{
	bool any = false;

	while (work())
		any = true;
	return any;
}

static bool ask_all(void)
{
	bool more;

	if (!flush())
		return false;
	more = console_ring_want(&uart.shared->to_client, uart.taken);
	/* Keys that the focus has no room for wait for it, and its space was asked for. */
	more = more && takes_key();
	for (unsigned n = 0; n < clients; n++)
		more |= console_ring_want(&client[n].shared->to_console, client[n].taken);
	return more;
}

static void connect(struct peer *p, const char *region)
{
	char name[40];
	size_t bytes;

	p->shared = sk_need_region(region, &bytes);
	if (bytes < sizeof(*p->shared))
		sk_fail("region %s has %zu bytes, a connection takes %zu", region, bytes, sizeof(*p->shared));
	snprintf(name, sizeof(name), "%s.signal", region);
	p->signal = sk_slot(name);
	/* Of the UART's rings we have the other ends. */
	p->taken = console_ring_taken(p == &uart ? &p->shared->to_client : &p->shared->to_console);
	p->given = console_ring_written(p == &uart ? &p->shared->to_console : &p->shared->to_client);
	wake(p); /* unasked: who was here before may have died on its way to that */
}

static void add_guest(unsigned n)
{
	char name[40], label[MUX_NAME];

	snprintf(label, sizeof(label), "guest%u", mux.clients + 1);
	snprintf(name, sizeof(name), "client%u.name", n);
	client[n].number = mux.clients;
	if (!mux_add(&mux, sk_param(name, label)))
		sk_fail("more than %u guests: there are no keys for them", MUX_CLIENTS);
	guest[client[n].number] = &client[n];
}

static void connect_all(void)
{
	char name[40];

	connect(&uart, "uart");
	mux_init(&mux, (uint8_t)sk_param_number("escape", 29), collect);
	for (clients = 0; clients < PEERS; clients++) {
		snprintf(name, sizeof(name), "client%u", clients);
		if (!sk_region(name, NULL))
			break;
		connect(&client[clients], name);
		client[clients].number = MUX_SYSTEM;
		snprintf(name, sizeof(name), "client%u.kind", clients);
		if (strcmp(sk_param(name, ""), "log") != 0)
			add_guest(clients);
	}
	if (mux.clients == 0)
		sk_fail("the system spec gives this component no guest's console");
	mux.all = strcmp(sk_param("watch", ""), "all") == 0;
}

int main(void)
{
	uint32_t event = sk_need_slot("event");
	uint64_t pause = sk_start()->counter_hz / 1000, bits;

	connect_all();
	for (;;) {
		if (work_all())
			sk_wait(event, pending_bytes ? SK_NEVER : sk_counter() + pause, &bits);
		else if (!ask_all())
			sk_wait(event, SK_NEVER, &bits);
	}
}
