/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the guest to the switch. What a frame costs is mostly exits and interrupts, so:
 *
 * - The guest is not interrupted for each frame that is sent. It learns of them with the
 *   next interrupt for a frame that came (behind one line it looks at both queues), or when
 *   there are COMPLETED of them and it goes to sleep, or when the time is up.
 * - A guest that sends much (BUSY frames in NET_POKE_US) need not notify: we look at its
 *   queue when it goes to sleep and when the time is up.
 *
 * "The time is up": the switch signals us every NET_POKE_US as long as we ask (rings/net.h),
 * so nothing waits longer than that.
 *
 * Sending stops while the ring is full and goes on when the switch has made space.
 */
#include "virtio/net.h"

#include <stdatomic.h>

#define BUSY      4u
#define COMPLETED 4u

/* --- one frame ------------------------------------------------------------------------- */

/* What the guest's header says, if it may say that; false: the frame is dropped, as by any network card. */
static bool read_offload(const struct net *net, uint32_t bytes, struct net_offload *offload)
{
	uint64_t accepted = net->dev.accepted;
	struct virtio_net_header h;

	virtq_read(&net->chain, 0, &h, NET_HEADER);
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
	virtq_read(&net->chain, NET_HEADER, space, bytes);
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
		virtq_push(q, net->chain.head, 0);
		net->sent++;
		net->completed++;
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
	if ((net->completed != completed && net->out.own == before) || net->completed >= NET_QUEUE_MAX / 2)
		net_transmit_done(net);
}

void net_transmit_done(struct net *net)
{
	if (net->completed) {
		net->completed = 0;
		virtio_interrupt(&net->dev, NET_TRANSMIT);
	}
}

void net_transmit_covered(struct net *net)
{
	net->completed = 0;
	virtq_told(&net->dev.queue[NET_TRANSMIT].q);
	if (!net->busy)
		set_poke(net, false);
}

void net_transmit_time(struct net *net)
{
	if (net->poked && stretch_over(net)) {
		net_transmit(net);
		net_transmit_done(net);
		set_poke(net, net->busy);
	} else {
		net_transmit(net);
	}
}

void net_transmit_idle(struct net *net)
{
	if (net->busy)
		net_transmit(net);
	if (net->completed >= COMPLETED)
		net_transmit_done(net);
}

void net_transmit_reset(struct net *net)
{
	net->busy = false;
	net->sent = net->completed = 0;
	set_poke(net, false);
}
