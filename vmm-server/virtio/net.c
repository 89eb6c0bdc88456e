/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio network device ([VIRTIO] 5.1) in front of a port of the switch
 * (rings/net.h). One pair of queues, no offloads: a frame is a header of zeroes
 * and at most 1514 bytes.
 *
 * Sending stops while the ring is full and goes on when the switch has made
 * space; frames for a guest that gives no buffers wait in the ring, and are
 * dropped by the switch when that is full.
 */
#include "virtio/net.h"

#include <string.h>

#define RECEIVE  0u
#define TRANSMIT 1u
#define HEADER   sizeof(struct virtio_net_header)

/* --- guest to switch ------------------------------------------------------------------ */

/* A frame that is too short or too long is dropped, as by any network card. */
static bool send_chain(struct net *net, uint8_t *space)
{
	uint64_t bytes = net->chain.read_bytes - HEADER;

	if (net->chain.read_bytes < HEADER + NET_FRAME_LEAST || bytes > NET_FRAME_BYTES)
		return false;
	virtq_read(&net->chain, HEADER, space, bytes);
	return net_send(&net->out, (uint32_t)bytes);
}

static void transmit(struct net *net)
{
	struct virtq *q = &net->dev.queue[TRANSMIT].q;
	enum virtq_result got = VIRTQ_EMPTY;
	bool signal = false;
	uint8_t *space;

	do {
		while ((space = net_space(&net->out)) && (got = virtq_pop(q, &net->chain)) == VIRTQ_CHAIN) {
			signal |= send_chain(net, space);
			virtq_push(q, net->chain.head, 0);
		}
	} while (space ? virtq_want_notify(q) : net_want_space(&net->out));
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(&net->dev);
	if (signal)
		net->signal(net->context);
	virtio_interrupt(&net->dev, TRANSMIT);
}

/* --- switch to guest ------------------------------------------------------------------ */

static void receive_frame(struct net *net, const uint8_t *frame, uint32_t bytes)
{
	/* 5.1.6.4.1: without MRG_RXBUF a frame has one buffer, and `buffers` says so. */
	static const struct virtio_net_header header = { .buffers = 1 };
	uint32_t written = 0;

	if (net->chain.write_bytes >= HEADER + bytes) {
		virtq_write(&net->chain, 0, &header, HEADER);
		virtq_write(&net->chain, HEADER, frame, bytes);
		written = (uint32_t)HEADER + bytes;
	}
	virtq_push(&net->dev.queue[RECEIVE].q, net->chain.head, written);
}

static void receive(struct net *net)
{
	struct virtq *q = &net->dev.queue[RECEIVE].q;
	enum virtq_result got = VIRTQ_EMPTY;
	const uint8_t *frame;
	bool signal = false;
	uint32_t bytes;

	do {
		while ((frame = net_next(&net->in, &bytes)) && (got = virtq_pop(q, &net->chain)) == VIRTQ_CHAIN) {
			receive_frame(net, frame, bytes);
			signal |= net_release(&net->in);
		}
		/* Out of frames the switch is to tell us; out of buffers the guest is. */
	} while (frame ? virtq_want_notify(q) : net_want(&net->in));
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(&net->dev);
	if (signal)
		net->signal(net->context);
	virtio_interrupt(&net->dev, RECEIVE);
}

/* --- device ------------------------------------------------------------------------------ */

static void net_notify(struct virtio_device *dev, unsigned queue)
{
	if (queue == TRANSMIT)
		transmit(dev->state);
	else
		receive(dev->state);
}

void net_event(struct net *net)
{
	if (!virtio_running(&net->dev))
		return;
	receive(net);
	transmit(net);
}

static void net_start(struct virtio_device *dev)
{
	net_event(dev->state);
}

/* Frames that came for the last driver are not the next one's. */
static void net_reset(struct virtio_device *dev)
{
	struct net *net = dev->state;
	uint32_t bytes;

	for (unsigned i = 0; i < NET_FRAMES && net_next(&net->in, &bytes); i++)
		net_release(&net->in);
}

static const struct virtio_ops net_ops = {
	.name = "network", .id = VIRTIO_ID_NET, .queues = 2, .queue_max = NET_QUEUE_MAX,
	.notify = net_notify, .start = net_start, .reset = net_reset,
};

void net_init(struct net *net, const struct net_wiring *wiring, const struct guest_ram *ram, struct irq_line irq)
{
	memset(net, 0, sizeof(*net));
	net->out.ring = &wiring->shared->to_switch;
	net->in.ring = &wiring->shared->to_port;
	net->signal = wiring->signal;
	net->context = wiring->context;
	memcpy(net->config.mac, wiring->mac, sizeof(net->config.mac));
	net->config.status = VIRTIO_NET_LINK_UP;
	net->config.max_queue_pairs = 1;
	net->config.mtu = NET_MTU;
	virtio_init(&net->dev, &net_ops, net, ram, irq, VIRTIO_NET_F_MAC | VIRTIO_NET_F_STATUS | VIRTIO_NET_F_MTU,
		    &net->config, sizeof(net->config));
}
