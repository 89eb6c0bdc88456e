/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-gpt IMAGE NAME=SIZE...: makes a disk image of partitions with these names
 * and sizes (a number with K, M or G), each on a boundary of 1 MiB. What an image that
 * is there already holds behind its table stays, so far as it fits.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "table.h"

#define ALIGN 2048u /* sectors: 1 MiB */

static _Noreturn void stop(const char *what, const char *which, const char *why)
{
	fprintf(stderr, "skerry-gpt: %s%s: %s\n", what, which, why);
	exit(1);
}

/* NAME=SIZE, from sector *AT on, which is moved behind it. */
static struct table_part parse(const char *text, uint64_t *at)
{
	const char *equal = strchr(text, '=');
	struct table_part part = { .first = *at };
	unsigned long long size;
	char *end;

	if (!equal || equal == text || equal - text > 36)
		stop("", text, "expected NAME=SIZE, the name of up to 36 characters");
	memcpy(part.name, text, (size_t)(equal - text));
	size = strtoull(equal + 1, &end, 10);
	switch (*end) {
	case 'G':
		size <<= 10;
		/* fall through */
	case 'M':
		size <<= 10;
		/* fall through */
	case 'K':
		size <<= 10;
		end++;
		break;
	default:
		break;
	}
	if (equal[1] < '0' || equal[1] > '9' || *end || size < TABLE_SECTOR || size % TABLE_SECTOR || size >> 50)
		stop("", text, "expected a size such as 512M, a multiple of 512 bytes");
	part.last = part.first + size / TABLE_SECTOR - 1;
	*at = (part.last + ALIGN) / ALIGN * ALIGN;
	return part;
}

static void write_at(FILE *file, const char *name, uint64_t sector, const void *bytes, size_t count)
{
	if (fseeko(file, (off_t)(sector * TABLE_SECTOR), SEEK_SET) != 0 || fwrite(bytes, 1, count, file) != count)
		stop("cannot write ", name, strerror(errno));
}

int main(int argc, char **argv)
{
	static uint8_t start[TABLE_SECTORS * TABLE_SECTOR], end[(TABLE_SECTORS - 1) * TABLE_SECTOR];
	static struct table_part part[TABLE_ENTRIES];
	uint64_t at = ALIGN, sectors;
	FILE *file;

	if (argc < 3 || argc - 2 > (int)TABLE_ENTRIES)
		stop("", "usage", "skerry-gpt IMAGE NAME=SIZE..., up to 128 partitions");
	for (int i = 2; i < argc; i++) {
		part[i - 2] = parse(argv[i], &at);
		for (int j = 2; j < i; j++) {
			if (strcmp(part[j - 2].name, part[i - 2].name) == 0)
				stop("", argv[i], "there is a partition of this name already");
		}
	}
	sectors = at + ALIGN;
	file = fopen(argv[1], "r+b");
	if (!file)
		file = fopen(argv[1], "w+b");
	if (!file || ftruncate(fileno(file), (off_t)(sectors * TABLE_SECTOR)) != 0)
		stop("cannot write ", argv[1], strerror(errno));
	/* The same sizes, the same bytes. */
	table_make(start, end, sectors, part, (unsigned)(argc - 2), sectors);
	write_at(file, argv[1], 0, start, sizeof(start));
	write_at(file, argv[1], sectors - (TABLE_SECTORS - 1), end, sizeof(end));
	if (fclose(file) != 0)
		stop("cannot write ", argv[1], strerror(errno));
	return 0;
}
