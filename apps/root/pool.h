/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Root's books on free RAM: pieces of untyped, each used from its base upwards
 * (as the kernel does it). The arithmetic only; ram.c makes the calls.
 */
#ifndef ROOT_POOL_H
#define ROOT_POOL_H

#include <stdbool.h>
#include <stdint.h>

#define POOL_PIECES 400

struct pool_piece {
	uint64_t pa, size, used;  /* bytes, page multiples */
	uint32_t slot;            /* of the untyped */
};

struct pool {
	struct pool_piece piece[POOL_PIECES];
	uint32_t count;
};

/* A place found: PAD bytes are skipped in front of it. */
struct pool_place {
	struct pool_piece *piece;
	uint64_t pad;
};

/* Adds a piece. False if there is no room for another one. */
bool pool_add(struct pool *pool, uint64_t pa, uint64_t size, uint32_t slot);

/*
 * Where BYTES aligned to ALIGN (a power of two) fit, in the piece that has least
 * left, so that large ones stay whole. Changes nothing.
 */
bool pool_find(struct pool *pool, uint64_t bytes, uint64_t align, struct pool_place *place);

/* The largest multiple of UNIT, aligned to UNIT, that there is in one piece, and its place. 0: none. */
uint64_t pool_largest(struct pool *pool, uint64_t unit, struct pool_place *place);

/* Bytes left in all. */
uint64_t pool_free(const struct pool *pool);

#endif
