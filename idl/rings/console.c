/* SPDX-License-Identifier: BSD-2-Clause */
/* The console ring; console.h has the protocol. One writer, one reader, any cores. */
#include "rings/console.h"

#include <stdatomic.h>
#include <string.h>
#include "rings/request.h"

#define MASK (CONSOLE_RING_BYTES - 1u)
_Static_assert((CONSOLE_RING_BYTES & MASK) == 0, "a power of two");

/* The peer wrote one of the two: an impossible fill level counts as empty. */
static uint32_t fill(uint32_t head, uint32_t tail)
{
	uint32_t bytes = head - tail;

	return bytes <= CONSOLE_RING_BYTES ? bytes : 0;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t console_ring_space(struct console_ring *ring, uint32_t own)
{
	/* Acquire: the reader is done with the bytes below tail. Pairs with the release in console_ring_read. */
	return CONSOLE_RING_BYTES - fill(own, atomic_load_explicit(&ring->tail, memory_order_acquire));
}

/* Shows the reader all that was written. Returns whether it wants a signal. */
static bool publish(struct console_ring *ring, uint32_t head)
{
	/* Pairs with the acquire in console_ring_read: head, then the data below it. */
	atomic_store_explicit(&ring->head, head, memory_order_release);
	/* Its fence pairs with that in console_ring_want. */
	return ring_take_request(&ring->wanted);
}

size_t console_ring_write(struct console_ring *ring, uint32_t *own, const void *bytes, size_t len, bool *signal)
{
	size_t count = least(len, console_ring_space(ring, *own));
	size_t first = least(count, CONSOLE_RING_BYTES - (*own & MASK));

	*signal = false;
	if (count == 0)
		return 0;
	memcpy(ring->data + (*own & MASK), bytes, first);
	memcpy(ring->data, (const uint8_t *)bytes + first, count - first);
	*signal = publish(ring, *own += (uint32_t)count);
	return count;
}

bool console_ring_put(struct console_ring *ring, uint32_t *own, uint8_t byte, bool *signal)
{
	*signal = false;
	if (console_ring_space(ring, *own) == 0)
		return false;
	ring->data[*own & MASK] = byte;
	*signal = publish(ring, *own += 1);
	return true;
}

size_t console_ring_read(struct console_ring *ring, uint32_t *own, void *bytes, size_t len)
{
	/* Pairs with the release in console_ring_write. */
	uint32_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
	size_t count = least(len, fill(head, *own));
	size_t first = least(count, CONSOLE_RING_BYTES - (*own & MASK));

	if (count == 0)
		return 0;
	memcpy(bytes, ring->data + (*own & MASK), first);
	memcpy((uint8_t *)bytes + first, ring->data, count - first);
	*own += (uint32_t)count;
	/* Pairs with the acquire in console_ring_space: the writer reuses only what was read. */
	atomic_store_explicit(&ring->tail, *own, memory_order_release);
	return count;
}

bool console_ring_want(struct console_ring *ring, uint32_t own)
{
	atomic_store_explicit(&ring->wanted, 1, memory_order_relaxed);
	/* Pairs with the fence in console_ring_write. */
	atomic_thread_fence(memory_order_seq_cst);
	return fill(atomic_load_explicit(&ring->head, memory_order_relaxed), own) != 0;
}

bool console_ring_want_space(struct console_ring *ring, uint32_t own)
{
	atomic_store_explicit(&ring->blocked, 1, memory_order_relaxed);
	/* Pairs with the fence in console_ring_space_wanted. */
	atomic_thread_fence(memory_order_seq_cst);
	return fill(own, atomic_load_explicit(&ring->tail, memory_order_relaxed)) < CONSOLE_RING_BYTES;
}

bool console_ring_space_wanted(struct console_ring *ring)
{
	/* Its fence pairs with that in console_ring_want_space. */
	return ring_take_request(&ring->blocked);
}
