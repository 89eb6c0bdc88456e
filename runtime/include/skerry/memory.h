/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that changes hands. A new owner may look at it with caches off (a
 * guest does at first), so what was written must be in memory, not in a cache.
 */
#ifndef SKERRY_MEMORY_H
#define SKERRY_MEMORY_H

#include <stddef.h>

/* Writes [at, at + bytes) back to the point of coherency and drops it from all caches. */
void sk_memory_clean(const void *at, size_t bytes);

/* Zeroes it, then the same: what memory must have seen before somebody else gets it. */
void sk_memory_clear(void *at, size_t bytes);

#endif
