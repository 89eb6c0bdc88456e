/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BOOT_ARCHIVE_H
#define BOOT_ARCHIVE_H

#include "loader/archive.h"
#include "report.h"

/*
 * Checks everything that loader/archive.h says of an archive. WHAT names it in
 * messages; ROOM is the number of bytes that may be read at ARCHIVE.
 */
bool archive_check(const char *what, const void *archive, uint64_t room, struct report *report);

/* A file of a checked archive, with its size; null if it has none of that name. */
const void *archive_find(const void *archive, const char *name, uint64_t *size);

#endif
