/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Internet checksum (RFC 1071): the ones' complement sum of 16-bit words. Sums are kept in
 * memory order, which 1.2.B allows: bytes are never swapped.
 */
#ifndef NET_CHECKSUM_H
#define NET_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Adds BYTES at AT, of any alignment, to SUM. All but the last stretch that is summed have an even length. */
uint64_t checksum_add(uint64_t sum, const uint8_t *at, size_t bytes);

/* Adds VALUE, a number of this machine's, as it stands on the wire. */
uint64_t checksum_add16(uint64_t sum, uint16_t value);

/* The sum folded to 16 bits, not inverted. */
uint16_t checksum_fold(uint64_t sum);

#endif
