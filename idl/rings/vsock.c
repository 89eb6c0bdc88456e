/* SPDX-License-Identifier: BSD-2-Clause */
/* The vsock ring; vsock.h has the protocol. */
#include "rings/vsock.h"

#include <stdatomic.h>
#include <string.h>
#include "rings/request.h"

#define MASK (VSOCK_SLOTS - 1u)
_Static_assert((VSOCK_SLOTS & MASK) == 0, "a power of two");

struct vsock_end vsock_writer(struct vsock_ring *ring)
{
	return (struct vsock_end){ ring, atomic_load_explicit(&ring->head, memory_order_relaxed) };
}

struct vsock_end vsock_reader(struct vsock_ring *ring)
{
	return (struct vsock_end){ ring, atomic_load_explicit(&ring->tail, memory_order_relaxed) };
}

/* For the reader an impossible fill level is an empty ring, for the writer a full one. */
static uint32_t waiting(const struct vsock_end *e, memory_order order)
{
	uint32_t fill = atomic_load_explicit(&e->ring->head, order) - e->own;

	return fill <= VSOCK_SLOTS ? fill : 0;
}

static bool full(const struct vsock_end *e, memory_order order)
{
	return e->own - atomic_load_explicit(&e->ring->tail, order) >= VSOCK_SLOTS;
}

static struct vsock_slot *slot(const struct vsock_end *e)
{
	return &e->ring->slot[e->own & MASK];
}

uint8_t *vsock_space(const struct vsock_end *e)
{
	/* Acquire: the reader is done with the slot. Pairs with vsock_release. */
	return full(e, memory_order_acquire) ? NULL : slot(e)->data;
}

static void publish(struct vsock_end *e, enum vsock_word word, const struct virtio_vsock_header *header)
{
	slot(e)->word = word;
	slot(e)->header = *header;
	/* Pairs with the acquire in vsock_next: the slot, then head. */
	atomic_store_explicit(&e->ring->head, ++e->own, memory_order_release);
}

void vsock_send(struct vsock_end *e, const struct virtio_vsock_header *header)
{
	publish(e, VSOCK_PACKET, header);
}

bool vsock_say(struct vsock_end *e, enum vsock_word word)
{
	const struct virtio_vsock_header none = { 0 };

	if (!vsock_space(e))
		return false;
	publish(e, word, &none);
	return true;
}

bool vsock_sent(struct vsock_end *e)
{
	return ring_take_request(&e->ring->wanted);
}

bool vsock_want_space(const struct vsock_end *e)
{
	atomic_store_explicit(&e->ring->blocked, 1, memory_order_relaxed);
	/* Pairs with the fence in vsock_released. */
	atomic_thread_fence(memory_order_seq_cst);
	return !full(e, memory_order_relaxed);
}

static bool valid(const struct vsock_packet *p)
{
	if (p->word != VSOCK_PACKET)
		return p->word <= VSOCK_RESTART;
	return p->header.bytes <= (p->header.op == VIRTIO_VSOCK_RW ? VSOCK_DATA : 0);
}

bool vsock_next(struct vsock_end *e, struct vsock_packet *p)
{
	/* Acquire: pairs with the release in publish. */
	for (uint32_t n = waiting(e, memory_order_acquire); n > 0; n--) {
		/* Copied once, then checked. */
		p->word = *(volatile uint32_t *)&slot(e)->word;
		p->header = *(volatile struct virtio_vsock_header *)&slot(e)->header;
		p->data = slot(e)->data;
		if (valid(p))
			return true;
		vsock_release(e);
	}
	return false;
}

void vsock_release(struct vsock_end *e)
{
	/* Pairs with the acquire in vsock_space: the writer reuses only what was read. */
	atomic_store_explicit(&e->ring->tail, ++e->own, memory_order_release);
}

bool vsock_released(struct vsock_end *e)
{
	return ring_take_request(&e->ring->blocked);
}

bool vsock_want(const struct vsock_end *e)
{
	atomic_store_explicit(&e->ring->wanted, 1, memory_order_relaxed);
	/* Pairs with the fence in vsock_sent. */
	atomic_thread_fence(memory_order_seq_cst);
	return waiting(e, memory_order_relaxed) > 0;
}
