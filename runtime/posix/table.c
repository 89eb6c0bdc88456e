/* SPDX-License-Identifier: BSD-2-Clause */
#include "posix.h"

#include <errno.h>
#include <sys/syscall.h>

typedef long call_t(long, long, long, long, long, long);

static long done(long a, long b, long c, long d, long e, long f)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	return 0;
}

static call_t *const calls[] = {
	[SYS_ioctl] = posix_ioctl,
	[SYS_write] = posix_write,
	[SYS_writev] = posix_writev,
	[SYS_mmap] = posix_mmap,
	[SYS_munmap] = posix_munmap,
	[SYS_mprotect] = done,
	[SYS_madvise] = done,
	[SYS_clock_gettime] = posix_clock_gettime,
	[SYS_exit] = posix_exit,
	[SYS_exit_group] = posix_exit,
	[SYS_tkill] = posix_kill,
};

long sk_posix(long n, long a, long b, long c, long d, long e, long f)
{
	if (n < 0 || (size_t)n >= sizeof(calls) / sizeof(calls[0]) || !calls[n])
		return -ENOSYS;
	return calls[n](a, b, c, d, e, f);
}
