/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket hub: carries packets between guests, and between guests and components that
 * listen (rings/vsock.h). hub.h has its rules.
 *
 * What it is given
 *   regions   port0, port1, ...   struct vsock_shared, without a gap
 *   slots     event               its notification, WAIT
 *             portN.signal        wakes port N
 *   params    portN.cid           its number, 2 to VIRTIO_VSOCK_CID_LAST
 *             portN.reach         the numbers that it may connect to, as "2 4" (missing: all)
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdio.h>
#include <stdlib.h>

#include "hub.h"

static struct hub hub;

static const char *text(unsigned n, const char *key)
{
	char name[40];

	snprintf(name, sizeof(name), "port%u.%s", n, key);
	return sk_param(name, NULL);
}

/* The next CID of a list. False: its end. */
static bool next_cid(unsigned n, const char *key, const char **list, uint32_t *cid)
{
	unsigned long value;
	char *end;

	if (!**list)
		return false;
	value = strtoul(*list, &end, 10);
	if (end == *list || (*end && *end != ' ') || value < VIRTIO_VSOCK_CID_HOST || value > VIRTIO_VSOCK_CID_LAST)
		sk_fail("port%u.%s: at \"%s\" a number from 2 to %u was expected", n, key, *list, VIRTIO_VSOCK_CID_LAST);
	*cid = (uint32_t)value;
	*list = end + (*end == ' ');
	return true;
}

static void connect(unsigned n)
{
	struct hub_port *p = &hub.port[n];
	const char *cid = text(n, "cid");
	struct vsock_shared *shared;
	char name[40];
	size_t bytes;

	snprintf(name, sizeof(name), "port%u", n);
	shared = sk_need_region(name, &bytes);
	if (bytes < sizeof(*shared))
		sk_fail("region %s has %zu bytes, a connection takes %zu", name, bytes, sizeof(*shared));
	snprintf(name, sizeof(name), "port%u.signal", n);
	p->signal = sk_need_slot(name);
	p->in = vsock_reader(&shared->to_hub);
	p->out = vsock_writer(&shared->to_port);
	if (!cid || !next_cid(n, "cid", &cid, &p->cid))
		sk_fail("port%u.cid is missing", n);
}

static uint32_t parse_reach(unsigned n, const char *list)
{
	uint32_t reach = 0, cid;

	while (next_cid(n, "reach", &list, &cid)) {
		const struct hub_port *to = hub_port(&hub, cid);

		if (!to)
			sk_fail("port%u.reach: nobody here has the number %u", n, cid);
		reach |= 1u << (to - hub.port);
	}
	return reach;
}

static void open_ports(void)
{
	unsigned ports = 0;
	char name[40];

	do
		snprintf(name, sizeof(name), "port%u", ports);
	while (sk_region(name, NULL) && ++ports < HUB_PORTS);
	hub_init(&hub, ports, sk_start()->counter_hz);
	for (unsigned n = 0; n < ports; n++)
		connect(n);
	for (unsigned n = 0; n < ports; n++)
		hub.port[n].reach = text(n, "reach") ? parse_reach(n, text(n, "reach")) : ~0u;
}

/* One signal for all that a turn did; at first for all: who was here before may have died on its way to that. */
static void signal_ports(bool first)
{
	for (unsigned n = 0; n < hub.ports; n++) {
		struct hub_port *p = &hub.port[n];
		bool owed = p->sent && vsock_sent(&p->out);

		owed |= p->released && vsock_released(&p->in);
		p->sent = p->released = false;
		if (owed || first)
			sk_signal(p->signal);
	}
}

int main(void)
{
	uint32_t event = sk_need_slot("event");
	uint64_t wake, bits;
	bool more, first = true;

	open_ports();
	for (;;) {
		more = hub_serve(&hub, sk_counter(), &wake);
		signal_ports(first);
		first = false;
		if (!more && !hub_ask(&hub))
			sk_wait(event, wake, &bits);
	}
}
