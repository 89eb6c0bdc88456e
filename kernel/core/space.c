/* SPDX-License-Identifier: BSD-2-Clause */
#include "space.h"

#include "arch.h"
#include "core.h"
#include "cnode.h"
#include "memory.h"
#include "reap.h"
#include "thread.h"
#include "untyped.h"

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

static pte_t pte_read(const pte_t *entry)
{
	return *(const volatile pte_t *)entry;
}

static void pte_write(pte_t *entry, pte_t value)
{
	*(volatile pte_t *)entry = value;
}

COLD void space_add_tables(struct space *space, void *at, uint64_t pages)
{
	for (uint64_t i = 0; i < pages; i++) {
		ref_t *page = (void *)((char *)at + (i << SK_PAGE_BITS));

		*page = space->tables;
		space->tables = ref_of(page);
	}
	space->free_tables += (uint32_t)pages;
}

COLD void space_init(void *at, enum sk_space_kind kind, uint64_t pages)
{
	struct space *space = at;

	object_init(&space->o, SK_TYPE_SPACE, 0);
	space->kind = (uint8_t)kind;
	space->root = (void *)((char *)at + ARCH_ROOT_BYTES);
	space->root_pa = va_to_pa(space->root);
	arch_space_set(space);
	space_add_tables(space, (char *)at + 2 * ARCH_ROOT_BYTES, pages);
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

/* The level-1 table (2 MiB entries) that covers ipa, null if there is none. */
static inline pte_t *find_middle(struct space *space, ipa_t ipa)
{
	pte_t pte = pte_read(&space->root[ipa.a >> LEVEL_SHIFT(2)]);

	return pte_valid(pte) ? table_of(pte) : NULL;
}

/* The page entry for ipa, null if no table of pages covers it. */
static inline __attribute__((always_inline)) pte_t *find_page(struct space *space, ipa_t ipa)
{
	pte_t *middle = find_middle(space, ipa);
	pte_t pte = middle ? pte_read(&middle[index_of(ipa, 1)]) : 0;

	return pte_is_table(pte) ? (pte_t *)table_of(pte) + index_of(ipa, 0) : NULL;
}

/* How many entries from `entry` on are empty, at most `most`. */
static uint64_t count_empty(const pte_t *entry, uint64_t most)
{
	uint64_t n = 0;

	while (n < most && !pte_valid(pte_read(&entry[n])))
		n++;
	return n;
}

/* A stretch of entries that one call fills. */
struct stretch {
	pte_t *entry;           /* the first; null: its tables are to be made */
	uint64_t bytes;
	bool block;             /* blocks of 2 MiB, else pages */
};

/* Where no table of pages is yet: blocks, or pages in tables to be made. */
static status_t check_large(struct space *space, ipa_t ipa, paddr_t pa, uint64_t length, struct stretch *s)
{
	pte_t *middle = find_middle(space, ipa);
	pte_t *entry = middle ? &middle[index_of(ipa, 1)] : NULL;
	unsigned needed = middle ? 0 : 1;

	if (entry && pte_valid(pte_read(entry)))
		return SK_MAPPED;
	s->block = aligned(ipa.a | pa.a, SK_BLOCK) && length >= SK_BLOCK;
	if (s->block) {
		uint64_t most = min64(length, bytes_to_edge(ipa, 2)) / SK_BLOCK;

		s->entry = entry;
		s->bytes = (entry ? count_empty(entry, most) : most) * SK_BLOCK;
	} else {
		s->entry = NULL;
		s->bytes = min64(length, bytes_to_edge(ipa, 1));
		needed++;
	}
	return needed <= space->free_tables ? SK_OK : SK_NO_TABLES;
}

/* How much can be mapped by one call. Changes nothing. */
static status_t check(struct space *space, ipa_t ipa, paddr_t pa, uint64_t length, struct stretch *s)
{
	pte_t *entry = find_page(space, ipa);
	uint64_t pages;

	if (!entry)
		return check_large(space, ipa, pa, length, s);
	pages = count_empty(entry, min64(length, bytes_to_edge(ipa, 1)) >> SK_PAGE_BITS);
	if (pages == 0)
		return SK_MAPPED;
	*s = (struct stretch){ .entry = entry, .bytes = pages << SK_PAGE_BITS };
	return SK_OK;
}

/* The table below an entry, made from a free page if there is none. */
static pte_t *descend(struct space *space, pte_t *entry)
{
	pte_t pte = pte_read(entry);

	if (!pte_valid(pte)) {
		pte_t *table = take_table(space);

		arch_space_publish(false); /* its zeroes before the entry that leads to them */
		pte_write(entry, pte_table(va_to_pa(table)));
		return table;
	}
	return table_of(pte);
}

static pte_t *make_tables(struct space *space, ipa_t ipa, bool block)
{
	pte_t *table = descend(space, &space->root[ipa.a >> LEVEL_SHIFT(2)]);

	if (block)
		return &table[index_of(ipa, 1)];
	return &descend(space, &table[index_of(ipa, 1)])[index_of(ipa, 0)];
}

/* All but the single page. */
static COLD status_t map_stretch(struct space *space, ipa_t ipa, paddr_t pa, uint64_t length, unsigned rights, unsigned cache,
				 uint64_t *bytes)
{
	struct stretch s;
	status_t status = check(space, ipa, pa, length, &s);
	pte_t *entry, leaf;

	if (status != SK_OK)
		return status;
	/* decoded */
	entry = s.entry ? s.entry : make_tables(space, ipa, s.block);
	leaf = pte_leaf(pa, s.block, rights, cache);
	for (pte_t end = leaf + s.bytes; leaf != end; leaf += s.block ? SK_BLOCK : SK_PAGE)
		pte_write(entry++, leaf);
	arch_space_publish((rights & SK_RIGHT_EXEC) != 0);
	*bytes = s.bytes;
	return SK_OK;
}

status_t space_map(struct space *space, ipa_t ipa, paddr_t pa, uint64_t length, unsigned rights, unsigned cache,
		   uint64_t *bytes)
{
	pte_t *entry = length == SK_PAGE ? find_page(space, ipa) : NULL;

	if (!entry)
		return map_stretch(space, ipa, pa, length, rights, cache, bytes);
	if (pte_valid(pte_read(entry)))
		return SK_MAPPED;
	/* decoded */
	pte_write(entry, pte_leaf(pa, false, rights, cache));
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
	if (!maps(pte_read(entry), pa))
		return true;
	pte_write(entry, 0);
	arch_space_flush(space, ipa, 1);
	return true;
}

/* Applies a change to one leaf that maps `pa`. Returns 1 if it does. */
static unsigned change_leaf(pte_t *entry, const struct space_change *change, paddr_t pa, bool block)
{
	pte_t pte = pte_read(entry);

	if (!maps(pte, pa))
		return 0;
	pte_write(entry, change->unmap ? 0 : pte_leaf(pa, block, change->rights, pte_cache(pte)));
	return 1;
}

/*
 * Replaces a 2 MiB block by a table of the same pages: break before make.
 * Another core's fault in between is retried.
 */
static void split(struct space *space, pte_t *entry, ipa_t ipa)
{
	pte_t pte = pte_read(entry);
	paddr_t pa = pte_address(pte);
	pte_t *table = take_table(space);

	for (unsigned i = 0; i < ENTRIES; i++, pa.a += SK_PAGE)
		table[i] = pte_leaf(pa, false, pte_rights(pte), pte_cache(pte));
	atomic_fetch_add_explicit(&space_changes, 1, memory_order_seq_cst); /* odd; pairs with space_fault_is_stale */
	pte_write(entry, 0);
	arch_space_flush(space, (ipa_t){ ipa.a & ~(SK_BLOCK - 1) }, SK_BLOCK >> SK_PAGE_BITS);
	pte_write(entry, pte_table(va_to_pa(table)));
	arch_space_publish(false);
	atomic_fetch_add_explicit(&space_changes, 1, memory_order_seq_cst);
}

/* Pages of one table, from the entry of the first on. */
static unsigned change_pages(const struct space_change *change, pte_t *entry, uint64_t *bytes)
{
	paddr_t pa = change->pa;
	unsigned hits = 0;

	*bytes = min64(change->length, bytes_to_edge(change->ipa, 1));
	for (uint64_t i = 0; i < *bytes; i += SK_PAGE, pa.a += SK_PAGE)
		hits += change_leaf(entry++, change, pa, false);
	return hits;
}

/* Whether a part (not all) of a block of the capability's own is to be changed: it must be split. */
static bool part_of_block(const struct space_change *change, pte_t pte, ipa_t ipa, paddr_t pa, uint64_t step)
{
	uint64_t into = ipa.a & (SK_BLOCK - 1);

	return step < SK_BLOCK && maps(pte, (paddr_t){ pa.a - into }) && ipa.a - into >= change->bound.a &&
	       ipa.a - into + SK_BLOCK <= change->bound_end.a;
}

/* Whole blocks and holes, up to the first table or part of a block. */
static unsigned change_blocks(const struct space_change *change, pte_t *middle, uint64_t *bytes)
{
	uint64_t left = min64(change->length, bytes_to_edge(change->ipa, 2));
	ipa_t ipa = change->ipa;
	paddr_t pa = change->pa;
	unsigned hits = 0;

	*bytes = 0;
	while (left > 0) {
		pte_t *entry = &middle[index_of(ipa, 1)];
		uint64_t step = min64(left, bytes_to_edge(ipa, 1));
		pte_t pte = pte_read(entry);

		if (pte_is_table(pte) || part_of_block(change, pte, ipa, pa, step))
			return hits;
		if (step == SK_BLOCK)
			hits += change_leaf(entry, change, pa, true);
		*bytes += step;
		ipa.a += step;
		pa.a += step;
		left -= step;
	}
	return hits;
}

/* Where no table of pages is: holes and blocks, and a part of a block, which becomes pages. */
static status_t change_large(struct space *space, const struct space_change *change, uint64_t *bytes, unsigned *hits)
{
	pte_t *middle = find_middle(space, change->ipa);

	if (!middle) {
		*bytes = min64(change->length, bytes_to_edge(change->ipa, 2));
		return SK_OK;
	}
	*hits = change_blocks(change, middle, bytes);
	if (*bytes > 0)
		return SK_OK;
	if (space->free_tables == 0)
		return SK_NO_TABLES;
	split(space, &middle[index_of(change->ipa, 1)], change->ipa);
	*hits = change_pages(change, find_page(space, change->ipa), bytes);
	return SK_OK;
}

COLD status_t space_change(struct space *space, const struct space_change *change, uint64_t *bytes)
{
	pte_t *entry = find_page(space, change->ipa);
	unsigned hits = 0;

	if (entry) {
		hits = change_pages(change, entry, bytes);
	} else {
		status_t status = change_large(space, change, bytes, &hits);

		if (status != SK_OK)
			return status;
	}
	if (hits == 0)
		return change->unmap ? SK_OK : SK_NOT_MAPPED;
	arch_space_flush(space, change->ipa, *bytes >> SK_PAGE_BITS);
	if (!change->unmap && (change->rights & SK_RIGHT_EXEC))
		arch_space_publish(true);
	return SK_OK;
}

COLD bool space_allows(struct space *space, ipa_t ipa, unsigned access)
{
	pte_t *middle = ipa.a >> SK_IPA_BITS ? NULL : find_middle(space, ipa);
	pte_t pte = middle ? pte_read(&middle[index_of(ipa, 1)]) : 0;

	if (pte_valid(pte) && pte_is_table(pte))
		pte = pte_read((pte_t *)table_of(pte) + index_of(ipa, 0));
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

COLD status_t space_reap(struct core *core, struct space *space)
{
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
	if (pages == 0 || pages > UNTYPED_MAX_COUNT || !untyped_holds(from, space->root_pa))
		return SK_BAD_ARG;
	if (!untyped_fits(from, SK_PAGE, SK_PAGE, pages, &pa))
		return SK_NO_MEMORY;
	/* decoded */
	untyped_take(from, pa, pages << SK_PAGE_BITS);
	space_add_tables(space, pa_to_va(pa), pages);
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
