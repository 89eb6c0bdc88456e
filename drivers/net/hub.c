/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A frame costs what the ports that it passes cost: the others are not looked at, as their
 * rings still have our request to be signalled. Who starts anew, port or switch, signals
 * without being asked, so nothing is lost with a life that ended between taking a
 * request and fulfilling it.
 */
#include "hub.h"

#include <skerry/calls.h>

#include <stdatomic.h>
#include <string.h>

#define TURN 32u  /* frames of one port before the next one has its turn */

/* The ports of SET, one after the other. */
#define each(n, set) \
	for (uint32_t left_ = (set), n; left_ && (n = (uint32_t)__builtin_ctz(left_), true); left_ &= left_ - 1)

static enum port_tag tag_at(const struct hub *h, unsigned n, uint32_t vlan, bool tagged)
{
	bool wanted = h->table.kind[n] == FORWARD_TRUNK && vlan != 0;

	return wanted == tagged ? TAG_KEEP : wanted ? TAG_INSERT : TAG_REMOVE;
}

/*
 * Addresses and tag are read once, for the decision; what the sender changes then in
 * the frame on its way reaches only whom the decision allows.
 */
static void pass_on(struct hub *h, unsigned from, const struct net_frame *f)
{
	uint32_t tag = FORWARD_NO_TAG, vlan = 0, to;
	uint8_t head[16] = { 0 };

	memcpy(head, f->at, f->bytes < sizeof(head) ? f->bytes : sizeof(head));
	if (head[12] == 0x81 && head[13] == 0x00)
		tag = (head[14] & 15u) << 8 | head[15];
	to = forward(&h->table, from, forward_address(head), forward_address(head + 6), tag, &vlan);
	each(n, to)
		port_send(&h->port[n], f, tag_at(h, n, vlan, vlan != 0 && tag != FORWARD_NO_TAG), vlan);
	h->sent |= to;
}

/* Returns whether the port may have more. */
static bool serve_turn(struct hub *h, unsigned n)
{
	struct port *p = &h->port[n];
	struct net_frame frame;

	for (unsigned done = 0; done < TURN; done++) {
		if (p->rate.bytes && !rate_allows(&p->rate, sk_counter(), &p->at)) {
			h->limited |= 1u << n;
			return false;
		}
		if (!net_next(&p->in, &frame))
			return net_want(&p->in);
		pass_on(h, n, &frame);
		rate_take(&p->rate, frame.bytes);
		net_release(&p->in, &frame);
		h->released |= 1u << n;
	}
	return true;
}

/* Those that wait for what was done. */
static void tell(struct hub *h)
{
	each(n, h->sent | h->released) {
		struct port *p = &h->port[n];
		bool owed = (h->sent >> n & 1) && net_sent(&p->out);

		owed |= (h->released >> n & 1) && net_released(&p->in);
		if (owed)
			sk_signal(p->signal);
	}
	h->sent = h->released = 0;
}

static void serve(struct hub *h)
{
	uint32_t more = 0;

	each(n, h->due)
		more |= (uint32_t)serve_turn(h, n) << n;
	/* A port asks for the time before it sends, so it is seen here. */
	h->asking |= h->due;
	h->due = more;
	tell(h);
}

static void poke(struct hub *h, uint64_t now)
{
	if (h->poke_at == SK_NEVER) {
		h->poke_at = now + h->poke_ticks;
	} else if (now >= h->poke_at) {
		h->poke_at = now + h->poke_ticks;
		each(n, h->asking)
			sk_signal(h->port[n].signal);
	}
}

/* Does what is due by now; returns when the next thing is. */
static uint64_t keep_time(struct hub *h)
{
	uint64_t now, first;

	each(n, h->asking) {
		if (!atomic_load_explicit(&h->port[n].in.ring->poke, memory_order_relaxed))
			h->asking &= ~(1u << n);
	}
	if (!h->asking)
		h->poke_at = SK_NEVER;
	if (!(h->asking | h->limited))
		return SK_NEVER;
	now = sk_counter();
	if (h->asking)
		poke(h, now);
	first = h->poke_at;
	each(n, h->limited) {
		uint64_t at = h->port[n].at;

		if (now >= at) {
			h->limited &= ~(1u << n);
			h->due |= 1u << n;
		} else if (at < first) {
			first = at;
		}
	}
	return first;
}

_Noreturn void hub_run(struct hub *h, uint32_t event)
{
	const uint32_t all = (1u << h->ports) - 1;
	uint64_t bits, first;

	h->due = all;
	h->poke_at = SK_NEVER;
	each(n, all)
		sk_signal(h->port[n].signal);
	for (;;) {
		serve(h);
		first = keep_time(h);
		if (!h->due && sk_wait(event, first, &bits) == SK_OK)
			h->due = (uint32_t)bits & all;
	}
}
