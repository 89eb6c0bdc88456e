/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_NET_H
#define VIRTIO_NET_H

#include "rings/net.h"
#include "virtio/device.h"

#define NET_QUEUE_MAX 256u

struct net {
	struct virtio_device dev;
	struct virtio_net_config config;
	struct net_end out, in;      /* to and from the switch */
	void (*signal)(void *context); /* wakes the switch */
	void *context;
	struct virtq_chain chain;    /* the one at hand */
};

struct net_wiring {
	struct net_shared *shared;
	uint8_t mac[6];
	void (*signal)(void *context);
	void *context;
};

void net_init(struct net *net, const struct net_wiring *wiring, const struct guest_ram *ram, struct irq_line irq);

/* The switch signalled: there are frames, or space. */
void net_event(struct net *net);

#endif
