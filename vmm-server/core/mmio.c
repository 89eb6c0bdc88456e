/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/mmio.h"

#include <stddef.h>

static bool overlap(const struct mmio_device *a, const struct mmio_device *b)
{
	return a->base < b->base + b->size && b->base < a->base + a->size;
}

bool mmio_add(struct mmio_map *map, const struct mmio_device *device)
{
	if (map->count == MMIO_DEVICES || device->size == 0 || device->base + device->size < device->base)
		return false;
	for (unsigned i = 0; i < map->count; i++) {
		if (overlap(&map->device[i], device))
			return false;
	}
	unsigned at = map->count++;
	for (; at > 0 && map->device[at - 1].base > device->base; at--)
		map->device[at] = map->device[at - 1];
	map->device[at] = *device;
	return true;
}

const struct mmio_device *mmio_find(const struct mmio_map *map, uint64_t address, unsigned width)
{
	unsigned low = 0, high = map->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		const struct mmio_device *d = &map->device[middle];

		if (address < d->base)
			high = middle;
		else if (address - d->base >= d->size)
			low = middle + 1;
		else
			return d->size - (address - d->base) >= width ? d : NULL;
	}
	return NULL;
}

static uint64_t cut(uint64_t value, unsigned width)
{
	return width >= 8 ? value : value & ((1ul << (8 * width)) - 1);
}

static inline __attribute__((always_inline)) bool operate(const struct mmio_device *d, struct mmio_access *access)
{
	if (access->write)
		return d->ops->write(d->state, access);
	access->value = 0;
	if (!d->ops->read(d->state, access))
		return false;
	access->value = cut(access->value, access->width);
	return true;
}

/* Apart, so that who has no lock pays nothing for it. */
static __attribute__((noinline)) bool operate_locked(const struct mmio_device *d, struct mmio_access *access)
{
	bool done;

	lock_take(d->lock, access->cpu);
	done = operate(d, access);
	lock_drop(d->lock);
	return done;
}

bool mmio_perform(const struct mmio_map *map, uint64_t address, struct mmio_access *access)
{
	const struct mmio_device *d = mmio_find(map, address, access->width);

	if (!d)
		return false;
	access->offset = address - d->base;
	return d->lock ? operate_locked(d, access) : operate(d, access);
}
