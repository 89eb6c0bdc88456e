/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities and mappings against the reference model, by numbers from a seed (KIT_SEED: to look further). */
#include "caps_life.h"

#include <stdlib.h>

enum { STEPS = 3000 };

static uint32_t seed;

static uint32_t xorshift(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed >> 3;
}

static void test_model(void **state)
{
	(void)state;
	seed = getenv("KIT_SEED") ? (uint32_t)atoi(getenv("KIT_SEED")) : 97;
	life.random = xorshift;
	life.check_every = 50;
	caps_life(STEPS);
	/* it did do things */
	assert_true(life.done[SK_CALL] > 5 && life.done[SK_REPLY_WAIT] > 5);
	assert_true(life.done[SK_MAP] > 5 && life.done[SK_UNMAP] > 5 && life.done[SK_PROTECT] > 5);
}

static void test_model_cores(void **state)
{
	test_model(state);
}

static void test_model_at_once(void **state)
{
	life.pairs = true;
	test_model(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST_ONE(test_model), TEST_TWO(test_model_cores), TEST_TWO(test_model_at_once) };

	return kit_main(tests, ARRAY_SIZE(tests));
}
