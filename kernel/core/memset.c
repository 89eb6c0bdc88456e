/* SPDX-License-Identifier: BSD-2-Clause */
/* The one library function that the compiler may call: zeroing. */
#include "types.h"

void *memset(void *to, int byte, size_t bytes);

/* Without the attribute the compiler would see a memset here and call itself. */
__attribute__((optimize("no-tree-loop-distribute-patterns")))
void *memset(void *to, int byte, size_t bytes)
{
	uint64_t word = 0x0101010101010101ul * (uint8_t)byte;
	char *at = to;

	while (bytes > 0 && !aligned((uintptr_t)at, sizeof(word))) {
		*at++ = (char)byte;
		bytes--;
	}
	/* A page is the longest piece that is zeroed without a look at interrupts. */
	for (; bytes >= 8 * sizeof(word); bytes -= 8 * sizeof(word), at += 8 * sizeof(word)) {
		uint64_t *to8 = (void *)at;

		to8[0] = to8[1] = to8[2] = to8[3] = word;
		to8[4] = to8[5] = to8[6] = to8[7] = word;
	}
	while (bytes-- > 0)
		*at++ = (char)byte;
	return to;
}
