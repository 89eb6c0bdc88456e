/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's side of a virtio-mmio transport, version 2 ([VIRTIO] 1.2, 4.2 and
 * 3.1). The device is trusted as much as any device that does DMA with no IOMMU
 * in front: see `tcb`. What it says is checked all the same where it would lead us
 * outside our own memory.
 */
#ifndef DRIVER_VIRTIO_MMIO_H
#define DRIVER_VIRTIO_MMIO_H

#include <stdbool.h>
#include <stdint.h>

#include "rings/virtio.h"

struct vdev {
	volatile uint8_t *registers;
};

/*
 * Resets the device and accepts those of the features WANTED that it offers,
 * VERSION_1 always. Returns what was accepted; 0: there is no modern device of
 * this kind there, or it refused.
 */
uint64_t vdev_open(struct vdev *dev, void *registers, uint32_t id, uint64_t wanted);

/* Queue N with SIZE entries at these physical addresses. False: the device has no such queue, or a smaller one. */
bool vdev_queue(struct vdev *dev, unsigned n, unsigned size, uint64_t desc, uint64_t avail, uint64_t used);

/* All queues are there: the device may begin. */
void vdev_start(struct vdev *dev);

void vdev_notify(struct vdev *dev, unsigned queue);

/* Takes back what the device interrupted for: VIRTIO_INTERRUPT_*. */
uint32_t vdev_interrupt(struct vdev *dev);

/* The device gave up. */
bool vdev_failed(struct vdev *dev);

/* Copies BYTES of the configuration space from OFFSET; both multiples of 4. */
void vdev_config(struct vdev *dev, unsigned offset, void *to, unsigned bytes);

#endif
