/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_TRANSPORT_PCI_H
#define VIRTIO_TRANSPORT_PCI_H

#include "core/mmio.h"
#include "virtio/device.h"

#define VIRTIO_PCI_BAR_BYTES 0x8000u
#define VIRTIO_PCI_VECTORS   (VIRTIO_QUEUES + 1u)  /* configuration, and each queue */
#define VIRTIO_PCI_CONFIG    256u

/* Delivers a message-signalled interrupt, as a write of DATA to ADDRESS would. */
struct msi_sink {
	void (*send)(void *context, uint64_t address, uint32_t data);
	void *context;
};

struct msix_entry {
	uint64_t address;
	uint32_t data;
	uint32_t masked;         /* bit 0 of Vector Control */
};

/* One function: its configuration space, and the device behind BAR 0. */
struct virtio_pci {
	struct virtio_device *dev;
	struct msi_sink msi;
	uint8_t config[VIRTIO_PCI_CONFIG];
	uint32_t features_sel, accept_sel, queue_sel;
	uint16_t config_vector, queue_vector[VIRTIO_QUEUES];
	struct msix_entry entry[VIRTIO_PCI_VECTORS];
	uint32_t pending;        /* bit v: entry v was due while masked */
};

/* Puts DEV behind PCI registers. Its irq line becomes the function's INTA. */
void virtio_pci_init(struct virtio_pci *p, struct virtio_device *dev, struct msi_sink msi);

/* As after power-on; the device was reset. */
void virtio_pci_reset(struct virtio_pci *p);

/* The configuration space: OFFSET + WIDTH <= VIRTIO_PCI_CONFIG, aligned, WIDTH 1, 2 or 4. */
uint32_t virtio_pci_config_read(const struct virtio_pci *p, unsigned offset, unsigned width);
void virtio_pci_config_write(struct virtio_pci *p, unsigned offset, unsigned width, uint32_t value);

/* Where BAR 0 lies; false: the guest has not switched it on. */
bool virtio_pci_bar(const struct virtio_pci *p, uint64_t *base);

/* An access to BAR 0; access->offset from its base. */
void virtio_pci_bar_read(struct virtio_pci *p, struct mmio_access *access);
void virtio_pci_bar_write(struct virtio_pci *p, const struct mmio_access *access);

#endif
