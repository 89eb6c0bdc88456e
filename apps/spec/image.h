/* SPDX-License-Identifier: BSD-2-Clause */
/* A component's ELF file: what of it must be where in memory. */
#ifndef SPEC_IMAGE_H
#define SPEC_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#define IMAGE_SEGMENTS 8
#define IMAGE_BASE     0x10000000ul  /* segments lie in [BASE, END) */
#define IMAGE_END      0x20000000ul

struct image_segment {
	uint64_t ipa, bytes;      /* whole pages */
	uint64_t skip;            /* zero bytes before the contents */
	const uint8_t *contents;  /* in the file; zeroes follow */
	uint64_t length;
	uint32_t rights;
};

struct image {
	uint64_t entry;
	uint64_t bytes;           /* sum of the segments' */
	uint32_t segments;
	struct image_segment segment[IMAGE_SEGMENTS];
};

/*
 * Checks the ELF file (ELF64, little endian, EXEC, this machine, bounds, no page
 * in two segments, nothing both writable and executable) and describes it.
 * Returns -1 with what is wrong in ERROR.
 */
int image_open(const void *file, uint64_t size, struct image *image, char *error, size_t error_size);

#endif
