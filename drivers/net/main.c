/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network switch: takes frames from its ports and gives each to those that it
 * is for (forward.h), copying. A port whose ring is full loses frames, as on any
 * switch; it holds nobody up.
 *
 * What it is given
 *   regions   port0, port1, ...   struct net_shared (rings/net.h), without a gap
 *   slots     event               its notification, WAIT
 *             portN.signal        wakes port N
 *   params    portN.mac           the only address that port N may send from (missing: any)
 *             portN.reach         ports that it may send to, as "0 2 3" (missing: all)
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "rings/net.h"

#define TURN 32u  /* frames of one port before the next one has its turn */

struct port {
	struct net_end in, out;
	uint32_t signal;
	bool owed;        /* a signal */
};

static struct port port[FORWARD_PORTS];
static unsigned ports;
static struct forward table;

static const char *text(unsigned n, const char *key)
{
	char name[40];

	snprintf(name, sizeof(name), "port%u.%s", n, key);
	return sk_param(name, NULL);
}

static uint64_t parse_mac(unsigned n, const char *mac)
{
	unsigned b[6];
	uint64_t address = 0;

	if (sscanf(mac, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) != 6)
		sk_fail("port%u.mac=%s: expected six bytes such as 52:53:4b:00:00:01", n, mac);
	for (unsigned i = 0; i < 6; i++)
		address = address << 8 | b[i];
	return address;
}

static uint32_t parse_reach(unsigned n, const char *list)
{
	uint32_t reach = 0;

	for (char *end; *list; list = end) {
		unsigned long p = strtoul(list, &end, 10);

		if (end == list || p >= ports || (*end && *end != ' '))
			sk_fail("port%u.reach: expected numbers of ports, below %u", n, ports);
		reach |= 1u << p;
		end += *end == ' ';
	}
	return reach & ~(1u << n);
}

static void connect(unsigned n)
{
	struct net_shared *shared;
	char name[40];
	size_t bytes;

	snprintf(name, sizeof(name), "port%u", n);
	shared = sk_need_region(name, &bytes);
	if (bytes < sizeof(*shared))
		sk_fail("region %s has %zu bytes, a connection takes %zu", name, bytes, sizeof(*shared));
	snprintf(name, sizeof(name), "port%u.signal", n);
	port[n].signal = sk_need_slot(name);
	port[n].in.ring = &shared->to_switch;
	port[n].out.ring = &shared->to_port;
}

static void open_ports(void)
{
	char name[40];

	for (ports = 0; ports < FORWARD_PORTS; ports++) {
		snprintf(name, sizeof(name), "port%u", ports);
		if (!sk_region(name, NULL))
			break;
		connect(ports);
	}
	forward_init(&table, ports);
	for (unsigned n = 0; n < ports; n++) {
		if (text(n, "mac"))
			table.locked[n] = parse_mac(n, text(n, "mac"));
		if (text(n, "reach"))
			table.reach[n] = parse_reach(n, text(n, "reach"));
	}
}

static void deliver(struct port *p, const uint8_t *frame, uint32_t bytes)
{
	uint8_t *space = net_space(&p->out);

	if (!space)
		return;
	memcpy(space, frame, bytes);
	p->owed |= net_send(&p->out, bytes);
}

/*
 * The addresses are read once, for the decision; what the sender changes then in
 * the frame on its way reaches only whom the decision allows.
 */
static void pass_on(unsigned from, const uint8_t *frame, uint32_t bytes)
{
	uint8_t head[12];
	uint32_t to;

	memcpy(head, frame, sizeof(head));
	to = forward(&table, from, forward_address(head), forward_address(head + 6));
	for (; to; to &= to - 1)
		deliver(&port[__builtin_ctz(to)], frame, bytes);
}

/* Returns whether the port may have more. */
static bool serve_turn(unsigned n)
{
	const uint8_t *frame;
	uint32_t bytes;
	unsigned done = 0;

	while (done < TURN && (frame = net_next(&port[n].in, &bytes))) {
		pass_on(n, frame, bytes);
		port[n].owed |= net_release(&port[n].in);
		done++;
	}
	return done == TURN;
}

static bool serve_all(void)
{
	bool more = false;

	for (unsigned n = 0; n < ports; n++)
		more |= serve_turn(n);
	for (unsigned n = 0; n < ports; n++) {
		if (port[n].owed)
			sk_signal(port[n].signal);
		port[n].owed = false;
	}
	return more;
}

static bool ask_all(void)
{
	bool more = false;

	for (unsigned n = 0; n < ports; n++)
		more |= net_want(&port[n].in);
	return more;
}

int main(void)
{
	uint32_t event = sk_need_slot("event");
	uint64_t bits;

	open_ports();
	for (;;) {
		if (!serve_all() && !ask_all())
			sk_wait(event, SK_NEVER, &bits);
	}
}
