/* SPDX-License-Identifier: BSD-2-Clause */
#include "client.h"

#include <skerry/calls.h>

#include "pl011.h"

static void wake(const struct client *client)
{
	if (client->signal)
		sk_signal(client->signal);
}

/* Takes the next chunk out of the ring. */
static void load(struct client *client, bool broken)
{
	uint8_t raw[CLIENT_TURN];
	size_t count = console_ring_read(&client->shared->to_console, &client->taken, raw, sizeof(raw));

	client->ready = client->next = 0;
	if (count && broken && client->text) {
		client->chunk[client->ready++] = '\r';
		client->chunk[client->ready++] = '\n';
	}
	for (size_t i = 0; i < count; i++) {
		if (client->text && raw[i] == '\n')
			client->chunk[client->ready++] = '\r';
		client->chunk[client->ready++] = raw[i];
	}
	if (count && console_ring_space_wanted(&client->shared->to_console))
		wake(client);
}

size_t client_send(struct client *client, struct uart *uart, bool broken, bool *full)
{
	size_t sent;

	if (client->next == client->ready)
		load(client, broken);
	sent = uart_send(uart, client->chunk + client->next, client->ready - client->next);
	client->next += sent;
	if (sent)
		client->open = client->chunk[client->next - 1] != '\n';
	*full = client->next < client->ready;
	return sent;
}

bool client_idle(struct client *client)
{
	return client->next < client->ready || console_ring_want(&client->shared->to_console, client->taken);
}

size_t client_room(struct client *client)
{
	struct console_ring *ring = &client->shared->to_client;
	size_t room = console_ring_space(ring, client->given);

	if (room == 0 && console_ring_want_space(ring, client->given))
		room = console_ring_space(ring, client->given);
	return room;
}

void client_give(struct client *client, const uint8_t *bytes, size_t count)
{
	bool signal;

	console_ring_write(&client->shared->to_client, &client->given, bytes, count, &signal);
	if (signal)
		wake(client);
}
