/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#define INDEX_BITS 9u
#define ENTRIES    (1u << INDEX_BITS)

/* Levels count from the leaf: 0 = 4 KiB pages, 1 = 2 MiB, 2 = 1 GiB. */
#define LEVEL_SHIFT(level) (SK_PAGE_BITS + INDEX_BITS * (level))
#define LEVEL_BYTES(level) (1ul << LEVEL_SHIFT(level))

_Atomic uint32_t space_changes;

/* Whose a VMID is. 0 belongs to nobody: it is in force where no Space is. */
static struct space *vmid_of[ARCH_VMIDS];
static unsigned vmid_turn;      /* the last that was given away */

static bool loaded(const struct space *space)
{
	for (unsigned i = 0; i < core_count; i++) {
		if (cores[i].space == space)
			return true;
	}
	return false;
}

/* The next free VMID, or the next whose Space is not pinned and loaded nowhere (a glance: it may be by now). */
static unsigned vmid_choose(void)
{
	unsigned turn = vmid_turn, found = 0;

	for (unsigned n = 1; n < ARCH_VMIDS; n++) {
		turn = turn % (ARCH_VMIDS - 1) + 1;
		if (!vmid_of[turn])
			return turn;
		if (!found && !vmid_of[turn]->pin && !loaded(vmid_of[turn]))
			found = turn;
	}
	return found;
}

/*
 * Nobody may use translations of the VMID any more when it gets a new Space: the
 * old one loads as empty from now on, each core that has it loaded drops it, and
 * then the TLBs forget it.
 */
static void vmid_take(struct core *core, unsigned vmid)
{
	struct space *old = vmid_of[vmid];

	old->vmid = 0;
	arch_space_set(old);
	core_request_all(core, REQUEST_DROP_SPACE, old);
	arch_vmid_flush(vmid);
}

static COLD void vmid_give(struct core *core, struct space *space)
{
	unsigned vmid = vmid_choose();

	if (vmid_of[vmid])
		vmid_take(core, vmid);
	vmid_of[vmid] = space;
	vmid_turn = vmid;
	space->vmid = (uint16_t)vmid;
	arch_space_set(space);
}

COLD void space_tag(struct core *core, struct space *space)
{
	if (!space->vmid)
		vmid_give(core, space);
	arch_space_load(core, space);
}

static inline void *table_of(pte_t pte)
{
	void *table = pa_to_va(pte_address(pte));

	if (!table)
		__builtin_unreachable();
	return table;
}

/* An entry, which walkers read at any time. */
#define PTE(entry) (*(volatile pte_t *)(entry))

/* Adds zeroed pages to the free tables. */
static COLD void add_tables(struct space *space, void *at, uint64_t pages)
{
	for (uint64_t i = 0; i < pages; i++) {
		ref_t *page = (void *)((char *)at + (i << SK_PAGE_BITS));

		*page = space->tables;
		space->tables = ref_of(page);
	}
	space->free_tables += (uint32_t)pages;
}

COLD void space_init(void *object, uint64_t size, uint64_t attribute)
{
	struct space *space = object;

	space->kind = (uint8_t)attribute;
	space->root = (void *)((char *)object + ARCH_ROOT_BYTES);
	space->root_pa = va_to_pa(space->root);
	arch_space_set(space);
	add_tables(space, (char *)object + 2 * ARCH_ROOT_BYTES, size);
	arch_space_publish(false); /* the root's zeroes, before anybody walks what may have been a table there */
}

/* Takes a free table page, all zero. There is one. */
static pte_t *take_table(struct space *space)
{
	ref_t *page = ref_to(space->tables);

	space->tables = *page;
	space->free_tables--;
	*page = 0;
	return (pte_t *)(void *)page;
}

static unsigned index_of(ipa_t ipa, unsigned level)
{
	return (unsigned)(ipa.a >> LEVEL_SHIFT(level)) & (ENTRIES - 1);
}

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Bytes from ipa to the end of the area that one entry of LEVEL covers. */
static uint64_t bytes_to_edge(ipa_t ipa, unsigned level)
{
	return LEVEL_BYTES(level) - (ipa.a & (LEVEL_BYTES(level) - 1));
}

/* Where the tables lead for an address: to an entry that is no table, and its level. */
struct place {
	pte_t *entry;
	unsigned level;
};

static COLD struct place find(const struct space *space, ipa_t ipa)
{
	struct place p = { &space->root[index_of(ipa, 2)], 2 };
	pte_t pte;

	while (p.level > 0 && pte_is_table(pte = PTE(p.entry)))
		p = (struct place){ (pte_t *)table_of(pte) + index_of(ipa, p.level - 1), p.level - 1 };
	return p;
}

/* The page entry for ipa, null if no table of pages covers it: find, where it is hot. */
static inline __attribute__((always_inline)) pte_t *find_page(const struct space *space, ipa_t ipa)
{
	pte_t pte = PTE(&space->root[ipa.a >> LEVEL_SHIFT(2)]);

	if (!pte_valid(pte))
		return NULL;
	pte = PTE((pte_t *)table_of(pte) + index_of(ipa, 1));
	return pte_is_table(pte) ? (pte_t *)table_of(pte) + index_of(ipa, 0) : NULL;
}

/* A table below an empty entry, from a free page. */
static void descend(struct space *space, struct place *p, ipa_t ipa)
{
	pte_t *table = take_table(space);

	arch_space_publish(false); /* its zeroes before the entry that leads to them */
	PTE(p->entry) = pte_table(va_to_pa(table));
	p->entry = &table[index_of(ipa, --p->level)];
}

/* All but the single page: blocks if they fit, else pages, up to the end of their table or the first that is taken. */
static COLD status_t map_stretch(struct space *space, ipa_t ipa, paddr_t pa, uint64_t length, unsigned rights, unsigned cache,
				 uint64_t *bytes)
{
	struct place p = find(space, ipa);
	unsigned level = p.level > 0 && aligned(ipa.a | pa.a, SK_BLOCK) && length >= SK_BLOCK;
	uint64_t most = min64(length, bytes_to_edge(ipa, level + 1)), step = LEVEL_BYTES(level), done = 0;
	pte_t leaf = pte_leaf(pa, level > 0, rights, cache);

	if (pte_valid(PTE(p.entry)))
		return SK_MAPPED;
	if (p.level - level > space->free_tables)
		return SK_NO_TABLES;
	/* decoded */
	while (p.level > level)
		descend(space, &p, ipa);
	for (; most - done >= step && !pte_valid(PTE(p.entry)); done += step)
		PTE(p.entry++) = leaf + done;
	arch_space_publish((rights & SK_RIGHT_EXEC) != 0);
	*bytes = done;
	return SK_OK;
}

status_t space_map(struct space *space, ipa_t ipa, paddr_t pa, uint64_t length, unsigned rights, unsigned cache,
		   uint64_t *bytes)
{
	pte_t *entry = length == SK_PAGE ? find_page(space, ipa) : NULL;

	if (!entry)
		return map_stretch(space, ipa, pa, length, rights, cache, bytes);
	if (pte_valid(PTE(entry)))
		return SK_MAPPED;
	/* decoded */
	PTE(entry) = pte_leaf(pa, false, rights, cache);
	*bytes = SK_PAGE;
	arch_space_publish((rights & SK_RIGHT_EXEC) != 0);
	return SK_OK;
}

/* Whether a leaf maps just this address: what another capability mapped is left alone. */
static bool maps(pte_t pte, paddr_t pa)
{
	return pte_valid(pte) && pte_address(pte).a == pa.a;
}

bool space_unmap_page(struct space *space, ipa_t ipa, paddr_t pa)
{
	pte_t *entry = space->pin ? NULL : find_page(space, ipa);

	if (!entry)
		return false;
	if (!maps(PTE(entry), pa))
		return true;
	PTE(entry) = 0;
	arch_space_flush(space, ipa, 1);
	return true;
}

/*
 * Replaces a 2 MiB block by a table of the same pages: break before make.
 * Another core's fault in between is retried.
 */
static void split(struct space *space, pte_t *entry, ipa_t ipa)
{
	pte_t pte = PTE(entry);
	paddr_t pa = pte_address(pte);
	pte_t *table = take_table(space);

	for (unsigned i = 0; i < ENTRIES; i++, pa.a += SK_PAGE)
		table[i] = pte_leaf(pa, false, pte_rights(pte), pte_cache(pte));
	atomic_fetch_add_explicit(&space_changes, 1, memory_order_seq_cst); /* odd; pairs with space_fault_is_stale */
	PTE(entry) = 0;
	arch_space_flush(space, (ipa_t){ ipa.a & ~(SK_BLOCK - 1) }, SK_BLOCK >> SK_PAGE_BITS);
	PTE(entry) = pte_table(va_to_pa(table));
	arch_space_publish(false);
	atomic_fetch_add_explicit(&space_changes, 1, memory_order_seq_cst);
}

/* Whether `step` bytes at `offset` are a part (not all) of a block of the capability's own: it must be split. */
static COLD bool part_of_block(const struct slot *memory, pte_t pte, uint64_t offset, uint64_t step)
{
	uint64_t into = (memory->ipa + offset) & (SK_BLOCK - 1), start = offset - into;

	return step < SK_BLOCK && maps(pte, (paddr_t){ slot_base(memory).a + start }) && offset >= into &&
	       start + SK_BLOCK <= slot_bytes(memory);
}

/* From p on within its table, up to a table or what must be split: `done` bytes. Returns how many leaves it changed. */
static COLD unsigned change_table(struct place p, const struct slot *memory, uint64_t offset, uint64_t length, unsigned rights,
			     uint64_t *done)
{
	uint64_t most = min64(length, bytes_to_edge((ipa_t){ memory->ipa + offset }, p.level + 1)), step;
	unsigned hits = 0;

	for (*done = 0; *done < most; *done += step, offset += step, p.entry++) {
		paddr_t pa = { slot_base(memory).a + offset };
		pte_t pte = PTE(p.entry);

		step = min64(most - *done, bytes_to_edge((ipa_t){ memory->ipa + offset }, p.level));
		if (p.level > 0 && (pte_is_table(pte) || part_of_block(memory, pte, offset, step)))
			break;
		if (step < LEVEL_BYTES(p.level) || !maps(pte, pa))
			continue;
		PTE(p.entry) = rights ? pte_leaf(pa, p.level > 0, rights, pte_cache(pte)) : 0;
		hits++;
	}
	return hits;
}

COLD status_t space_change(struct space *space, const struct slot *memory, uint64_t offset, uint64_t length, unsigned rights,
			   uint64_t *bytes)
{
	ipa_t ipa = { memory->ipa + offset };
	struct place p = find(space, ipa);
	uint64_t done;
	unsigned hits = change_table(p, memory, offset, length, rights, &done);

	if (done == 0) {
		if (space->free_tables == 0)
			return SK_NO_TABLES;
		split(space, p.entry, ipa);
		hits = change_table(find(space, ipa), memory, offset, length, rights, &done);
	}
	if (hits == 0 && rights)
		return SK_NOT_MAPPED;
	if (hits)
		arch_space_flush(space, ipa, done >> SK_PAGE_BITS);
	if (rights & SK_RIGHT_EXEC)
		arch_space_publish(true);
	*bytes = done;
	return SK_OK;
}

COLD bool space_allows(const struct space *space, ipa_t ipa, unsigned access)
{
	pte_t pte = ipa.a >> SK_IPA_BITS ? 0 : PTE(find(space, ipa).entry);

	return pte_valid(pte) && (pte_rights(pte) & access) == access;
}

COLD bool space_fault_is_stale(struct core *core, struct space *space, ipa_t ipa, unsigned access)
{
	uint32_t now = atomic_load_explicit(&space_changes, memory_order_seq_cst);

	if (now == core->changes_seen)
		return false;
	if (now & 1)
		return true;
	core->changes_seen = now;
	return space_allows(space, ipa, access);
}

COLD status_t space_reap(struct core *core, void *object)
{
	struct space *space = object;

	for (unsigned n = 0; n < 16; n++) {
		if (space->mapped == 0) {
			core_request_all(core, REQUEST_DROP_SPACE, space);
			if (space->vmid) {
				arch_vmid_flush(space->vmid);
				vmid_of[space->vmid] = NULL;
				space->vmid = 0;
			}
			return SK_OK;
		}
		memory_forget(ref_to(space->mapped));
	}
	return STATUS_RESTART;
}

COLD status_t space_donate(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t pages = frame_word(f, 1);
	struct space *space = object;
	struct slot *from;
	paddr_t pa;
	status_t status = cap_lookup(thread, frame_word(f, 0), SK_TYPE_UNTYPED, SK_RIGHT_WRITE, &from);

	if (status != SK_OK)
		return status;
	if (pages == 0 || pages > SPACE_TABLES_MAX || !untyped_holds(from, space->root_pa))
		return SK_BAD_ARG;
	if (!untyped_fits(from, SK_PAGE, SK_PAGE, pages, &pa))
		return SK_NO_MEMORY;
	/* decoded */
	untyped_take(from, pa, pages << SK_PAGE_BITS);
	add_tables(space, pa_to_va(pa), pages);
	return SK_OK;
}

/* So many are pinned at most: there is always a VMID for who runs. */
#define PINS_MAX (ARCH_VMIDS / 2)

static unsigned pins;

COLD uint64_t space_pin_in(const struct slot *untyped)
{
	for (unsigned n = 1; pins && n < ARCH_VMIDS; n++) {
		if (vmid_of[n] && vmid_of[n]->pin && untyped_holds(untyped, vmid_of[n]->root_pa))
			return vmid_of[n]->pin;
	}
	return 0;
}

COLD void space_unpin(struct space *space)
{
	space->pin = 0;
	pins--;
	reap_unpinned();
}

COLD status_t space_pin(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t badge = frame_word(f, 3);
	struct slot *right, *holder, *to;
	struct space *space = object;
	status_t status = cap_lookup(thread, frame_word(f, 0), SK_TYPE_IOMMU, SK_RIGHT_WRITE, &right);

	if (status == SK_OK)
		status = cap_lookup(thread, frame_word(f, 1), SK_TYPE_CNODE, SK_RIGHT_WRITE, &holder);
	if (status != SK_OK)
		return status;
	to = cnode_slot(CAP_OBJECT(slot_cap(holder)), frame_word(f, 2));
	if (!to || badge == 0 || (badge & SK_WAITER))
		return SK_BAD_ARG;
	if (!slot_empty(to))
		return SK_OCCUPIED;
	if (space->pin || pins == PINS_MAX)
		return SK_BUSY;
	/* decoded */
	if (!space->vmid)
		vmid_give(core, space);
	space->pin = badge;
	pins++;
	slot_set(to, CAP(SK_TYPE_PIN, SK_RIGHTS_ALL, space, HOLD_CNODE), badge);
	slot_adopt(right, to);
	return SK_OK;
}

COLD status_t space_root(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	const struct space *space = object;

	frame_word(f, 0) = space->root_pa.a;
	frame_word(f, 1) = space->vmid;
	return SK_OK;
}
