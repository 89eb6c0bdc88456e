/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_RNG_H
#define VIRTIO_RNG_H

#include "rings/random.h"
#include "skerry/entropy.h"
#include "virtio/device.h"

/* Where the numbers come from: a ring whose other side SIGNAL wakes, or the generator. */
struct rng_source {
	struct random_shared *shared;  /* null: there is none */
	void (*signal)(void *context);
	void *context;
	struct entropy *entropy;
};

struct rng {
	struct virtio_device dev;
	struct rng_source source;
	uint32_t taken;                /* own index of the ring */
};

void rng_init(struct rng *rng, const struct rng_source *source, const struct guest_ram *ram, struct irq_line irq);

/* The other side signalled: there are bytes. */
void rng_event(struct rng *rng);

#endif
