/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A random bit generator on the ChaCha20 block function (RFC 8439, 2.3), with
 * the key replaced after every request (fast key erasure). How good the numbers
 * are depends on what it is given alone.
 */
#include "skerry/entropy.h"

#include <string.h>

static uint32_t rotate(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static void quarter(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 7);
}

static void chacha_block(const uint32_t key[8], uint64_t counter, uint32_t out[16])
{
	uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };

	memcpy(in + 4, key, 32);
	in[12] = (uint32_t)counter;
	in[13] = (uint32_t)(counter >> 32);
	memcpy(out, in, sizeof(in));
	for (unsigned i = 0; i < 10; i++) {
		quarter(out, 0, 4, 8, 12);
		quarter(out, 1, 5, 9, 13);
		quarter(out, 2, 6, 10, 14);
		quarter(out, 3, 7, 11, 15);
		quarter(out, 0, 5, 10, 15);
		quarter(out, 1, 6, 11, 12);
		quarter(out, 2, 7, 8, 13);
		quarter(out, 3, 4, 9, 14);
	}
	for (unsigned i = 0; i < 16; i++)
		out[i] += in[i];
}

static void next_key(struct entropy *e)
{
	uint32_t block[16];

	chacha_block(e->key, e->block, block);
	memcpy(e->key, block, sizeof(e->key));
	e->block = 0;
}

void entropy_add(struct entropy *e, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;

	while (size > 0) {
		size_t part = size < sizeof(e->key) ? size : sizeof(e->key);
		uint32_t mix[8] = { 0 };

		memcpy(mix, from, part);
		for (unsigned i = 0; i < 8; i++)
			e->key[i] ^= mix[i];
		next_key(e);
		from += part;
		size -= part;
	}
}

void entropy_init(struct entropy *e, const void *seed, size_t size)
{
	memset(e, 0, sizeof(*e));
	entropy_add(e, seed, size);
}

void entropy_get(struct entropy *e, void *out, size_t size)
{
	uint8_t *to = out;

	while (size > 0) {
		uint32_t block[16];
		size_t part = size < sizeof(block) ? size : sizeof(block);

		chacha_block(e->key, ++e->block, block);
		memcpy(to, block, part);
		to += part;
		size -= part;
	}
	e->block++;
	next_key(e);
}
