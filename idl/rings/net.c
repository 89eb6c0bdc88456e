/* SPDX-License-Identifier: BSD-2-Clause */
/* The net ring; net.h has the protocol. */
#include "rings/net.h"

#include <stdatomic.h>

#define MASK (NET_FRAMES - 1u)
_Static_assert((NET_FRAMES & MASK) == 0, "a power of two");

/* Takes a request of the peer's, once; see the console ring. */
static bool take(_Atomic uint32_t *request)
{
	if (!atomic_load_explicit(request, memory_order_relaxed))
		return false;
	atomic_store_explicit(request, 0, memory_order_relaxed);
	return true;
}

/* Frames between the two indices; more than there can be is none. */
static uint32_t fill(uint32_t head, uint32_t tail)
{
	return head - tail <= NET_FRAMES ? head - tail : 0;
}

/* For the writer an impossible level is a full ring. */
static bool full(const struct net_end *e, memory_order order)
{
	return e->own - atomic_load_explicit(&e->ring->tail, order) >= NET_FRAMES;
}

uint8_t *net_space(const struct net_end *e)
{
	/* Acquire: the reader is done with the frame. Pairs with net_release. */
	return full(e, memory_order_acquire) ? NULL : e->ring->frame[e->own & MASK];
}

bool net_send(struct net_end *e, uint32_t bytes)
{
	atomic_store_explicit(&e->ring->bytes[e->own & MASK], bytes, memory_order_relaxed);
	/* Pairs with the acquire in net_next: the frame, then head. */
	atomic_store_explicit(&e->ring->head, ++e->own, memory_order_release);
	/* Pairs with the fence in net_want. */
	atomic_thread_fence(memory_order_seq_cst);
	return take(&e->ring->wanted);
}

bool net_want_space(const struct net_end *e)
{
	atomic_store_explicit(&e->ring->blocked, 1, memory_order_relaxed);
	/* Pairs with the fence in net_release. */
	atomic_thread_fence(memory_order_seq_cst);
	return !full(e, memory_order_relaxed);
}

const uint8_t *net_next(struct net_end *e, uint32_t *bytes)
{
	/* Pairs with the release in net_send. */
	uint32_t waiting = fill(atomic_load_explicit(&e->ring->head, memory_order_acquire), e->own);

	for (; waiting > 0; waiting--, net_release(e)) {
		*bytes = atomic_load_explicit(&e->ring->bytes[e->own & MASK], memory_order_relaxed);
		if (*bytes >= NET_FRAME_LEAST && *bytes <= NET_FRAME_BYTES)
			return e->ring->frame[e->own & MASK];
	}
	return NULL;
}

bool net_release(struct net_end *e)
{
	/* Pairs with the acquire in net_space: the writer reuses only what was read. */
	atomic_store_explicit(&e->ring->tail, ++e->own, memory_order_release);
	/* Pairs with the fence in net_want_space. */
	atomic_thread_fence(memory_order_seq_cst);
	return take(&e->ring->blocked);
}

bool net_want(const struct net_end *e)
{
	atomic_store_explicit(&e->ring->wanted, 1, memory_order_relaxed);
	/* Pairs with the fence in net_send. */
	atomic_thread_fence(memory_order_seq_cst);
	return fill(atomic_load_explicit(&e->ring->head, memory_order_relaxed), e->own) != 0;
}
