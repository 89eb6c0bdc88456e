/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Archives that lie: tests/reject/archive. Each file describes one, in lines of
 *
 *   bytes N                 how many bytes are really there
 *   magic|version|files|size|reserved N    header fields
 *   entry NAME OFFSET SIZE  "-" is an empty name, "@" one without NUL
 *
 * after which nothing is corrected, so that any field can be wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive.h"
#include "cases.h"

#define MAX 0x20000

struct description {
	struct sk_archive head;
	struct sk_archive_entry entry[SK_ARCHIVE_FILES];
	unsigned entries;
	uint64_t bytes;
};

static void entry(struct description *d, const char *name, uint64_t offset, uint64_t size)
{
	struct sk_archive_entry *e = &d->entry[d->entries++];

	memset(e->name, *name == '@' ? 'x' : 0, sizeof(e->name));
	if (*name != '@' && *name != '-')
		strncpy(e->name, name, sizeof(e->name) - 1);
	e->offset = offset;
	e->size = size;
}

static void line(struct description *d, const char *path, const char *text)
{
	char word[64], name[64];
	uint64_t a, b;

	if (text[0] == '#' || text[0] == '\n')
		return;
	if (sscanf(text, "entry %63s %li %li", name, (long *)&a, (long *)&b) == 3) {
		entry(d, name, a, b);
		return;
	}
	if (sscanf(text, "%63s %li", word, (long *)&a) != 2)
		fail_msg("%s: cannot read: %s", path, text);
	if (!strcmp(word, "bytes"))
		d->bytes = a;
	else if (!strcmp(word, "magic"))
		d->head.magic = a;
	else if (!strcmp(word, "version"))
		d->head.version = (uint32_t)a;
	else if (!strcmp(word, "files"))
		d->head.files = (uint32_t)a;
	else if (!strcmp(word, "size"))
		d->head.size = a;
	else if (!strcmp(word, "reserved"))
		d->head.reserved = a;
	else
		fail_msg("%s: unknown word: %s", path, word);
}

/* Exactly the bytes that are there, for the sanitizer. */
static char *make(const char *path, uint64_t *bytes)
{
	struct description d = {.head = {.magic = SK_ARCHIVE_MAGIC, .version = SK_ARCHIVE_VERSION}};
	char text[256], *archive, *all = calloc(1, MAX);
	FILE *file = fopen(path, "r");

	if (!file || !all)
		fail_msg("%s: cannot open", path);
	while (fgets(text, sizeof(text), file))
		line(&d, path, text);
	fclose(file);
	if (d.bytes > MAX)
		fail_msg("%s: more than %u bytes", path, MAX);
	memcpy(all, &d.head, sizeof(d.head));
	memcpy(all + sizeof(d.head), d.entry, d.entries * sizeof(d.entry[0]));
	archive = malloc(d.bytes ? d.bytes : 1);
	memcpy(archive, all, d.bytes);
	free(all);
	*bytes = d.bytes;
	return archive;
}

static void rejected(const char *path, const char *expect)
{
	struct report report = {""};
	uint64_t bytes;
	char *archive = make(path, &bytes);

	assert_false(archive_check("system image", archive, bytes, &report));
	free(archive);
	assert_string_equal(report.text, expect);
}

static void accepted(void **state)
{
	struct report report = {""};
	uint64_t bytes, size;
	char *archive = make(CASES "/good.arc", &bytes);

	(void)state;
	if (!archive_check("system image", archive, bytes, &report))
		fail_msg("%s", report.text);
	assert_ptr_equal(archive_find(archive, "kernel", &size), archive + 0x1000);
	assert_int_equal(size, 0x1800);
	assert_ptr_equal(archive_find(archive, "empty", &size), archive + 0x3000);
	assert_int_equal(size, 0);
	assert_null(archive_find(archive, "kern", &size));
	free(archive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(accepted)};

	return cases_run(CASES, ".bad", rejected) +
	       cmocka_run_group_tests_name("a good archive", tests, NULL, NULL);
}
