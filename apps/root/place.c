/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses in components and guests, and the table pages that their spaces need. */
#include "system.h"

#include <stdio.h>
#include "start_page.h"
#include "account.h"
#include "tables.h"

static const char *text(uint32_t string)
{
	return spec_string(&spec, string);
}

/* Where the spec says, if what only the machine knows fits there. */
static uint64_t place(const struct spec_map *m, const struct object *o)
{
	uint64_t at = layout_address(m->address, o->memory.bytes, o->memory.piece[0].pa);
	uint64_t room = m->address + layout_room(o->spec) - at;

	if (o->memory.bytes > room)
		root_fail(ROOT_EXIT_USER, "component \"%s\": \"%s\" has %llu KiB, its place in the address space %llu KiB",
			  component[m->component].name, o->name, (unsigned long long)o->memory.bytes >> 10,
			  (unsigned long long)room >> 10);
	return at;
}

static void add_region(uint32_t index, const struct spec_map *m, uint64_t ipa)
{
	const struct object *o = &object[m->object];
	struct sk_start *s = &start_page[index];
	uint64_t skip = o->spec->kind == SPEC_DEVICE && !(o->spec->flags & SPEC_PART) ? sk_root_info()->region[o->region].offset : 0;
	bool tell = o->spec->kind == SPEC_DEVICE || (m->flags & SPEC_MAP_DMA);
	uint64_t pa = tell ? o->memory.piece[0].pa + skip : 0;
	char name[SPEC_NAME + 8], bytes[24];

	if (tell && o->memory.pieces != 1)
		root_fail(ROOT_EXIT_USER, "component \"%s\": \"%s\" is for a device that needs it in one piece, but RAM had %u",
			  component[index].name, o->name, o->memory.pieces);
	snprintf(name, sizeof(name), "%s.bytes", text(m->name));
	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)o->length);
	if (!start_add_region(s, text(m->name), ipa + skip, o->memory.bytes - skip, pa) ||
	    (o->spec->kind == SPEC_FILE && !start_set_param(s, name, bytes)))
		root_fail(ROOT_EXIT_USER, "component \"%s\": no room for region \"%s\"", component[index].name,
			  text(m->name));
}

static void plan_mappings(void)
{
	for (uint32_t i = 0; i < spec.maps; i++) {
		const struct spec_map *m = &spec.map[i];
		struct object *o = &object[m->object];

		if (o->missing)
			continue;
		mapping_slot[i] = root_slots(o->memory.pieces);
		mapping_ipa[i] = m->guest == SPEC_NONE ? place(m, o) : m->address;
		if (m->guest == SPEC_NONE)
			add_region(m->component, m, mapping_ipa[i]);
		else if (o->memory.bytes > (1ul << SK_IPA_BITS) - m->address)
			root_fail(ROOT_EXIT_USER, "\"%s\" does not fit into the guest's address space", o->name);
	}
}

static void count_mapping(uint32_t index)
{
	const struct memory *memory = &object[spec.map[index].object].memory;
	uint64_t at = mapping_ipa[index];

	for (uint32_t i = 0; at && i < memory->pieces; at += memory->piece[i++].bytes)
		tables_add(at, memory->piece[i].pa, memory->piece[i].bytes);
}

static void plan_own(uint32_t index)
{
	struct component *c = &component[index];
	uint64_t start = SK_START_PAGES * SK_PAGE;

	ram_take(c->name, start + c->image.bytes + c->spec->stack + c->spec->heap, SK_CACHE_NORMAL, &c->own);
	if (c->own.pieces != 1)
		root_fail(ROOT_EXIT_USER, "component \"%s\": its memory is in several pieces", c->name);
	tables_reset();
	account_own(c->spec, &c->image, c->own.piece[0].pa);
	for (uint32_t i = 0; i < spec.maps; i++) {
		if (spec.map[i].guest == SPEC_NONE && spec.map[i].component == index)
			count_mapping(i);
	}
	c->tables = tables_count();
}

static void plan_guest(uint32_t index)
{
	tables_reset();
	for (uint32_t i = 0; i < spec.maps; i++) {
		if (spec.map[i].guest == index)
			count_mapping(i);
	}
	object[index].tables = tables_count();
}

/* What its instances take of the RAM all together. */
static void check_slot(uint32_t index)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < spec.components; i++)
		bytes += spec.component[i].slot == index ? component[i].own.bytes : 0;
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (spec.object[i].owner != SPEC_NONE && spec.component[spec.object[i].owner].slot == index)
			bytes += object[i].spec->kind == SPEC_MEMORY ? object[i].memory.bytes : 0;
	}
	if (bytes > object[index].spec->bytes)
		root_fail(ROOT_EXIT_USER, "slot \"%s\": its instances take %llu KiB, its bound is %llu KiB", object[index].name,
			  (unsigned long long)bytes >> 10, (unsigned long long)object[index].spec->bytes >> 10);
}

void system_place(void)
{
	plan_mappings();
	for (uint32_t i = 0; i < spec.components; i++)
		plan_own(i);
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_GUEST)
			plan_guest(i);
		else if (object[i].spec->kind == SPEC_SLOT)
			check_slot(i);
	}
}
