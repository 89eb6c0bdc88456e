/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/memory.h"

#include <stdint.h>
#include <string.h>
#include "skerry/cache.h"

void sk_memory_clean(const void *at, size_t bytes)
{
	uintptr_t line = cache_line();
	uintptr_t end = (uintptr_t)at + bytes;

	for (uintptr_t p = (uintptr_t)at & ~(line - 1); p < end; p += line)
		cache_clean_invalidate(p);
	cache_done();
}

void sk_memory_clear(void *at, size_t bytes)
{
	memset(at, 0, bytes);
	sk_memory_clean(at, bytes);
}
