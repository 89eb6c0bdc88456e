/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address -> device. The architecture decodes an access once; a device model
 * sees struct mmio_access and never a syndrome register.
 *
 * Windows lie below MMIO_END. Of each 64 KiB cell of that space a table names a
 * device that reaches into it; the others there, if any, follow it by `next`.
 */
#ifndef VMM_MMIO_H
#define VMM_MMIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/lock.h"

#define MMIO_DEVICES   32
#define MMIO_BITS      30
#define MMIO_END       (1ul << MMIO_BITS)
#define MMIO_CELL_BITS 16
#define MMIO_CELLS     (MMIO_END >> MMIO_CELL_BITS)
#define MMIO_WIDEST    8u /* bytes: what windows begin at and are made of multiples of */

struct mmio_access {
	uint64_t offset;   /* from the device's base, a multiple of the width */
	uint64_t value;    /* write: what the guest stores (zero-extended); read: 0, then the device's answer, whose upper bits do not count */
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
	_Alignas(64) uint64_t base; /* guest-physical */
	uint64_t size;
	const struct mmio_ops *ops;
	void *state;
	struct lock *lock; /* taken around an access; null: none, as for all with one vCPU */
	const char *name;
	uint8_t next;      /* mmio_add's: number of the next in a shared cell, 0: none */
};

struct mmio_map {
	struct mmio_device device[1 + MMIO_DEVICES]; /* by number, disjoint; number 0 has no size and is nobody */
	unsigned count;
	uint8_t cell[MMIO_CELLS];                    /* number of the first device there */
};

/*
 * Registers a device, at start only. Returns false if it overlaps another one,
 * does not lie below MMIO_END, base or size is no multiple of MMIO_WIDEST, it
 * has no size, or the map is full. Keeps NAME and STATE.
 */
bool mmio_add(struct mmio_map *map, const struct mmio_device *device);

/* mmio_operate of a device that has a lock. */
bool mmio_operate_locked(const struct mmio_device *device, struct mmio_access *access);

/*
 * The device at guest-physical ADDRESS for an access of WIDTH bytes, or null; null
 * too if it is misaligned. *offset = how far into its window.
 */
static inline const struct mmio_device *mmio_find(const struct mmio_map *map, uint64_t address, unsigned width,
						  uint64_t *offset)
{
	const struct mmio_device *d;

	if (address >> MMIO_BITS || (address & (width - 1)))
		return NULL;
	d = &map->device[map->cell[address >> MMIO_CELL_BITS]];
	while (__builtin_expect((*offset = address - d->base) >= d->size, 0)) {
		if (d == map->device)
			return NULL;
		d = &map->device[d->next];
	}
	return d;
}

static inline bool mmio_operate(const struct mmio_device *device, struct mmio_access *access)
{
	if (__builtin_expect(device->lock != NULL, 0))
		return mmio_operate_locked(device, access);
	return access->write ? device->ops->write(device->state, access) : device->ops->read(device->state, access);
}

/*
 * Performs an access at guest-physical ADDRESS; access->offset is set here.
 * Returns false for the bus error: no device there, or it refuses.
 */
static inline bool mmio_perform(const struct mmio_map *map, uint64_t address, struct mmio_access *access)
{
	const struct mmio_device *d = mmio_find(map, address, access->width, &access->offset);

	if (!d)
		return false;
	return mmio_operate(d, access);
}

#endif
