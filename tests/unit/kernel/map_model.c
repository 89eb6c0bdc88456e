/* SPDX-License-Identifier: BSD-2-Clause */
#include "map_model.h"

#include <stddef.h>
#include <string.h>

struct model_space model_spaces[MODEL_SPACES];

struct model_space *model_space(unsigned object)
{
	for (unsigned i = 0; i < MODEL_SPACES; i++) {
		if (model_spaces[i].object == object)
			return &model_spaces[i];
	}
	return NULL;
}

unsigned model_spaces_free(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < MODEL_SPACES; i++)
		n += model_spaces[i].object == 0;
	return n;
}

void model_space_make(unsigned object, unsigned kind, unsigned tables)
{
	*model_space(0) = (struct model_space){ .object = object, .kind = kind, .free_tables = tables };
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static unsigned region_of(uint64_t ipa)
{
	return (unsigned)((ipa - MODEL_IPA) / SK_BLOCK);
}

static unsigned page_of(uint64_t ipa)
{
	return (unsigned)(ipa % SK_BLOCK / SK_PAGE);
}

static uint64_t to_edge(uint64_t ipa, uint64_t of)
{
	return of - ipa % of;
}

static unsigned check_range(const struct model_cap *cap, uint64_t offset, uint64_t length)
{
	if (offset % SK_PAGE || length % SK_PAGE || length == 0 || offset > cap->bytes || length > cap->bytes - offset)
		return SK_BAD_ARG;
	return SK_OK;
}

static unsigned check_rights(const struct model_cap *cap, uint64_t rights)
{
	bool write_alone = (rights & SK_RIGHT_WRITE) && !(rights & SK_RIGHT_READ);

	return rights == 0 || rights > 7 || (rights & ~(uint64_t)cap->rights) || write_alone ? SK_NO_RIGHT : SK_OK;
}

/* --- map ----------------------------------------------------------------------------- */

static bool takes_block(uint64_t ipa, uint64_t pa, uint64_t length)
{
	return (ipa | pa) % SK_BLOCK == 0 && length >= SK_BLOCK;
}

/* Whether the first page can be mapped. */
static unsigned check_first(const struct model_space *space, uint64_t ipa, uint64_t pa, uint64_t length)
{
	const struct model_region *region = &space->region[region_of(ipa)];
	unsigned needed = !space->middle[region_of(ipa) / MODEL_GIB_AT];

	if (region->kind == REGION_TABLE)
		return region->page[page_of(ipa)].rights ? SK_MAPPED : SK_OK;
	if (region->kind == REGION_BLOCK)
		return SK_MAPPED;
	needed += !takes_block(ipa, pa, length);
	return needed > space->free_tables ? SK_NO_TABLES : SK_OK;
}

static void make_table(struct model_space *space, unsigned region)
{
	bool *middle = &space->middle[region / MODEL_GIB_AT];

	space->free_tables -= !*middle;
	*middle = true;
}

static unsigned map_blocks(struct model_space *space, uint64_t ipa, struct model_page first, uint64_t done)
{
	unsigned from = region_of(ipa), count = (unsigned)(done / SK_BLOCK);

	if (done % SK_BLOCK || done > to_edge(ipa, MODEL_GIB_AT * SK_BLOCK))
		return MODEL_NOT_DONE;
	make_table(space, from);
	for (unsigned i = from; i < from + count; i++, first.pa += SK_BLOCK) {
		if (space->region[i].kind != REGION_EMPTY)
			return MODEL_NOT_DONE;
		space->region[i].kind = REGION_BLOCK;
		space->region[i].block = first;
	}
	return SK_OK;
}

static unsigned map_pages(struct model_space *space, uint64_t ipa, struct model_page first, uint64_t done)
{
	struct model_region *region = &space->region[region_of(ipa)];

	if (done > to_edge(ipa, SK_BLOCK))
		return MODEL_NOT_DONE;
	make_table(space, region_of(ipa));
	if (region->kind == REGION_EMPTY)
		space->free_tables--;
	region->kind = REGION_TABLE;
	for (unsigned i = page_of(ipa); i < page_of(ipa) + done / SK_PAGE; i++, first.pa += SK_PAGE) {
		if (region->page[i].rights)
			return MODEL_NOT_DONE;
		region->page[i] = first;
	}
	return SK_OK;
}

unsigned model_map(int memory, int space_slot, uint64_t ipa, uint64_t offset, uint64_t length, uint64_t rights, uint64_t done)
{
	struct model_cap *cap = &model[memory];
	struct model_space *space;
	unsigned status = model_named(memory, SK_TYPE_MEMORY, 0), object = model[space_slot].object;
	struct model_page first = { cap->pa + offset, (unsigned)rights };
	bool bound = cap->used && cap->space == object && cap->ipa == ipa;

	if (status == SK_OK)
		status = model_named(space_slot, SK_TYPE_SPACE, SK_RIGHT_WRITE);
	if (status == SK_OK)
		status = check_range(cap, offset, length);
	if (status == SK_OK)
		status = check_rights(cap, rights);
	if (status == SK_OK && !bound)
		status = ipa % SK_PAGE || ipa + cap->bytes > 1ul << SK_IPA_BITS ? SK_BAD_ARG : cap->used ? SK_MAPPED : SK_OK;
	space = model_space(object);
	if (status == SK_OK)
		status = check_first(space, ipa + offset, first.pa, length);
	if (status != SK_OK)
		return status;
	if (done == 0 || done % SK_PAGE || done > length)
		return MODEL_NOT_DONE;
	cap->used = 1;
	cap->space = object;
	cap->ipa = ipa;
	cap->cleared = 0;
	if (space->region[region_of(ipa + offset)].kind == REGION_EMPTY && takes_block(ipa + offset, first.pa, length))
		return map_blocks(space, ipa + offset, first, done);
	return map_pages(space, ipa + offset, first, done);
}

/* --- unmap and protect ------------------------------------------------------------------ */

/* A block that lies in the capability as a whole, and maps what it has there. */
static bool own_block(const struct model_cap *cap, const struct model_region *region, uint64_t ipa)
{
	uint64_t from = ipa - ipa % SK_BLOCK;

	return region->kind == REGION_BLOCK && from >= cap->ipa && from + SK_BLOCK <= cap->ipa + cap->bytes &&
	       region->block.pa == cap->pa + (from - cap->ipa);
}

/* How far one call gets: a table of pages, or all up to one, or up to a part of a block, or of a GiB. */
static uint64_t stretch(const struct model_space *space, const struct model_cap *cap, uint64_t ipa, uint64_t length)
{
	uint64_t left = least(length, to_edge(ipa, MODEL_GIB_AT * SK_BLOCK)), done = 0, step;

	if (space->region[region_of(ipa)].kind == REGION_TABLE)
		return least(length, to_edge(ipa, SK_BLOCK));
	for (; done < left; done += step) {
		const struct model_region *region = &space->region[region_of(ipa + done)];

		step = least(left - done, to_edge(ipa + done, SK_BLOCK));
		if (region->kind == REGION_TABLE)
			break;
		if (step < SK_BLOCK && own_block(cap, region, ipa + done))
			return done ? done : step;
	}
	return done;
}

static void split(struct model_space *space, struct model_region *region)
{
	space->free_tables--;
	region->kind = REGION_TABLE;
	for (unsigned i = 0; i < MODEL_PAGES; i++)
		region->page[i] = (struct model_page){ region->block.pa + i * SK_PAGE, region->block.rights };
}

/* [ipa, ipa + length) of one region gets RIGHTS, 0: nothing is mapped any more. Whether anything was changed. */
static bool change(struct model_space *space, const struct model_cap *cap, uint64_t ipa, uint64_t length, unsigned rights)
{
	struct model_region *region = &space->region[region_of(ipa)];
	uint64_t pa = cap->pa + (ipa - cap->ipa);
	bool hit = false;

	if (own_block(cap, region, ipa)) {
		if (length == SK_BLOCK) {
			region->block.rights = rights;
			region->kind = rights ? REGION_BLOCK : REGION_EMPTY;
			return true;
		}
		split(space, region);
	}
	for (unsigned i = page_of(ipa); region->kind == REGION_TABLE && i < page_of(ipa) + length / SK_PAGE; i++, pa += SK_PAGE) {
		if (region->page[i].rights && region->page[i].pa == pa) {
			region->page[i].rights = rights;
			hit = true;
		}
	}
	return hit;
}

static bool change_all(struct model_space *space, const struct model_cap *cap, uint64_t offset, uint64_t length, unsigned rights)
{
	bool hit = false;

	for (uint64_t ipa = cap->ipa + offset, end = ipa + length, step; ipa < end; ipa += step) {
		step = least(end - ipa, to_edge(ipa, SK_BLOCK));
		hit |= change(space, cap, ipa, step, rights);
	}
	return hit;
}

static bool must_split(const struct model_space *space, const struct model_cap *cap, uint64_t ipa, uint64_t length)
{
	return least(length, to_edge(ipa, SK_BLOCK)) < SK_BLOCK && own_block(cap, &space->region[region_of(ipa)], ipa);
}

unsigned model_unmap(int memory, uint64_t offset, uint64_t length, uint64_t done)
{
	struct model_cap *cap = &model[memory];
	struct model_space *space = model_space(cap->space);
	unsigned status = model_named(memory, SK_TYPE_MEMORY, 0);

	if (status == SK_OK)
		status = check_range(cap, offset, length);
	if (status != SK_OK || !cap->used)
		return status == SK_OK && done != length ? MODEL_NOT_DONE : status;
	if (must_split(space, cap, cap->ipa + offset, length) && space->free_tables == 0)
		return SK_NO_TABLES;
	if (done != stretch(space, cap, cap->ipa + offset, length))
		return MODEL_NOT_DONE;
	change_all(space, cap, offset, done, 0);
	if (offset == cap->cleared)
		cap->cleared += done;
	if (cap->cleared == cap->bytes)
		cap->used = cap->space = 0;
	return SK_OK;
}

unsigned model_protect(int memory, uint64_t offset, uint64_t length, uint64_t rights, uint64_t done)
{
	struct model_cap *cap = &model[memory];
	struct model_space *space = model_space(cap->space);
	unsigned status = model_named(memory, SK_TYPE_MEMORY, 0);
	uint64_t far;

	if (status == SK_OK)
		status = check_range(cap, offset, length);
	if (status == SK_OK)
		status = check_rights(cap, rights);
	if (status != SK_OK || !cap->used)
		return status == SK_OK ? SK_NOT_MAPPED : status;
	if (must_split(space, cap, cap->ipa + offset, length) && space->free_tables == 0)
		return SK_NO_TABLES;
	far = stretch(space, cap, cap->ipa + offset, length);
	if (!change_all(space, cap, offset, far, (unsigned)rights))
		return SK_NOT_MAPPED;
	cap->cleared = 0;
	return done == far ? SK_OK : MODEL_NOT_DONE;
}

void model_unmap_all(struct model_cap *cap)
{
	uint64_t from = cap->ipa + cap->cleared;

	from -= from % SK_BLOCK; /* no block is split */
	from = from > cap->ipa ? from - cap->ipa : 0;
	if (cap->used)
		change_all(model_space(cap->space), cap, from, cap->bytes - from, 0);
}
