/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console multiplexer: the guests' consoles on the one terminal (mux.h), for
 * which it is itself a client of the UART driver.
 *
 * What it is given
 *   regions   uart                   struct console_shared: our connection to the UART driver
 *             client0, client1, ...  the guests', without a gap
 *   slots     event                  its notification, WAIT
 *             uart.signal            wakes the UART driver
 *             clientN.signal         wakes client N
 *   params    clientN.name           its label (missing: guestN+1)
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

#define TURN 256u
#define OUT  (MUX_BACKLOG + 256u) /* the most that a key makes */

struct peer {
	struct console_shared *shared;
	uint32_t signal;
	uint32_t taken, given;   /* own indices of the rings that we read and write */
};

static struct peer uart, client[MUX_CLIENTS];
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

static bool print(unsigned n)
{
	struct peer *p = &client[n];
	uint8_t bytes[TURN];
	size_t count = console_ring_read(&p->shared->to_console, &p->taken, bytes, sizeof(bytes));

	if (count == 0)
		return false;
	mux_print(&mux, n, bytes, count);
	if (console_ring_space_wanted(&p->shared->to_console))
		wake(p);
	return true;
}

/* One key, if the focus has room for it. */
static bool read_key(void)
{
	struct peer *to = &client[mux.focus];
	struct console_ring *ring = &to->shared->to_client;
	uint8_t key;
	bool signal;

	if (console_ring_space(ring, to->given) == 0 && !console_ring_want_space(ring, to->given))
		return false;
	if (console_ring_read(&uart.shared->to_client, &uart.taken, &key, 1) == 0)
		return false;
	if (console_ring_space_wanted(&uart.shared->to_client))
		wake(&uart);
	if (mux_key(&mux, key)) {
		console_ring_write(ring, &to->given, &key, 1, &signal);
		if (signal)
			wake(to);
	}
	return true;
}

/* A turn for all. Returns whether anything moved; nothing moves while the terminal is behind. */
static bool work(void)
{
	bool any = false;

	for (unsigned n = 0; n < mux.clients && flush(); n++)
		any |= print(n);
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
	more = more && console_ring_space(&client[mux.focus].shared->to_client, client[mux.focus].given) > 0;
	for (unsigned n = 0; n < mux.clients; n++)
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
}

static void connect_all(void)
{
	char name[40], label[MUX_NAME];

	connect(&uart, "uart");
	mux_init(&mux, (uint8_t)sk_param_number("escape", 29), collect);
	for (unsigned n = 0; n < MUX_CLIENTS; n++) {
		snprintf(name, sizeof(name), "client%u", n);
		if (!sk_region(name, NULL))
			break;
		connect(&client[n], name);
		snprintf(label, sizeof(label), "guest%u", n + 1);
		snprintf(name, sizeof(name), "client%u.name", n);
		mux_add(&mux, sk_param(name, label));
	}
	if (mux.clients == 0)
		sk_fail("the system spec gives this component no region \"client0\"");
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
