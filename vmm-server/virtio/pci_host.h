/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's PCI bus: one bus behind ECAM, function n at device n + 1, and the
 * window of memory addresses in which the guest places their BARs.
 */
#ifndef VIRTIO_PCI_HOST_H
#define VIRTIO_PCI_HOST_H

#include "virtio/transport_pci.h"

#define PCI_ECAM_BYTES 0x100000u    /* one bus */
#define PCI_FUNCTIONS  9u

struct pci_host {
	unsigned count;
	uint64_t window;                 /* guest-physical base of the window */
	struct virtio_pci function[PCI_FUNCTIONS];
};

/* State of both: the struct pci_host. The second is for the window, of any size. */
extern const struct mmio_ops pci_ecam_ops;
extern const struct mmio_ops pci_window_ops;

#endif
