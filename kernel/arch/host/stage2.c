/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translation. Table walks read a copy of the window that is brought up to date
 * by barriers only; a TLB keeps what a walk found until it is told to drop it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "core.h"
#include "entry.h"
#include "machine.h"
#include "simulation.h"
#include "space.h"

enum { TLB_ENTRIES = 16384, ICACHE_LINES = 64 };

struct host_tlb {
	unsigned count;
	struct host_translation entry[TLB_ENTRIES];
	unsigned lines;             /* instruction cache: the oldest goes */
	struct { uint64_t pa, value; } line[ICACHE_LINES];
};

static char *walkers_view;

void host_tlb_init(struct core *core)
{
	if (!walkers_view)
		walkers_view = calloc(1, HOST_WINDOW);
	core->arch.tlb = calloc(1, sizeof(*core->arch.tlb));
	if (!walkers_view || !core->arch.tlb)
		abort();
}

void host_tlb_end(void)
{
	for (unsigned i = 0; i < core_count; i++)
		free(cores[i].arch.tlb);
	free(walkers_view);
}

void arch_space_set(struct space *space)
{
	(void)space;
}

void arch_space_load(struct core *core, struct space *space)
{
	core->space = space;
	core->arch.vmid = space ? space->vmid : 0;
	core->arch.root_pa = core->arch.vmid ? space->root_pa.a : 0;
}

static void barrier(void)
{
	if (!(host.omit & HOST_OMIT_PUBLISH))
		memcpy(walkers_view, (void *)host_window, HOST_WINDOW);
}

void arch_space_publish(bool executable)
{
	barrier();
	if (!executable || (host.omit & HOST_OMIT_ICACHE))
		return;
	for (unsigned i = 0; i < core_count; i++) {
		if (cores[i].arch.tlb)
			cores[i].arch.tlb->lines = 0;
	}
}

static void drop(struct host_tlb *tlb, unsigned vmid, uint64_t ipa, uint64_t bytes)
{
	for (unsigned i = 0; i < tlb->count;) {
		struct host_translation *t = &tlb->entry[i];

		if (t->vmid == vmid && t->ipa < ipa + bytes && ipa < t->ipa + t->bytes)
			*t = tlb->entry[--tlb->count];
		else
			i++;
	}
}

static void flush(unsigned vmid, uint64_t ipa, uint64_t bytes)
{
	barrier();
	if (host.omit & HOST_OMIT_FLUSH)
		return;
	for (unsigned i = 0; i < core_count; i++) {
		if (cores[i].arch.tlb) /* it has started */
			drop(cores[i].arch.tlb, vmid, ipa, bytes);
	}
}

void arch_space_flush(const struct space *space, ipa_t ipa, uint64_t pages)
{
	flush(space->vmid, ipa.a, pages << SK_PAGE_BITS);
}

void arch_vmid_flush(unsigned vmid)
{
	flush(vmid, 0, 1ul << SK_IPA_BITS);
}

/* --- what user level does ------------------------------------------------------ */

static pte_t entry_at(uint64_t table, uint64_t index)
{
	pte_t pte;

	if (table - HOST_WINDOW_PA >= HOST_WINDOW) {
		fprintf(stderr, "host machine: table walk at %#lx, outside the window\n", table);
		abort();
	}
	memcpy(&pte, walkers_view + (table - HOST_WINDOW_PA) + index * sizeof(pte), sizeof(pte));
	return pte;
}

struct host_translation host_walk(uint64_t root_pa, uint64_t ipa)
{
	uint64_t table = root_pa;

	for (unsigned shift = 30;; shift -= 9) {
		pte_t pte = entry_at(table, ipa >> shift & 0x1ff);
		struct host_translation t = { .ipa = ipa >> shift << shift, .bytes = 1ul << shift };

		if (pte_valid(pte) && pte_is_table(pte)) {
			table = pte_address(pte).a;
			continue;
		}
		if (pte_valid(pte)) {
			t.rights = pte_rights(pte);
			t.pa = pte_address(pte).a;
		}
		return t;
	}
}

static bool walk(const struct core *core, uint64_t ipa, struct host_translation *t)
{
	if (!core->arch.root_pa || ipa >> SK_IPA_BITS)
		return false;
	*t = host_walk(core->arch.root_pa, ipa);
	t->vmid = core->arch.vmid;
	return t->rights != 0;
}

/* Before anything else user level fetches an instruction: without a VMID that fails. */
static void fetch(struct core *core)
{
	struct core *before = host_switch(core->number);

	host_trap(core);
	kernel_fetch(core);
	host_resume(core);
	host_switch(before->number);
}

unsigned host_translate(unsigned number, uint64_t ipa, uint64_t *pa)
{
	struct core *core = &cores[number];
	struct host_tlb *tlb = core->arch.tlb;
	struct host_translation t, *found = NULL;

	if (core->current && !core->arch.vmid)
		fetch(core);
	for (unsigned i = 0; i < tlb->count && !found; i++) {
		struct host_translation *e = &tlb->entry[i];

		if (e->vmid == core->arch.vmid && core->arch.vmid && ipa - e->ipa < e->bytes)
			found = e;
	}
	if (!found) {
		if (!walk(core, ipa, &t))
			return 0;
		found = &tlb->entry[tlb->count < TLB_ENTRIES ? tlb->count++ : 0];
		*found = t;
	}
	*pa = found->pa + (ipa - found->ipa);
	return found->rights;
}

bool host_walkers_see(const void *at, size_t bytes)
{
	return memcmp(at, walkers_view + ((uintptr_t)at - host_window), bytes) == 0;
}

bool host_tlb_entry(unsigned core, unsigned n, struct host_translation *out)
{
	const struct host_tlb *tlb = cores[core].arch.tlb;

	if (n >= tlb->count)
		return false;
	*out = tlb->entry[n];
	return true;
}

static uint64_t *reach(unsigned core, uint64_t ipa, unsigned right, uint64_t *pa)
{
	uint64_t *at;

	if (!(host_translate(core, ipa, pa) & right))
		return NULL;
	at = host_memory(*pa);
	if (!at) {
		fprintf(stderr, "host machine: user level reaches physical address %#lx\n", *pa);
		abort();
	}
	return at;
}

bool host_load(unsigned core, uint64_t ipa, uint64_t *value)
{
	uint64_t pa, *at = reach(core, ipa, SK_RIGHT_READ, &pa);

	if (at)
		*value = *at;
	return at != NULL;
}

bool host_store(unsigned core, uint64_t ipa, uint64_t value)
{
	uint64_t pa, *at = reach(core, ipa, SK_RIGHT_WRITE, &pa);

	if (at)
		*at = value;
	return at != NULL;
}

bool host_fetch(unsigned core, uint64_t ipa, uint64_t *value)
{
	struct host_tlb *tlb = cores[core].arch.tlb;
	uint64_t pa, *at = reach(core, ipa, SK_RIGHT_EXEC, &pa);
	unsigned n;

	if (!at)
		return false;
	for (unsigned i = 0; i < tlb->lines && i < ICACHE_LINES; i++) {
		if (tlb->line[i].pa == pa) {
			*value = tlb->line[i].value;
			return true;
		}
	}
	n = tlb->lines++ % ICACHE_LINES;
	tlb->line[n].pa = pa;
	tlb->line[n].value = *value = *at;
	return true;
}
