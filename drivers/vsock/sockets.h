/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets of a component: it listens on ports, at a socket hub (rings/vsock.h), and talks
 * with those who connect. Streams only. Everything is in the struct: no memory is
 * allocated; a peer gets a quarter of the sockets, and of each so much buffer, and what
 * it sends beyond is an error of its own that ends the connection.
 *
 * The component's loop: sockets_serve; for each socket that is open read, write, close;
 * signal the hub if sockets_signal says so; sleep unless sockets_ask says that there is something.
 *
 * One thread. Specification: [VIRTIO] 1.2, 5.10.6.
 */
#ifndef VSOCK_SOCKETS_H
#define VSOCK_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rings/vsock.h"

#define SOCKETS_MOST  16u
#define SOCKETS_EACH  (SOCKETS_MOST / 4) /* of one peer */
#define SOCKET_BUFFER 16384u             /* a power of two */

enum socket_state {
	SOCKET_FREE,
	SOCKET_OPEN,
	SOCKET_CLOSED,             /* by us; the peer has not confirmed yet */
};

struct socket {
	enum socket_state state;
	uint64_t peer;             /* its CID */
	uint32_t port, peer_port;
	uint32_t received, taken;  /* bytes that came, that were read: ever, mod 2^32 */
	uint32_t told;             /* `taken`, as the peer knows it */
	uint32_t sent, peer_taken, peer_buffer; /* bytes that we sent, that it read, its room */
	bool peer_ended;           /* it sends no more */
	bool peer_deaf;            /* it reads no more */
	bool asked;                /* for room, since it last said something */
	uint8_t buffer[SOCKET_BUFFER];
};

struct sockets {
	struct vsock_end in, out;
	uint32_t cid;
	bool (*listens)(uint32_t port);
	bool owes_up;
	bool blocked;              /* something found the ring full since it was last asked for room */
	bool signalled;            /* since our start: who was here before may have died on its way to the signal */
	uint32_t in_seen, out_seen; /* at the last signal */
	struct socket socket[SOCKETS_MOST];
};

/* LISTENS: whether there is a service on a port. */
void sockets_init(struct sockets *s, struct vsock_shared *shared, uint32_t cid, bool (*listens)(uint32_t port));

/* Takes what came. True: there was something. */
bool sockets_serve(struct sockets *s);

/* Whether the hub is to be signalled for what was done. */
bool sockets_signal(struct sockets *s);

/* Asks for a signal. True: there is something to do already. */
bool sockets_ask(struct sockets *s);

/* Bytes that came, from *AT on, at least one unless there is none. Valid until socket_took. */
size_t socket_bytes(const struct socket *k, const uint8_t **at);

/* N of them were read. */
void socket_took(struct sockets *s, struct socket *k, size_t n);

/* Whether all that will ever come was read. */
static inline bool socket_at_end(const struct socket *k)
{
	return k->peer_ended && k->received == k->taken;
}

/* Writes at most N bytes; returns how many the peer had room for, and the ring. */
size_t socket_write(struct sockets *s, struct socket *k, const uint8_t *bytes, size_t n);

/* Ends the connection; what was written arrives. Does nothing as long as the ring is full: then it stays open. */
void socket_close(struct sockets *s, struct socket *k);

#endif
