/* SPDX-License-Identifier: BSD-2-Clause */
/* Decompression of DEFLATE (RFC 1951) in memory. */
#ifndef VMM_INFLATE_H
#define VMM_INFLATE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Unpacks one stream. *in_size: bytes there are, then bytes that were used;
 * *out_size: room, then bytes written. Returns null, or what is wrong (a constant
 * string). Never reads or writes outside the two buffers. One thread at a time.
 */
const char *inflate(const uint8_t *in, size_t *in_size, uint8_t *out, size_t *out_size);

/* Two of the messages. */
extern const char inflate_no_room[], inflate_truncated[];

#endif
