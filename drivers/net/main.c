/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network switch: takes frames from its ports and gives each to those that it
 * is for (hub.h, forward.h), copying. A port whose ring is full loses frames, as on any
 * switch; it holds nobody up. A port that sends more than its rate is served when it may
 * send again: its ring fills, and it waits.
 *
 * What it is given
 *   regions   port0, port1, ...   struct net_shared (rings/net.h), without a gap
 *   slots     event               its notification, WAIT; badges: 1 << N from port N
 *             portN.signal        wakes port N
 *   params    portN.mac           the only address that port N may send from (missing: any)
 *             portN.reach         ports that it may send to, as "0 2 3" (missing: all)
 *             portN.vlan          "10": an access port of VLAN 10; "trunk 10 20": a trunk of these
 *                                 (0 among them: untagged frames too); missing: VLAN 0, tags are not looked at
 *             portN.rate          bits a second that it may send, as "500k", "10M", "1G" (missing: no limit)
 *             portN.burst         bytes that it may send at once behind a pause (missing: 10 ms' worth,
 *                                 or one of the largest frames)
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub.h"

static struct hub hub;

/* --- what it is given -------------------------------------------------------------------- */

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

/* The next number of a list, below LIMIT. False: its end. */
static bool next_number(unsigned n, const char *key, const char **list, unsigned long limit, uint32_t *number)
{
	unsigned long value;
	char *end;

	if (!**list)
		return false;
	value = strtoul(*list, &end, 10);
	if (end == *list || value >= limit || (*end && *end != ' '))
		sk_fail("port%u.%s: at \"%s\" a number below %lu was expected", n, key, *list, limit);
	*number = (uint32_t)value;
	*list = end + (*end == ' ');
	return true;
}

static uint32_t parse_reach(unsigned n, const char *list)
{
	uint32_t reach = 0, p;

	while (next_number(n, "reach", &list, hub.ports, &p))
		reach |= 1u << p;
	return reach & ~(1u << n);
}

static void parse_vlan(unsigned n, const char *list)
{
	bool trunk = strncmp(list, "trunk ", 6) == 0, ok = true;
	uint32_t number = 0;

	if (trunk)
		forward_trunk(&hub.table, n);
	list += trunk ? 6 : 0;
	while (ok && next_number(n, "vlan", &list, FORWARD_VID + 1, &number)) {
		ok = trunk ? forward_member(&hub.table, n, number) : forward_access(&hub.table, n, number);
		if (!trunk && *list)
			sk_fail("port%u.vlan: an access port has one VLAN; \"trunk %u ...\" has several", n, number);
	}
	if (!ok || (!trunk && hub.table.kind[n] != FORWARD_ACCESS))
		sk_fail("port%u.vlan: expected 1 to %u, or \"trunk 10 20 ...\"; %u VLANs in all", n, FORWARD_VID,
			FORWARD_VLANS);
}

static void parse_rate(unsigned n, const char *rate, const char *burst)
{
	uint64_t bits = rate_parse(rate), bytes = bits / 8 / 100;

	if (!bits)
		sk_fail("port%u.rate=%s: expected bits a second, such as 500k, 10M or 1G, up to 100G", n, rate);
	if (burst)
		bytes = strtoul(burst, NULL, 10);
	if (bytes < NET_FRAME_MOST)
		bytes = NET_FRAME_MOST;
	rate_init(&hub.port[n].rate, bits, bytes, sk_start()->counter_hz, sk_counter());
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
	hub.port[n].signal = sk_need_slot(name);
	hub.port[n].in = net_reader(&shared->to_switch);
	hub.port[n].out = net_writer(&shared->to_port);
}

static void open_ports(void)
{
	char name[40];

	for (hub.ports = 0; hub.ports < FORWARD_PORTS; hub.ports++) {
		snprintf(name, sizeof(name), "port%u", hub.ports);
		if (!sk_region(name, NULL))
			break;
		connect(hub.ports);
	}
	forward_init(&hub.table, hub.ports);
	for (unsigned n = 0; n < hub.ports; n++) {
		if (text(n, "mac"))
			hub.table.locked[n] = parse_mac(n, text(n, "mac"));
		if (text(n, "reach"))
			hub.table.reach[n] = parse_reach(n, text(n, "reach"));
		if (text(n, "vlan"))
			parse_vlan(n, text(n, "vlan"));
		if (text(n, "rate"))
			parse_rate(n, text(n, "rate"), text(n, "burst"));
	}
}

int main(void)
{
	uint32_t event = sk_need_slot("event");

	open_ports();
	hub.poke_ticks = sk_start()->counter_hz / 1000 * NET_POKE_US / 1000;
	hub_run(&hub, event);
}
