/* SPDX-License-Identifier: BSD-2-Clause */
/* virtio-mmio, version 2: [VIRTIO] 1.2, 4.2. */
#include "vdev.h"

#include <skerry/fail.h>
#include <skerry/start.h>

static uint32_t get(const struct vdev *dev, unsigned offset)
{
	return *(volatile uint32_t *)(void *)(uintptr_t)(dev->registers + offset);
}

static void put(struct vdev *dev, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(void *)(uintptr_t)(dev->registers + offset) = value;
}

static bool find(struct vdev *dev, uint32_t id)
{
	uint64_t at = sk_param_number("transport", 0) * VIRTIO_MMIO_SIZE;
	size_t size;

	dev->registers = sk_need_region("registers", &size);
	if (at > size || size - at < VIRTIO_MMIO_SIZE)
		sk_fail("region registers has %zu bytes, the transport is at %llu", size, (unsigned long long)at);
	dev->registers += at;
	return get(dev, VIRTIO_MMIO_MAGIC) == VIRTIO_MMIO_MAGIC_VALUE && get(dev, VIRTIO_MMIO_VERSION) == 2 &&
	       get(dev, VIRTIO_MMIO_DEVICE) == id;
}

static uint32_t status(struct vdev *dev)
{
	return get(dev, VIRTIO_MMIO_STATUS);
}

static void set_status(struct vdev *dev, uint32_t status)
{
	put(dev, VIRTIO_MMIO_STATUS, status);
}

static uint32_t offered(struct vdev *dev, unsigned half)
{
	put(dev, VIRTIO_MMIO_FEATURES_SEL, half);
	return get(dev, VIRTIO_MMIO_FEATURES);
}

static void accept(struct vdev *dev, unsigned half, uint32_t features)
{
	put(dev, VIRTIO_MMIO_ACCEPT_SEL, half);
	put(dev, VIRTIO_MMIO_ACCEPT, features);
}

static void put_wide(struct vdev *dev, unsigned offset, uint64_t value)
{
	put(dev, offset, (uint32_t)value);
	put(dev, offset + 4, (uint32_t)(value >> 32));
}

static bool queue(struct vdev *dev, unsigned n, unsigned size, uint64_t desc, uint64_t avail, uint64_t used)
{
	put(dev, VIRTIO_MMIO_QUEUE_SEL, n);
	if (get(dev, VIRTIO_MMIO_QUEUE_READY) || get(dev, VIRTIO_MMIO_QUEUE_MAX) < size)
		return false;
	put(dev, VIRTIO_MMIO_QUEUE_SIZE, size);
	put_wide(dev, VIRTIO_MMIO_DESC_LOW, desc);
	put_wide(dev, VIRTIO_MMIO_AVAIL_LOW, avail);
	put_wide(dev, VIRTIO_MMIO_USED_LOW, used);
	put(dev, VIRTIO_MMIO_QUEUE_READY, 1);
	return true;
}

static void notify(struct vdev *dev, unsigned queue)
{
	put(dev, VIRTIO_MMIO_NOTIFY, queue);
}

static uint32_t interrupt(struct vdev *dev)
{
	uint32_t interrupt = get(dev, VIRTIO_MMIO_INTERRUPT);

	put(dev, VIRTIO_MMIO_INTERRUPT_ACK, interrupt);
	return interrupt;
}

static uint32_t config(struct vdev *dev, unsigned offset)
{
	return get(dev, VIRTIO_MMIO_CONFIG + offset);
}

const struct vdev_ops vdev_mmio = {
	.find = find, .status = status, .set_status = set_status, .offered = offered, .accept = accept,
	.queue = queue, .notify = notify, .interrupt = interrupt, .config = config,
};
