/* SPDX-License-Identifier: BSD-2-Clause */
#include "measure.h"

#include <stdio.h>
#include "skerry/calls.h"
#include "skerry/start.h"

static void nothing(void)
{
	__asm__ volatile("");
}

static uint64_t loop(void (*round)(void))
{
	uint64_t start = sk_counter();

	for (unsigned i = 0; i < MEASURE_ROUNDS; i++)
		round();
	return sk_counter() - start;
}

void measure_ticks(const char *name, uint64_t ticks, uint64_t rounds)
{
	uint64_t ns = ticks * 1000000000ul / sk_start()->counter_hz;

	printf("metric %s %lu\n", name, (unsigned long)((ns + rounds / 2) / rounds));
}

void measure(const char *name, void (*round)(void))
{
	uint64_t empty = loop(nothing);

	round(); /* first use: queues and tables are there */
	measure_ticks(name, loop(round) - empty, MEASURE_ROUNDS);
}
