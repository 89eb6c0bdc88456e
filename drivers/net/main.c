/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network switch: takes frames from its ports and gives each to those that it
 * is for (forward.h), copying. A port whose ring is full loses frames, as on any
 * switch; it holds nobody up. A port that sends more than its rate is served when it may
 * send again: its ring fills, and it waits.
 *
 * What it is given
 *   regions   port0, port1, ...   struct net_shared (rings/net.h), without a gap
 *   slots     event               its notification, WAIT
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

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "port.h"

#define TURN 32u  /* frames of one port before the next one has its turn */

static struct port port[FORWARD_PORTS];
static unsigned ports;
static struct forward table;
static uint64_t poke_at = SK_NEVER, poke_ticks; /* when ports that asked are to be woken */

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

	while (next_number(n, "reach", &list, ports, &p))
		reach |= 1u << p;
	return reach & ~(1u << n);
}

static void parse_vlan(unsigned n, const char *list)
{
	bool trunk = strncmp(list, "trunk ", 6) == 0, ok = true;
	uint32_t number = 0;

	if (trunk)
		forward_trunk(&table, n);
	list += trunk ? 6 : 0;
	while (ok && next_number(n, "vlan", &list, FORWARD_VID + 1, &number)) {
		ok = trunk ? forward_member(&table, n, number) : forward_access(&table, n, number);
		if (!trunk && *list)
			sk_fail("port%u.vlan: an access port has one VLAN; \"trunk %u ...\" has several", n, number);
	}
	if (!ok || (!trunk && table.kind[n] != FORWARD_ACCESS))
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
	rate_init(&port[n].rate, bits, bytes, sk_start()->counter_hz, sk_counter());
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
	port[n].in = net_reader(&shared->to_switch);
	port[n].out = net_writer(&shared->to_port);
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
		if (text(n, "vlan"))
			parse_vlan(n, text(n, "vlan"));
		if (text(n, "rate"))
			parse_rate(n, text(n, "rate"), text(n, "burst"));
	}
}

/* --- frames ------------------------------------------------------------------------------- */

static enum port_tag tag_at(unsigned n, uint32_t vlan, bool tagged)
{
	bool wanted = table.kind[n] == FORWARD_TRUNK && vlan != 0;

	return wanted == tagged ? TAG_KEEP : wanted ? TAG_INSERT : TAG_REMOVE;
}

/*
 * Addresses and tag are read once, for the decision; what the sender changes then in
 * the frame on its way reaches only whom the decision allows.
 */
static void pass_on(unsigned from, const struct net_frame *f)
{
	uint32_t tag = FORWARD_NO_TAG, vlan = 0, to;
	uint8_t head[16] = { 0 };

	memcpy(head, f->at, f->bytes < sizeof(head) ? f->bytes : sizeof(head));
	if (head[12] == 0x81 && head[13] == 0x00)
		tag = (head[14] & 15u) << 8 | head[15];
	to = forward(&table, from, forward_address(head), forward_address(head + 6), tag, &vlan);
	for (; to; to &= to - 1) {
		unsigned n = (unsigned)__builtin_ctz(to);

		port_send(&port[n], f, tag_at(n, vlan, vlan != 0 && tag != FORWARD_NO_TAG), vlan);
	}
}

/* Returns whether the port may have more. It waits until *AT if it has sent too much. */
static bool serve_turn(unsigned n, uint64_t *at)
{
	struct port *p = &port[n];
	struct net_frame frame;
	unsigned done = 0;

	while (done < TURN && rate_allows(&p->rate, p->rate.bytes ? sk_counter() : 0, at) && net_next(&p->in, &frame)) {
		pass_on(n, &frame);
		rate_take(&p->rate, frame.bytes);
		net_release(&p->in, &frame);
		p->released = true;
		done++;
	}
	return done == TURN;
}

static void signal_ports(bool poke)
{
	for (unsigned n = 0; n < ports; n++) {
		struct port *p = &port[n];
		bool owed = poke && atomic_load_explicit(&p->in.ring->poke, memory_order_relaxed);

		owed |= p->sent && net_sent(&p->out);
		owed |= p->released && net_released(&p->in);
		p->sent = p->released = false;
		if (owed)
			sk_signal(p->signal);
	}
}

/* AT[n]: when port n may send again. */
static bool serve_all(uint64_t *at)
{
	bool more = false;

	for (unsigned n = 0; n < ports; n++) {
		at[n] = SK_NEVER;
		more |= serve_turn(n, &at[n]);
	}
	signal_ports(false);
	return more;
}

static bool ask_all(const uint64_t *at)
{
	bool more = false;

	for (unsigned n = 0; n < ports; n++)
		more |= at[n] == SK_NEVER && net_want(&port[n].in);
	return more;
}

/* --- time ----------------------------------------------------------------------------------- */

static void poke(void)
{
	if (poke_at == SK_NEVER || sk_counter() < poke_at)
		return;
	poke_at = SK_NEVER;
	signal_ports(true);
}

/* Until when there is nothing to do but for what is signalled. */
static uint64_t deadline(const uint64_t *at)
{
	uint64_t first = SK_NEVER;
	uint32_t asked = 0;

	for (unsigned n = 0; n < ports; n++) {
		asked |= atomic_load_explicit(&port[n].in.ring->poke, memory_order_relaxed);
		if (at[n] < first)
			first = at[n];
	}
	if (!asked)
		poke_at = SK_NEVER;
	else if (poke_at == SK_NEVER)
		poke_at = sk_counter() + poke_ticks;
	return first < poke_at ? first : poke_at;
}

int main(void)
{
	uint32_t event = sk_need_slot("event");
	uint64_t at[FORWARD_PORTS], bits;

	open_ports();
	poke_ticks = sk_start()->counter_hz / 1000 * NET_POKE_US / 1000;
	for (;;) {
		poke();
		if (!serve_all(at) && !ask_all(at))
			sk_wait(event, deadline(at), &bits);
	}
}
