/* SPDX-License-Identifier: BSD-2-Clause */
/* A Space: its memory capabilities, its free tables, and what its tables map. */
#include "check.h"

#include "space.h"

static void check_list(const struct space *space)
{
	const struct slot *before = NULL;

	for (const struct slot *at = ref_to(space->mapped); at; at = ref_to(at->map_next)) {
		HOLDS("M1", CAP_TYPE(slot_cap(at)) == SK_TYPE_MEMORY, at);
		HOLDS("M1", ref_to(at->space) == space, at);
		HOLDS("M1", ref_to(at->map_prev) == before, at);
		before = at;
	}
}

static void check_free(const struct space *space)
{
	const uint64_t *table = ref_to(space->tables);
	uint32_t count = 0;

	/* (the contents of the next one only: it would be most of the work) */
	for (unsigned i = 1; table && i < 512; i++)
		HOLDS("M9", table[i] == 0, table);
	for (; table; table = ref_to((ref_t)table[0]))
		HOLDS("M9", ++count <= space->free_tables, space);
	HOLDS("M9", count == space->free_tables, space);
}

/* The first from m on that is bound where this is mapped, and has the rights. */
static const struct slot *accounts_for(const struct slot *m, uint64_t ipa, uint64_t bytes, pte_t pte)
{
	for (; m; m = ref_to(m->map_next)) {
		uint64_t offset = ipa - m->ipa, size = (uint64_t)m->pages << SK_PAGE_BITS;
		unsigned rights = CAP_RIGHTS(slot_cap(m));

		if (rights & SK_RIGHT_EXEC)
			rights |= SK_RIGHT_READ; /* where the hardware has no execute-only pages */
		if (offset < size && bytes <= size - offset && slot_base(m).a + offset == pte_address(pte).a &&
		    (pte_rights(pte) & ~rights) == 0)
			return m;
	}
	return NULL;
}

/* `last` accounted for the entry before: most likely for this one, too. */
static const struct slot *check_leaf(const struct space *space, const struct slot *last, uint64_t ipa, unsigned shift, pte_t pte)
{
	const struct slot *m = last ? accounts_for(last, ipa, 1ul << shift, pte) : NULL;

	if (!m)
		m = accounts_for(ref_to(space->mapped), ipa, 1ul << shift, pte);
	HOLDS("M2", m != NULL, space);
	return m;
}

static void check_pages(const struct space *space, const pte_t *table, uint64_t ipa)
{
	const struct slot *last = NULL;

	for (unsigned i = 0; i < 512; i++, ipa += SK_PAGE) {
		if (pte_valid(table[i]))
			last = check_leaf(space, last, ipa, SK_PAGE_BITS, table[i]);
	}
}

static void check_blocks(const struct space *space, const pte_t *table, uint64_t ipa)
{
	const struct slot *last = NULL;

	for (unsigned i = 0; i < 512; i++, ipa += SK_BLOCK) {
		if (!pte_valid(table[i]))
			continue;
		if (pte_is_table(table[i]))
			check_pages(space, pa_to_va(pte_address(table[i])), ipa);
		else
			last = check_leaf(space, last, ipa, SK_PAGE_BITS + 9, table[i]);
	}
}

void check_space(const struct space *space)
{
	check_list(space);
	check_free(space);
	for (uint64_t i = 0; i < 512; i++) {
		pte_t pte = space->root[i];

		if (!pte_valid(pte))
			continue;
		HOLDS("M2", pte_is_table(pte), space);
		check_blocks(space, pa_to_va(pte_address(pte)), i << (SK_PAGE_BITS + 18));
	}
}
