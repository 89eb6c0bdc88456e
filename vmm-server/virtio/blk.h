/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_BLK_H
#define VIRTIO_BLK_H

#include "rings/block.h"
#include "virtio/device.h"

#define BLK_QUEUE_MAX 128u
#define BLK_ID_BYTES  VIRTIO_BLK_ID_BYTES

/* A guest's request, from its chain to its used entry. */
struct blk_request {
	struct blk_request *next;    /* in a list of struct blk */
	uint32_t op;                 /* enum block_op */
	uint64_t sector, sectors;    /* DISCARD, ZEROES: the range; else where the data begin */
	uint64_t bytes, issued;      /* of data; those that are in slots or done */
	unsigned in_flight;          /* slots */
	bool bare;                   /* has no data: one slot does it */
	bool listed;                 /* waits for slots */
	uint8_t status;              /* enum virtio_blk_status */
	uint8_t queue;               /* where it came from and goes back to */
	struct virtq_chain chain;
};

/* What a slot of the ring is used for. */
struct blk_part {
	struct blk_request *request; /* null: none, or forgotten by a reset */
	uint64_t offset;             /* of the request's data */
	uint32_t bytes;
	uint32_t order;              /* of submission: later ones have higher numbers, mod 2^32 */
};

/* The backend: how to wake it, and to sleep until it has done something (or for a while). */
struct blk_peer {
	void (*signal)(void *context);
	void (*wait)(void *context);
	void *signal_context, *wait_context;
};

struct blk {
	struct virtio_device dev;
	struct virtio_blk_config config;
	struct block_client client;
	uint8_t *pool;               /* the data region; null: mapped, it is the guest's RAM */
	uint32_t part_bytes;         /* most data of a slot */
	unsigned slots;              /* used of the ring */
	struct blk_peer peer;
	char id[BLK_ID_BYTES];
	unsigned turn;               /* the queue that is looked at first, next time */
	struct blk_request *free, *waiting, **waiting_end;
	uint32_t order;              /* of the next part */
	struct blk_part part[BLOCK_SLOTS];
	struct blk_request request[BLK_QUEUE_MAX];
};

/* The connection to the backend, as the VMM is wired. */
struct blk_wiring {
	struct block_shared *shared;
	uint8_t *pool;               /* null: mapped */
	uint64_t pool_bytes;
	struct blk_peer peer;
	const char *id;              /* what the guest reads as the disk's serial number */
	unsigned queues;             /* 1..VIRTIO_QUEUES: one for each vCPU, as far as they go */
};

/*
 * Once the backend's state is BLOCK_READY. False: the pool is too small. Until blk_up()
 * a backend may still be at work for a VMM that was here before, and use the data region.
 */
bool blk_init(struct blk *blk, const struct blk_wiring *wiring, const struct guest_ram *ram, struct irq_line irq);

/* The backend serves us. */
static inline bool blk_up(const struct blk *blk)
{
	return blk->client.up;
}

/* The backend signalled: gives the guest what is done; if it is another one, what it has not done goes to it again. */
void blk_event(struct blk *blk);

#endif
