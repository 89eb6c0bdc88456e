/* SPDX-License-Identifier: BSD-2-Clause */
/* What a small program needs of Linux arm64 without a C library: system calls, text and numbers. */
#ifndef GUEST_LINUX_H
#define GUEST_LINUX_H

#include <stddef.h>
#include <stdint.h>

enum {
	SYS_IO_SETUP = 0, SYS_IO_SUBMIT = 2, SYS_IO_GETEVENTS = 4, SYS_OPENAT = 56, SYS_PREAD = 67, SYS_PWRITE = 68,
	SYS_SCHED_SETSCHEDULER = 119, SYS_KILL = 129, SYS_EXECVE = 221, SYS_MMAP = 222,
	SYS_CLOSE = 57, SYS_READ = 63, SYS_WRITE = 64, SYS_EXIT = 93, SYS_NANOSLEEP = 101, SYS_SOCKET = 198,
	SYS_BIND = 200, SYS_LISTEN = 201, SYS_ACCEPT = 202, SYS_CONNECT = 203, SYS_SENDTO = 206, SYS_RECVFROM = 207,
	SYS_SETSOCKOPT = 208, SYS_SHUTDOWN = 210, SYS_CLONE = 220, SYS_WAIT4 = 260, SIGCHLD = 17,
	AF_INET = 2, AF_VSOCK = 40, SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_SEQPACKET = 5, IPPROTO_ICMP = 1,
};

static inline long call6(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}

static inline long call3(long number, long a, long b, long c)
{
	return call6(number, a, b, c, 0, 0, 0);
}

static inline _Noreturn void leave(int code)
{
	for (;;)
		call3(SYS_EXIT, code, 0, 0);
}

static inline void require(int condition)
{
	if (!condition)
		leave(1);
}

static inline size_t length_of(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	return n;
}

static inline int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static inline void print(const char *text)
{
	call3(SYS_WRITE, 1, (long)text, (long)length_of(text));
}

static inline void print_number(uint64_t value)
{
	char text[24];
	char *p = text + sizeof(text);

	*--p = 0;
	do
		*--p = (char)('0' + value % 10);
	while (value /= 10);
	print(p);
}

/* The decimal number at *TEXT, which is moved behind it. */
static inline uint64_t number_at(const char **text)
{
	uint64_t value = 0;

	while (**text >= '0' && **text <= '9')
		value = value * 10 + (uint64_t)(*(*text)++ - '0');
	return value;
}

static inline uint64_t number(const char *text)
{
	return number_at(&text);
}

/* tools/trace/count.c sees it: here begins or ends what is counted. */
static inline void mark(void)
{
	__asm__ volatile("hint #102" ::: "memory");
}

#endif
