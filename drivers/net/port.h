/* SPDX-License-Identifier: BSD-2-Clause */
/* A port of the switch: its two rings, and how a frame goes out there. */
#ifndef NET_PORT_H
#define NET_PORT_H

#include "rate.h"
#include "rings/net.h"

struct port {
	struct net_end in, out;
	uint32_t signal;             /* slot of what wakes it */
	struct rate rate;            /* of what it sends ... */
	uint64_t at;                 /* ... when it may again, if it has sent too much */
};

/* What becomes of the VLAN tag on the way. */
enum port_tag { TAG_KEEP, TAG_REMOVE, TAG_INSERT };

/*
 * A copy of F goes out at P, with what P does not take undone done; VLAN is for
 * TAG_INSERT. A port whose ring is full loses frames, as on any switch.
 */
void port_send(struct port *p, const struct net_frame *f, enum port_tag tag, uint32_t vlan);

#endif
