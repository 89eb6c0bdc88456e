/* SPDX-License-Identifier: BSD-2-Clause */
#include "ring.h"

#include <stdatomic.h>
#include <string.h>

#define LOAD(field)         __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define STORE(field, value) __atomic_store_n(&(field), value, __ATOMIC_RELAXED)

#define AVAIL_OFFSET (16u * VRING_SIZE)
#define USED_OFFSET  (AVAIL_OFFSET + 2u * VRING_SIZE + 64u)
_Static_assert(VRING_SIZE % 32 == 0, "used ring aligned to 4");

/* Behind the used ring: the entry at which the device wants to be notified. */
static uint16_t *avail_event(const struct vring *ring)
{
	return (uint16_t *)(void *)&ring->used->ring[VRING_SIZE];
}

size_t vring_bytes(void)
{
	return (USED_OFFSET + virtq_used_bytes(VRING_SIZE) + 4095) & ~4095ul;
}

void vring_init(struct vring *ring, void *memory, uint64_t pa, bool event_idx)
{
	memset(ring, 0, sizeof(*ring));
	memset(memory, 0, vring_bytes());
	ring->desc = memory;
	ring->avail = (void *)((uint8_t *)memory + AVAIL_OFFSET);
	ring->used = (void *)((uint8_t *)memory + USED_OFFSET);
	ring->desc_pa = pa;
	ring->avail_pa = pa + AVAIL_OFFSET;
	ring->used_pa = pa + USED_OFFSET;
	ring->event_idx = event_idx;
	ring->free_count = VRING_SIZE;
	for (unsigned i = 0; i < VRING_SIZE; i++)
		ring->desc[i].next = (uint16_t)((i + 1) % VRING_SIZE);
}

uint16_t vring_add(struct vring *ring, const struct vring_buffer *buffer, unsigned count)
{
	uint16_t head = ring->free;

	for (unsigned i = 0; i < count; i++) {
		struct virtq_desc *d = &ring->desc[ring->free];

		d->address = buffer[i].pa;
		d->bytes = buffer[i].bytes;
		d->flags = (uint16_t)((buffer[i].writable ? VIRTQ_WRITE : 0) | (i + 1 < count ? VIRTQ_NEXT : 0));
		ring->free = d->next;
	}
	ring->free_count -= (uint16_t)count;
	ring->length[head] = (uint16_t)count;
	ring->avail->ring[ring->next_avail++ % VRING_SIZE] = head;
	return head;
}

bool vring_publish(struct vring *ring)
{
	uint16_t old = ring->told;

	if (old == ring->next_avail)
		return false;
	ring->told = ring->next_avail;
	/* Descriptors and entries, then the index (2.7.13.3). */
	__atomic_store_n(&ring->avail->index, ring->next_avail, __ATOMIC_RELEASE);
	/* The index, then the device's wish (2.7.13.4). */
	atomic_thread_fence(memory_order_seq_cst);
	if (ring->event_idx)
		return virtq_passed(LOAD(*avail_event(ring)), ring->next_avail, old);
	return !(LOAD(ring->used->flags) & VIRTQ_NO_NOTIFY);
}

/* Gives a chain's descriptors back: its last one is followed by the others that are free. */
static void release(struct vring *ring, uint16_t head)
{
	uint16_t last = head;

	for (unsigned i = 1; i < ring->length[head]; i++)
		last = ring->desc[last].next;
	ring->desc[last].next = ring->free;
	ring->free = head;
	ring->free_count += ring->length[head];
	ring->length[head] = 0;
}

bool vring_done(struct vring *ring, uint16_t *head, uint32_t *bytes)
{
	/* The index, then the entries (2.7.14). */
	while (__atomic_load_n(&ring->used->index, __ATOMIC_ACQUIRE) != ring->next_used) {
		const struct virtq_used_entry *entry = &ring->used->ring[ring->next_used++ % VRING_SIZE];
		uint32_t first = LOAD(entry->head);

		if (first >= VRING_SIZE || ring->length[first] == 0)
			continue;
		*head = (uint16_t)first;
		*bytes = LOAD(entry->bytes);
		release(ring, *head);
		return true;
	}
	return false;
}

bool vring_want(struct vring *ring)
{
	if (ring->event_idx)
		STORE(ring->avail->ring[VRING_SIZE], ring->next_used);
	/* The wish, then the index (2.7.14). */
	atomic_thread_fence(memory_order_seq_cst);
	return LOAD(ring->used->index) != ring->next_used;
}
