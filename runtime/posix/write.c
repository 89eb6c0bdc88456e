/* SPDX-License-Identifier: BSD-2-Clause */
#include "posix.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include "skerry/log.h"

/* musl asks stdout for its window's size: what answers is a terminal, and buffered by lines. */
long posix_ioctl(long fd, long request, long result, long x, long y, long z)
{
	(void)x, (void)y, (void)z;
	if ((fd != 1 && fd != 2) || request != TIOCGWINSZ)
		return -ENOTTY;
	*(struct winsize *)result = (struct winsize){ 0 };
	return 0;
}

long posix_write(long fd, long bytes, long length, long x, long y, long z)
{
	(void)x, (void)y, (void)z;
	if (fd != 1 && fd != 2)
		return -EBADF;
	sk_log_write((const char *)bytes, (size_t)length);
	return length;
}

long posix_writev(long fd, long vector, long count, long x, long y, long z)
{
	const struct iovec *v = (const struct iovec *)vector;
	long sum = 0;

	for (long i = 0; i < count; i++) {
		long n = posix_write(fd, (long)v[i].iov_base, (long)v[i].iov_len, x, y, z);

		if (n < 0)
			return n;
		sum += n;
	}
	return sum;
}
