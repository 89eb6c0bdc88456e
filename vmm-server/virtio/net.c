/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio network device ([VIRTIO] 5.1) in front of a port of the switch
 * (rings/net.h). One pair of queues. Checksums and the cutting of large TCP frames
 * may be left undone on both ways: what is left goes along with the frame, from guest to
 * guest, and the switch does it for those that do not take it.
 */
#include "virtio/net.h"

#include <stdatomic.h>
#include <string.h>

#define FEATURES                                                                                             \
	(VIRTIO_NET_F_MAC | VIRTIO_NET_F_STATUS | VIRTIO_NET_F_MTU | VIRTIO_NET_F_MRG_RXBUF |                \
	 VIRTIO_NET_F_CSUM | VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 |                               \
	 VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6)

static void net_notify(struct virtio_device *dev, unsigned queue)
{
	if (queue == NET_TRANSMIT)
		net_transmit(dev->state);
	else
		net_receive(dev->state);
}

void net_event(struct net *net)
{
	if (!virtio_running(&net->dev))
		return;
	net_receive(net);
	net_transmit_time(net);
}

void net_idle(struct net *net)
{
	if (virtio_running(&net->dev))
		net_transmit_idle(net);
}

static void take(struct net *net, uint32_t what)
{
	atomic_store_explicit(&net->in.ring->accepts, what, memory_order_relaxed);
}

/* 5.1.3.1: segmentation needs the checksum. */
static void net_start(struct virtio_device *dev)
{
	struct net *net = dev->state;
	uint32_t what = 0;

	if (dev->accepted & VIRTIO_NET_F_GUEST_CSUM) {
		what = NET_TAKES_CHECKSUM | (dev->accepted & VIRTIO_NET_F_GUEST_TSO4 ? NET_TAKES_TCP4 : 0) |
		       (dev->accepted & VIRTIO_NET_F_GUEST_TSO6 ? NET_TAKES_TCP6 : 0);
	}
	take(net, what);
	net_receive(net);
	net_transmit(net);
}

/* Frames that came for the last driver are not the next one's. */
static void net_reset(struct virtio_device *dev)
{
	struct net *net = dev->state;
	struct net_frame frame;

	take(net, 0);
	net_transmit_reset(net);
	for (unsigned i = 0; i < NET_FRAMES && net_next(&net->in, &frame); i++)
		net_release(&net->in, &frame);
}

static const struct virtio_ops net_ops = {
	.name = "network", .id = VIRTIO_ID_NET, .queues = 2, .queue_max = NET_QUEUE_MAX,
	.notify = net_notify, .start = net_start, .reset = net_reset,
};

void net_init(struct net *net, const struct net_wiring *wiring, const struct guest_ram *ram, struct irq_line irq)
{
	memset(net, 0, sizeof(*net));
	net->out = net_writer(&wiring->shared->to_switch);
	net->in = net_reader(&wiring->shared->to_port);
	net->peer = wiring->peer;
	memcpy(net->config.mac, wiring->mac, sizeof(net->config.mac));
	net->config.status = VIRTIO_NET_LINK_UP;
	net->config.max_queue_pairs = 1;
	net->config.mtu = NET_MTU;
	virtio_init(&net->dev, &net_ops, net, ram, irq, FEATURES, &net->config, sizeof(net->config));
	/* Whatever the last VMM here was about to say. */
	net->peer.signal(net->peer.context);
}
