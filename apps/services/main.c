/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services for guests that have sockets and maybe nothing else: number 2, the host, listens on
 *
 *     7   echo (RFC 862): what comes goes back
 *   514   log: each line becomes one of the system's log, behind the number of who sent it
 *
 * What it is given
 *   regions   port           struct vsock_shared (rings/vsock.h)
 *   slots     event          its notification, WAIT
 *             port.signal    wakes the hub
 *   params    port.cid       its number
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdio.h>

#include "sockets.h"

enum { ECHO = 7, LOG = 514 };
#define LINE 120u /* bytes of a line of the log; longer ones become several */

static struct sockets sockets;

static bool listens(uint32_t port)
{
	return port == ECHO || port == LOG;
}

/* True: something moved. */
static bool echo(struct socket *k)
{
	const uint8_t *bytes;
	size_t n = socket_bytes(k, &bytes);

	/* Nobody reads it: it has gone back as far as anybody wants it. */
	if (!k->peer_deaf)
		n = n ? socket_write(&sockets, k, bytes, n) : 0;
	socket_took(&sockets, k, n);
	return n > 0;
}

/* The bytes of the first whole line there, or 0: none yet. */
static size_t line(const struct socket *k, char text[LINE + 1])
{
	uint32_t there = k->received - k->taken, n = 0;

	for (; n < there && n < LINE; n++) {
		uint8_t byte = k->buffer[(k->taken + n) % SOCKET_BUFFER];

		if (byte == '\n')
			break;
		text[n] = byte >= ' ' && byte < 0x7f ? (char)byte : '.'; /* nothing that moves a terminal's cursor */
	}
	text[n] = 0;
	if (n == there && n < LINE && !k->peer_ended)
		return 0;
	return n + (n < there && k->buffer[(k->taken + n) % SOCKET_BUFFER] == '\n');
}

static bool log_line(struct socket *k)
{
	char text[LINE + 1];
	size_t n = line(k, text);

	if (n)
		printf("guest %lu: %s\n", (unsigned long)k->peer, text);
	socket_took(&sockets, k, n);
	return n > 0;
}

static bool serve(struct socket *k)
{
	bool any = k->port == ECHO ? echo(k) : log_line(k);

	if (socket_at_end(k))
		socket_close(&sockets, k);
	return any;
}

static bool serve_all(void)
{
	bool any = sockets_serve(&sockets);

	for (unsigned i = 0; i < SOCKETS_MOST; i++) {
		if (sockets.socket[i].state == SOCKET_OPEN)
			any |= serve(&sockets.socket[i]);
	}
	return any;
}

int main(void)
{
	uint32_t event = sk_need_slot("event"), hub = sk_need_slot("port.signal");
	size_t bytes;
	struct vsock_shared *shared = sk_need_region("port", &bytes);
	uint64_t bits;
	bool any;

	if (bytes < sizeof(*shared))
		sk_fail("the region port has %zu bytes, it needs %zu", bytes, sizeof(*shared));
	sockets_init(&sockets, shared, (uint32_t)sk_param_number("port.cid", VIRTIO_VSOCK_CID_HOST), listens);
	for (;;) {
		any = serve_all();
		if (sockets_signal(&sockets))
			sk_signal(hub);
		if (!any && !sockets_ask(&sockets))
			sk_wait(event, SK_NEVER, &bits);
	}
}
