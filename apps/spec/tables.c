/* SPDX-License-Identifier: BSD-2-Clause */
#include "tables.h"

#include <stddef.h>
#include <string.h>
#include "abi/skerry.h"

#define BLOCK_BITS 21
#define GIGA_BITS  30

/* One bit for each 2 MiB that needs a table of pages, and each 1 GiB that needs a table of blocks. */
static uint64_t pages[1ul << (SK_IPA_BITS - BLOCK_BITS - 6)];
static uint64_t blocks[1ul << (SK_IPA_BITS - GIGA_BITS - 6)];

static void set(uint64_t *map, uint64_t bit)
{
	map[bit / 64] |= 1ul << (bit % 64);
}

static uint32_t ones(const uint64_t *map, size_t words)
{
	uint32_t n = 0;

	for (size_t i = 0; i < words; i++) {
		for (uint64_t rest = map[i]; rest; rest &= rest - 1)
			n++;
	}
	return n;
}

void tables_reset(void)
{
	memset(pages, 0, sizeof(pages));
	memset(blocks, 0, sizeof(blocks));
}

void tables_add(uint64_t ipa, uint64_t pa, uint64_t bytes)
{
	uint64_t end = ipa + bytes;

	for (uint64_t at = ipa, next; at < end; at = next) {
		next = (at | (SK_BLOCK - 1)) + 1;
		set(blocks, at >> GIGA_BITS);
		if (at % SK_BLOCK || next > end || (ipa ^ pa) % SK_BLOCK)
			set(pages, at >> BLOCK_BITS);
	}
}

uint32_t tables_count(void)
{
	return ones(pages, sizeof(pages) / sizeof(pages[0])) + ones(blocks, sizeof(blocks) / sizeof(blocks[0]));
}
