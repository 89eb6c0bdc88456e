/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/slots.h"

#include <stdbool.h>
#include <string.h>

static bool taken(const struct sk_slots *s, uint32_t i)
{
	return s->map[i / 64] >> (i % 64) & 1;
}

void sk_slots_init(struct sk_slots *s, uint64_t *map, uint32_t first, uint32_t count)
{
	*s = (struct sk_slots){ map, first, count, 0, count };
	memset(map, 0, SK_SLOTS_WORDS((size_t)count) * sizeof(*map));
}

/* The first of N free ones in [from, to), or TO. */
static uint32_t search(const struct sk_slots *s, uint32_t from, uint32_t to, uint32_t n)
{
	uint32_t length = 0;

	for (uint32_t i = from; i < to; i++) {
		length = taken(s, i) ? 0 : length + 1;
		if (length == n)
			return i + 1 - n;
	}
	return to;
}

uint32_t sk_slots_take(struct sk_slots *s, uint32_t n)
{
	uint32_t at;

	if (n == 0 || n > s->free)
		return 0;
	at = search(s, s->next, s->count, n);
	if (at == s->count)
		at = search(s, 0, s->count, n);
	if (at == s->count)
		return 0;
	for (uint32_t i = at; i < at + n; i++)
		s->map[i / 64] |= 1ul << (i % 64);
	s->next = at + n;
	s->free -= n;
	return s->first + at;
}

void sk_slots_give(struct sk_slots *s, uint32_t slot, uint32_t n)
{
	for (uint32_t i = slot - s->first; n > 0 && i < s->count; i++, n--) {
		if (!taken(s, i))
			continue;
		s->map[i / 64] &= ~(1ul << (i % 64));
		s->free++;
	}
}
