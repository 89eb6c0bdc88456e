/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints the virtual counter. Under icount it counts instructions (divided by
 * 16 at the 62.5 MHz of most CPU models), which is how the guest's work is timed. No C
 * library: it is the first program that runs and should cost next to nothing.
 */
#include <stdint.h>

static long call3(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
}

_Noreturn void _start(void);

_Noreturn void _start(void)
{
	enum { WRITE = 64, EXIT = 93 }; /* Linux arm64 system call numbers */
	uint64_t ticks;
	char text[24];
	char *p = text + sizeof(text);

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks));
	*--p = '\n';
	do
		*--p = (char)('0' + ticks % 10);
	while (ticks /= 10);
	call3(WRITE, 1, (long)p, text + sizeof(text) - p);
	for (;;)
		call3(EXIT, 0, 0, 0);
}
