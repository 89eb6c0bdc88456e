/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Overlays the header of the same name in musl's source: what musl takes for
 * a system call is a call of the runtime (runtime/posix/posix.h). Used for
 * every architecture: they share one numbering of calls (the generic one).
 */
#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

__attribute__((__visibility__("hidden")))
long sk_posix(long n, long a, long b, long c, long d, long e, long f);

static inline long __syscall0(long n)
{
	return sk_posix(n, 0, 0, 0, 0, 0, 0);
}

static inline long __syscall1(long n, long a)
{
	return sk_posix(n, a, 0, 0, 0, 0, 0);
}

static inline long __syscall2(long n, long a, long b)
{
	return sk_posix(n, a, b, 0, 0, 0, 0);
}

static inline long __syscall3(long n, long a, long b, long c)
{
	return sk_posix(n, a, b, c, 0, 0, 0);
}

static inline long __syscall4(long n, long a, long b, long c, long d)
{
	return sk_posix(n, a, b, c, d, 0, 0);
}

static inline long __syscall5(long n, long a, long b, long c, long d, long e)
{
	return sk_posix(n, a, b, c, d, e, 0);
}

static inline long __syscall6(long n, long a, long b, long c, long d, long e, long f)
{
	return sk_posix(n, a, b, c, d, e, f);
}

#define IPC_64 0
