/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reference
 *   [ARM] Arm ARM DDI 0487 K.a, D8.2 (translation process), D24.2.195 TCR_EL1
 *
 * All three granules; 52-bit addresses (FEAT_LPA, FEAT_LPA2, FEAT_LVA) are
 * refused: the ID registers that guests see do not offer them.
 */
#include "arch/aarch64/stage1.h"

#define SCTLR_M  1ul
#define TCR_DS   (1ul << 59)
#define IPS_52   6ul
#define OUTPUT   0x0000fffffffff000ul

struct regime {
	uint64_t table;
	unsigned size;     /* TxSZ */
	unsigned page;     /* log2 of the granule; 0: reserved value */
	bool disabled;     /* EPDx */
	bool ignore_top;   /* TBIx */
};

static struct regime choose(const struct stage1 *s, bool upper)
{
	static const uint8_t granule0[4] = { 12, 16, 14, 0 }, granule1[4] = { 0, 14, 12, 16 };

	if (upper)
		return (struct regime){ s->ttbr1, s->tcr >> 16 & 63, granule1[s->tcr >> 30 & 3],
					s->tcr >> 23 & 1, s->tcr >> 38 & 1 };
	return (struct regime){ s->ttbr0, s->tcr & 63, granule0[s->tcr >> 14 & 3], s->tcr >> 7 & 1,
				s->tcr >> 37 & 1 };
}

/* All bits between the translated ones and the top (or the tag) equal bit 55. */
static bool canonical(uint64_t address, unsigned bits, bool ignore_top)
{
	unsigned top = ignore_top ? 56 : 64;
	uint64_t between = (address >> bits) & ((1ul << (top - bits)) - 1);

	return between == (address >> 55 & 1 ? (1ul << (top - bits)) - 1 : 0);
}

static bool block_allowed(unsigned page, unsigned level)
{
	return level == 2 || (level == 1 && page == 12);
}

static const char *walk(const struct guest_ram *ram, const struct regime *r, uint64_t address, gpa_t *at)
{
	unsigned bits = 64 - r->size, stride = r->page - 3;
	unsigned level = 4 - (bits - r->page + stride - 1) / stride;
	unsigned shift = r->page + (3 - level) * stride;
	uint64_t index = (address & ((1ul << bits) - 1)) >> shift;
	uint64_t table = r->table & OUTPUT & ~((8ul << (bits - shift)) - 1);

	for (;; level++, shift -= stride) {
		const uint64_t *entry = ram_at(ram, gpa(table + 8 * index), 8);

		if (!entry)
			return "a translation table lies outside RAM";
		uint64_t descriptor = __atomic_load_n(entry, __ATOMIC_RELAXED);
		bool bit1 = descriptor & 2;
		if (!(descriptor & 1) || (level == 3 && !bit1) || (!bit1 && !block_allowed(r->page, level)))
			return "no valid translation";
		if (level == 3 || !bit1) {
			uint64_t below = (1ul << shift) - 1;

			*at = gpa((descriptor & OUTPUT & ~below) | (address & below));
			return 0;
		}
		table = descriptor & OUTPUT & ~((1ul << r->page) - 1);
		index = address >> (shift - stride) & ((1ul << stride) - 1);
	}
}

const char *stage1_translate(const struct guest_ram *ram, const struct stage1 *s, uint64_t address, gpa_t *at)
{
	if (!(s->sctlr & SCTLR_M)) {
		*at = gpa(address & ((1ul << 56) - 1));
		return 0;
	}
	struct regime r = choose(s, address >> 55 & 1);
	if (r.disabled)
		return "translation tables disabled";
	if ((s->tcr & TCR_DS) || (r.page == 16 && (s->tcr >> 32 & 7) == IPS_52))
		return "52-bit addresses are not supported";
	if (r.page == 0 || r.size < 16 || r.size > 39)
		return "unsupported translation settings in TCR_EL1";
	if (!canonical(address, 64 - r.size, r.ignore_top))
		return "the address lies in no translated range";
	return walk(ram, &r, address, at);
}
