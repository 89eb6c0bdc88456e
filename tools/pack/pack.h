/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of skerry-pack share. Every failure ends the program with one line. */
#ifndef PACK_H
#define PACK_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data;
	size_t size;
};

/* Prints "skerry-pack: ..." and exits with 1. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reads the whole of PATH, which must be a regular file. The caller frees data. */
struct bytes file_read(const char *path);

/* The same as text, NUL behind it; it lives until the end of the program. */
char *file_text(const char *path);

/* Writes PATH whole or not at all: a temporary file beside it is renamed. */
void file_write(const char *path, struct bytes contents);

/* SIZE rounded up to a page. */
size_t page_up(size_t size);

/* OUT = archive of COUNT files given as "name=path", or "@list". */
void archive_make(const char *out, char **named, size_t named_count);

/* Prints name, offset and size of every file of the archive at PATH, after checking it. */
void archive_list(const char *path);

/* Fails, naming PATH and the field, unless A is a well-formed archive. */
void archive_check(const char *path, struct bytes a);

/* A, which was checked, with FILE ("name=path") in place of the one of that name: behind all others. PATH: where A is from. */
struct bytes archive_replace(const char *path, struct bytes a, const char *file);

/*
 * OUT = LOADER (an arm64 Image) padded to a page, then ARCHIVE, with FILE ("name=path", may be null) in place
 * of the one of that name; image_size of the header covers both.
 */
void image_make(const char *out, const char *loader, const char *archive, const char *file);
#endif
