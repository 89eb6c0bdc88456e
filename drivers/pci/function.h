/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function on PCI: gives its registers their place on the bus and lets it decode and
 * master. The device may be hostile: what it answers is checked where it would reach
 * another's place.
 *
 * References: PCI Express Base Specification 5.0, 7.5.1.1 (command), 7.5.1.2.1 (base
 * address registers).
 */
#ifndef DRIVER_PCI_FUNCTION_H
#define DRIVER_PCI_FUNCTION_H

#include <stdbool.h>
#include <stdint.h>

enum pci_offset {
	PCI_VENDOR = 0x00,       /* 0xffff: nothing is there */
	PCI_COMMAND = 0x04,      /* the upper half, status, keeps what is written as 0 */
	PCI_HEADER = 0x0c,       /* type in bits 16 to 22 */
	PCI_BAR = 0x10,
};
#define PCI_BARS           6u
#define PCI_COMMAND_MEMORY 2u
#define PCI_COMMAND_MASTER 4u

/* A page of configuration space, 32 bits at a time. */
struct pci_function {
	volatile void *config;
};

uint32_t pci_read(const struct pci_function *f, unsigned offset);
void pci_write(const struct pci_function *f, unsigned offset, uint32_t value);

enum pci_result { PCI_READY, PCI_ABSENT, PCI_REFUSED };

/*
 * All memory BARs get addresses in BYTES (power of two, its multiple) at BUS, in the order
 * of their numbers, each on pages of its own; I/O is left off. A function that is set up
 * there already stays as it is: its driver may be at work. With REFUSED, when the
 * function decodes and masters nothing, *WRONG says why.
 */
enum pci_result pci_set_up(const struct pci_function *f, uint64_t bus, uint64_t bytes, const char **wrong);

#endif
