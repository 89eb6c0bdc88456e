/* SPDX-License-Identifier: BSD-2-Clause */
#include "posix.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include "pages.h"
#include "skerry/start.h"

static struct pages heap;

/* The heap comes from the start page; the first call finds it. */
static struct pages *the_heap(void)
{
	if (!heap.map)
		pages_init(&heap, (void *)(uintptr_t)sk_start()->heap, sk_start()->heap_size);
	return &heap;
}

long posix_mmap(long address, long length, long rights, long flags, long fd, long offset)
{
	void *p;

	(void)address, (void)rights, (void)fd, (void)offset;
	if (length <= 0 || !(flags & MAP_ANONYMOUS) || (flags & MAP_FIXED))
		return -EINVAL;
	p = pages_take(the_heap(), (size_t)length);
	return p ? (long)p : -ENOMEM;
}

long posix_munmap(long address, long length, long c, long d, long e, long f)
{
	(void)c, (void)d, (void)e, (void)f;
	return pages_give(the_heap(), (void *)address, (size_t)length) ? 0 : -EINVAL;
}
