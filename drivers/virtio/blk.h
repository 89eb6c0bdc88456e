/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of the block driver: from a ring of a client into the device's queue, and back. */
#ifndef DRIVER_VIRTIO_BLK_H
#define DRIVER_VIRTIO_BLK_H

#include "ring.h"
#include "rings/block.h"
#include "vdev.h"

struct client {
	struct block_server ring;
	uint64_t data_pa;        /* of the connection's data region */
	uint64_t first;          /* sector of the device that is the client's sector 0 */
	uint32_t signal;
	bool owed;               /* a signal */
};

/* What the device reads and writes of a request besides the data, by the head of its chain. */
struct blk_dma {
	struct virtio_blk_header header;
	struct virtio_blk_range range;
	uint8_t status;
	uint8_t pad[31];
};
_Static_assert(sizeof(struct blk_dma) == 64, "request memory layout");

struct disk {
	struct vdev dev;
	struct vring ring;
	uint64_t features;
	struct blk_dma *dma;     /* VRING_SIZE of them */
	uint64_t dma_pa;
	struct { struct client *client; unsigned slot; } flight[VRING_SIZE];
	struct client self;      /* the driver, as the one who asks */
	enum block_result own;   /* how its request ended */
	bool own_pending;
};

/* Whether a request of any size fits the queue now. */
static inline bool disk_has_room(const struct disk *disk)
{
	return vring_room(&disk->ring) >= BLOCK_SEGMENTS + 2;
}

/* Puts a checked request into the queue; disk_has_room() said yes. */
void disk_submit(struct disk *disk, struct client *client, const struct block_request *r);

/* A read of our own of COUNT sectors to physical address PA, one at a time; disk->own_pending until it is done. */
void disk_read(struct disk *disk, uint64_t sector, unsigned count, uint64_t pa);

/* Completes what the device has done. Returns whether there was anything. */
bool disk_collect(struct disk *disk);

#endif
