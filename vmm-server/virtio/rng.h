/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_RNG_H
#define VIRTIO_RNG_H

#include "core/entropy.h"
#include "virtio/device.h"

struct rng {
	struct virtio_device dev;
	struct entropy *entropy;
};

void rng_init(struct rng *rng, struct entropy *entropy, const struct guest_ram *ram, struct irq_line irq);

#endif
