/* SPDX-License-Identifier: BSD-2-Clause */
#include "checksum.h"

typedef unsigned __int128 wide;

/* 2^64 is 1 to the sum, as 2^16 is: the carries come in again at the bottom. */
static uint64_t narrow(wide sum)
{
	sum = (sum >> 64) + (uint64_t)sum;
	return (uint64_t)(sum >> 64) + (uint64_t)sum;
}

typedef uint16_t __attribute__((may_alias)) half;
typedef uint64_t __attribute__((may_alias)) word;

/* Of any alignment, and what is left at the end. */
static wide add_bytes(wide sum, const uint8_t *at, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		sum += (uint64_t)at[i] << 8 * (i % 2);
	return sum;
}

uint64_t checksum_add(uint64_t start, const uint8_t *at, size_t bytes)
{
	wide sum = start;
	const word *w;

	if ((uintptr_t)at % 2)
		return narrow(add_bytes(sum, at, bytes));
	for (; bytes >= 2 && (uintptr_t)at % 8; bytes -= 2, at += 2)
		sum += *(const half *)(const void *)at;
	for (w = (const void *)at; bytes >= 64; bytes -= 64, w += 8) {
		sum += w[0], sum += w[1], sum += w[2], sum += w[3];
		sum += w[4], sum += w[5], sum += w[6], sum += w[7];
	}
	for (; bytes >= 8; bytes -= 8)
		sum += *w++;
	return narrow(add_bytes(sum, (const uint8_t *)w, bytes));
}

uint64_t checksum_add16(uint64_t sum, uint16_t value)
{
	return narrow((wide)sum + __builtin_bswap16(value));
}

uint16_t checksum_fold(uint64_t sum)
{
	sum = (sum >> 32) + (uint32_t)sum;
	while (sum >> 16)
		sum = (sum >> 16) + (uint16_t)sum;
	return (uint16_t)sum;
}
