/* SPDX-License-Identifier: BSD-2-Clause */
#include "vdev.h"

#include <string.h>

#include <skerry/io.h>
#include <skerry/start.h>

static void add_status(struct vdev *dev, uint32_t bits)
{
	dev->ops->set_status(dev, dev->ops->status(dev) | bits);
}

/* 3.1.1, steps 1 to 6 */
uint64_t vdev_open(struct vdev *dev, uint32_t id, uint64_t wanted)
{
	uint64_t features;

	dev->ops = sk_region("registers.config", NULL) ? &vdev_pci : &vdev_mmio;
	if (!dev->ops->find(dev, id))
		return 0;
	dev->ops->set_status(dev, 0);
	while (dev->ops->status(dev) != 0)
		;
	add_status(dev, VIRTIO_ACKNOWLEDGE);
	add_status(dev, VIRTIO_DRIVER);
	features = dev->ops->offered(dev, 0) | (uint64_t)dev->ops->offered(dev, 1) << 32;
	features &= wanted | VIRTIO_F_VERSION_1;
	dev->ops->accept(dev, 0, (uint32_t)features);
	dev->ops->accept(dev, 1, (uint32_t)(features >> 32));
	add_status(dev, VIRTIO_FEATURES_OK);
	if (!(features & VIRTIO_F_VERSION_1) || !(dev->ops->status(dev) & VIRTIO_FEATURES_OK)) {
		add_status(dev, VIRTIO_FAILED);
		return 0;
	}
	return features;
}

bool vdev_queue(struct vdev *dev, unsigned n, unsigned size, uint64_t desc, uint64_t avail, uint64_t used)
{
	return dev->ops->queue(dev, n, size, desc, avail, used);
}

void vdev_start(struct vdev *dev)
{
	add_status(dev, VIRTIO_DRIVER_OK);
}

void vdev_notify(struct vdev *dev, unsigned queue)
{
	/* The index in memory, then the register. */
	sk_io_barrier();
	dev->ops->notify(dev, queue);
}

uint32_t vdev_interrupt(struct vdev *dev)
{
	uint32_t interrupt = dev->ops->interrupt(dev);

	/* The register, then what the used ring says. */
	sk_io_barrier();
	return interrupt;
}

bool vdev_failed(struct vdev *dev)
{
	return dev->ops->status(dev) & VIRTIO_NEEDS_RESET;
}

void vdev_config(struct vdev *dev, unsigned offset, void *to, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i += 4) {
		uint32_t word = dev->ops->config(dev, offset + i);

		memcpy((uint8_t *)to + i, &word, sizeof(word));
	}
}
