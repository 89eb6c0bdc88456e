/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions behind a PCI host bridge of the board. */
#ifndef IDL_BOARD_PCI_H
#define IDL_BOARD_PCI_H

#include "board.h"

/* Whether PATH ends like a function on PCI, "/DEVICE,FUNCTION", and which one. */
bool board_pci_path(const char *path, unsigned *device, unsigned *function);

/* Fills *D for the function at PATH, whose interrupts go to node GIC. Returns NULL, or what is wrong. */
const char *board_pci_look_up(const void *fdt, const char *path, int gic, struct board_device *d);

/* A property of NODE: big-endian words, and how many; null and 0: it has none. */
const uint32_t *board_cells(const void *tree, int node, const char *name, int *cells);

#endif
