/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive: named files one after the other. The system image carries one
 * (kernel, root, spec, components); a second may travel beside it as the
 * machine's initrd (guest kernels). All integers little endian.
 *
 *   struct sk_archive           at offset 0
 *   struct sk_archive_entry[n]  directly behind
 *   file contents               each at a page-aligned offset, zero padded
 *
 * Whoever reads one checks magic, version, that size fits what is there, that
 * every file lies inside, page aligned, and that names end in NUL and differ.
 */
#pragma once

#include <stdint.h>

#define SK_ARCHIVE_MAGIC   0x31485241594b53ul /* "SKYARH1" */
#define SK_ARCHIVE_VERSION 1
#define SK_ARCHIVE_FILES   256                /* at most */

struct sk_archive {
	uint64_t magic;
	uint32_t version;
	uint32_t files;
	uint64_t size;      /* bytes of the whole archive, page multiple */
	uint64_t reserved;  /* 0 */
};

struct sk_archive_entry {
	char name[48];
	uint64_t offset;    /* from the start of the archive, page aligned */
	uint64_t size;      /* bytes of the file itself */
};

_Static_assert(sizeof(struct sk_archive) == 32, "archive header layout");
_Static_assert(sizeof(struct sk_archive_entry) == 64, "archive entry layout");
