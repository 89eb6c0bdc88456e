/* SPDX-License-Identifier: BSD-2-Clause */
#include "system.h"

#include <stdio.h>
#include <string.h>
#include "skerry/calls.h"
#include "start_page.h"
#include "tables.h"

struct spec spec;
struct component component[SPEC_COMPONENTS_MAX];
struct object object[SPEC_OBJECTS_MAX];
uint64_t mapping_ipa[SPEC_MAPS_MAX];
struct sk_start start_page[SPEC_COMPONENTS_MAX];

static const char *text(uint32_t string)
{
	return spec_string(&spec, string);
}

void system_open(void)
{
	const struct archive *system = archive_named("system");
	struct archive_file file;
	char error[200];

	if (!system)
		root_fail(ROOT_EXIT_OWN, "the system image carries no archive");
	if (!archive_find(system, "spec", &file))
		root_fail(ROOT_EXIT_OWN, "the system archive has no file \"spec\"");
	if (spec_check(file.bytes, file.size, &spec, error, sizeof(error)) != 0)
		root_fail(ROOT_EXIT_USER, "system spec: %s", error);
}

/* --- parameters --------------------------------------------------------------- */

static void set_text(struct sk_start *s, const struct spec_param *p)
{
	const struct archive *archive = archive_named(text(p->key));
	struct archive_file file;
	char error[100];

	if (archive && archive_find(archive, text(p->value), &file) &&
	    start_set_text(s, (const char *)file.bytes, file.size, error, sizeof(error)) != 0)
		root_fail(ROOT_EXIT_USER, "archive \"%s\", file \"%s\": %s", text(p->key), text(p->value), error);
}

static void set_params(uint32_t index)
{
	struct sk_start *s = &start_page[index];

	for (unsigned kind = SPEC_PARAM_VALUE; kind <= SPEC_PARAM_TEXT; kind++) {
		for (uint32_t i = 0; i < spec.params; i++) {
			const struct spec_param *p = &spec.param[i];

			if (p->component != index || p->kind != kind)
				continue;
			if (kind == SPEC_PARAM_TEXT)
				set_text(s, p);
			else if (!start_set_param(s, text(p->key), text(p->value)))
				root_fail(ROOT_EXIT_USER, "component \"%s\": no room for parameter \"%s\"",
					  component[index].name, text(p->key));
		}
	}
}

/* --- components ----------------------------------------------------------------- */

static void plan_component(uint32_t index)
{
	const struct archive *system = archive_named("system");
	struct component *c = &component[index];
	struct archive_file file;
	char error[100];

	c->spec = &spec.component[index];
	c->name = text(c->spec->name);
	c->small = COMPONENT_SMALL;
	c->large = COMPONENT_LARGE;
	c->next_slot = 1;
	if (!archive_find(system, text(c->spec->image), &file))
		root_fail(ROOT_EXIT_USER, "component \"%s\": the system archive has no file \"%s\"", c->name,
			  text(c->spec->image));
	if (image_open(file.bytes, file.size, &c->image, error, sizeof(error)) != 0)
		root_fail(ROOT_EXIT_USER, "component \"%s\", file \"%s\": %s", c->name, text(c->spec->image), error);
	start_init(&start_page[index], c->name, sk_root_info()->counter_hz);
	set_params(index);
}

/* --- objects that are memory ---------------------------------------------------- */

static uint64_t memory_bytes(const struct object *o)
{
	const char *key = text(o->spec->text);
	const char *value = key[0] ? start_param(&start_page[o->spec->owner], key) : NULL;
	uint64_t bytes;

	if (!value)
		return o->spec->bytes;
	if (!start_number(value, &bytes) || bytes == 0 || bytes % SK_PAGE || bytes >= 1ul << SK_IPA_BITS)
		root_fail(ROOT_EXIT_USER, "parameter %s=%s: expected the bytes of \"%s\", whole pages, such as 256M", key,
			  value, o->name);
	return bytes;
}

static void plan_file(struct object *o)
{
	const struct archive *archive = archive_named(text(o->spec->text));
	struct archive_file file;
	uint64_t bytes, offset;
	uint32_t slot;

	o->missing = !archive || !archive_find(archive, text(o->spec->text2), &file) || file.size == 0;
	if (o->missing && (o->spec->flags & SPEC_OPTIONAL))
		return;
	if (!archive)
		root_fail(ROOT_EXIT_USER, "\"%s\" is in archive \"%s\", but the machine was given no such archive", o->name,
			  text(o->spec->text));
	if (o->missing)
		root_fail(ROOT_EXIT_USER, "archive \"%s\" has no file \"%s\", or an empty one", text(o->spec->text),
			  text(o->spec->text2));
	offset = archive->offset + file.offset;
	bytes = round_up(file.size, SK_PAGE);
	if (offset % SK_PAGE)
		root_fail(ROOT_EXIT_OWN, "archive \"%s\" lies not on a page: its files cannot be mapped",
			  text(o->spec->text));
	slot = root_slots(1);
	root_check(sk_mint_range(SK_ROOT_CNODE, slot, SK_ROOT_CNODE, archive->memory, SK_RIGHT_READ, offset, bytes),
		   "taking file", o->name);
	o->memory = (struct memory){ bytes, 1, { { archive->pa + offset, bytes, slot } } };
	o->length = file.size;
}

static uint32_t find_region(const struct object *o)
{
	const struct sk_root_info *info = sk_root_info();
	const char *path = text(o->spec->text);

	if (strcmp(path, "console") == 0 && info->console < info->regions)
		return info->console;
	for (uint32_t i = 0; i < info->regions; i++) {
		if (i != info->status && info->region[i].kind == SK_REGION_DEVICE &&
		    strcmp(info->region[i].name, path) == 0)
			return i;
	}
	root_fail(ROOT_EXIT_USER, "device \"%s\": this machine has no %s", o->name, path);
}

/* The capability is made in wire.c: until then the console is root's. */
static void plan_device(struct object *o)
{
	const struct sk_region *region;

	o->region = find_region(o);
	region = &sk_root_info()->region[o->region];
	o->memory = (struct memory){ region->size, 1, { { region->pa, region->size, root_slots(1) } } };
}

static void plan_object(struct object *o)
{
	if (o->spec->core >= sk_root_info()->cores)
		root_fail(ROOT_EXIT_USER, "\"%s\" is to be on core %u; this machine has %u", o->name, o->spec->core,
			  sk_root_info()->cores);
	if (o->spec->kind == SPEC_MEMORY)
		ram_take(o->name, memory_bytes(o), o->spec->cache, &o->memory);
	else if (o->spec->kind == SPEC_FILE)
		plan_file(o);
	else if (o->spec->kind == SPEC_DEVICE)
		plan_device(o);
}

/* The largest first: small ones then fill the gaps. */
static void plan_objects(void)
{
	bool done[SPEC_OBJECTS_MAX] = { false };

	for (uint32_t i = 0; i < spec.objects; i++) {
		object[i].spec = &spec.object[i];
		object[i].name = text(spec.object[i].name);
	}
	for (uint32_t n = 0; n < spec.objects; n++) {
		uint32_t next = SPEC_OBJECTS_MAX;

		for (uint32_t i = 0; i < spec.objects; i++) {
			if (!done[i] && (next == SPEC_OBJECTS_MAX ||
					 (object[i].spec->kind == SPEC_MEMORY ? memory_bytes(&object[i]) : 0) >
					 (object[next].spec->kind == SPEC_MEMORY ? memory_bytes(&object[next]) : 0)))
				next = i;
		}
		done[next] = true;
		plan_object(&object[next]);
	}
}

/* --- addresses ------------------------------------------------------------------ */

static uint64_t place(struct component *c, const struct memory *memory)
{
	uint64_t at;

	if (memory->bytes < SK_BLOCK) {
		at = c->small;
		c->small += memory->bytes + SK_PAGE;
		if (c->small > COMPONENT_STACK_TOP - SPEC_STACK_MAX)
			root_fail(ROOT_EXIT_USER, "component \"%s\": too many regions", c->name);
		return at;
	}
	at = round_up(c->large, SK_BLOCK) + memory->piece[0].pa % SK_BLOCK;
	c->large = at + memory->bytes + SK_BLOCK;
	if (c->large > 1ul << SK_IPA_BITS)
		root_fail(ROOT_EXIT_USER, "component \"%s\": its regions do not fit into its address space", c->name);
	return at;
}

static void add_region(uint32_t index, const struct spec_map *m, uint64_t ipa)
{
	const struct object *o = &object[m->object];
	struct sk_start *s = &start_page[index];
	uint64_t skip = o->spec->kind == SPEC_DEVICE ? sk_root_info()->region[o->region].offset : 0;
	uint64_t pa = o->spec->kind == SPEC_DEVICE ? o->memory.piece[0].pa + skip : 0;
	char name[SPEC_NAME + 8], bytes[24];

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
		mapping_ipa[i] = m->guest == SPEC_NONE ? place(&component[m->component], &o->memory) : m->address;
		if (m->guest == SPEC_NONE)
			add_region(m->component, m, mapping_ipa[i]);
		else if (o->memory.bytes > (1ul << SK_IPA_BITS) - m->address)
			root_fail(ROOT_EXIT_USER, "\"%s\" does not fit into the guest's address space", o->name);
	}
}

/* --- table pages ---------------------------------------------------------------- */

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
	uint64_t start = SK_START_PAGES * SK_PAGE, pa;

	ram_take(c->name, start + c->image.bytes + c->spec->stack + c->spec->heap, SK_CACHE_NORMAL, &c->own);
	if (c->own.pieces != 1)
		root_fail(ROOT_EXIT_USER, "component \"%s\": its memory is in several pieces", c->name);
	pa = c->own.piece[0].pa;
	tables_reset();
	tables_add(SK_START_IPA, pa, start);
	pa += start;
	for (uint32_t i = 0; i < c->image.segments; pa += c->image.segment[i++].bytes)
		tables_add(c->image.segment[i].ipa, pa, c->image.segment[i].bytes);
	tables_add(COMPONENT_STACK_TOP - c->spec->stack, pa, c->spec->stack);
	tables_add(COMPONENT_HEAP, pa + c->spec->stack, c->spec->heap);
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

void system_plan(void)
{
	for (uint32_t i = 0; i < spec.components; i++)
		plan_component(i);
	plan_objects();
	plan_mappings();
	for (uint32_t i = 0; i < spec.components; i++)
		plan_own(i);
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_GUEST)
			plan_guest(i);
	}
}
