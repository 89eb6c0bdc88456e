/* SPDX-License-Identifier: BSD-2-Clause */
#include "measure.h"

#include <stdio.h>
#include "skerry/start.h"

void measure_print(const char *name, uint64_t ticks, uint64_t rounds, uint64_t own)
{
	uint64_t ns = ticks * 1000000000ul / sk_start()->counter_hz;

	printf("metric %s %lu\n", name, (unsigned long)((ns + rounds / 2) / rounds - own));
	fflush(stdout); /* the machine may be powered off at once */
}

void measure_dawdle(void)
{
	static uint64_t state;

	state = state * 6364136223846793005ul + 1442695040888963407ul; /* Knuth, MMIX */
	for (unsigned i = state >> 58; i > 0; i--)
		__asm__ volatile("nop");
}

void measure_section(const char *name, unsigned n, uint64_t rounds)
{
	printf("section %s %u %lu\n", name, n, (unsigned long)rounds);
	fflush(stdout);
}

void measure_exact(const char *name, unsigned n, uint64_t rounds, uint64_t own)
{
	printf("section %s %u %lu %lu\n", name, n, (unsigned long)rounds, (unsigned long)own);
	fflush(stdout);
}
