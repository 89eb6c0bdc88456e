/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree of a guest's machine. It is made when the system is built
 * (tree_make.c), lies in the archive, and is what the VMM takes its devices'
 * addresses and interrupts from, so the two cannot disagree. The VMM completes it by
 * what is known at boot: size of the RAM, number of vCPUs, seeds, command line, initial
 * RAM disk, which of the devices are there (tree.c).
 */
#ifndef VMM_TREE_H
#define VMM_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_DEVICES 16
#define TREE_ROOM    16384 /* enough for what tree_make() writes, but for a long command line */

/* A device of the machine that the guest is given. */
struct tree_passed {
	const char *name;                 /* of its node, without address */
	uint64_t base, size;              /* in the guest */
	unsigned intid;                   /* 0: none */
	bool edge, coherent;
	const void *compatible, *clock_names; /* properties of the board's node; null: none */
	int compatible_bytes, clock_names_bytes;
};

#define TREE_PASSED 8

struct tree_machine {
	uint64_t ram_base, ram_bytes;
	unsigned cpus;                    /* at most */
	const char *append;               /* command line */
	const char *device[TREE_DEVICES]; /* virtio devices: "disk0"... (core/wiring.h), "rng" */
	unsigned devices;
	struct tree_passed passed[TREE_PASSED];
	unsigned passes;
};

/* Whether the machine itself has something there; which interrupts it leaves to devices that are passed. */
bool tree_taken(uint64_t base, uint64_t size);
#define TREE_PASSED_INTID 64u

/* Writes the tree into AT (ROOM bytes). Returns its size, or 0 if it does not fit. */
size_t tree_make(const struct tree_machine *machine, void *at, size_t room);

/* Where a device stands. */
struct tree_device {
	uint64_t base, size;
	unsigned spi;                     /* its interrupt, if it has one */
};

/* N-th registers of the node that is COMPATIBLE. False: the tree has no such. */
bool tree_find(const void *tree, const char *compatible, unsigned n, struct tree_device *device);

/* The virtio transport of device LABEL. */
bool tree_find_virtio(const void *tree, const char *label, struct tree_device *device);

/* Of the PCI bus: the window for 32-bit memory; INTA of device D, from 1 on. */
bool tree_find_pci_window(const void *tree, struct tree_device *window);
bool tree_find_pci_irq(const void *tree, unsigned d, unsigned *spi);

/* Where the guest's RAM begins. */
bool tree_find_ram(const void *tree, uint64_t *base);

#endif
