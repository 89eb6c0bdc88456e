/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Free slots of a cnode, for those who make capabilities. A bitmap (1 = taken)
 * of the owner's; next fit. For one thread.
 */
#ifndef SKERRY_SLOTS_H
#define SKERRY_SLOTS_H

#include <stddef.h>
#include <stdint.h>

struct sk_slots {
	uint64_t *map;
	uint32_t first, count;  /* slots first .. first + count - 1 */
	uint32_t next;          /* where the search begins, relative to first */
	uint32_t free;
};

#define SK_SLOTS_WORDS(count) (((count) + 63) / 64)

/* MAP: SK_SLOTS_WORDS(count) words, which this zeroes. FIRST > 0. */
void sk_slots_init(struct sk_slots *s, uint64_t *map, uint32_t first, uint32_t count);

/* N slots in a row; the first one's number, 0 if there are not so many. */
uint32_t sk_slots_take(struct sk_slots *s, uint32_t n);

/* Gives N slots from SLOT back (which the caller has emptied). Ones that are free or outside are left. */
void sk_slots_give(struct sk_slots *s, uint32_t slot, uint32_t n);

#endif
