/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "archive.h"
#include "memory.h"

static const struct sk_archive_entry *entries(const void *archive)
{
	return (const void *)((const char *)archive + sizeof(struct sk_archive));
}

static bool check_header(const char *what, const struct sk_archive *a, uint64_t room, struct report *report)
{
	if (room < sizeof(*a))
		return refuse(report, "%s: archive: %lu bytes are too few for a header", what, room);
	if (a->magic != SK_ARCHIVE_MAGIC)
		return refuse(report, "%s: archive: bad magic 0x%lx; make it with skerry-pack", what,
			      a->magic);
	if (a->version != SK_ARCHIVE_VERSION)
		return refuse(report, "%s: archive: version %u, this loader knows %u", what, a->version,
			      SK_ARCHIVE_VERSION);
	if (a->files > SK_ARCHIVE_FILES)
		return refuse(report, "%s: archive: %u files, at most %u are possible", what, a->files,
			      SK_ARCHIVE_FILES);
	if (a->size % PAGE)
		return refuse(report, "%s: archive: size %lu is no multiple of a page", what, a->size);
	if (a->size > room)
		return refuse(report, "%s: archive: size %lu, but only %lu bytes are there: it is truncated",
			      what, a->size, room);
	if (sizeof(*a) + a->files * sizeof(struct sk_archive_entry) > a->size)
		return refuse(report, "%s: archive: %u entries do not fit its size %lu", what, a->files,
			      a->size);
	return true;
}

static bool check_entry(const char *what, const struct sk_archive *a, uint32_t index, struct report *report)
{
	const struct sk_archive_entry *e = &entries(a)[index];
	uint64_t first = sizeof(*a) + a->files * sizeof(*e);

	if (!e->name[0] || strnlen(e->name, sizeof(e->name)) == sizeof(e->name))
		return refuse(report, "%s: archive: entry %u: the name is empty or does not end in NUL", what,
			      index);
	if (e->offset % PAGE)
		return refuse(report, "%s: archive: %s: offset 0x%lx is not on a page", what, e->name,
			      e->offset);
	if (e->offset < first)
		return refuse(report, "%s: archive: %s: offset 0x%lx lies in the header", what, e->name,
			      e->offset);
	if (e->offset > a->size || e->size > a->size - e->offset)
		return refuse(report, "%s: archive: %s: offset 0x%lx size 0x%lx reach beyond its size 0x%lx",
			      what, e->name, e->offset, e->size, a->size);
	return true;
}

/* Entry INDEX against those before it. */
static bool check_pairs(const char *what, const struct sk_archive *a, uint32_t index, struct report *report)
{
	const struct sk_archive_entry *e = &entries(a)[index];

	for (uint32_t i = 0; i < index; i++) {
		const struct sk_archive_entry *f = &entries(a)[i];

		if (!strcmp(e->name, f->name))
			return refuse(report, "%s: archive: %s: two files have this name", what, e->name);
		if (e->offset < f->offset + f->size && f->offset < e->offset + e->size)
			return refuse(report, "%s: archive: %s and %s overlap", what, f->name, e->name);
	}
	return true;
}

bool archive_check(const char *what, const void *archive, uint64_t room, struct report *report)
{
	const struct sk_archive *a = archive;

	if (!check_header(what, a, room, report))
		return false;
	for (uint32_t i = 0; i < a->files; i++)
		if (!check_entry(what, a, i, report) || !check_pairs(what, a, i, report))
			return false;
	return true;
}

const void *archive_find(const void *archive, const char *name, uint64_t *size)
{
	const struct sk_archive *a = archive;

	for (uint32_t i = 0; i < a->files; i++) {
		if (strcmp(entries(a)[i].name, name))
			continue;
		*size = entries(a)[i].size;
		return (const char *)archive + entries(a)[i].offset;
	}
	return NULL;
}
