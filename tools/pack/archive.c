/* SPDX-License-Identifier: BSD-2-Clause */
/* Archives as abi/archive.h lays them out. The machine that packs is little endian. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/archive.h"
#include "abi/skerry.h"
#include "pack.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "skerry-pack writes archives in the byte order of this machine, which must be little"
#endif

/* Splits "name=path"; ENTRY gets the name. Returns the path. */
static const char *split(const char *file, struct sk_archive_entry *entry)
{
	const char *path = strchr(file, '=');
	size_t len;

	if (!path)
		fail("%s: expected NAME=PATH", file);
	len = (size_t)(path - file);
	if (len == 0 || len >= sizeof(entry->name))
		fail("%s: a name has 1 to %zu characters", file, sizeof(entry->name) - 1);
	memcpy(entry->name, file, len);
	return path + 1;
}

static void refuse_twins(const struct sk_archive_entry *entry, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(entry[i].name, entry[j].name))
				fail("%s: two files of this name", entry[i].name);
}

/* Puts the lines of the files that are named @LIST in place of their names. Returns the files in all. */
static size_t expand(char **all, char **files, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		char *text, *rest;

		if (files[i][0] != '@') {
			all[n++] = files[i];
			continue;
		}
		text = file_text(files[i] + 1);
		for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
			if (n + count - i > SK_ARCHIVE_FILES)
				fail("%s: more files than the %d that an archive holds", files[i], SK_ARCHIVE_FILES);
			all[n++] = line;
		}
	}
	return n;
}

void archive_make(const char *out, char **named, size_t named_count)
{
	char **files = calloc(named_count + SK_ARCHIVE_FILES, sizeof(*files));
	size_t count = files ? expand(files, named, named_count) : 0;
	struct sk_archive head = {.magic = SK_ARCHIVE_MAGIC, .version = SK_ARCHIVE_VERSION};
	struct sk_archive_entry *entry = calloc(count ? count : 1, sizeof(*entry));
	struct bytes *contents = calloc(count ? count : 1, sizeof(*contents));
	struct bytes a;
	size_t end;

	if (!files || !entry || !contents)
		fail("no memory");
	if (count > SK_ARCHIVE_FILES)
		fail("%zu files; an archive holds %d", count, SK_ARCHIVE_FILES);
	end = page_up(sizeof(head) + count * sizeof(*entry));
	for (size_t i = 0; i < count; i++) {
		contents[i] = file_read(split(files[i], &entry[i]));
		entry[i].offset = end;
		entry[i].size = contents[i].size;
		end += page_up(contents[i].size);
	}
	refuse_twins(entry, count);
	head.files = (uint32_t)count;
	head.size = end;
	a.size = end;
	a.data = calloc(1, end);
	if (!a.data)
		fail("%s: no memory for %zu bytes", out, end);
	memcpy(a.data, &head, sizeof(head));
	memcpy(a.data + sizeof(head), entry, count * sizeof(*entry));
	for (size_t i = 0; i < count; i++) {
		memcpy(a.data + entry[i].offset, contents[i].data, contents[i].size);
		free(contents[i].data);
	}
	file_write(out, a);
	free(a.data);
	free(contents);
	free(entry);
	free(files);
}

static void check_entry(const char *path, const struct sk_archive_entry *e, uint64_t first, uint64_t size)
{
	if (!memchr(e->name, 0, sizeof(e->name)) || !e->name[0])
		fail("%s: a file without a proper name", path);
	if (e->offset % SK_PAGE || e->offset < first || e->offset > size || e->size > size - e->offset)
		fail("%s: file %s: offset %" PRIu64 ", size %" PRIu64 " lie outside the archive's %" PRIu64
		     " bytes or not on a page", path, e->name, e->offset, e->size, size);
}

void archive_check(const char *path, struct bytes a)
{
	struct sk_archive head;
	struct sk_archive_entry e;
	uint64_t first;

	if (a.size < sizeof(head))
		fail("%s: too short for an archive: %zu bytes", path, a.size);
	memcpy(&head, a.data, sizeof(head));
	if (head.magic != SK_ARCHIVE_MAGIC || head.version != SK_ARCHIVE_VERSION)
		fail("%s: no archive of version %d", path, SK_ARCHIVE_VERSION);
	if (head.size > a.size || head.size % SK_PAGE)
		fail("%s: header says %" PRIu64 " bytes, the file has %zu", path, head.size, a.size);
	if (head.files > SK_ARCHIVE_FILES)
		fail("%s: %u files, at most %d", path, head.files, SK_ARCHIVE_FILES);
	first = sizeof(head) + head.files * sizeof(e);
	if (first > head.size)
		fail("%s: %u entries do not fit %" PRIu64 " bytes", path, head.files, head.size);
	for (uint32_t i = 0; i < head.files; i++) {
		memcpy(&e, a.data + sizeof(head) + i * sizeof(e), sizeof(e));
		check_entry(path, &e, first, head.size);
	}
}

struct bytes archive_replace(const char *path, struct bytes a, const char *file)
{
	struct sk_archive_entry new = { 0 }, e;
	struct bytes contents = file_read(split(file, &new)), all;
	struct sk_archive head;
	size_t at = 0;

	memcpy(&head, a.data, sizeof(head));
	for (uint32_t i = 0; i < head.files && !at; i++) {
		memcpy(&e, a.data + sizeof(head) + i * sizeof(e), sizeof(e));
		at = strcmp(e.name, new.name) ? 0 : sizeof(head) + i * sizeof(e);
	}
	if (!at)
		fail("%s: there is no file %s in it", path, new.name);
	new.offset = head.size;
	new.size = contents.size;
	head.size = all.size = head.size + page_up(contents.size);
	all.data = calloc(1, all.size);
	if (!all.data)
		fail("%s: no memory for %zu bytes", path, all.size);
	memcpy(all.data, a.data, new.offset);
	memcpy(all.data, &head, sizeof(head));
	memcpy(all.data + at, &new, sizeof(new));
	memcpy(all.data + new.offset, contents.data, contents.size);
	free(contents.data);
	free(a.data);
	return all;
}

void archive_list(const char *path)
{
	struct bytes a = file_read(path);
	struct sk_archive head;
	struct sk_archive_entry e;

	archive_check(path, a);
	memcpy(&head, a.data, sizeof(head));
	for (uint32_t i = 0; i < head.files; i++) {
		memcpy(&e, a.data + sizeof(head) + i * sizeof(e), sizeof(e));
		printf("%-24s offset %10" PRIu64 " size %10" PRIu64 "\n", e.name, e.offset, e.size);
	}
	free(a.data);
}
