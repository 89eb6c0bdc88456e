/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtio devices of one guest: those that the system spec wires (names in
 * core/wiring.h), each behind the registers of a virtio-mmio transport, or all on a
 * PCI bus.
 */
#ifndef VIRTIO_SET_H
#define VIRTIO_SET_H

#include "virtio/blk.h"
#include "virtio/console.h"
#include "virtio/net.h"
#include "virtio/pci_host.h"
#include "virtio/rng.h"
#include "virtio/transport_mmio.h"
#include "virtio/vsock.h"

#define VIRTIO_DISKS   4u
#define VIRTIO_NETS    2u
#define VIRTIO_DEVICES (VIRTIO_DISKS + VIRTIO_NETS + 3u)
_Static_assert(VIRTIO_DEVICES <= PCI_FUNCTIONS, "the bus has a place for each");

struct vm;

struct virtio_set {
	unsigned count;                                /* transports in use, from the first on */
	struct virtio_mmio transport[VIRTIO_DEVICES];
	char label[VIRTIO_DEVICES][24];                /* of each, as in the device tree: "disk0" */
	bool on_pci;
	struct pci_host pci;                           /* function n is device n's, if on_pci */
	struct rng rng;
	struct blk *disk[VIRTIO_DISKS];                /* null: none */
	struct net *net[VIRTIO_NETS];
	struct vcon *console;
	struct vsock *vsock;
};

/* The interrupt of the N-th device, which is called LABEL. */
typedef struct irq_line (*virtio_irq_of)(struct vm *vm, unsigned n, const char *label);

/*
 * Makes the devices. Waits for the
 * backends to say what they have; a backend without a medium gives no device.
 */
void virtio_set_init(struct vm *vm, virtio_irq_of irq);

/* Moves all devices behind PCI registers, their memory in the window at WINDOW. Behind virtio_set_init. */
void virtio_set_use_pci(struct vm *vm, uint64_t window, struct msi_sink msi);

/* As after power-on. */
void virtio_set_reset(struct vm *vm);

/* The machine is off for good: those whom the guest was connected with hear of it. */
void virtio_set_off(struct vm *vm);

/* BITS of the VMM's event that are ours. */
void virtio_set_event(struct vm *vm, uint64_t bits);

/* A vCPU is about to sleep: what was put off for it is done. Under the devices' lock. */
void virtio_set_idle(struct vm *vm);

#endif
