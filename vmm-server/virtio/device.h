/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio device as its transport sees it ([VIRTIO] 2, 3.1): status, features,
 * queues, configuration space, interrupt. What the device does stands in its
 * operations; how the guest reaches it, in transport_*.c.
 *
 * The guest's mistakes end here: what is out of order is ignored, what leaves
 * the device without a way to go on sets NEEDS_RESET.
 *
 * One thread at a time (the vCPU's; a guest has one in this version).
 */
#ifndef VIRTIO_DEVICE_H
#define VIRTIO_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/irq_line.h"
#include "virtio/queue.h"

#define VIRTIO_QUEUES 8u

struct virtio_device;

struct virtio_ops {
	const char *name;
	uint32_t id;                 /* VIRTIO_ID_* */
	unsigned queues;             /* 1..VIRTIO_QUEUES; a device may have more of them: its `queues` */
	uint16_t queue_max;          /* entries, at most VIRTQ_SIZE_MAX */
	/* The guest notified QUEUE of a device that is running. */
	void (*notify)(struct virtio_device *dev, unsigned queue);
	/* The driver is ready (may be null). */
	void (*start)(struct virtio_device *dev);
	/* Forget all requests; none may touch the guest's RAM once this returns. The queues are stopped next. */
	void (*reset)(struct virtio_device *dev);
};

struct virtio_queue {
	struct virtq q;
	uint32_t size;               /* as the driver chose */
	uint64_t desc, avail, used;
	bool ready;
};

#define VIRTIO_CONFIG_CHANGE (~0u) /* in place of a queue's number */

struct virtio_device {
	const struct virtio_ops *ops;
	void *state;                 /* the device's own */
	const struct guest_ram *ram;
	struct irq_line irq;
	/*
	 * The transport's way to interrupt for QUEUE, if it has one besides the line
	 * (else null). Returns false if the line is to be used.
	 */
	bool (*message)(struct virtio_device *dev, unsigned queue);
	void *transport;
	const void *config;          /* configuration space, read-only to the guest */
	size_t config_bytes;
	uint64_t offered, accepted;  /* features */
	unsigned queues;             /* ops->queues, unless the device chose otherwise behind virtio_init */
	uint8_t status;
	uint8_t interrupt;           /* VIRTIO_INTERRUPT_*, not yet acknowledged */
	bool acknowledges;           /* the driver has, since the last reset: it waits for interrupts */
	struct virtio_queue queue[VIRTIO_QUEUES];
};

/* FEATURES: the device's own; those of every device (VERSION_1, INDIRECT, EVENT_IDX) are added. */
void virtio_init(struct virtio_device *dev, const struct virtio_ops *ops, void *state, const struct guest_ram *ram,
		 struct irq_line irq, uint64_t features, const void *config, size_t config_bytes);

void virtio_reset(struct virtio_device *dev);
void virtio_set_status(struct virtio_device *dev, uint8_t status);
void virtio_accept(struct virtio_device *dev, unsigned half, uint32_t features);
void virtio_queue_ready(struct virtio_device *dev, unsigned queue, bool ready);
void virtio_notify(struct virtio_device *dev, unsigned queue);
void virtio_acknowledge(struct virtio_device *dev, uint32_t interrupts);

/* For devices. */

static inline bool virtio_running(const struct virtio_device *dev)
{
	return (dev->status & (VIRTIO_DRIVER_OK | VIRTIO_NEEDS_RESET)) == VIRTIO_DRIVER_OK;
}

/* The guest did what the device cannot go on from. */
void virtio_needs_reset(struct virtio_device *dev);

/* After pushes to QUEUE: interrupts the guest if it wants that. */
void virtio_interrupt(struct virtio_device *dev, unsigned queue);

#endif
