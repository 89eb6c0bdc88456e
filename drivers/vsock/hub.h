/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket hub's rules: a packet goes from the port that it came from to the port with
 * the CID that it names, if it belongs to a connection, or asks for one that the
 * port may open. Everything else is answered with an RST ([VIRTIO] 1.2, 5.10.6).
 *
 * The hub keeps no packet: one whose port has no room stays where it is, and those behind
 * it. So a port that takes nothing holds up whoever sends to it, but not for ever:
 * after HUB_PATIENCE its connections are reset, one for each packet, without another wait
 * until it takes something. Flow control is between the two ends of a connection.
 */
#ifndef VSOCK_HUB_H
#define VSOCK_HUB_H

#include "connections.h"
#include "rings/vsock.h"

/* How often, and how many steps of the counter apart, it is looked whether a port takes anything. */
#define HUB_PATIENCE 100u
#define HUB_LOOKS_HZ 10u

struct hub_port {
	struct vsock_end in, out;
	uint32_t signal;           /* slot of what wakes it */
	uint32_t cid;
	uint32_t reach;            /* ports, as bits, that it may connect to */
	bool up;                   /* it takes packets */
	bool owes_restart;         /* it is to hear of us */
	bool sent, released;       /* since its last signal */
	struct hub_port *waits;    /* for room in this one's ring (maybe its own) */
	uint64_t look;             /* when to look again ... */
	unsigned looks;            /* ... and how often it was looked */
	bool stuck;                /* it took nothing for too long */
};

struct hub {
	unsigned ports;
	uint64_t step;             /* of the counter, between two looks */
	struct hub_port port[HUB_PORTS];
	struct connections table;
};

/* The ports are filled in next: in, out, signal, cid, reach. HZ: of the counter. */
void hub_init(struct hub *h, unsigned ports, uint64_t hz);

/* The port with this CID; null: none. */
struct hub_port *hub_port(struct hub *h, uint64_t cid);

/* A turn for each port. True: there is more to do. *WAKE becomes the time when to come by in any case. */
bool hub_serve(struct hub *h, uint64_t now, uint64_t *wake);

/* Before going to sleep: asks all for signals. True: there is something to do already. */
bool hub_ask(struct hub *h);

#endif
