/* SPDX-License-Identifier: BSD-2-Clause */
#include "medium.h"

#include <string.h>

#define BASE (~0u)
#define ZERO (~1u)

void medium_init(struct medium *m, uint64_t bytes, const void *image, uint64_t image_bytes, void *overlay,
		 uint64_t overlay_bytes, uint32_t *map, uint32_t *free)
{
	*m = (struct medium){
		.image = image, .image_bytes = image ? image_bytes : 0, .overlay = overlay, .map = map, .free = free,
		.overlay_blocks = (uint32_t)(overlay_bytes / MEDIUM_BLOCK), .blocks = (uint32_t)(bytes / MEDIUM_BLOCK),
	};
	for (uint32_t i = 0; i < m->blocks; i++)
		map[i] = BASE;
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

/* The block's place in the overlay, with its present contents if KEEP. Null: the overlay is full. */
static uint8_t *own_block(struct medium *m, uint32_t block, bool keep)
{
	uint32_t *where = &m->map[block];
	uint32_t n;

	if (*where < m->overlay_blocks)
		return overlay_block(m, *where);
	if (m->free_count > 0)
		n = m->free[--m->free_count];
	else if (m->used < m->overlay_blocks)
		n = m->used++;
	else
		return NULL;
	if (keep)
		medium_read(m, (uint64_t)block * MEDIUM_BLOCK, overlay_block(m, n), MEDIUM_BLOCK);
	*where = n;
	return overlay_block(m, n);
}

bool medium_write(struct medium *m, uint64_t at, const void *from, size_t count)
{
	const uint8_t *in = from;

	for (size_t n; count > 0; at += n, in += n, count -= n) {
		uint8_t *block;

		n = step(at, count);
		block = own_block(m, (uint32_t)(at / MEDIUM_BLOCK), n < MEDIUM_BLOCK);
		if (!block)
			return false;
		memcpy(block + at % MEDIUM_BLOCK, in, n);
	}
	return true;
}

static void drop_block(struct medium *m, uint32_t block)
{
	if (m->map[block] < m->overlay_blocks)
		m->free[m->free_count++] = m->map[block];
	m->map[block] = ZERO;
}

bool medium_zero(struct medium *m, uint64_t at, uint64_t count)
{
	for (size_t n; count > 0; at += n, count -= n) {
		uint8_t *block;

		n = step(at, count);
		if (n == MEDIUM_BLOCK) {
			drop_block(m, (uint32_t)(at / MEDIUM_BLOCK));
			continue;
		}
		block = own_block(m, (uint32_t)(at / MEDIUM_BLOCK), true);
		if (!block)
			return false;
		memset(block + at % MEDIUM_BLOCK, 0, n);
	}
	return true;
}
