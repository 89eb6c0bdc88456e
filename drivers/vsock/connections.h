/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The connections that the hub knows of: those that were asked for and not reset since.
 * A fixed table: each port may have opened so many, whatever the others do.
 *
 * A connection that ends without its two ends' doing is `dead`, and stays in the
 * table until those who are to hear of it (`owed`, a bit for each end) have got their RST.
 */
#ifndef VSOCK_CONNECTIONS_H
#define VSOCK_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define HUB_PORTS         16u
#define CONNECTIONS_EACH  256u  /* that one port may have opened at a time */
#define CONNECTIONS_MOST  (HUB_PORTS * CONNECTIONS_EACH)
#define CONNECTION_CHAINS 512u

struct connection {
	uint32_t number[2];        /* sockets' ports; [0] is the end that asked */
	uint16_t next;             /* in its chain, or of the free ones: index + 1 */
	uint16_t type;
	uint8_t port[2];           /* of the hub */
	bool used, dead;
	uint8_t owed;
};

struct connections {
	uint16_t free;             /* index + 1 */
	uint16_t chain[CONNECTION_CHAINS];
	uint16_t opened[HUB_PORTS]; /* by each port */
	uint16_t joined[HUB_PORTS]; /* that it is an end of */
	uint16_t owed[HUB_PORTS];   /* RSTs, to each port */
	struct connection at[CONNECTIONS_MOST];
};

/* One of two ends: a port of the hub, and of the socket there. */
struct connection_end {
	unsigned port;
	uint32_t number;
};

void connections_init(struct connections *t);

/* That between the two, in either order; null: none. */
struct connection *connections_find(struct connections *t, struct connection_end a, struct connection_end b);

/* A new one. Null: FROM has opened as many as it may. */
struct connection *connections_add(struct connections *t, struct connection_end from, struct connection_end to,
				   uint16_t type);

void connections_remove(struct connections *t, struct connection *c);

/* C ends; both ends are to hear of it. */
void connections_kill(struct connections *t, struct connection *c);

/* All of PORT's end; their other ends are to hear of it. */
void connections_drop(struct connections *t, unsigned port);

/* One of which PORT is to hear, as its end *SIDE; null: none. It is told with connections_told. */
struct connection *connections_owed(struct connections *t, unsigned port, unsigned *side);
void connections_told(struct connections *t, struct connection *c, unsigned side);

#endif
