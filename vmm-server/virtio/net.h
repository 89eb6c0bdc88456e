/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_NET_H
#define VIRTIO_NET_H

#include "rings/net.h"
#include "virtio/device.h"

#define NET_QUEUE_MAX 256u

/* The queues. */
#define NET_RECEIVE  0u
#define NET_TRANSMIT 1u
#define NET_HEADER   sizeof(struct virtio_net_header)

/* What is outside: the switch, and time. */
struct net_peer {
	void (*signal)(void *context);   /* wakes the switch */
	uint64_t (*now)(void);           /* a counter ... */
	uint64_t stretch;                /* ... and its steps in NET_POKE_US */
	void *context;
};

struct net {
	struct virtio_device dev;
	struct virtio_net_config config;
	struct net_end out, in;          /* to and from the switch */
	struct net_peer peer;
	struct virtq_chain chain, next;  /* those at hand */
	unsigned held;                   /* chains popped for a frame that needs more */
	/* What net_transmit.c saves the guest. */
	uint32_t sent;                   /* frames in this stretch of time */
	uint32_t completed, completed_bytes; /* that the guest was not interrupted for */
	uint32_t unshown, unshown_bytes;     /* of those: that it does not see yet */
	bool late;                       /* it was so when the last stretch ended */
	uint64_t stretch_end;
	bool poked;                      /* the switch wakes us in time */
	bool busy;                       /* the guest need not notify: we come by */
};

struct net_wiring {
	struct net_shared *shared;
	uint8_t mac[6];
	struct net_peer peer;
};

void net_init(struct net *net, const struct net_wiring *wiring, const struct guest_ram *ram, struct irq_line irq);

/* The switch signalled: there are frames, or space, or it is time. */
void net_event(struct net *net);

/* The guest is about to sleep. */
void net_idle(struct net *net);

/* net_transmit.c: what the guest has to send. */
void net_transmit(struct net *net);
void net_transmit_time(struct net *net); /* the switch woke us: maybe for this */
void net_transmit_idle(struct net *net);
void net_transmit_covered(struct net *net); /* the guest is interrupted anyway, and will look at both queues */
void net_transmit_reset(struct net *net);

/* net_receive.c: what the switch has for the guest. */
void net_receive(struct net *net);

#endif
