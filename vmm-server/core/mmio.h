/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address -> device. The architecture decodes an access once; a device model
 * sees struct mmio_access and never a syndrome register.
 */
#ifndef VMM_MMIO_H
#define VMM_MMIO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lock.h"

#define MMIO_DEVICES 32

struct mmio_access {
	uint64_t offset;   /* from the device's base */
	uint64_t value;    /* write: what the guest stores (zero-extended); read: the device's answer */
	unsigned width;    /* bytes: 1, 2, 4 or 8; offset + width lies inside the device */
	unsigned cpu;      /* the vCPU that asks */
	bool write;
};

/*
 * A device's two operations. Each returns false where a real device would
 * answer with a bus error; the guest then takes an external abort.
 */
struct mmio_ops {
	bool (*read)(void *state, struct mmio_access *access);
	bool (*write)(void *state, struct mmio_access *access);
};

struct mmio_device {
	const char *name;
	uint64_t base;     /* guest-physical */
	uint64_t size;
	const struct mmio_ops *ops;
	void *state;
	struct lock *lock; /* taken around an access; null: none, as for all with one vCPU */
};

struct mmio_map {
	unsigned count;
	struct mmio_device device[MMIO_DEVICES]; /* sorted by base, disjoint */
};

/*
 * Registers a device, at start only. Returns false if it overlaps another one,
 * wraps around, has no size, or the map is full. Keeps NAME and STATE.
 */
bool mmio_add(struct mmio_map *map, const struct mmio_device *device);

/* The device that holds all WIDTH bytes at guest-physical ADDRESS, or null. */
const struct mmio_device *mmio_find(const struct mmio_map *map, uint64_t address, unsigned width);

/*
 * Performs an access at guest-physical ADDRESS; access->offset is set here. For
 * a read access->value is the answer, cut to the width. Returns false for the
 * bus error: no device there, or it refuses.
 */
bool mmio_perform(const struct mmio_map *map, uint64_t address, struct mmio_access *access);

#endif
