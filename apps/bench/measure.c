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
