/* SPDX-License-Identifier: BSD-2-Clause */
/* The partition table of a disk: read as written, and anything that is not in order refused. */
#include "test.h"

#include "gpt.h"
#include "table.h"

#define SECTORS 4096u

static uint8_t disk[SECTORS * TABLE_SECTOR];
static uint64_t broken; /* a sector that cannot be read; 0: none */
static struct gpt gpt;

static bool read_sector(void *context, uint64_t sector, void *to)
{
	(void)context;
	assert_true(sector < SECTORS);
	memcpy(to, disk + sector * TABLE_SECTOR, TABLE_SECTOR);
	return sector != broken || sector == 0;
}

static void make(const struct table_part *part, unsigned parts)
{
	memset(disk, 0, sizeof(disk));
	table_make(disk, disk + (SECTORS - TABLE_SECTORS + 1) * TABLE_SECTOR, SECTORS, part, parts, 1);
	broken = 0;
}

static const struct table_part two[] = { { 2048, 3071, "root" }, { 40, 2047, "swap of the first" } };

static bool load(void)
{
	return gpt_load(&gpt, SECTORS, read_sector, NULL);
}

static void found(const char *name, uint64_t first, uint64_t sectors)
{
	bool twice;
	const struct gpt_partition *p = gpt_find(&gpt, name, &twice);

	assert_non_null(p);
	assert_int_equal(p->first, first);
	assert_int_equal(p->sectors, sectors);
}

static void reads_what_is_written(void **state)
{
	bool twice;

	(void)state;
	make(two, 2);
	assert_true(load());
	assert_false(gpt.backup);
	assert_int_equal(gpt.count, 2);
	found("root", 2048, 1024);
	found("swap of the first", 40, 2008);
	assert_null(gpt_find(&gpt, "roo", &twice));
	assert_false(twice);
}

/* CRC of "123456789", which every description of this checksum gives. */
static void checksum(void **state)
{
	(void)state;
	assert_int_equal(table_crc("123456789", 9), 0xcbf43926);
}

/* Each single bit of the first table, turned: the second one serves; of both: none. */
static void damage(void **state)
{
	uint8_t *last = disk + (SECTORS - 1) * TABLE_SECTOR;

	(void)state;
	for (unsigned bit = 0; bit < 92 * 8; bit += 3) {
		make(two, 2);
		disk[TABLE_SECTOR + bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(load());
		assert_true(gpt.backup);
		found("root", 2048, 1024);
		last[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(load());
		assert_non_null(gpt.error);
		assert_int_equal(gpt.count, 0);
	}
	make(two, 2);
	disk[5 * TABLE_SECTOR] ^= 1; /* an entry that is not used */
	assert_true(load());
	assert_true(gpt.backup);
	make(two, 2);
	broken = 1;
	assert_true(load());
	assert_true(gpt.backup);
	disk[510] = 0;
	assert_false(load());
}

static void refuse(const struct table_part *part, unsigned parts, const char *why)
{
	make(part, parts);
	assert_false(load());
	assert_string_equal(gpt.error, why);
}

/* Whole by their checksums, and yet wrong. */
static void refuses_what_makes_no_sense(void **state)
{
	const struct table_part overlap[] = { { 100, 200, "a" }, { 200, 300, "b" } };
	const struct table_part inside[] = { { 100, 400, "a" }, { 200, 300, "b" } };
	const struct table_part table[] = { { 33, 200, "a" } }, end[] = { { 100, SECTORS - 33, "a" } };
	const struct table_part wrong[] = { { 200, 199, "a" } }, far[] = { { 200, ~0ul, "a" } };

	(void)state;
	refuse(overlap, 2, "two partitions that overlap");
	refuse(inside, 2, "two partitions that overlap");
	refuse(table, 1, "a partition outside the usable part of the disk");
	refuse(end, 1, "a partition outside the usable part of the disk");
	refuse(wrong, 1, "a partition outside the usable part of the disk");
	refuse(far, 1, "a partition outside the usable part of the disk");
	make(two, 2);
	assert_false(gpt_load(&gpt, 5, read_sector, NULL));
	assert_false(gpt_load(&gpt, SECTORS - 1, read_sector, NULL));
}

static void same_name_twice(void **state)
{
	const struct table_part same[] = { { 100, 200, "a" }, { 300, 400, "a" } };
	bool twice;

	(void)state;
	make(same, 2);
	assert_true(load());
	assert_null(gpt_find(&gpt, "a", &twice));
	assert_true(twice);
}

/* Headers of every field's extremes with a checksum that fits: no read outside the disk (read_sector asserts it). */
static void hostile_headers(void **state)
{
	static const uint64_t value[] = { 0, 1, 2, 33, 34, 128, 129, SECTORS - 1, SECTORS,
					  0x80000000, 0xffffffff, ~0ul };

	(void)state;
	for (unsigned field = 8; field < 92; field += 4) {
		for (unsigned i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
			uint8_t *h = disk + TABLE_SECTOR;
			uint32_t bytes, crc;

			make(two, 2);
			memcpy(h + field, &value[i], field >= 24 && field < 72 && field % 8 == 0 ? 8 : 4);
			memcpy(&bytes, h + 12, 4);
			memset(h + 16, 0, 4);
			crc = table_crc(h, bytes <= 512 ? bytes : 92);
			memcpy(h + 16, &crc, 4);
			load();
		}
	}
}

#define TEST(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_what_is_written), TEST(checksum), TEST(damage), TEST(refuses_what_makes_no_sense),
		TEST(same_name_twice), TEST(hostile_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
