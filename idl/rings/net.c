/* SPDX-License-Identifier: BSD-2-Clause */
/* The net ring; net.h has the protocol. */
#include "rings/net.h"

#include <stdatomic.h>
#include "rings/request.h"

#define MASK (NET_FRAMES - 1u)
_Static_assert((NET_FRAMES & MASK) == 0, "a power of two");
/* Whatever part of the ring's end is left empty, a frame finds room in an empty ring. */
_Static_assert(2 * ((NET_FRAME_MOST + NET_FRAME_BYTES - 1) / NET_FRAME_BYTES) <= NET_FRAMES, "two of the largest");

struct net_end net_writer(struct net_ring *ring)
{
	return (struct net_end){ ring, atomic_load_explicit(&ring->head, memory_order_relaxed) };
}

struct net_end net_reader(struct net_ring *ring)
{
	return (struct net_end){ ring, atomic_load_explicit(&ring->tail, memory_order_relaxed) };
}

static uint32_t slots(uint32_t bytes)
{
	return (bytes + NET_FRAME_BYTES - 1) / NET_FRAME_BYTES;
}

/* Slots between the two indices; more than there can be is none. */
static uint32_t fill(uint32_t head, uint32_t tail)
{
	return head - tail <= NET_FRAMES ? head - tail : 0;
}

/* For the writer an impossible level is a full ring. */
static uint32_t room(const struct net_end *e, memory_order order)
{
	uint32_t used = e->own - atomic_load_explicit(&e->ring->tail, order);

	return used <= NET_FRAMES ? NET_FRAMES - used : 0;
}

/* Slots that a frame of N takes with what is left empty before it. */
static uint32_t needed(const struct net_end *e, uint32_t n)
{
	uint32_t to_end = NET_FRAMES - (e->own & MASK);

	return n <= to_end ? n : to_end + n;
}

bool net_offload_valid(const struct net_offload *o, uint32_t bytes)
{
	if ((o->flags & NET_NEEDS_CHECKSUM) &&
	    (o->checksum_start < NET_FRAME_LEAST || (uint32_t)o->checksum_start + o->checksum_offset + 2 > bytes))
		return false;
	if (o->cut == NET_CUT_NONE)
		return bytes <= NET_FRAME_WHOLE;
	/* 5.1.6.2: a frame to be cut needs its checksum. Not into so many pieces that one frame is a flood. */
	return (o->cut == NET_CUT_TCP4 || o->cut == NET_CUT_TCP6) && (o->flags & NET_NEEDS_CHECKSUM) &&
	       (uint32_t)o->piece_bytes * NET_PIECES >= bytes;
}

uint8_t *net_space(struct net_end *e, uint32_t bytes)
{
	uint32_t n = slots(bytes), all = needed(e, n);

	/* Acquire: the reader is done with the slots. Pairs with net_release. */
	if (room(e, memory_order_acquire) < all)
		return NULL;
	if (all > n) {
		atomic_store_explicit(&e->ring->slot[e->own & MASK].bytes, 0, memory_order_relaxed);
		e->own += all - n;
	}
	return e->ring->frame[e->own & MASK];
}

void net_send(struct net_end *e, uint32_t bytes, const struct net_offload *offload)
{
	struct net_slot *slot = &e->ring->slot[e->own & MASK];

	slot->offload = offload ? *offload : (struct net_offload){ 0 };
	atomic_store_explicit(&slot->bytes, bytes, memory_order_relaxed);
	e->own += slots(bytes);
	/* Pairs with the acquire in net_next: the frame, then head. */
	atomic_store_explicit(&e->ring->head, e->own, memory_order_release);
}

bool net_sent(struct net_end *e)
{
	return ring_take_request(&e->ring->wanted);
}

bool net_want_space(struct net_end *e, uint32_t bytes)
{
	atomic_store_explicit(&e->ring->blocked, 1, memory_order_relaxed);
	/* Pairs with the fence in net_released. */
	atomic_thread_fence(memory_order_seq_cst);
	return room(e, memory_order_relaxed) >= needed(e, slots(bytes));
}

/* The frame in the slot at hand, of WAITING that are filled. Copied once, then checked. */
static bool take_frame(const struct net_end *e, struct net_frame *f, uint32_t waiting)
{
	struct net_slot *slot = &e->ring->slot[e->own & MASK];

	f->bytes = atomic_load_explicit(&slot->bytes, memory_order_relaxed);
	if (f->bytes < NET_FRAME_LEAST || f->bytes > NET_FRAME_MOST)
		return false;
	if (slots(f->bytes) > waiting || slots(f->bytes) > NET_FRAMES - (e->own & MASK))
		return false;
	f->offload = *(volatile struct net_offload *)&slot->offload;
	f->at = e->ring->frame[e->own & MASK];
	return net_offload_valid(&f->offload, f->bytes);
}

/* Steps over what is no frame: the empty rest of the ring, or nonsense. */
static uint32_t skip(struct net_end *e, const struct net_frame *f, uint32_t waiting)
{
	uint32_t n = f->bytes == 0 ? NET_FRAMES - (e->own & MASK) : 1;

	n = n < waiting ? n : waiting;
	e->own += n;
	atomic_store_explicit(&e->ring->tail, e->own, memory_order_release);
	return n;
}

bool net_next(struct net_end *e, struct net_frame *f)
{
	/* Pairs with the release in net_send. */
	uint32_t waiting = fill(atomic_load_explicit(&e->ring->head, memory_order_acquire), e->own);

	while (waiting > 0) {
		if (take_frame(e, f, waiting))
			return true;
		waiting -= skip(e, f, waiting);
	}
	return false;
}

void net_release(struct net_end *e, const struct net_frame *f)
{
	e->own += slots(f->bytes);
	/* Pairs with the acquire in net_space: the writer reuses only what was read. */
	atomic_store_explicit(&e->ring->tail, e->own, memory_order_release);
}

bool net_released(struct net_end *e)
{
	return ring_take_request(&e->ring->blocked);
}

bool net_want(const struct net_end *e)
{
	atomic_store_explicit(&e->ring->wanted, 1, memory_order_relaxed);
	/* Pairs with the fence in net_sent. */
	atomic_thread_fence(memory_order_seq_cst);
	return fill(atomic_load_explicit(&e->ring->head, memory_order_relaxed), e->own) != 0;
}
