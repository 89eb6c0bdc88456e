/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What holds between any two calls: the invariants of the debug kernel (kernel/debug/check.h),
 * and what only the simulated machine can tell:
 *   - table walks see the tables as they are;
 *   - no TLB holds what the tables do not say, nor anything of a dead Space.
 */
#include "kit.h"

#include "check.h"

#include <stdlib.h>

void check_broken(const char *row, const char *what, const void *where)
{
	print_error("invariant %s does not hold: %s, at %p\n", row, what, where);
	fail();
	abort();
}

static void check_walkers(const pte_t *table, unsigned shift)
{
	HOLDS("M5", host_walkers_see(table, SK_PAGE), table);
	for (unsigned i = 0; i < 512 && shift > SK_PAGE_BITS; i++) {
		if (pte_valid(table[i]) && pte_is_table(table[i]))
			check_walkers(pa_to_va(pte_address(table[i])), shift - 9);
	}
}

/* What the tables say of an address, by software. */
static pte_t look_up(const struct space *space, uint64_t ipa, uint64_t *bytes)
{
	const pte_t *table = space->root;

	for (unsigned shift = 30;; shift -= 9) {
		pte_t pte = table[ipa >> shift & 511];

		if (!pte_valid(pte) || !pte_is_table(pte)) {
			*bytes = 1ul << shift;
			return pte;
		}
		table = pa_to_va(pte_address(pte));
	}
}

static struct space *space_of_vmid(unsigned vmid)
{
	for (unsigned i = 0; i < check_count(); i++) {
		struct space *space = container_of(check_object(i), struct space, o);

		if (space->o.type == SK_TYPE_SPACE && space->vmid == vmid)
			return space;
	}
	return NULL;
}

/* A linked line comes to the core that the vCPU is on. */
static void check_line(const struct irq *irq)
{
	uint64_t cap = slot_cap(&irq->target);

	if (CAP_TYPE(cap) == SK_TYPE_VCPU)
		HOLDS("V9", host_line_core(irq->line) == ((const struct vcpu *)CAP_OBJECT(cap))->o.home, irq);
}

static void check_translation(const struct host_translation *t)
{
	const struct space *space = space_of_vmid(t->vmid);
	uint64_t bytes;
	pte_t pte;

	HOLDS("M8", space != NULL, NULL);
	pte = look_up(space, t->ipa, &bytes);
	HOLDS("M6", pte_valid(pte) && pte_rights(pte) == t->rights && pte_address(pte).a == t->pa && bytes == t->bytes, space);
}

void kit_check(void)
{
	struct host_translation t;

	assert_true(check_all(root));
	for (unsigned i = 0; i < check_count(); i++) {
		const struct space *space = container_of(check_object(i), struct space, o);

		if (space->o.type == SK_TYPE_SPACE)
			check_walkers(space->root, 30);
		if (space->o.type == SK_TYPE_IRQ)
			check_line(container_of(check_object(i), struct irq, o));
	}
	for (unsigned c = 0; c < core_count; c++) {
		for (unsigned i = 0; host_tlb_entry(c, i, &t); i++)
			check_translation(&t);
	}
}
