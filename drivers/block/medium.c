/* SPDX-License-Identifier: BSD-2-Clause */
#include "medium.h"

#include <string.h>

#define BASE (~0u)
#define ZERO (~1u)

static void set_up(struct medium *m, uint64_t bytes, const void *image, uint64_t image_bytes, void *overlay,
		   uint64_t overlay_bytes, uint32_t *map, uint32_t *free)
{
	*m = (struct medium){
		.image = image, .image_bytes = image ? image_bytes : 0, .overlay = overlay, .map = map, .free = free,
		.overlay_blocks = (uint32_t)(overlay_bytes / MEDIUM_BLOCK), .blocks = (uint32_t)(bytes / MEDIUM_BLOCK),
	};
}

void medium_init(struct medium *m, uint64_t bytes, const void *image, uint64_t image_bytes, void *overlay,
		 uint64_t overlay_bytes, uint32_t *map, uint32_t *free)
{
	set_up(m, bytes, image, image_bytes, overlay, overlay_bytes, map, free);
	for (uint32_t i = 0; i < m->blocks; i++)
		map[i] = BASE;
}

/* free[] first counts which blocks of the overlay are in use, then becomes the list of those that are not. */
bool medium_resume(struct medium *m, uint64_t bytes, const void *image, uint64_t image_bytes, void *overlay,
		   uint64_t overlay_bytes, uint32_t *map, uint32_t *free)
{
	set_up(m, bytes, image, image_bytes, overlay, overlay_bytes, map, free);
	memset(free, 0, m->overlay_blocks * sizeof(*free));
	for (uint32_t i = 0; i < m->blocks; i++) {
		if (map[i] != BASE && map[i] != ZERO && (map[i] >= m->overlay_blocks || free[map[i]]++))
			return false;
	}
	m->used = m->overlay_blocks;
	for (uint32_t n = 0; n < m->overlay_blocks; n++) {
		if (!free[n])
			free[m->free_count++] = n;
	}
	return true;
}

/* COUNT bytes at AT of the image, zero where there is none. */
static void read_base(const struct medium *m, uint64_t at, uint8_t *to, size_t count)
{
	uint64_t there = at < m->image_bytes ? m->image_bytes - at : 0;
	size_t n = count < there ? count : (size_t)there;

	if (n > 0)
		memcpy(to, m->image + at, n);
	memset(to + n, 0, count - n);
}

static uint8_t *overlay_block(const struct medium *m, uint32_t n)
{
	return m->overlay + (uint64_t)n * MEDIUM_BLOCK;
}

/* The part of [at, at + count) that lies in one block. */
static size_t step(uint64_t at, uint64_t count)
{
	uint64_t room = MEDIUM_BLOCK - at % MEDIUM_BLOCK;

	return (size_t)(count < room ? count : room);
}

void medium_read(const struct medium *m, uint64_t at, void *to, size_t count)
{
	uint8_t *out = to;

	for (size_t n; count > 0; at += n, out += n, count -= n) {
		uint32_t where = m->map[at / MEDIUM_BLOCK];

		n = step(at, count);
		if (where == BASE)
			read_base(m, at, out, n);
		else if (where == ZERO)
			memset(out, 0, n);
		else
			memcpy(out, overlay_block(m, where) + at % MEDIUM_BLOCK, n);
	}
}

/* A block of the overlay that nobody has. False: it is full. */
static bool take_block(struct medium *m, uint32_t *n)
{
	if (m->free_count > 0)
		*n = m->free[--m->free_count];
	else if (m->used < m->overlay_blocks)
		*n = m->used++;
	else
		return false;
	return true;
}

/*
 * COUNT bytes into one block, at AT of the disk; null FROM: zeroes. A block that is new in the
 * overlay gets its old contents and these before the map names it.
 */
static bool write_block(struct medium *m, uint64_t at, const uint8_t *from, size_t count)
{
	uint32_t block = (uint32_t)(at / MEDIUM_BLOCK), n = m->map[block];
	bool own = n < m->overlay_blocks;
	uint8_t *to;

	if (!own && !take_block(m, &n))
		return false;
	to = overlay_block(m, n);
	if (!own && count < MEDIUM_BLOCK)
		medium_read(m, (uint64_t)block * MEDIUM_BLOCK, to, MEDIUM_BLOCK);
	if (from)
		memcpy(to + at % MEDIUM_BLOCK, from, count);
	else
		memset(to + at % MEDIUM_BLOCK, 0, count);
	/* Pairs with nobody now, but with a backend after us, who reads the map. */
	__atomic_store_n(&m->map[block], n, __ATOMIC_RELEASE);
	return true;
}

bool medium_write(struct medium *m, uint64_t at, const void *from, size_t count)
{
	const uint8_t *in = from;

	for (size_t n; count > 0; at += n, in += n, count -= n) {
		n = step(at, count);
		if (!write_block(m, at, in, n))
			return false;
	}
	return true;
}

static void drop_block(struct medium *m, uint32_t block)
{
	uint32_t n = m->map[block];

	__atomic_store_n(&m->map[block], ZERO, __ATOMIC_RELEASE);
	if (n < m->overlay_blocks)
		m->free[m->free_count++] = n;
}

bool medium_zero(struct medium *m, uint64_t at, uint64_t count)
{
	for (size_t n; count > 0; at += n, count -= n) {
		n = step(at, count);
		if (n == MEDIUM_BLOCK)
			drop_block(m, (uint32_t)(at / MEDIUM_BLOCK));
		else if (!write_block(m, at, NULL, n))
			return false;
	}
	return true;
}
