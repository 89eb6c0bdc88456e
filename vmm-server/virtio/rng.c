/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio entropy device ([VIRTIO] 5.4): one queue of buffers to be filled. The
 * numbers are those of the entropy component (drivers/entropy) or, where the system has none,
 * of the VMM's own generator. Buffers that there are no bytes for yet wait in the queue.
 */
#include "virtio/rng.h"

#include <string.h>

#define QUEUE   0u
#define AT_ONCE 256u         /* bytes of one buffer that are filled: it may come back short (5.4.6.2) */

/* If not, the component signals when there are. */
static bool have_bytes(struct rng *rng)
{
	return !rng->source.shared || console_ring_want(&rng->source.shared->to_user, rng->taken);
}

static uint32_t fill(struct rng *rng, const struct virtq_chain *chain)
{
	uint8_t bytes[AT_ONCE];
	size_t count = chain->write_bytes < AT_ONCE ? chain->write_bytes : AT_ONCE;

	if (rng->source.shared)
		count = console_ring_read(&rng->source.shared->to_user, &rng->taken, bytes, count);
	else
		entropy_get(rng->source.entropy, bytes, count);
	return (uint32_t)virtq_write(chain, 0, bytes, count);
}

static void serve(struct rng *rng)
{
	struct virtq *q = &rng->dev.queue[QUEUE].q;
	enum virtq_result got = VIRTQ_EMPTY;
	struct virtq_chain chain;
	bool more;

	do {
		while ((more = have_bytes(rng)) && (got = virtq_pop(q, &chain)) == VIRTQ_CHAIN)
			virtq_push(q, chain.head, fill(rng, &chain));
	} while (more && virtq_want_notify(q));
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(&rng->dev);
	if (rng->source.shared && console_ring_space_wanted(&rng->source.shared->to_user))
		rng->source.signal(rng->source.context);
	virtio_interrupt(&rng->dev, QUEUE);
}

static void rng_notify(struct virtio_device *dev, unsigned queue)
{
	(void)queue;
	serve(dev->state);
}

void rng_event(struct rng *rng)
{
	if (virtio_running(&rng->dev))
		serve(rng);
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

void rng_init(struct rng *rng, const struct rng_source *source, const struct guest_ram *ram, struct irq_line irq)
{
	rng->source = *source;
	rng->taken = source->shared ? console_ring_taken(&source->shared->to_user) : 0;
	virtio_init(&rng->dev, &rng_ops, rng, ram, irq, 0, NULL, 0);
}
