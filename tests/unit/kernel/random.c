/* SPDX-License-Identifier: BSD-2-Clause */
/* Life by numbers from a seed: the same each time. */
#include "life.h"

#include <stdlib.h>

enum { STEPS = 12000 };

static uint32_t seed;

static uint32_t xorshift(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static void begin(uint32_t first_seed)
{
	seed = first_seed;
	life.random = xorshift;
	life.check_every = 20;
	life_begin();
}

static void alone(uint32_t first_seed)
{
	begin(first_seed);
	life_alone(STEPS);
}

static void interleaved(uint32_t first_seed)
{
	begin(first_seed);
	life_interleaved(STEPS / 20);
}

static void test_random(void **state)
{
	unsigned missing = 0;

	(void)state;
	alone(1 + core_count);
	/* it did do things: each call succeeded at least once, but those that cannot, or seldom do, at once */
	for (unsigned i = 0; i < SK_CALLS; i++) {
		bool cannot = i == SK_POWER || i == SK_DEBUG_PUT || i == SK_VCPU_RUN || i == SK_CALL || i == SK_WAIT ||
			      i == SK_THREAD_START;

		if (!cannot && life.done[i] == 0) {
			missing++;
			print_message("call %u never succeeded\n", i);
		}
	}
	assert_int_equal(missing, 0);
	assert_true(life.spent > 0);
}

/* KIT_SEED: to look further. */
static uint32_t other_seed(void)
{
	return getenv("KIT_SEED") ? (uint32_t)atoi(getenv("KIT_SEED")) : 4242;
}

static void test_random_more(void **state)
{
	(void)state;
	alone(other_seed());
}

static void test_interleaved(void **state)
{
	(void)state;
	interleaved(other_seed());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_random), TEST_TWO(test_random), TEST_TWO(test_random_more), TEST_TWO(test_interleaved),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
