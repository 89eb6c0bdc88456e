/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_TRANSPORT_MMIO_H
#define VIRTIO_TRANSPORT_MMIO_H

#include "core/mmio.h"
#include "virtio/device.h"

/* The registers of one device: VIRTIO_MMIO_SIZE bytes. */
struct virtio_mmio {
	struct virtio_device *dev;
	uint32_t features_sel, accept_sel, queue_sel;
};

/* State: struct virtio_mmio, its selectors 0 at start and after a reset of the guest. */
extern const struct mmio_ops virtio_mmio_ops;

#endif
