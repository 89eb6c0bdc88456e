/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [802.1Q] IEEE Std 802.1Q-2018, 9.6: a tag is four bytes behind the two addresses.
 */
#include "port.h"

#include <stdatomic.h>
#include <string.h>

#include "segment.h"

#define ADDRESSES 12u
#define TAG       4u

static bool takes(const struct port *p, const struct net_offload *o)
{
	uint32_t need = (o->flags & NET_NEEDS_CHECKSUM ? NET_TAKES_CHECKSUM : 0) |
			(o->cut == NET_CUT_TCP4 ? NET_TAKES_TCP4 : o->cut == NET_CUT_TCP6 ? NET_TAKES_TCP6 : 0);

	return !(need & ~atomic_load_explicit(&p->out.ring->accepts, memory_order_relaxed));
}

/* A large frame, to a port that wants small ones. */
static void send_pieces(struct port *p, const struct net_frame *f)
{
	struct segment s;
	uint32_t bytes;
	uint8_t *space;

	if (!segment_begin(&s, f))
		return;
	while ((bytes = segment_bytes(&s)) && (space = net_space(&p->out, bytes))) {
		segment_write(&s, space);
		net_send(&p->out, bytes, NULL);
	}
}

static void send_whole(struct port *p, const struct net_frame *f)
{
	uint8_t *space = net_space(&p->out, f->bytes);
	struct net_offload o = f->offload;

	if (!space)
		return;
	memcpy(space, f->at, f->bytes);
	if (!takes(p, &o)) {
		segment_checksum(space, f->bytes, &o);
		o = (struct net_offload){ .flags = NET_CHECKSUM_GOOD };
	}
	net_send(&p->out, f->bytes, &o);
}

/* The frame with its tag taken out or another put in. One that is so changed is not large, or is dropped. */
static bool retag(const struct net_frame *f, enum port_tag tag, uint32_t vlan, struct net_frame *changed)
{
	static uint8_t copy[NET_FRAME_MOST];
	uint32_t behind = tag == TAG_REMOVE ? ADDRESSES + TAG : ADDRESSES;
	uint32_t to = tag == TAG_INSERT ? ADDRESSES + TAG : ADDRESSES;
	const uint8_t inserted[TAG] = { 0x81, 0x00, (uint8_t)(vlan >> 8), (uint8_t)vlan };

	if (f->bytes < behind + 2 || f->bytes - behind + to > NET_FRAME_MOST)
		return false;
	memcpy(copy, f->at, ADDRESSES);
	memcpy(copy + ADDRESSES, inserted, TAG);
	memcpy(copy + to, f->at + behind, f->bytes - behind);
	*changed = (struct net_frame){ copy, f->bytes - behind + to, f->offload };
	if (f->offload.flags & NET_NEEDS_CHECKSUM)
		changed->offload.checksum_start = (uint16_t)(f->offload.checksum_start + to - behind);
	return net_offload_valid(&changed->offload, changed->bytes);
}

void port_send(struct port *p, const struct net_frame *f, enum port_tag tag, uint32_t vlan)
{
	struct net_frame changed;

	if (tag != TAG_KEEP) {
		if (!retag(f, tag, vlan, &changed))
			return;
		f = &changed;
	}
	if (f->offload.cut != NET_CUT_NONE && !takes(p, &f->offload))
		send_pieces(p, f);
	else
		send_whole(p, f);
}
