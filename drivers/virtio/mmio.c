/* SPDX-License-Identifier: BSD-2-Clause */
#include "mmio.h"

#include <string.h>

#include <skerry/io.h>

static uint32_t get(const struct vdev *dev, unsigned offset)
{
	return *(volatile uint32_t *)(void *)(uintptr_t)(dev->registers + offset);
}

static void put(struct vdev *dev, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(void *)(uintptr_t)(dev->registers + offset) = value;
}

static void add_status(struct vdev *dev, uint32_t bits)
{
	put(dev, VIRTIO_MMIO_STATUS, get(dev, VIRTIO_MMIO_STATUS) | bits);
}

static uint64_t offered(struct vdev *dev)
{
	uint64_t low;

	put(dev, VIRTIO_MMIO_FEATURES_SEL, 0);
	low = get(dev, VIRTIO_MMIO_FEATURES);
	put(dev, VIRTIO_MMIO_FEATURES_SEL, 1);
	return low | (uint64_t)get(dev, VIRTIO_MMIO_FEATURES) << 32;
}

static void accept(struct vdev *dev, uint64_t features)
{
	put(dev, VIRTIO_MMIO_ACCEPT_SEL, 0);
	put(dev, VIRTIO_MMIO_ACCEPT, (uint32_t)features);
	put(dev, VIRTIO_MMIO_ACCEPT_SEL, 1);
	put(dev, VIRTIO_MMIO_ACCEPT, (uint32_t)(features >> 32));
}

/* 3.1.1, steps 1 to 6 */
uint64_t vdev_open(struct vdev *dev, void *registers, uint32_t id, uint64_t wanted)
{
	uint64_t features;

	dev->registers = registers;
	if (get(dev, VIRTIO_MMIO_MAGIC) != VIRTIO_MMIO_MAGIC_VALUE || get(dev, VIRTIO_MMIO_VERSION) != 2 ||
	    get(dev, VIRTIO_MMIO_DEVICE) != id)
		return 0;
	put(dev, VIRTIO_MMIO_STATUS, 0);
	while (get(dev, VIRTIO_MMIO_STATUS) != 0)
		;
	add_status(dev, VIRTIO_ACKNOWLEDGE);
	add_status(dev, VIRTIO_DRIVER);
	features = offered(dev) & (wanted | VIRTIO_F_VERSION_1);
	accept(dev, features);
	add_status(dev, VIRTIO_FEATURES_OK);
	if (!(features & VIRTIO_F_VERSION_1) || !(get(dev, VIRTIO_MMIO_STATUS) & VIRTIO_FEATURES_OK)) {
		add_status(dev, VIRTIO_FAILED);
		return 0;
	}
	return features;
}

static void put_wide(struct vdev *dev, unsigned low, uint64_t value)
{
	put(dev, low, (uint32_t)value);
	put(dev, low + 4, (uint32_t)(value >> 32));
}

bool vdev_queue(struct vdev *dev, unsigned n, unsigned size, uint64_t desc, uint64_t avail, uint64_t used)
{
	put(dev, VIRTIO_MMIO_QUEUE_SEL, n);
	if (get(dev, VIRTIO_MMIO_QUEUE_READY) != 0 || get(dev, VIRTIO_MMIO_QUEUE_MAX) < size)
		return false;
	put(dev, VIRTIO_MMIO_QUEUE_SIZE, size);
	put_wide(dev, VIRTIO_MMIO_DESC_LOW, desc);
	put_wide(dev, VIRTIO_MMIO_AVAIL_LOW, avail);
	put_wide(dev, VIRTIO_MMIO_USED_LOW, used);
	put(dev, VIRTIO_MMIO_QUEUE_READY, 1);
	return true;
}

void vdev_start(struct vdev *dev)
{
	add_status(dev, VIRTIO_DRIVER_OK);
}

void vdev_notify(struct vdev *dev, unsigned queue)
{
	/* The index in memory, then the register. */
	sk_io_barrier();
	put(dev, VIRTIO_MMIO_NOTIFY, queue);
}

uint32_t vdev_interrupt(struct vdev *dev)
{
	uint32_t interrupt = get(dev, VIRTIO_MMIO_INTERRUPT);

	put(dev, VIRTIO_MMIO_INTERRUPT_ACK, interrupt);
	/* The register, then what the used ring says. */
	sk_io_barrier();
	return interrupt;
}

bool vdev_failed(struct vdev *dev)
{
	return get(dev, VIRTIO_MMIO_STATUS) & VIRTIO_NEEDS_RESET;
}

void vdev_config(struct vdev *dev, unsigned offset, void *to, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i += 4) {
		uint32_t word = get(dev, VIRTIO_MMIO_CONFIG + offset + i);

		memcpy((uint8_t *)to + i, &word, sizeof(word));
	}
}
