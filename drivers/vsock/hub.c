/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [VIRTIO] Virtual I/O Device (VIRTIO) Version 1.2, 5.10: the socket device.
 */
#include "hub.h"

#include <string.h>

#define TURN 32u  /* packets of one port before the next one has its turn */

void hub_init(struct hub *h, unsigned ports, uint64_t hz)
{
	memset(h->port, 0, sizeof(h->port));
	connections_init(&h->table);
	h->ports = ports;
	h->step = hz / HUB_LOOKS_HZ;
	for (unsigned n = 0; n < ports; n++)
		h->port[n].owes_restart = true;
}

struct hub_port *hub_port(struct hub *h, uint64_t cid)
{
	for (unsigned n = 0; n < h->ports; n++) {
		if (h->port[n].cid == cid)
			return &h->port[n];
	}
	return NULL;
}

static unsigned number_of(const struct hub *h, const struct hub_port *p)
{
	return (unsigned)(p - h->port);
}

/* --- what the hub has to say itself ----------------------------------------------------------- */

/* Sends an RST to P, at TO, as from the other end. False: its ring is full. */
static bool send_rst(struct hub_port *p, uint64_t from_cid, uint32_t from, uint32_t to, uint16_t type)
{
	const struct virtio_vsock_header h = { .from_cid = from_cid, .from_port = from, .to_cid = p->cid, .to_port = to,
					       .type = type, .op = VIRTIO_VSOCK_RST };

	if (!vsock_space(&p->out))
		return false;
	vsock_send(&p->out, &h);
	return p->sent = true;
}

/* False: its ring is full. */
static bool say_what_is_owed(struct hub *h, struct hub_port *p)
{
	struct connection *c;
	unsigned side;

	if (p->owes_restart && !vsock_say(&p->out, VSOCK_RESTART))
		return false;
	p->sent |= p->owes_restart;
	p->owes_restart = false;
	while (vsock_space(&p->out) && (c = connections_owed(&h->table, number_of(h, p), &side))) {
		send_rst(p, h->port[c->port[side ^ 1]].cid, c->number[side ^ 1], c->number[side], c->type);
		connections_told(&h->table, c, side);
	}
	return h->table.owed[number_of(h, p)] == 0;
}

/* --- one packet ----------------------------------------------------------------------------------- */

/* What a packet that cannot go on now waits for: room at this port. Null: the packet is done with. */
typedef struct hub_port *fate;

static fate refuse(struct hub_port *p, const struct virtio_vsock_header *h)
{
	if (h->op == VIRTIO_VSOCK_RST)
		return NULL;
	return send_rst(p, h->to_cid, h->to_port, h->from_port, h->type) ? NULL : p;
}

static bool known(const struct virtio_vsock_header *h)
{
	return (h->type == VIRTIO_VSOCK_STREAM || h->type == VIRTIO_VSOCK_SEQPACKET) && h->op >= VIRTIO_VSOCK_REQUEST &&
	       h->op <= VIRTIO_VSOCK_CREDIT_REQUEST;
}

static struct connection *open(struct hub *h, struct hub_port *p, struct hub_port *to, const struct virtio_vsock_header *r)
{
	struct connection_end a = { number_of(h, p), r->from_port }, b = { number_of(h, to), r->to_port };

	if (!to->up || !(p->reach & 1u << b.port))
		return NULL;
	return connections_add(&h->table, a, b, r->type);
}

static fate forward(struct hub *h, struct connection *c, struct hub_port *to, const struct vsock_packet *packet)
{
	uint8_t *space = vsock_space(&to->out);

	if (!space) {
		if (!to->stuck)
			return to;
		connections_kill(&h->table, c);
		return NULL;
	}
	to->stuck = false;
	memcpy(space, packet->data, packet->header.bytes);
	vsock_send(&to->out, &packet->header);
	to->sent = true;
	if (packet->header.op == VIRTIO_VSOCK_RST)
		connections_remove(&h->table, c);
	return NULL;
}

static fate route(struct hub *h, struct hub_port *p, const struct vsock_packet *packet)
{
	const struct virtio_vsock_header *r = &packet->header;
	struct hub_port *to = hub_port(h, r->to_cid);
	struct connection *c = NULL;

	/* Nobody speaks in another's name; a port that is down says nothing. */
	if (!p->up || r->from_cid != p->cid)
		return NULL;
	if (!to || to == p || !known(r))
		return refuse(p, r);
	c = connections_find(&h->table, (struct connection_end){ number_of(h, p), r->from_port },
			     (struct connection_end){ number_of(h, to), r->to_port });
	if (!c && r->op == VIRTIO_VSOCK_REQUEST)
		c = open(h, p, to, r);
	if (!c || c->dead)
		return refuse(p, r);
	return forward(h, c, to, packet);
}

static fate perform(struct hub *h, struct hub_port *p, const struct vsock_packet *packet)
{
	if (packet->word == VSOCK_PACKET)
		return route(h, p, packet);
	if (packet->word == VSOCK_UP || packet->word == VSOCK_DOWN) {
		connections_drop(&h->table, number_of(h, p));
		p->up = packet->word == VSOCK_UP;
	}
	return NULL;
}

/* --- all ------------------------------------------------------------------------------------------- */

/*
 * P's packet waits for room at TO. Looks are counted, not time: a machine that stands still for a
 * while takes one of them.
 */
static void wait_for(struct hub *h, struct hub_port *p, struct hub_port *to, uint64_t now)
{
	if (p->waits != to) {
		p->waits = to;
		p->looks = 0;
		p->look = now + h->step;
	} else if (p != to && now >= p->look) {
		p->look = now + h->step;
		to->stuck = ++p->looks >= HUB_PATIENCE;
	}
}

/* True: its turn was too short for all. */
static bool serve_port(struct hub *h, struct hub_port *p, uint64_t now)
{
	struct vsock_packet packet;
	struct hub_port *to;

	if (!say_what_is_owed(h, p)) {
		p->waits = NULL;
		return false;
	}
	for (unsigned i = 0; i < TURN; i++) {
		if (!vsock_next(&p->in, &packet)) {
			p->waits = NULL;
			return false;
		}
		to = perform(h, p, &packet);
		if (to) {
			wait_for(h, p, to, now);
			return to != p && to->stuck;
		}
		vsock_release(&p->in);
		p->released = true;
		p->waits = NULL;
	}
	return true;
}

bool hub_serve(struct hub *h, uint64_t now, uint64_t *wake)
{
	bool more = false;

	*wake = UINT64_MAX;
	for (unsigned n = 0; n < h->ports; n++)
		more |= serve_port(h, &h->port[n], now);
	for (unsigned n = 0; n < h->ports; n++) {
		const struct hub_port *p = &h->port[n];

		if (p->waits && p->waits != p && p->look < *wake)
			*wake = p->look;
	}
	return more;
}

bool hub_ask(struct hub *h)
{
	bool more = false;

	for (unsigned n = 0; n < h->ports; n++) {
		struct hub_port *p = &h->port[n];

		/* What a port is to hear goes out before its packets come in. */
		if (p->owes_restart || h->table.owed[n])
			more |= vsock_want_space(&p->out);
		else
			more |= p->waits ? vsock_want_space(&p->waits->out) : vsock_want(&p->in);
	}
	return more;
}
