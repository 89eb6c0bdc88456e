/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of a fixed range, for mmap and munmap: a bitmap at the start of the
 * range (1 = taken), first fit from the lowest. What is handed out is zero: the
 * range is when it comes, and what comes back is zeroed at once. For one thread.
 */
#ifndef SKERRY_PAGES_H
#define SKERRY_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGES_BYTES 4096u

struct pages {
	uint8_t *base;
	size_t count;      /* pages, the bitmap's own included */
	uint64_t *map;
	size_t lowest;     /* no page below is free */
};

/* BASE page aligned and zero, BYTES long. Fewer than two pages give nothing out. */
void pages_init(struct pages *p, void *base, size_t bytes);

/* BYTES (rounded up to pages) of zeroed memory, null if there is no such range. */
void *pages_take(struct pages *p, size_t bytes);

/* Gives back what was taken, or whole pages of it. False if it was not all taken. */
bool pages_give(struct pages *p, void *at, size_t bytes);

#endif
