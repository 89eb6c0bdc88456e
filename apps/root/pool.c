/* SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include <stddef.h>

static uint64_t left(const struct pool_piece *p)
{
	return p->size - p->used;
}

static uint64_t pad_of(const struct pool_piece *p, uint64_t align)
{
	return -(p->pa + p->used) & (align - 1);
}

bool pool_add(struct pool *pool, uint64_t pa, uint64_t size, uint32_t slot)
{
	if (pool->count == POOL_PIECES)
		return false;
	pool->piece[pool->count++] = (struct pool_piece){ pa, size, 0, slot };
	return true;
}

bool pool_find(struct pool *pool, uint64_t bytes, uint64_t align, struct pool_place *place)
{
	place->piece = NULL;
	for (uint32_t i = 0; i < pool->count; i++) {
		struct pool_piece *p = &pool->piece[i];
		uint64_t pad = pad_of(p, align);

		if (pad > left(p) || bytes > left(p) - pad)
			continue;
		if (!place->piece || left(p) < left(place->piece))
			*place = (struct pool_place){ p, pad };
	}
	return place->piece != NULL;
}

uint64_t pool_largest(struct pool *pool, uint64_t unit, struct pool_place *place)
{
	uint64_t best = 0;

	for (uint32_t i = 0; i < pool->count; i++) {
		struct pool_piece *p = &pool->piece[i];
		uint64_t pad = pad_of(p, unit);
		uint64_t bytes = pad > left(p) ? 0 : (left(p) - pad) & ~(unit - 1);

		if (bytes > best) {
			best = bytes;
			*place = (struct pool_place){ p, pad };
		}
	}
	return best;
}

uint64_t pool_free(const struct pool *pool)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < pool->count; i++)
		sum += left(&pool->piece[i]);
	return sum;
}
