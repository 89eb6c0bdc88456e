/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the switch to the guest. Frames for a guest that gives no buffers wait in the
 * ring, and are dropped by the switch when that is full.
 */
#include "virtio/net.h"

#include <string.h>

#define BUFFERS 64u /* of one frame: more than 65 KiB in pages */

/* 5.1.6.4.1; false: it holds what the driver did not agree to, which the switch should know. */
static bool make_header(const struct net *net, const struct net_offload *o, struct virtio_net_header *h)
{
	uint64_t accepted = net->dev.accepted;
	bool checksum = accepted & VIRTIO_NET_F_GUEST_CSUM;

	*h = (struct virtio_net_header){ .buffers = 1 };
	if (o->flags == 0 && o->cut == NET_CUT_NONE)
		return true;
	if ((o->cut == NET_CUT_TCP4 && !(accepted & VIRTIO_NET_F_GUEST_TSO4)) ||
	    (o->cut == NET_CUT_TCP6 && !(accepted & VIRTIO_NET_F_GUEST_TSO6)) ||
	    ((o->flags & NET_NEEDS_CHECKSUM) && !checksum))
		return false;
	h->flags = checksum ? o->flags & (NET_NEEDS_CHECKSUM | NET_CHECKSUM_GOOD) : 0;
	h->gso_type = o->cut;
	h->header_bytes = o->header_bytes;
	h->gso_bytes = o->piece_bytes;
	h->checksum_start = o->checksum_start;
	h->checksum_offset = o->checksum_offset;
	return true;
}

/*
 * Fills net->chain and, if the driver agreed to that and the frame needs it, more, and
 * shows them together. DONE also if the frame was dropped.
 */
enum fate { DONE, NO_BUFFERS, BROKEN };

static enum fate fill_more(struct net *net, const struct net_frame *f, uint32_t done, unsigned *buffers)
{
	struct virtq *q = &net->dev.queue[NET_RECEIVE].q;

	for (*buffers = 1; done < f->bytes; ++*buffers) {
		enum virtq_result got = *buffers < BUFFERS && *buffers < q->size ? virtq_pop(q, &net->next) : VIRTQ_EMPTY;
		uint32_t n;

		if (got == VIRTQ_BROKEN)
			return BROKEN;
		if (got == VIRTQ_EMPTY)
			return NO_BUFFERS;
		n = (uint32_t)virtq_write(&net->next, 0, f->at + done, f->bytes - done);
		virtq_put(q, *buffers, net->next.head, n);
		done += n;
	}
	return DONE;
}

static enum fate give_back(struct net *net)
{
	virtq_unpop(&net->dev.queue[NET_RECEIVE].q, net->held);
	net->held = 0;
	return DONE;
}

static enum fate several(struct net *net, const struct net_frame *f, struct virtio_net_header *header)
{
	struct virtq *q = &net->dev.queue[NET_RECEIVE].q;
	uint32_t first = (uint32_t)virtq_write(&net->chain, NET_HEADER, f->at, f->bytes);
	enum fate fate;
	unsigned n;

	virtq_put(q, 0, net->chain.head, (uint32_t)NET_HEADER + first);
	fate = fill_more(net, f, first, &n);
	if (fate == DONE) {
		header->buffers = (uint16_t)n;
		virtq_write(&net->chain, 0, header, NET_HEADER);
		virtq_show(q, n);
	} else if (fate == NO_BUFFERS) {
		net->held = n;
		/* All that the guest can ever give are too few: the frame is dropped. */
		if (n == BUFFERS || n == q->size)
			fate = give_back(net);
	}
	return fate;
}

/* The buffer holds both. Mostly it is in one piece. */
static uint32_t write_frame(struct virtq_chain *chain, const struct virtio_net_header *header, const struct net_frame *f)
{
	uint8_t *at = chain->segment[chain->readable].at;

	if (chain->writable == 1) {
		memcpy(at, header, NET_HEADER);
		memcpy(at + NET_HEADER, f->at, f->bytes);
	} else {
		virtq_write(chain, 0, header, NET_HEADER);
		virtq_write(chain, NET_HEADER, f->at, f->bytes);
	}
	return (uint32_t)NET_HEADER + f->bytes;
}

static enum fate deliver(struct net *net, const struct net_frame *f)
{
	struct virtq *q = &net->dev.queue[NET_RECEIVE].q;
	struct virtio_net_header header;
	enum virtq_result got;
	uint32_t written = 0;

	if (!make_header(net, &f->offload, &header))
		return DONE;
	got = virtq_pop(q, &net->chain);
	if (got != VIRTQ_CHAIN)
		return got == VIRTQ_EMPTY ? NO_BUFFERS : BROKEN;
	if (net->chain.write_bytes >= NET_HEADER + f->bytes) {
		written = write_frame(&net->chain, &header, f);
	} else if ((net->dev.accepted & VIRTIO_NET_F_MRG_RXBUF) && net->chain.write_bytes >= NET_HEADER) {
		return several(net, f, &header);
	}
	virtq_push(q, net->chain.head, written);
	return DONE;
}

/* Out of frames the switch is to tell us; out of buffers the guest is, of those behind what it gave. */
static bool more_buffers(struct net *net)
{
	bool more = virtq_want_notify(&net->dev.queue[NET_RECEIVE].q);

	give_back(net);
	return more;
}

void net_receive(struct net *net)
{
	enum fate fate = DONE;
	struct net_frame frame;
	bool any = false, there;

	do {
		while ((there = net_next(&net->in, &frame)) && (fate = deliver(net, &frame)) == DONE) {
			net_release(&net->in, &frame);
			any = true;
		}
	} while (fate != BROKEN && (there ? more_buffers(net) : net_want(&net->in)));
	if (fate == BROKEN)
		virtio_needs_reset(&net->dev);
	if (any && net_released(&net->in))
		net->peer.signal(net->peer.context);
	virtio_interrupt(&net->dev, NET_RECEIVE);
	/* Behind one line an interrupt is for both queues. */
	if (net->dev.interrupt & VIRTIO_INTERRUPT_USED)
		net_transmit_covered(net);
}
