/* SPDX-License-Identifier: BSD-2-Clause */
#include "pages.h"

#include <string.h>

static bool taken(const struct pages *p, size_t page)
{
	return p->map[page / 64] >> (page % 64) & 1;
}

static void mark(struct pages *p, size_t first, size_t n, bool take)
{
	for (size_t i = first; i < first + n; i++) {
		if (take)
			p->map[i / 64] |= 1ul << (i % 64);
		else
			p->map[i / 64] &= ~(1ul << (i % 64));
	}
}

void pages_init(struct pages *p, void *base, size_t bytes)
{
	size_t own;

	p->base = base;
	p->map = base;
	p->count = bytes / PAGES_BYTES;
	own = (p->count / 8 + PAGES_BYTES) / PAGES_BYTES;
	p->lowest = own;
	if (own >= p->count)
		p->count = 0;
	else
		mark(p, 0, own, true);
}

/* Pages that are free from FIRST on, at most MOST. */
static size_t run(const struct pages *p, size_t first, size_t most)
{
	size_t n = 0;

	while (n < most && first + n < p->count && !taken(p, first + n))
		n++;
	return n;
}

void *pages_take(struct pages *p, size_t bytes)
{
	size_t need = bytes / PAGES_BYTES + (bytes % PAGES_BYTES != 0);

	if (need == 0 || need > p->count)
		return NULL;
	while (p->lowest < p->count && taken(p, p->lowest))
		p->lowest++;
	for (size_t i = p->lowest, n; i < p->count; i += n + 1) {
		n = run(p, i, need);
		if (n == need) {
			mark(p, i, need, true);
			return p->base + i * PAGES_BYTES;
		}
	}
	return NULL;
}

bool pages_give(struct pages *p, void *at, size_t bytes)
{
	size_t offset = (size_t)((uint8_t *)at - p->base);
	size_t first = offset / PAGES_BYTES;
	size_t n = bytes / PAGES_BYTES + (bytes % PAGES_BYTES != 0);

	if ((uint8_t *)at < p->base || offset % PAGES_BYTES || first >= p->count || n > p->count - first)
		return false;
	if ((uint8_t *)at < (uint8_t *)p->map + p->count / 8)
		return false;
	for (size_t i = first; i < first + n; i++) {
		if (!taken(p, i))
			return false;
	}
	memset(at, 0, n * PAGES_BYTES);
	mark(p, first, n, false);
	if (first < p->lowest)
		p->lowest = first;
	return true;
}
