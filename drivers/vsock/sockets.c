/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets.h"

#include <string.h>

#define MASK (SOCKET_BUFFER - 1u)
_Static_assert((SOCKET_BUFFER & MASK) == 0, "a power of two");

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void sockets_init(struct sockets *s, struct vsock_shared *shared, uint32_t cid, bool (*listens)(uint32_t port))
{
	memset(s, 0, sizeof(*s));
	s->in = vsock_reader(&shared->to_port);
	s->out = vsock_writer(&shared->to_hub);
	s->in_seen = s->in.own;
	s->out_seen = s->out.own;
	s->cid = cid;
	s->listens = listens;
	s->owes_up = true;
}

/* Where the next packet's payload goes. Null: the ring is full; sockets_ask will ask for room. */
static uint8_t *space_for(struct sockets *s)
{
	uint8_t *space = vsock_space(&s->out);

	s->blocked |= !space;
	return space;
}

/* --- what we say: each to be called with room in the ring -------------------------------------- */

static struct virtio_vsock_header to_peer(const struct sockets *s, const struct socket *k, enum virtio_vsock_op op)
{
	return (struct virtio_vsock_header){ .from_cid = s->cid, .to_cid = k->peer, .from_port = k->port,
					     .to_port = k->peer_port, .type = VIRTIO_VSOCK_STREAM, .op = (uint16_t)op,
					     .buffer = SOCKET_BUFFER, .taken = k->taken };
}

static void say(struct sockets *s, struct socket *k, enum virtio_vsock_op op, uint32_t flags)
{
	struct virtio_vsock_header h = to_peer(s, k, op);

	h.flags = flags;
	vsock_send(&s->out, &h);
	k->told = k->taken;
}

static void reset(struct sockets *s, struct socket *k)
{
	say(s, k, VIRTIO_VSOCK_RST, 0);
	k->state = SOCKET_FREE;
}

static void refuse(struct sockets *s, const struct virtio_vsock_header *h)
{
	const struct virtio_vsock_header answer = { .from_cid = s->cid, .to_cid = h->from_cid, .from_port = h->to_port,
						    .to_port = h->from_port, .type = h->type, .op = VIRTIO_VSOCK_RST };

	if (h->op != VIRTIO_VSOCK_RST)
		vsock_send(&s->out, &answer);
}

/* --- what we hear ------------------------------------------------------------------------------- */

static struct socket *find(struct sockets *s, const struct virtio_vsock_header *h)
{
	for (unsigned i = 0; i < SOCKETS_MOST; i++) {
		struct socket *k = &s->socket[i];

		if (k->state != SOCKET_FREE && k->peer == h->from_cid && k->peer_port == h->from_port && k->port == h->to_port)
			return k;
	}
	return NULL;
}

/* A free one for PEER, if it has not too many: then one that it should have confirmed the end of. */
static struct socket *room_for(struct sockets *s, uint64_t peer)
{
	struct socket *unused = NULL, *closed = NULL;
	unsigned its = 0;

	for (unsigned i = 0; i < SOCKETS_MOST; i++) {
		struct socket *k = &s->socket[i];

		if (k->state == SOCKET_FREE)
			unused = k;
		else if (k->peer == peer)
			its++;
		if (k->state == SOCKET_CLOSED && k->peer == peer)
			closed = k;
	}
	return its < SOCKETS_EACH ? unused : closed;
}

static void accept(struct sockets *s, const struct virtio_vsock_header *h)
{
	struct socket *k = h->op == VIRTIO_VSOCK_REQUEST && h->type == VIRTIO_VSOCK_STREAM && s->listens(h->to_port) ?
			   room_for(s, h->from_cid) : NULL;

	if (!k) {
		refuse(s, h);
		return;
	}
	memset(k, 0, offsetof(struct socket, buffer));
	k->state = SOCKET_OPEN;
	k->peer = h->from_cid;
	k->peer_port = h->from_port;
	k->port = h->to_port;
	k->peer_buffer = h->buffer;
	k->peer_taken = h->taken;
	say(s, k, VIRTIO_VSOCK_RESPONSE, 0);
}

/* False: more than it was given room for. */
static bool keep(struct socket *k, const uint8_t *bytes, uint32_t n)
{
	uint32_t at = k->received & MASK, first = (uint32_t)least(n, SOCKET_BUFFER - at);

	if (n > SOCKET_BUFFER - (k->received - k->taken))
		return false;
	memcpy(k->buffer + at, bytes, first);
	memcpy(k->buffer, bytes + first, n - first);
	k->received += n;
	return true;
}

static bool over(const struct socket *k)
{
	return k->peer_deaf && socket_at_end(k);
}

static void hear(struct sockets *s, struct socket *k, const struct vsock_packet *p)
{
	k->peer_buffer = p->header.buffer;
	k->peer_taken = p->header.taken;
	k->asked = false;
	switch (p->header.op) {
	case VIRTIO_VSOCK_RST:
		k->state = SOCKET_FREE;
		return;
	case VIRTIO_VSOCK_SHUTDOWN:
		k->peer_ended |= (p->header.flags & VIRTIO_VSOCK_NO_SEND) != 0;
		k->peer_deaf |= (p->header.flags & VIRTIO_VSOCK_NO_RECEIVE) != 0;
		if (over(k))
			reset(s, k);
		return;
	case VIRTIO_VSOCK_RW:
		if (k->state == SOCKET_OPEN && !keep(k, p->data, p->header.bytes))
			reset(s, k);
		return;
	case VIRTIO_VSOCK_CREDIT_REQUEST:
		say(s, k, VIRTIO_VSOCK_CREDIT_UPDATE, 0);
		return;
	case VIRTIO_VSOCK_CREDIT_UPDATE:
		return;
	default:
		reset(s, k); /* a REQUEST, a RESPONSE: it thinks that this is another connection */
	}
}

/* Another hub: nothing is connected any more. */
static void restart(struct sockets *s)
{
	for (unsigned i = 0; i < SOCKETS_MOST; i++)
		s->socket[i].state = SOCKET_FREE;
	s->owes_up = true;
}

static void take(struct sockets *s, const struct vsock_packet *p)
{
	struct socket *k;

	if (p->word == VSOCK_RESTART)
		restart(s);
	if (p->word != VSOCK_PACKET)
		return;
	k = find(s, &p->header);
	if (k)
		hear(s, k, p);
	else
		accept(s, &p->header);
}

/* Room that a peer is not told of would be lost. */
static void tell_room(struct sockets *s)
{
	for (unsigned i = 0; i < SOCKETS_MOST && space_for(s); i++) {
		struct socket *k = &s->socket[i];

		if (k->state == SOCKET_OPEN && k->taken - k->told >= SOCKET_BUFFER / 2)
			say(s, k, VIRTIO_VSOCK_CREDIT_UPDATE, 0);
	}
}

bool sockets_serve(struct sockets *s)
{
	struct vsock_packet p;
	bool any = false;

	/* Nothing is taken that could not be answered. */
	for (unsigned i = 0; i < VSOCK_SLOTS && space_for(s); i++, any = true) {
		if (s->owes_up) {
			s->owes_up = !vsock_say(&s->out, VSOCK_UP);
			continue;
		}
		if (!vsock_next(&s->in, &p))
			break;
		take(s, &p);
		vsock_release(&s->in);
	}
	tell_room(s);
	return any;
}

bool sockets_signal(struct sockets *s)
{
	bool owed = s->out.own != s->out_seen && vsock_sent(&s->out);

	owed |= s->in.own != s->in_seen && vsock_released(&s->in);
	s->out_seen = s->out.own;
	s->in_seen = s->in.own;
	owed |= !s->signalled;
	s->signalled = true;
	return owed;
}

bool sockets_ask(struct sockets *s)
{
	/* What waits for room in the ring: answers to what comes in, and what is to be written. */
	if (s->blocked) {
		s->blocked = !vsock_want_space(&s->out);
		return !s->blocked;
	}
	return vsock_want(&s->in);
}

/* --- one socket ------------------------------------------------------------------------------------ */

size_t socket_bytes(const struct socket *k, const uint8_t **at)
{
	uint32_t from = k->taken & MASK;

	*at = k->buffer + from;
	return least(k->received - k->taken, SOCKET_BUFFER - from);
}

void socket_took(struct sockets *s, struct socket *k, size_t n)
{
	k->taken += (uint32_t)n;
	tell_room(s);
}

/* The peer's room, as it says; what cannot be is none. */
static uint32_t peer_room(const struct socket *k)
{
	uint32_t there = k->sent - k->peer_taken;

	return there < k->peer_buffer && !k->peer_deaf ? k->peer_buffer - there : 0;
}

static size_t write_part(struct sockets *s, struct socket *k, const uint8_t *bytes, size_t n)
{
	struct virtio_vsock_header h = to_peer(s, k, VIRTIO_VSOCK_RW);
	uint8_t *space = space_for(s);

	n = least(least(n, peer_room(k)), VSOCK_DATA);
	if (!space || n == 0)
		return 0;
	memcpy(space, bytes, n);
	h.bytes = (uint32_t)n;
	vsock_send(&s->out, &h);
	k->told = k->taken;
	k->sent += h.bytes;
	return n;
}

size_t socket_write(struct sockets *s, struct socket *k, const uint8_t *bytes, size_t n)
{
	size_t done = 0, part;

	while (k->state == SOCKET_OPEN && done < n && (part = write_part(s, k, bytes + done, n - done)) > 0)
		done += part;
	if (done < n && k->state == SOCKET_OPEN && !k->asked && peer_room(k) == 0 && space_for(s)) {
		say(s, k, VIRTIO_VSOCK_CREDIT_REQUEST, 0);
		k->asked = true;
	}
	return done;
}

void socket_close(struct sockets *s, struct socket *k)
{
	if (k->state != SOCKET_OPEN || !space_for(s))
		return;
	if (k->peer_ended && k->peer_deaf) {
		reset(s, k);
		return;
	}
	say(s, k, VIRTIO_VSOCK_SHUTDOWN, VIRTIO_VSOCK_NO_SEND | VIRTIO_VSOCK_NO_RECEIVE);
	k->state = SOCKET_CLOSED;
}
