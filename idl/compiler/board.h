/* SPDX-License-Identifier: BSD-2-Clause */
/* The board that the system is for: its device tree, in which devices are looked up by their path. */
#ifndef IDL_BOARD_H
#define IDL_BOARD_H

#include "system.h"

#define BOARD_STREAMS 4

/* What the device tree says of a device. */
struct board_device {
	const char *path;
	uint64_t base, bytes;        /* its first registers; 0 bytes: none */
	uint64_t config, bus;        /* of a function on PCI: its page of configuration space, what the bus calls `base`; else 0 */
	uint32_t irq;                /* INTID of its first interrupt, 0: none */
	bool edge;
	uint32_t stream[BOARD_STREAMS], streams; /* of its DMA at the IOMMU */
};

/* Whether the device's path is that of a function on PCI. */
bool board_on_pci(const struct device *d);

/* Reads the flattened device tree at PATH. Without it devices are looked up at boot only. */
void board_open(const char *path);

/* The same for a checked TREE in memory, called NAME in messages; null: without one. Both stay. */
void board_use(const void *tree, const char *name);

/* A property of a device that was found; null: it has none. */
const void *board_property(const struct device *d, const char *name, int *bytes);

/*
 * Looks up every device of SYSTEM: what the board has not, what it keeps for the
 * kernel, and pages that two components would get are errors. Call it behind
 * check_connections().
 */
void board_check(struct system *system);

#endif
