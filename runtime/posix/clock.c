/* SPDX-License-Identifier: BSD-2-Clause */
#include "posix.h"

#include <time.h>
#include "skerry/calls.h"
#include "skerry/start.h"

long posix_clock_gettime(long clock, long result, long x, long y, long z, long w)
{
	struct timespec *t = (struct timespec *)result;
	uint64_t hz = sk_start()->counter_hz;
	uint64_t ticks = sk_counter();

	(void)clock, (void)x, (void)y, (void)z, (void)w;
	t->tv_sec = (time_t)(ticks / hz);
	t->tv_nsec = (long)(ticks % hz * 1000000000ul / hz);
	return 0;
}
