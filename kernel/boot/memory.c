/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory.h"

/* Index of the first range that ends at or behind ADDRESS. */
static uint32_t position(const struct ranges *set, uint64_t address)
{
	uint32_t i = 0;

	while (i < set->count && set->at[i].end < address)
		i++;
	return i;
}

/* Replaces ranges [first, last) by the COUNT (0..2) at PARTS. */
static bool replace(struct ranges *set, uint32_t first, uint32_t last, const struct range *parts,
		    uint32_t count)
{
	uint32_t tail = set->count - last, total = first + count + tail;

	if (total > RANGES)
		return false;
	if (first + count > last)
		for (uint32_t i = tail; i-- > 0;)
			set->at[first + count + i] = set->at[last + i];
	else
		for (uint32_t i = 0; i < tail; i++)
			set->at[first + count + i] = set->at[last + i];
	for (uint32_t i = 0; i < count; i++)
		set->at[first + i] = parts[i];
	set->count = total;
	return true;
}

bool ranges_add(struct ranges *set, struct range range)
{
	uint32_t first = position(set, range.start), last = first;

	if (range.start >= range.end)
		return true;
	for (; last < set->count && set->at[last].start <= range.end; last++) {
		if (set->at[last].start < range.start)
			range.start = set->at[last].start;
		if (set->at[last].end > range.end)
			range.end = set->at[last].end;
	}
	return replace(set, first, last, &range, 1);
}

bool ranges_remove(struct ranges *set, struct range range)
{
	uint32_t first = position(set, range.start), last = first, count = 0;
	struct range parts[2];

	if (range.start >= range.end)
		return true;
	for (; last < set->count && set->at[last].start < range.end; last++) {
		struct range old = set->at[last];

		if (old.start < range.start)
			parts[count++] =
				(struct range){old.start, old.end < range.start ? old.end : range.start};
		if (old.end > range.end)
			parts[count++] = (struct range){range.end, old.end};
	}
	return replace(set, first, last, parts, count);
}

bool ranges_meet(const struct ranges *set, struct range range)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (range_meets(set->at[i], range))
			return true;
	return false;
}

bool ranges_cover(const struct ranges *set, struct range range)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (set->at[i].start <= range.start && range.end <= set->at[i].end)
			return true;
	return false;
}

uint64_t ranges_bytes(const struct ranges *set)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < set->count; i++)
		bytes += set->at[i].end - set->at[i].start;
	return bytes;
}

struct range ranges_largest(const struct ranges *set)
{
	struct range best = {0, 0};

	for (uint32_t i = 0; i < set->count; i++)
		if (set->at[i].end - set->at[i].start > best.end - best.start)
			best = set->at[i];
	return best;
}

bool ranges_find(const struct ranges *set, uint64_t size, uint64_t align, struct range *found)
{
	uint64_t best = 0;

	for (uint32_t i = 0; i < set->count; i++) {
		struct range r = set->at[i];
		uint64_t start;

		if (r.end - r.start < size || r.end - r.start <= best)
			continue;
		start = align_down(r.end - size, align);
		if (start < r.start)
			continue;
		best = r.end - r.start;
		*found = (struct range){start, start + size};
	}
	return best != 0;
}
