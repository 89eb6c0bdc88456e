/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BOOT_PCI_H
#define BOOT_PCI_H

#include <stdint.h>

#define PCI_BUS_BYTES (1ul << 20) /* configuration space of a bus in an ECAM window */

struct pci_buses {
	uint64_t set[4]; /* one bit for each of 256 buses */
};

/*
 * Clears Bus Master Enable in every function of a bus, whose configuration
 * space is mapped at BASE, and adds to TODO the buses behind its bridges that
 * are above BUS and not above LAST.
 */
void pci_bus_quiet(uint64_t base, uint32_t bus, uint32_t last, struct pci_buses *todo);

#endif
