/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of root that need no kernel: archives, RAM books, table counts, images, start pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/skerry.h"
#include "archive.h"
#include "pool.h"
#include "root_test.h"
#include "start_page.h"
#include "tables.h"

/* --- archives -------------------------------------------------------------------- */

struct small_archive {
	struct sk_archive a;
	struct sk_archive_entry e[2];
	uint8_t rest[4096 - 32 - 128 + 2 * 4096];
};

static struct small_archive *make_archive(void)
{
	struct small_archive *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->a = (struct sk_archive){ SK_ARCHIVE_MAGIC, SK_ARCHIVE_VERSION, 2, sizeof(*s), 0 };
	s->e[0] = (struct sk_archive_entry){ "first", 4096, 100 };
	s->e[1] = (struct sk_archive_entry){ "second", 8192, 4096 };
	return s;
}

static void archive_finds(void **state)
{
	struct small_archive *s = make_archive();
	struct archive a = { .base = (const uint8_t *)s, .size = sizeof(*s) };
	struct archive_file file;
	char error[160];

	(void)state;
	assert_int_equal(archive_check(s, sizeof(*s), error, sizeof(error)), 0);
	assert_true(archive_find(&a, "second", &file));
	assert_int_equal(file.offset, 8192);
	assert_int_equal(file.size, 4096);
	assert_ptr_equal(file.bytes, a.base + 8192);
	assert_false(archive_find(&a, "third", &file));
	free(s);
}

static void archive_refuse(struct small_archive *s, uint64_t size, const char *expected)
{
	char error[160] = "";

	assert_int_equal(archive_check(s, size, error, sizeof(error)), -1);
	if (!strstr(error, expected))
		fail_msg("\"%s\", expected \"%s\"", error, expected);
	free(s);
}

static void archive_faults_are_named(void **state)
{
	struct small_archive *s;

	(void)state;
#define BAD(change, text) (s = make_archive(), s->change, archive_refuse(s, sizeof(*s), text))
	BAD(a.magic = 1, "magic");
	BAD(a.version = 2, "version");
	BAD(a.size += 4096, "cut off");
	BAD(a.size -= 1, "cut off");
	BAD(a.files = 300, "too many files");
	BAD(a.files = ~0u, "too many files");
	BAD(e[1].offset = 8193, "lies outside");
	BAD(e[1].offset = ~0xffful, "lies outside");
	BAD(e[1].size = 4097, "lies outside");
	BAD(e[1].size = ~0ul, "lies outside");
	BAD(e[0].offset = 0, "lies outside");
	BAD(e[0].name[0] = 0, "has no name");
	BAD(e[1] = s->e[0], "two files are called");
#undef BAD
	s = make_archive();
	memset(s->e[0].name, 'x', sizeof(s->e[0].name));
	archive_refuse(s, sizeof(*s), "without an end");
	archive_refuse(make_archive(), 20, "size");
}

/* --- RAM ------------------------------------------------------------------------- */

static void pool_prefers_the_tightest(void **state)
{
	static struct pool pool;
	struct pool_place place;

	(void)state;
	memset(&pool, 0, sizeof(pool));
	assert_true(pool_add(&pool, 0x40100000, 0x8000000, 1));
	assert_true(pool_add(&pool, 0x60000000, 0x10000, 2));
	assert_true(pool_find(&pool, 0x8000, 4096, &place));
	assert_int_equal(place.piece->slot, 2);
	assert_int_equal(place.pad, 0);
	place.piece->used = 0x9000;
	assert_true(pool_find(&pool, 0x8000, 4096, &place));
	assert_int_equal(place.piece->slot, 1);
	assert_true(pool_find(&pool, SK_BLOCK, SK_BLOCK, &place));
	assert_int_equal(place.pad, 0x100000);
	assert_int_equal(pool_free(&pool), 0x8000000 + 0x7000);
	assert_false(pool_find(&pool, 0x8000001, 4096, &place));
	/* Just the rest behind the pad, and one page more. */
	assert_true(pool_find(&pool, 0x8000000 - 0x100000, SK_BLOCK, &place));
	assert_false(pool_find(&pool, 0x8000000 - 0x100000 + 4096, SK_BLOCK, &place));
	assert_false(pool_find(&pool, ~0xffful, 4096, &place));
}

static void pool_largest_is_aligned(void **state)
{
	static struct pool pool;
	struct pool_place place;

	(void)state;
	memset(&pool, 0, sizeof(pool));
	assert_int_equal(pool_largest(&pool, SK_BLOCK, &place), 0);
	pool_add(&pool, 0x40100000, 0x1ff000, 1); /* holds no aligned block */
	assert_int_equal(pool_largest(&pool, SK_BLOCK, &place), 0);
	pool_add(&pool, 0x80000000, 0x500000, 2);
	assert_int_equal(pool_largest(&pool, SK_BLOCK, &place), 2 * SK_BLOCK);
	assert_int_equal(place.piece->slot, 2);
	assert_int_equal(pool_largest(&pool, SK_PAGE, &place), 0x500000);
}

static void pool_fills_up(void **state)
{
	static struct pool pool;

	(void)state;
	memset(&pool, 0, sizeof(pool));
	for (uint32_t i = 0; i < POOL_PIECES; i++)
		assert_true(pool_add(&pool, i * 4096ul, 4096, i));
	assert_false(pool_add(&pool, 0, 4096, 1));
}

/* --- tables ---------------------------------------------------------------------- */

static void tables_are_counted(void **state)
{
	(void)state;
	tables_reset();
	assert_int_equal(tables_count(), 0);
	tables_add(0x2000, 0x40000000, 0x4000);            /* one of blocks, one of pages */
	assert_int_equal(tables_count(), 2);
	tables_add(0x8000, 0x50000000, 0x1000);            /* in the same */
	assert_int_equal(tables_count(), 2);
	tables_add(0x40000000, 0x80000000, 2ul << 30);     /* two GiB in blocks */
	assert_int_equal(tables_count(), 4);
	tables_add(0x100000000, 0x40001000, 4 * SK_BLOCK); /* not congruent: all pages */
	assert_int_equal(tables_count(), 4 + 1 + 4);
	tables_reset();
	tables_add(0x1ff000, 0x401ff000, SK_BLOCK + 0x2000); /* a page, a block, a page */
	assert_int_equal(tables_count(), 3);
	tables_reset();
	tables_add((1ul << SK_IPA_BITS) - 0x1000, 0, 0x1000);
	assert_int_equal(tables_count(), 2);
}

/* --- start pages ----------------------------------------------------------------- */

static struct sk_start page;

static void params_replace(void **state)
{
	char error[100];
	const char text[] = "# a comment\n\nguest.mem=64M\nguest.append=a=b c\nempty=\nguest.mem=128M\nlast=1";

	(void)state;
	start_init(&page, "vmm", 62500000);
	assert_true(start_set_param(&page, "guest.mem", "1G"));
	assert_int_equal(start_set_text(&page, text, strlen(text), error, sizeof(error)), 0);
	assert_string_equal(start_param(&page, "guest.mem"), "128M");
	assert_string_equal(start_param(&page, "guest.append"), "a=b c");
	assert_string_equal(start_param(&page, "empty"), "");
	assert_string_equal(start_param(&page, "last"), "1");
	assert_null(start_param(&page, "none"));
	assert_int_equal(page.names, 4);
}

static void text_refuse(const char *text, size_t size, const char *expected)
{
	char error[100] = "";

	start_init(&page, "x", 1);
	assert_int_equal(start_set_text(&page, text, size, error, sizeof(error)), -1);
	if (!strstr(error, expected))
		fail_msg("\"%s\", expected \"%s\"", error, expected);
}

static void bad_texts_are_named(void **state)
{
	static char many[8192];

	(void)state;
	text_refuse("a=1\nb\n", 6, "line 2: expected key=value");
	text_refuse("=1\n", 3, "line 1: expected key=value");
	text_refuse("a=1\0b\n", 6, "line 1: a NUL byte");
	memset(many, 'k', sizeof(many));
	text_refuse(many, sizeof(many), "line 1: the line is too long");
	many[60] = '=';
	many[80] = '\n';
	text_refuse(many, 81, "line 1: no room in the start page, or the key is too long");
	for (size_t i = 0; i + 50 <= sizeof(many); i += 50)
		snprintf(many + i, 51, "%04zu=%044d\n", i % 10000, 1);
	text_refuse(many, sizeof(many) / 50 * 50, "no room in the start page");
}

static void page_fills_up(void **state)
{
	char name[16];

	(void)state;
	start_init(&page, "x", 1);
	for (uint32_t i = 0; i < SK_START_NAMES; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		assert_true(start_add_slot(&page, name, i));
	}
	assert_false(start_add_slot(&page, "more", 1));
	assert_false(start_add_region(&page, "more", 1, 1, 1));
	assert_false(start_set_param(&page, "more", "1"));
}

static void numbers(void **state)
{
	uint64_t v;

	(void)state;
	assert_true(start_number("4096", &v) && v == 4096);
	assert_true(start_number("0x10K", &v) && v == 0x4000);
	assert_true(start_number("3M", &v) && v == 3ul << 20);
	assert_true(start_number("2G", &v) && v == 2ul << 30);
	for (size_t i = 0; i < 8; i++) {
		static const char *const bad[] = { "", "x", "1T", "1MM", "-1", "99999999999999999999", "99999999999G", "1 M" };

		assert_false(start_number(bad[i], &v));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archive_finds),
		cmocka_unit_test(archive_faults_are_named),
		cmocka_unit_test(pool_prefers_the_tightest),
		cmocka_unit_test(pool_largest_is_aligned),
		cmocka_unit_test(pool_fills_up),
		cmocka_unit_test(tables_are_counted),
		cmocka_unit_test(image_is_described),
		cmocka_unit_test(image_faults_are_named),
		cmocka_unit_test(image_bytes_are_survived),
		cmocka_unit_test(params_replace),
		cmocka_unit_test(bad_texts_are_named),
		cmocka_unit_test(page_fills_up),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
