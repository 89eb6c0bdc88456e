/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What generated stubs use: values into and out of a connection's buffer. The
 * other side can change the buffer at any time, so each byte is read once, into
 * memory of the reader's own, and judged there.
 */
#ifndef STUBS_WIRE_H
#define STUBS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The barrier keeps the compiler from reading shared memory a second time instead of the copy. */
static inline void wire_copy(void *to, const void *from, size_t bytes)
{
	memcpy(to, from, bytes);
	__asm__ volatile("" : : : "memory");
}

static inline void wire_put_bool(uint8_t *at, bool value)
{
	*at = value;
}

/* False: it is neither 0 nor 1. */
static inline bool wire_get_bool(bool *value, const uint8_t *at)
{
	uint8_t byte;

	wire_copy(&byte, at, 1);
	*value = byte == 1;
	return byte <= 1;
}

/* At most BOUND characters; the rest of the BOUND + 1 bytes becomes 0, so that nothing else leaks. */
static inline void wire_put_string(uint8_t *at, const char *text, size_t bound)
{
	size_t length = strnlen(text, bound);

	memcpy(at, text, length);
	memset(at + length, 0, bound + 1 - length);
}

/* TEXT has room for BOUND + 1 bytes. False: no NUL among them. */
static inline bool wire_get_string(char *text, const uint8_t *at, size_t bound)
{
	wire_copy(text, at, bound + 1);
	return memchr(text, 0, bound + 1) != NULL;
}

/* False: more than BOUND. */
static inline bool wire_get_count(size_t *count, const uint8_t *at, uint32_t bound)
{
	uint32_t value;

	wire_copy(&value, at, sizeof(value));
	*count = value;
	return value <= bound;
}

#endif
