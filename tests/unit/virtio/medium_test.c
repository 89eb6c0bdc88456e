/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk in memory against a plain array, at random. */
#include "test.h"

#include "medium.h"

#define BLOCKS 16u
#define BYTES  (BLOCKS * MEDIUM_BLOCK)
#define IMAGE  30000u

static uint8_t image[IMAGE], overlay[BYTES], model[BYTES], buffer[BYTES];
static uint32_t map[BLOCKS], released[BLOCKS];
static struct medium m;

static void set_up(uint32_t overlay_blocks)
{
	for (unsigned i = 0; i < IMAGE; i++)
		image[i] = (uint8_t)(i * 13 + 1);
	memset(model, 0, sizeof(model));
	memcpy(model, image, IMAGE);
	medium_init(&m, BYTES, image, IMAGE, overlay, (uint64_t)overlay_blocks * MEDIUM_BLOCK, map, released);
}

static void same(void)
{
	medium_read(&m, 0, buffer, BYTES);
	assert_memory_equal(buffer, model, BYTES);
}

static void against_a_model(void **state)
{
	(void)state;
	set_up(BLOCKS);
	same();
	srand(1);
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t at = (uint64_t)rand() % BYTES;
		size_t count = (size_t)rand() % (BYTES - at);

		if (rand() % 4)
			count %= 2000;
		if (rand() % 3 == 0) {
			assert_true(medium_zero(&m, at, count));
			memset(model + at, 0, count);
		} else {
			memset(buffer, rand(), count);
			assert_true(medium_write(&m, at, buffer, count));
			memcpy(model + at, buffer, count);
		}
		if (i % 100 == 0)
			same();
		if (i % 1000 == 0) /* a backend comes after another */
			assert_true(medium_resume(&m, BYTES, image, IMAGE, overlay, BYTES, map, released));
	}
	same();
}

static void no_map(void **state)
{
	(void)state;
	set_up(4);
	memset(buffer, 9, BYTES);
	assert_true(medium_write(&m, 0, buffer, 3 * MEDIUM_BLOCK));
	map[7] = map[1];
	assert_false(medium_resume(&m, BYTES, image, IMAGE, overlay, 4 * MEDIUM_BLOCK, map, released));
	map[7] = 4;
	assert_false(medium_resume(&m, BYTES, image, IMAGE, overlay, 4 * MEDIUM_BLOCK, map, released));
}

static void full(void **state)
{
	(void)state;
	set_up(2);
	memset(buffer, 5, MEDIUM_BLOCK);
	assert_true(medium_write(&m, 0, buffer, MEDIUM_BLOCK));
	assert_true(medium_write(&m, MEDIUM_BLOCK, buffer, 1));
	assert_false(medium_write(&m, 2 * MEDIUM_BLOCK, buffer, MEDIUM_BLOCK));
	assert_true(medium_zero(&m, 0, MEDIUM_BLOCK));
	assert_true(medium_write(&m, 2 * MEDIUM_BLOCK, buffer, MEDIUM_BLOCK));
	memset(model, 0, MEDIUM_BLOCK);
	model[MEDIUM_BLOCK] = 5;
	memset(model + 2 * MEDIUM_BLOCK, 5, MEDIUM_BLOCK);
	same();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(against_a_model), cmocka_unit_test(full), cmocka_unit_test(no_map) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
