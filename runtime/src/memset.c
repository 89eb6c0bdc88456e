/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instead of musl's, which uses FP registers on AArch64: the first one would
 * make the kernel switch the FP state of whoever else uses it, a guest's say.
 */
#include <stdint.h>
#include <string.h>

typedef uint64_t __attribute__((may_alias)) word_t;

void *memset(void *at, int value, size_t length)
{
	unsigned char *p = at;
	uint64_t pattern = 0x0101010101010101ul * (unsigned char)value;

	for (; length && (uintptr_t)p % 16; length--)
		*p++ = (unsigned char)value;
	for (; length >= 64; length -= 64, p += 64) {
		word_t *w = (word_t *)(void *)p;

		w[0] = pattern, w[1] = pattern, w[2] = pattern, w[3] = pattern;
		w[4] = pattern, w[5] = pattern, w[6] = pattern, w[7] = pattern;
	}
	for (; length; length--)
		*p++ = (unsigned char)value;
	return at;
}
