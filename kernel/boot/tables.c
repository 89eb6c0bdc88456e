/* SPDX-License-Identifier: BSD-2-Clause */
#include "tables.h"

#define VALID      1ul
#define TABLE      3ul /* also: page, at the last level */
#define ATTR(n)    ((uint64_t)(n) << 2) /* index in MAIR_EL2: 0 Normal write-back, 1 Device-nGnRE */
#define AP_RES1    (1ul << 6)           /* AP[1], at a regime with one exception level */
#define READ_ONLY  (1ul << 7)
#define INNER      (3ul << 8)
#define ACCESSED   (1ul << 10)
#define NO_EXECUTE (1ul << 54)
#define ADDRESS    0x0000fffffffff000ul

static uint64_t attributes(enum map_kind kind)
{
	const uint64_t normal = ATTR(0) | AP_RES1 | INNER | ACCESSED;

	switch (kind) {
	case MAP_TEXT:
		return normal | READ_ONLY;
	case MAP_CONST:
		return normal | READ_ONLY | NO_EXECUTE;
	case MAP_DATA:
		return normal | NO_EXECUTE;
	case MAP_DEVICE:
		return ATTR(1) | AP_RES1 | ACCESSED | NO_EXECUTE;
	case MAP_LOADER:
		break;
	}
	return normal;
}

static uint64_t *below(struct tables *t, uint64_t *entry)
{
	if (!(*entry & VALID)) {
		if (t->next == t->end)
			return 0;
		*entry = t->next | TABLE;
		t->next += 4096;
	}
	return (uint64_t *)(uintptr_t)(*entry & ADDRESS);
}

/*
 * Maps as much from va on as one entry can, size bytes at most. Returns the
 * bytes that are dealt with, 0 without a table page.
 */
static uint64_t map_one(struct tables *t, uint64_t va, uint64_t pa, uint64_t size, uint64_t attr)
{
	uint64_t *table = t->root;

	for (unsigned bits = 39;; bits -= 9) {
		uint64_t *entry = &table[va >> bits & 511], span = 1ul << bits;
		bool block = bits <= t->block_bits && ((va | pa) & (span - 1)) == 0 && size >= span;
		bool leaf = bits == 12 || (*entry & TABLE) == VALID;

		if (!(*entry & VALID) && (block || leaf))
			*entry = pa | attr | (bits == 12 ? TABLE : VALID);
		else if (!leaf) {
			table = below(t, entry);
			if (!table)
				return 0;
			continue;
		}
		return span - (va & (span - 1));
	}
}

bool tables_map(struct tables *t, uint64_t va, uint64_t pa, uint64_t size, enum map_kind kind)
{
	uint64_t attr = attributes(kind);

	while (size) {
		uint64_t done = map_one(t, va, pa, size, attr);

		if (!done)
			return false;
		if (done > size)
			done = size;
		va += done;
		pa += done;
		size -= done;
	}
	return true;
}
