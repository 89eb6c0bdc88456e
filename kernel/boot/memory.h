/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of physical address ranges, for RAM and what is taken of it. A set is
 * sorted; its ranges are not empty and do not touch each other.
 */
#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#define RANGES 128
#define PAGE   4096ul
#define BLOCK  (1ul << 21)

struct range {
	uint64_t start, end; /* end is the first byte behind */
};

struct ranges {
	uint32_t count;
	struct range at[RANGES];
};

static inline uint64_t align_down(uint64_t value, uint64_t align)
{
	return value & ~(align - 1);
}

static inline uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

static inline bool range_meets(struct range a, struct range b)
{
	return a.start < b.end && b.start < a.end;
}

/* Both return false, with the set unchanged, if it would hold more than RANGES ranges. */
bool ranges_add(struct ranges *set, struct range range);
bool ranges_remove(struct ranges *set, struct range range);

/* Is any byte, are all bytes of RANGE in the set? */
bool ranges_meet(const struct ranges *set, struct range range);
bool ranges_cover(const struct ranges *set, struct range range);

uint64_t ranges_bytes(const struct ranges *set);

/* The largest range, or an empty one. */
struct range ranges_largest(const struct ranges *set);

/*
 * Finds SIZE bytes, aligned to ALIGN (a power of two), as high as they go in
 * the largest range that has room. The set is unchanged. False: there are none.
 */
bool ranges_find(const struct ranges *set, uint64_t size, uint64_t align, struct range *found);

#endif
