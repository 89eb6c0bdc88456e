/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a virtio device on PCI has its registers, out of the head of its configuration
 * space ([VIRTIO] 1.2, 4.1.4). The device wrote it and may be hostile: every pointer,
 * length, BAR and offset is checked, from a copy.
 */
#ifndef DRIVER_VIRTIO_PCI_LAYOUT_H
#define DRIVER_VIRTIO_PCI_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#define PCI_HEAD_BYTES 256u

enum pci_part { PCI_COMMON, PCI_NOTIFY, PCI_ISR, PCI_DEVICE, PCI_PARTS };

struct pci_layout {
	struct { uint64_t at; uint32_t bytes; } part[PCI_PARTS]; /* in the function's registers; 0 bytes: not there */
	uint32_t notify_step;
};

/*
 * HEAD: PCI_HEAD_BYTES of configuration space, a multiple of 4 bytes aligned. ROOM: bytes of the function's registers, a
 * power of two, which on the bus begin at a multiple of it. All parts that *LAYOUT then has
 * lie in them, and are long enough and aligned for what a driver reads there; of several of
 * a kind the first that is. Returns NULL, or why it is no modern virtio device ID.
 */
const char *pci_layout_read(struct pci_layout *layout, const uint8_t *head, uint64_t room, uint32_t id);

#endif
