/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ROOT_ARCHIVE_H
#define ROOT_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loader/archive.h"

/* An archive in memory, checked. */
struct archive {
	const uint8_t *base;
	uint64_t size;
	uint32_t memory;    /* root's memory capability of the region, mapped at base - offset */
	uint64_t offset;    /* of the archive in the region */
	uint64_t pa;        /* of the region */
};

struct archive_file {
	const uint8_t *bytes;
	uint64_t offset;    /* in the archive, page aligned */
	uint64_t size;
};

/*
 * Checks header, entries, names and bounds of the archive in [base, base + size).
 * Returns -1 with what is wrong in ERROR.
 */
int archive_check(const void *base, uint64_t size, char *error, size_t error_size);

/* Finds a file of a checked archive. */
bool archive_find(const struct archive *a, const char *name, struct archive_file *file);

/* The archive called NAME ("system", "initrd"), null if the machine has none. */
const struct archive *archive_named(const char *name);

/* Maps all archives that the loader found, checked; a bad one ends root. Once. */
void archives_open(void);

#endif
