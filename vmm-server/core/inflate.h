/* SPDX-License-Identifier: BSD-2-Clause */
/* Decompression of DEFLATE (RFC 1951) and gzip (RFC 1952) in memory. */
#ifndef VMM_INFLATE_H
#define VMM_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Unpacks one gzip member at IN (trailing bytes are ignored) into OUT, at most
 * ROOM bytes. Returns null and *size = bytes written, or what is wrong (a
 * constant string); never reads or writes outside the two buffers.
 */
const char *gunzip(const uint8_t *in, size_t in_size, uint8_t *out, size_t room, size_t *size);

/* The one message of gunzip that more room would cure. */
extern const char gunzip_no_room[];

#endif
