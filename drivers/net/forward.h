/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a frame goes: a table of the addresses that were seen as senders, each
 * with its port; what is not there, and what is for many, goes to all. Ports
 * reach only the ports that they are allowed to, and of those only the members of the
 * frame's VLAN. A port is
 *
 *   plain    a member of VLAN 0, the network of those that know of no VLAN; a tag is payload
 *   access   a member of one VLAN; its frames have no tag, tagged ones are dropped
 *   trunk    a member of those listed; its frames have tags, but those of VLAN 0
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
#define FORWARD_VLANS 32u     /* in all */
#define FORWARD_VID   4094u   /* the greatest number of a VLAN ([802.1Q] 9.6: 4095 is none) */
#define FORWARD_NO_TAG (~0u)

struct forward_entry {
	uint64_t address;    /* 48 bits, above them the VLAN; 0: free */
	uint32_t port;
	uint32_t age;        /* of the set's clock when last seen */
};

enum forward_kind { FORWARD_PLAIN, FORWARD_ACCESS, FORWARD_TRUNK };

struct forward_vlan {
	uint32_t number, members;
};

struct forward {
	unsigned ports;
	uint32_t reach[FORWARD_PORTS];   /* by port: those that its frames may go to */
	uint64_t locked[FORWARD_PORTS];  /* by port: the only address that it may send from; 0: any */
	enum forward_kind kind[FORWARD_PORTS];
	uint32_t access[FORWARD_PORTS];  /* an access port's VLAN */
	unsigned vlans;                  /* VLAN 0 is the first one */
	struct forward_vlan vlan[FORWARD_VLANS];
	uint32_t clock;
	struct forward_entry entry[FORWARD_SETS][FORWARD_WAYS];
};

/* All ports reach all others, and are plain. */
void forward_init(struct forward *f, unsigned ports);

/*
 * PORT becomes an access port of VLAN NUMBER, or a trunk; a trunk is then made a member of
 * each of its VLANs. False: no such number, or there are too many VLANs.
 */
bool forward_access(struct forward *f, unsigned port, uint32_t number);
void forward_trunk(struct forward *f, unsigned port);
bool forward_member(struct forward *f, unsigned port, uint32_t number);

/* The address at BYTES, six of them. */
uint64_t forward_address(const uint8_t *bytes);

/*
 * The ports, as bits, that a frame from port FROM goes to, given its two
 * addresses and the VLAN number of its tag (FORWARD_NO_TAG). Learns the sender. 0: it is dropped.
 * *VLAN becomes the VLAN that it belongs to.
 */
uint32_t forward(struct forward *f, unsigned from, uint64_t to, uint64_t sender, uint32_t tag, uint32_t *vlan);

#endif
