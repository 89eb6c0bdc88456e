/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translation tables of the EL2 regime with E2H = 0: 4 KiB granule, 48 bits,
 * four levels. Reference: Arm ARM DDI 0487 (K.a), D8.3, "Translation table
 * descriptor formats".
 */
#ifndef BOOT_TABLES_H
#define BOOT_TABLES_H

#include <stdbool.h>
#include <stdint.h>

enum map_kind {
	MAP_LOADER, /* RWX: the loader's identity map */
	MAP_TEXT,   /* RX */
	MAP_CONST,  /* R */
	MAP_DATA,   /* RW */
	MAP_DEVICE, /* RW, Device-nGnRE */
};

/* Tables are reached at their physical addresses. */
struct tables {
	uint64_t *root;
	uint64_t next, end;  /* free pages for tables, filled with zeros */
	unsigned block_bits; /* largest block: 30 or 21 */
};

/*
 * Maps whole pages. What is already mapped stays as it is. False: no table page
 * is left, and a part may be mapped. Only invalid entries become valid, so no
 * TLB maintenance is due, only a barrier (tables_barrier) before the first use.
 */
bool tables_map(struct tables *t, uint64_t va, uint64_t pa, uint64_t size, enum map_kind kind);

#endif
