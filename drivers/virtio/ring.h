/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's side of a split virtqueue ([VIRTIO] 1.2, 2.7) in memory of its
 * own, whose physical address it knows. A chain is named by its first
 * descriptor. What the device writes into the used ring is checked: only a
 * chain in flight can be done. One thread.
 */
#ifndef DRIVER_VIRTIO_RING_H
#define DRIVER_VIRTIO_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rings/virtio.h"

#define VRING_SIZE 256u

struct vring {
	struct virtq_desc *desc;
	struct virtq_avail *avail;
	struct virtq_used *used;
	uint64_t desc_pa, avail_pa, used_pa;
	bool event_idx;
	uint16_t next_avail;       /* entries ever made available */
	uint16_t told;             /* ... when the device was last considered for a notification */
	uint16_t next_used;
	uint16_t free, free_count; /* list of free descriptors */
	uint16_t length[VRING_SIZE]; /* of the chain that begins here; 0: none */
};

struct vring_buffer {
	uint64_t pa;
	uint32_t bytes;
	bool writable;             /* by the device; these come last */
};

/* Bytes of memory that a ring takes, page multiple. */
size_t vring_bytes(void);

/* MEMORY: vring_bytes(), page aligned, at physical address PA. No device uses it now. */
void vring_init(struct vring *ring, void *memory, uint64_t pa, bool event_idx);

/* The descriptor that the next chain will begin with; valid if vring_room() > 0. */
static inline uint16_t vring_next(const struct vring *ring)
{
	return ring->free;
}

static inline unsigned vring_room(const struct vring *ring)
{
	return ring->free_count;
}

/* Makes COUNT (1..vring_room) buffers available as a chain. Returns its head. */
uint16_t vring_add(struct vring *ring, const struct vring_buffer *buffer, unsigned count);

/* Shows the device what was added. Returns whether it is to be notified. */
bool vring_publish(struct vring *ring);

/* Takes a chain that is done: its head, and the bytes that the device wrote. False: there is none. */
bool vring_done(struct vring *ring, uint16_t *head, uint32_t *bytes);

/* Asks for an interrupt. True if something is done already. */
bool vring_want(struct vring *ring);

#endif
