/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [PCIE] PCI Express Base Specification 4.0, 7.2.2: ECAM.
 *
 * What is not there reads as all ones and takes no write; so does memory of the
 * window that no BAR covers.
 */
#include "virtio/pci_host.h"

/* The function that an ECAM offset names, or null. */
static struct virtio_pci *function(struct pci_host *host, uint64_t offset)
{
	unsigned devfn = offset >> 12 & 0xff, device = devfn >> 3;

	if ((devfn & 7) || device == 0 || device > host->count)
		return NULL;
	return &host->function[device - 1];
}

static bool ecam_read(void *state, struct mmio_access *access)
{
	const struct virtio_pci *p = function(state, access->offset);
	unsigned offset = access->offset & 0xfff;

	access->value = ~0ul;
	if (!p || access->width > 4 || (offset & (access->width - 1)))
		return true;
	access->value = offset < VIRTIO_PCI_CONFIG ? virtio_pci_config_read(p, offset, access->width) : 0;
	return true;
}

static bool ecam_write(void *state, struct mmio_access *access)
{
	struct virtio_pci *p = function(state, access->offset);
	unsigned offset = access->offset & 0xfff;

	if (p && access->width <= 4 && !(offset & (access->width - 1)) && offset < VIRTIO_PCI_CONFIG)
		virtio_pci_config_write(p, offset, access->width, (uint32_t)access->value);
	return true;
}

/* The function whose BAR covers the access, which becomes relative to it. */
static struct virtio_pci *find(struct pci_host *host, struct mmio_access *access)
{
	uint64_t address = host->window + access->offset, base;

	for (unsigned i = 0; i < host->count; i++) {
		struct virtio_pci *p = &host->function[i];

		if (!virtio_pci_bar(p, &base) || address < base || address - base >= VIRTIO_PCI_BAR_BYTES)
			continue;
		access->offset = address - base;
		return access->width <= VIRTIO_PCI_BAR_BYTES - access->offset ? p : NULL;
	}
	return NULL;
}

static bool window_read(void *state, struct mmio_access *access)
{
	struct virtio_pci *p = find(state, access);

	access->value = ~0ul;
	if (p)
		virtio_pci_bar_read(p, access);
	return true;
}

static bool window_write(void *state, struct mmio_access *access)
{
	struct virtio_pci *p = find(state, access);

	if (p)
		virtio_pci_bar_write(p, access);
	return true;
}

const struct mmio_ops pci_ecam_ops = { .read = ecam_read, .write = ecam_write };
const struct mmio_ops pci_window_ops = { .read = window_read, .write = window_write };
