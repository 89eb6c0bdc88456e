/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/mmio.h"

static bool overlap(const struct mmio_device *a, const struct mmio_device *b)
{
	return a->base < b->base + b->size && b->base < a->base + a->size;
}

static bool legal(const struct mmio_device *device)
{
	return device->size != 0 && device->size <= MMIO_END && device->base <= MMIO_END - device->size &&
	       (device->base | device->size) % MMIO_WIDEST == 0;
}

/* At the end of the cell's list. A device that is in several lists ends all of them, so one link does. */
static void append(struct mmio_map *map, uint8_t *link, uint8_t number)
{
	while (*link && *link != number)
		link = &map->device[*link].next;
	*link = number;
}

bool mmio_add(struct mmio_map *map, const struct mmio_device *device)
{
	if (map->count == MMIO_DEVICES || !legal(device))
		return false;
	for (unsigned i = 1; i <= map->count; i++) {
		if (overlap(&map->device[i], device))
			return false;
	}
	map->device[++map->count] = *device;
	map->device[map->count].next = 0;
	for (uint64_t cell = device->base >> MMIO_CELL_BITS; cell << MMIO_CELL_BITS < device->base + device->size; cell++)
		append(map, &map->cell[cell], (uint8_t)map->count);
	return true;
}

bool mmio_operate_locked(const struct mmio_device *device, struct mmio_access *access)
{
	bool done;

	lock_take(device->lock, access->cpu);
	done = access->write ? device->ops->write(device->state, access) : device->ops->read(device->state, access);
	lock_drop(device->lock);
	return done;
}
