/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "component.h"
#include "loop.h"
#include "skerry/start.h"

#define ROUNDS 4000u

static uint64_t instructions(uint64_t ticks)
{
	return (ticks * 1000000000ul / sk_start()->counter_hz + ROUNDS / 2) / ROUNDS;
}

static uint64_t raw_round(void)
{
	uint64_t start;

	loop_call(raw_slot, 1);
	start = sk_counter();
	loop_call(raw_slot, ROUNDS);
	return instructions(sk_counter() - start) - LOOP_OWN;
}

/*
 * The loop's own two instructions, the making of the arguments and the method's
 * adding them count, too: they are what a caller writes.
 */
static uint64_t none_round(void)
{
	uint64_t start = sk_counter();

	for (unsigned i = 0; i < ROUNDS; i++) {
		if (words_none() != SK_OK)
			return 0;
	}
	return instructions(sk_counter() - start);
}

static uint64_t six_round(void)
{
	uint64_t start = sk_counter(), sum;

	for (uint64_t i = 0; i < ROUNDS; i++) {
		if (words_six(i, 2, 3, 4, 5, 6, &sum) != SK_OK || sum != i + 20)
			return 0;
	}
	return instructions(sk_counter() - start);
}

static uint64_t narrow_round(void)
{
	uint64_t start = sk_counter();
	int32_t sum;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		if (words_narrow(1, -2, i, -4, true, 6, &sum) != SK_OK || sum != (int32_t)i + 1)
			return 0;
	}
	return instructions(sk_counter() - start);
}

int run(void)
{
	uint64_t raw = raw_round(), none = none_round(), six = six_round(), narrow = narrow_round();

	if (none <= raw || six <= raw || narrow <= raw) {
		printf("rpc: a call failed\n");
		return end_crash() != SK_OK;
	}
	printf("metric rpc_raw %lu\n", (unsigned long)raw);
	printf("metric rpc_overhead_0 %lu\n", (unsigned long)(none - raw));
	printf("metric rpc_overhead_6 %lu\n", (unsigned long)(six - raw));
	printf("metric rpc_overhead_6_narrow %lu\n", (unsigned long)(narrow - raw));
	return end_off() != SK_OK;
}
