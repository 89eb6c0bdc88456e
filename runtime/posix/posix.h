/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What musl calls instead of an operating system. One table; a call that is
 * not in it answers -ENOSYS, which musl reports through errno.
 *
 *   write, writev  file descriptors 1 and 2 go to the log (skerry/log.h)
 *   ioctl          only so that stdout counts as a terminal: line by line
 *   mmap, munmap   anonymous memory out of the heap of the start page; always
 *                  readable and writable, so mprotect and madvise do nothing
 *   clock_gettime  the physical counter, since power-on, whatever the clock
 *   exit, exit_group, tkill   end the component (skerry/end.h)
 *
 * For one thread of a component at a time, as malloc and stdio are: musl does
 * not know of threads made by sk_thread_spawn.
 */
#ifndef SKERRY_POSIX_H
#define SKERRY_POSIX_H

#include <stddef.h>

long sk_posix(long n, long a, long b, long c, long d, long e, long f);

/* The calls themselves: arguments and results as Linux has them (-errno). */
long posix_ioctl(long fd, long request, long result, long, long, long);
long posix_write(long fd, long bytes, long length, long, long, long);
long posix_writev(long fd, long vector, long count, long, long, long);
long posix_mmap(long address, long length, long rights, long flags, long fd, long offset);
long posix_munmap(long address, long length, long, long, long, long);
long posix_clock_gettime(long clock, long result, long, long, long, long);
long posix_exit(long code, long, long, long, long, long);
long posix_kill(long thread, long signal, long, long, long, long);

#endif
