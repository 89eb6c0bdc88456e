/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio entropy device ([VIRTIO] 5.4): one queue of buffers to be filled. The
 * numbers are those of the VMM's own generator (core/entropy.h).
 */
#include "virtio/rng.h"

#include <string.h>

#define AT_ONCE 256u         /* bytes of one buffer that are filled: it may come back short (5.4.6.2) */

static uint32_t fill(struct rng *rng, const struct virtq_chain *chain)
{
	uint8_t bytes[AT_ONCE];
	size_t count = chain->write_bytes < AT_ONCE ? chain->write_bytes : AT_ONCE;

	entropy_get(rng->entropy, bytes, count);
	return (uint32_t)virtq_write(chain, 0, bytes, count);
}

static void rng_notify(struct virtio_device *dev, unsigned queue)
{
	struct virtq *q = &dev->queue[queue].q;
	struct virtq_chain chain;
	enum virtq_result got;

	do {
		while ((got = virtq_pop(q, &chain)) == VIRTQ_CHAIN)
			virtq_push(q, chain.head, fill(dev->state, &chain));
	} while (virtq_want_notify(q));
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(dev);
	virtio_interrupt(dev, queue);
}

/* Nothing is ever in flight. */
static void rng_reset(struct virtio_device *dev)
{
	(void)dev;
}

static const struct virtio_ops rng_ops = {
	.name = "entropy", .id = VIRTIO_ID_ENTROPY, .queues = 1, .queue_max = 16,
	.notify = rng_notify, .reset = rng_reset,
};

void rng_init(struct rng *rng, struct entropy *entropy, const struct guest_ram *ram, struct irq_line irq)
{
	rng->entropy = entropy;
	virtio_init(&rng->dev, &rng_ops, rng, ram, irq, 0, NULL, 0);
}
