/* SPDX-License-Identifier: BSD-2-Clause */
/* Decompression of gzip files (RFC 1952) in memory. */
#ifndef VMM_GUNZIP_H
#define VMM_GUNZIP_H

#include <stddef.h>
#include <stdint.h>

/*
 * Unpacks one gzip member at IN (trailing bytes are ignored) into OUT, at most
 * ROOM bytes. Returns null and *size = bytes written, or what is wrong (a
 * constant string; inflate_no_room if more room would cure it). Never reads or
 * writes outside the two buffers.
 */
const char *gunzip(const uint8_t *in, size_t in_size, uint8_t *out, size_t room, size_t *size);

#endif
