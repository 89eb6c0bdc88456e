/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks its server where it is, and how much it has counted: only its own. */
#include <stdio.h>

#include "component.h"
#include "skerry/start.h"

int run(void)
{
	uint32_t core = ~0u, sum = 0, mine = sk_start()->core;
	bool good = place_core(&core) == SK_OK && core == mine;

	for (uint32_t i = 1; i <= 100; i++)
		good = place_count(i, &sum) == SK_OK && good;
	good = good && sum == 5050;
	if (last)
		other_wait();
	printf("%s core %u: its server is on core %u and has counted %u\n", good ? "ok" : "not ok", mine, core, sum);
	fflush(stdout);
	if (!last)
		return ready_emit() != SK_OK;
	return good ? exit_off() != SK_OK : exit_crash() != SK_OK;
}
