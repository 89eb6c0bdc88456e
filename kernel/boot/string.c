/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * String functions. The loader copies images with memcpy, so it moves 32 bytes
 * a turn where both sides are aligned; the rest is for names and numbers.
 * Compiled so that the compiler doesn't turn these loops into calls of themselves.
 */
#include <stdint.h>
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if ((((uintptr_t)t | (uintptr_t)f) & 7) == 0) {
		uint64_t *tw = to;
		const uint64_t *fw = from;

		for (; bytes >= 32; bytes -= 32, tw += 4, fw += 4) {
			uint64_t a = fw[0], b = fw[1], c = fw[2], d = fw[3];

			tw[0] = a;
			tw[1] = b;
			tw[2] = c;
			tw[3] = d;
		}
		t = (unsigned char *)tw;
		f = (const unsigned char *)fw;
	}
	while (bytes--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if ((uintptr_t)t - (uintptr_t)f >= bytes)
		return memcpy(to, from, bytes);
	while (bytes--)
		t[bytes] = f[bytes];
	return to;
}

void *memset(void *to, int value, size_t bytes)
{
	unsigned char *t = to;

	while (bytes && ((uintptr_t)t & 7)) {
		*t++ = (unsigned char)value;
		bytes--;
	}
	for (; bytes >= 8; bytes -= 8, t += 8)
		*(uint64_t *)(void *)t = 0x0101010101010101ul * (unsigned char)value;
	while (bytes--)
		*t++ = (unsigned char)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
	const unsigned char *p = a, *q = b;

	for (; bytes; bytes--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

void *memchr(const void *in, int value, size_t bytes)
{
	const unsigned char *p = in;

	for (; bytes; bytes--, p++)
		if (*p == (unsigned char)value)
			return (void *)(uintptr_t)p;
	return NULL;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}

size_t strnlen(const char *text, size_t limit)
{
	size_t n = 0;

	while (n < limit && text[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t limit)
{
	while (limit && *a && *a == *b) {
		a++;
		b++;
		limit--;
	}
	return limit ? (unsigned char)*a - (unsigned char)*b : 0;
}

char *strchr(const char *text, int c)
{
	for (;; text++) {
		if (*text == (char)c)
			return (char *)(uintptr_t)text;
		if (!*text)
			return NULL;
	}
}

char *strrchr(const char *text, int c)
{
	const char *last = NULL;

	do {
		if (*text == (char)c)
			last = text;
	} while (*text++);
	return (char *)(uintptr_t)last;
}
