/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's side of a virtio device ([VIRTIO] 1.2, 3.1), whichever transport it stands
 * behind. The device is trusted as much as any device that does DMA with no IOMMU in
 * front: see `tcb`. What it says is checked all the same where it would lead us outside
 * our own memory.
 *
 * What the driver is given of it
 *   regions   registers         virtio-mmio: the transport's page (may have others' in it);
 *                               PCI: all of the function's registers
 *             registers.config  the function's configuration space, to read: it is on PCI
 *   slots     event             its notification, WAIT: on PCI it is signalled when the
 *                               function's registers have their place
 *   params    transport         virtio-mmio: number of the transport in the page, 512 bytes each (0)
 */
#ifndef DRIVER_VIRTIO_VDEV_H
#define DRIVER_VIRTIO_VDEV_H

#include <stdbool.h>
#include <stdint.h>

#include "rings/virtio.h"

#define VDEV_QUEUES    2u
#define VDEV_READY_BIT 20u  /* of `event`: idl/std/std.adl */

struct vdev_ops;

struct vdev {
	const struct vdev_ops *ops;
	volatile uint8_t *registers;     /* PCI: the common configuration */
	volatile uint8_t *interrupt, *config, *notify[VDEV_QUEUES]; /* PCI */
	uint32_t config_bytes;
	volatile uint8_t *notify_base;
	uint32_t notify_bytes, notify_step;
};

/* A transport. What it finds to be no device of the kind, or not as it must be, is absent. */
struct vdev_ops {
	bool (*find)(struct vdev *dev, uint32_t id);
	uint32_t (*status)(struct vdev *dev);
	void (*set_status)(struct vdev *dev, uint32_t status);
	uint32_t (*offered)(struct vdev *dev, unsigned half);
	void (*accept)(struct vdev *dev, unsigned half, uint32_t features);
	bool (*queue)(struct vdev *dev, unsigned n, unsigned size, uint64_t desc, uint64_t avail, uint64_t used);
	void (*notify)(struct vdev *dev, unsigned queue);
	uint32_t (*interrupt)(struct vdev *dev);
	uint32_t (*config)(struct vdev *dev, unsigned offset);
};

extern const struct vdev_ops vdev_mmio, vdev_pci;

/*
 * Resets the device and accepts those of the features WANTED that it offers,
 * VERSION_1 always. Returns what was accepted; 0: there is no modern device of
 * kind ID there, or it refused.
 */
uint64_t vdev_open(struct vdev *dev, uint32_t id, uint64_t wanted);

/* Queue N (below VDEV_QUEUES) with SIZE entries at these physical addresses. False: the device has no such queue, or a smaller one. */
bool vdev_queue(struct vdev *dev, unsigned n, unsigned size, uint64_t desc, uint64_t avail, uint64_t used);

/* All queues are there: the device may begin. */
void vdev_start(struct vdev *dev);

void vdev_notify(struct vdev *dev, unsigned queue);

/* Takes back what the device interrupted for: VIRTIO_INTERRUPT_*. */
uint32_t vdev_interrupt(struct vdev *dev);

/* The device gave up. */
bool vdev_failed(struct vdev *dev);

/* Copies BYTES of the configuration space from OFFSET, both multiples of 4; what the device does not have is 0. */
void vdev_config(struct vdev *dev, unsigned offset, void *to, unsigned bytes);

#endif
