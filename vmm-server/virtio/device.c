/* SPDX-License-Identifier: BSD-2-Clause */
#include "virtio/device.h"

#include <string.h>

#include "core/log.h"

#define COMMON_FEATURES (VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT | VIRTIO_F_EVENT_IDX)

void virtio_init(struct virtio_device *dev, const struct virtio_ops *ops, void *state, const struct guest_ram *ram,
		 struct irq_line irq, uint64_t features, const void *config, size_t config_bytes)
{
	*dev = (struct virtio_device){
		.ops = ops, .state = state, .ram = ram, .irq = irq, .config = config, .config_bytes = config_bytes,
		.offered = features | COMMON_FEATURES, .queues = ops->queues,
	};
}

/* The line is high while an interrupt is not acknowledged; an edge-triggered input sees each rise. */
static void raise(struct virtio_device *dev, uint8_t interrupt, unsigned queue)
{
	bool high = dev->interrupt;

	if (dev->message && dev->message(dev, queue))
		return;
	dev->interrupt |= interrupt;
	if (!high)
		irq_line_set(&dev->irq, true);
}

void virtio_acknowledge(struct virtio_device *dev, uint32_t interrupts)
{
	if (!dev->interrupt)
		return;
	dev->acknowledges = true;
	dev->interrupt &= (uint8_t)~interrupts;
	irq_line_set(&dev->irq, false);
	if (dev->interrupt)
		irq_line_set(&dev->irq, true);
}

void virtio_reset(struct virtio_device *dev)
{
	dev->status = 0; /* not running: the device takes nothing new */
	dev->ops->reset(dev);
	memset(dev->queue, 0, sizeof(dev->queue));
	dev->accepted = 0;
	dev->interrupt = 0;
	dev->acknowledges = false;
	irq_line_set(&dev->irq, false);
}

void virtio_needs_reset(struct virtio_device *dev)
{
	if (dev->status & VIRTIO_NEEDS_RESET)
		return;
	guest_log("virtio %s: the guest broke the protocol: the device needs a reset", dev->ops->name);
	dev->status |= VIRTIO_NEEDS_RESET;
	if (dev->status & VIRTIO_DRIVER_OK)
		raise(dev, VIRTIO_INTERRUPT_CONFIG, VIRTIO_CONFIG_CHANGE);
}

/* 3.1.1: FEATURES_OK stays clear if the driver took what is not there, or is no modern one. */
static bool acceptable(const struct virtio_device *dev)
{
	return !(dev->accepted & ~dev->offered) && (dev->accepted & VIRTIO_F_VERSION_1);
}

void virtio_set_status(struct virtio_device *dev, uint8_t status)
{
	uint8_t added;

	if (status == 0) {
		virtio_reset(dev);
		return;
	}
	added = status & (uint8_t)~dev->status & (uint8_t)~VIRTIO_NEEDS_RESET;
	if ((added & VIRTIO_FEATURES_OK) && !acceptable(dev))
		added &= (uint8_t)~VIRTIO_FEATURES_OK;
	if ((added & VIRTIO_DRIVER_OK) && !((dev->status | added) & VIRTIO_FEATURES_OK))
		added &= (uint8_t)~VIRTIO_DRIVER_OK;
	dev->status |= added;
	if ((added & VIRTIO_DRIVER_OK) && dev->ops->start && virtio_running(dev))
		dev->ops->start(dev);
}

void virtio_accept(struct virtio_device *dev, unsigned half, uint32_t features)
{
	if (half > 1 || (dev->status & VIRTIO_FEATURES_OK))
		return;
	dev->accepted &= ~(0xfffffffful << (32 * half));
	dev->accepted |= (uint64_t)features << (32 * half);
}

void virtio_queue_ready(struct virtio_device *dev, unsigned queue, bool ready)
{
	struct virtio_queue *vq = &dev->queue[queue];

	/* A queue stops only with its device: what is in flight has no other end. */
	if (!ready || vq->ready || !(dev->status & VIRTIO_FEATURES_OK))
		return;
	if (vq->size > dev->ops->queue_max ||
	    !virtq_start(&vq->q, dev->ram, vq->size, gpa(vq->desc), gpa(vq->avail), gpa(vq->used), dev->accepted)) {
		virtio_needs_reset(dev);
		return;
	}
	vq->ready = true;
}

void virtio_notify(struct virtio_device *dev, unsigned queue)
{
	if (queue < dev->queues && virtio_running(dev) && dev->queue[queue].ready)
		dev->ops->notify(dev, queue);
}

void virtio_interrupt(struct virtio_device *dev, unsigned queue)
{
	if (virtio_running(dev) && virtq_must_interrupt(&dev->queue[queue].q))
		raise(dev, VIRTIO_INTERRUPT_USED, queue);
}
