/* SPDX-License-Identifier: BSD-2-Clause */
#include "archive.h"

#include <stdio.h>
#include <string.h>

#define PAGE 4096u

static int fail(char *error, size_t error_size, const char *what, uint64_t is, uint64_t expected)
{
	snprintf(error, error_size, "%s 0x%llx, expected 0x%llx", what, (unsigned long long)is,
		 (unsigned long long)expected);
	return -1;
}

static int check_entry(const struct sk_archive *a, uint32_t index, char *error, size_t error_size)
{
	const struct sk_archive_entry *e = (const struct sk_archive_entry *)(a + 1) + index;

	if (!e->name[0] || !memchr(e->name, 0, sizeof(e->name))) {
		snprintf(error, error_size, "file %u has no name, or one without an end", index);
		return -1;
	}
	for (uint32_t i = 0; i < index; i++) {
		if (strcmp(e[-1 - (int)i].name, e->name) == 0) {
			snprintf(error, error_size, "two files are called \"%s\"", e->name);
			return -1;
		}
	}
	if (e->offset % PAGE == 0 && e->offset <= a->size && e->size <= a->size - e->offset &&
	    e->offset >= sizeof(*a) + a->files * sizeof(*e))
		return 0;
	snprintf(error, error_size, "file \"%s\" (offset 0x%llx, 0x%llx bytes) lies outside, or not on a page", e->name,
		 (unsigned long long)e->offset, (unsigned long long)e->size);
	return -1;
}

int archive_check(const void *base, uint64_t size, char *error, size_t error_size)
{
	const struct sk_archive *a = base;

	if (size < sizeof(*a))
		return fail(error, error_size, "size", size, sizeof(*a));
	if (a->magic != SK_ARCHIVE_MAGIC)
		return fail(error, error_size, "magic", a->magic, SK_ARCHIVE_MAGIC);
	if (a->version != SK_ARCHIVE_VERSION)
		return fail(error, error_size, "version", a->version, SK_ARCHIVE_VERSION);
	if (a->size > size || a->size % PAGE)
		return fail(error, error_size, "cut off: size", size, a->size);
	if (a->files > SK_ARCHIVE_FILES || sizeof(*a) + a->files * sizeof(struct sk_archive_entry) > a->size)
		return fail(error, error_size, "too many files", a->files, SK_ARCHIVE_FILES);
	for (uint32_t i = 0; i < a->files; i++) {
		if (check_entry(a, i, error, error_size) != 0)
			return -1;
	}
	return 0;
}

bool archive_find(const struct archive *a, const char *name, struct archive_file *file)
{
	const struct sk_archive *header = (const void *)a->base;
	const struct sk_archive_entry *e = (const void *)(header + 1);

	for (uint32_t i = 0; i < header->files; i++) {
		if (strcmp(e[i].name, name) == 0) {
			*file = (struct archive_file){ a->base + e[i].offset, e[i].offset, e[i].size };
			return true;
		}
	}
	return false;
}
