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
	for (; bytes >= sizeof(word); bytes -= sizeof(word), at += sizeof(word))
		*(uint64_t *)(void *)at = word;
	while (bytes-- > 0)
		*at++ = (char)byte;
	return to;
}
