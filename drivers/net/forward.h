/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a frame goes: a table of the addresses that were seen as senders, each
 * with its port; what is not there, and what is for many, goes to all. Ports
 * reach only the ports that they are allowed to.
 *
 * The table is a cache of SETS sets with WAYS entries: a flood of made-up senders
 * evicts, it never grows; of each set one port may fill no more than the rest
 * leaves it.
 */
#ifndef NET_FORWARD_H
#define NET_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#define FORWARD_PORTS 16u
#define FORWARD_SETS  64u
#define FORWARD_WAYS  4u

struct forward_entry {
	uint64_t address;    /* 48 bits; 0: free */
	uint32_t port;
	uint32_t age;        /* of the set's clock when last seen */
};

struct forward {
	unsigned ports;
	uint32_t reach[FORWARD_PORTS];   /* by port: those that its frames may go to */
	uint64_t locked[FORWARD_PORTS];  /* by port: the only address that it may send from; 0: any */
	uint32_t clock;
	struct forward_entry entry[FORWARD_SETS][FORWARD_WAYS];
};

/* All ports reach all others. */
void forward_init(struct forward *f, unsigned ports);

/* The address at BYTES, six of them. */
uint64_t forward_address(const uint8_t *bytes);

/*
 * The ports, as bits, that a frame from port FROM goes to, given its two
 * addresses. Learns the sender. 0: it is dropped.
 */
uint32_t forward(struct forward *f, unsigned from, uint64_t to, uint64_t sender);

#endif
