/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the guest to the switch. What a frame costs is mostly exits and interrupts, so:
 *
 * - The guest is not interrupted for each frame that is sent. It learns of them with the
 *   next interrupt for a frame that came (behind one line it looks at both queues), or when
 *   there are COMPLETED of them or COMPLETED_BYTES and it goes to sleep, or when the time is up.
 * - While it sees that some are done, each interrupt makes it look through both queues. So
 *   a driver that acknowledges interrupts (one that polls does not) is shown small frames
 *   only when there are SHOWN of them or SHOWN_BYTES, or when the time is up for the second time.
 * - A guest that sends much (BUSY frames in NET_POKE_US) need not notify: we look at its
 *   queue when it goes to sleep and when the time is up.
 *
 * "The time is up": the switch signals us every NET_POKE_US as long as we ask (rings/net.h),
 * so no frame waits longer than that, and no buffer longer than two of them.
 *
 * Sending stops while the ring is full and goes on when the switch has made space.
 */
#include "virtio/net.h"

#include <stdatomic.h>
#include <string.h>

#define BUSY            4u
#define SHOWN           8u
#define SHOWN_BYTES     4096u
#define COMPLETED       16u
#define COMPLETED_BYTES 16384u

/* --- one frame ------------------------------------------------------------------------- */

/* Most frames are in one piece with their header. */
static void read_header(const struct virtq_chain *chain, struct virtio_net_header *h)
{
	if (chain->segment[0].bytes >= NET_HEADER)
		memcpy(h, chain->segment[0].at, NET_HEADER);
	else
		virtq_read(chain, 0, h, NET_HEADER);
}

static void read_frame(const struct virtq_chain *chain, uint8_t *to, uint64_t bytes)
{
	if (chain->readable == 1)
		memcpy(to, chain->segment[0].at + NET_HEADER, bytes);
	else
		virtq_read(chain, NET_HEADER, to, bytes);
}

/* What the guest's header says, if it may say that; false: the frame is dropped, as by any network card. */
static bool read_offload(const struct net *net, uint32_t bytes, struct net_offload *offload)
{
	uint64_t accepted = net->dev.accepted;
	struct virtio_net_header h;

	read_header(&net->chain, &h);
	*offload = (struct net_offload){ h.flags & NET_NEEDS_CHECKSUM, h.gso_type, h.header_bytes, h.gso_bytes,
					 h.checksum_start, h.checksum_offset, 0 };
	if ((offload->flags & NET_NEEDS_CHECKSUM) && !(accepted & VIRTIO_NET_F_CSUM))
		return false;
	if ((offload->cut == NET_CUT_TCP4 && !(accepted & VIRTIO_NET_F_HOST_TSO4)) ||
	    (offload->cut == NET_CUT_TCP6 && !(accepted & VIRTIO_NET_F_HOST_TSO6)))
		return false;
	return net_offload_valid(offload, bytes);
}

/* False: the ring has no room for it. A frame that is too short or too long is dropped. */
static bool send_chain(struct net *net)
{
	uint64_t bytes = net->chain.read_bytes - NET_HEADER;
	struct net_offload offload;
	uint8_t *space;

	if (net->chain.read_bytes < NET_HEADER + NET_FRAME_LEAST || bytes > NET_FRAME_MOST ||
	    !read_offload(net, (uint32_t)bytes, &offload))
		return true;
	space = net_space(&net->out, (uint32_t)bytes);
	if (!space)
		return false;
	read_frame(&net->chain, space, bytes);
	net_send(&net->out, (uint32_t)bytes, &offload);
	return true;
}

/* --- all there are --------------------------------------------------------------------- */

static void set_poke(struct net *net, bool on)
{
	net->poked = on;
	atomic_store_explicit(&net->out.ring->poke, on, memory_order_relaxed);
}

/* If a stretch of time is over: how busy the guest was in it, if it was the last one. */
static bool stretch_over(struct net *net)
{
	uint64_t now = net->peer.now();

	if (now < net->stretch_end)
		return false;
	net->busy = net->sent >= BUSY && now - net->stretch_end < net->peer.stretch;
	net->sent = 0;
	net->stretch_end = now + net->peer.stretch;
	return true;
}

/* A frame is on its way: the time runs. */
static void start_time(struct net *net)
{
	if (net->poked)
		return;
	set_poke(net, true);
	stretch_over(net);
}

static void show(struct net *net, struct virtq *q)
{
	virtq_show(q, net->unshown);
	net->unshown = net->unshown_bytes = 0;
	net->late = false;
}

/* The chain at hand is done. */
static void give_back(struct net *net, struct virtq *q)
{
	virtq_put(q, net->unshown++, net->chain.head, 0);
	net->unshown_bytes += (uint32_t)net->chain.read_bytes;
	net->completed++;
	net->completed_bytes += (uint32_t)net->chain.read_bytes;
	if (!net->dev.acknowledges || net->unshown >= SHOWN || net->unshown_bytes >= SHOWN_BYTES)
		show(net, q);
}

/* Interrupts for all that is done. */
static void tell(struct net *net)
{
	if (!net->completed)
		return;
	show(net, &net->dev.queue[NET_TRANSMIT].q);
	net->completed = net->completed_bytes = 0;
	virtio_interrupt(&net->dev, NET_TRANSMIT);
}

/* True: the ring is full, and the switch will say when it is not. */
static bool take_all(struct net *net, enum virtq_result *got)
{
	struct virtq *q = &net->dev.queue[NET_TRANSMIT].q;

	while ((*got = virtq_pop(q, &net->chain)) == VIRTQ_CHAIN) {
		start_time(net);
		if (!send_chain(net)) {
			virtq_unpop(q, 1);
			if (!net_want_space(&net->out, (uint32_t)(net->chain.read_bytes - NET_HEADER)))
				return true;
			continue;
		}
		give_back(net, q);
		net->sent++;
	}
	return false;
}

void net_transmit(struct net *net)
{
	struct virtq *q = &net->dev.queue[NET_TRANSMIT].q;
	uint32_t before = net->out.own, completed = net->completed;
	enum virtq_result got;

	while (!take_all(net, &got) && !net->busy && virtq_want_notify(q))
		;
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(&net->dev);
	if (net->out.own != before && net_sent(&net->out))
		net->peer.signal(net->peer.context);
	/* All were dropped, so the switch does not hear of it and wakes nobody; or very many are done. */
	if ((net->completed != completed && net->out.own == before) || net->completed >= q->size / 2)
		tell(net);
}

void net_transmit_covered(struct net *net)
{
	if (net->unshown)
		return;
	net->completed = net->completed_bytes = 0;
	virtq_told(&net->dev.queue[NET_TRANSMIT].q);
	if (!net->busy)
		set_poke(net, false);
}

void net_transmit_time(struct net *net)
{
	if (net->poked && stretch_over(net)) {
		net_transmit(net);
		if (net->unshown == 0 || net->late)
			tell(net);
		net->late = net->unshown != 0;
		set_poke(net, net->busy || net->late);
	} else if (virtq_waiting(&net->dev.queue[NET_TRANSMIT].q)) {
		net_transmit(net);
	}
}

void net_transmit_idle(struct net *net)
{
	if (net->busy)
		net_transmit(net);
	if (net->completed >= COMPLETED || net->completed_bytes >= COMPLETED_BYTES)
		tell(net);
}

void net_transmit_reset(struct net *net)
{
	net->busy = net->late = false;
	net->sent = net->completed = net->completed_bytes = net->unshown = net->unshown_bytes = 0;
	set_poke(net, false);
}
