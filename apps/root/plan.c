/* SPDX-License-Identifier: BSD-2-Clause */
#include "system.h"

#include <stdio.h>
#include <string.h>
#include "skerry/calls.h"
#include "start_page.h"

struct spec spec;
struct component component[SPEC_COMPONENTS_MAX];
struct object object[SPEC_OBJECTS_MAX];
uint32_t mapping_slot[SPEC_MAPS_MAX];
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

/* Hexadecimal; a machine that has none gives none. */
static bool set_seed(struct sk_start *s, const char *name)
{
	char hex[2 * SK_ROOT_SEED + 1];
	bool any = false;

	for (unsigned i = 0; i < SK_ROOT_SEED; i++) {
		any |= sk_root_info()->seed[i] != 0;
		snprintf(hex + 2 * i, 3, "%02x", sk_root_info()->seed[i]);
	}
	return !any || start_set_param(s, name, hex);
}

static bool set_param(struct sk_start *s, const struct spec_param *p)
{
	if (p->kind == SPEC_PARAM_SEED)
		return set_seed(s, text(p->key));
	return start_set_param(s, text(p->key), text(p->value));
}

static void set_params(uint32_t index)
{
	struct sk_start *s = &start_page[index];

	for (unsigned kind = SPEC_PARAM_VALUE; kind <= SPEC_PARAM_SEED; kind++) {
		for (uint32_t i = 0; i < spec.params; i++) {
			const struct spec_param *p = &spec.param[i];

			if (p->component != index || p->kind != kind)
				continue;
			if (kind == SPEC_PARAM_TEXT)
				set_text(s, p);
			else if (!set_param(s, p))
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
	c->cnode = root_slots(1);
	c->space = root_slots(1);
	c->own_slots = root_slots(OWN_PARTS);
	if (!archive_find(system, text(c->spec->image), &file))
		root_fail(ROOT_EXIT_USER, "component \"%s\": the system archive has no file \"%s\"", c->name,
			  text(c->spec->image));
	if (image_open(file.bytes, file.size, &c->image, error, sizeof(error)) != 0)
		root_fail(ROOT_EXIT_USER, "component \"%s\", file \"%s\": %s", c->name, text(c->spec->image), error);
	start_init(&start_page[index], c->name, sk_root_info()->counter_hz);
	start_page[index].heap = c->spec->heap ? LAYOUT_HEAP : 0;
	start_page[index].heap_size = c->spec->heap;
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

static bool holds(const struct sk_region *region, const struct spec_object *part)
{
	return region->pa <= part->badge && part->badge - region->pa < region->size &&
	       region->size - (part->badge - region->pa) >= part->bytes;
}

static uint32_t find_region(const struct object *o)
{
	const struct sk_root_info *info = sk_root_info();
	const char *path = text(o->spec->text);

	if (strcmp(path, "console") == 0 && info->console < info->regions)
		return info->console;
	for (uint32_t i = 0; i < info->regions; i++) {
		if (i != info->status && info->region[i].kind == SK_REGION_DEVICE &&
		    strncmp(info->region[i].name, path, sizeof(info->region[i].name) - 1) == 0 &&
		    (!(o->spec->flags & SPEC_PART) || holds(&info->region[i], o->spec)))
			return i;
	}
	if (o->spec->flags & SPEC_PART)
		root_fail(ROOT_EXIT_USER, "device \"%s\": %s of this machine does not have 0x%llx, for which the system was built",
			  o->name, path, (unsigned long long)o->spec->badge);
	root_fail(ROOT_EXIT_USER, "device \"%s\": this machine has no %s", o->name, path);
}

/* The capability is made in wire.c: until then the console is root's. */
static void plan_device(struct object *o)
{
	const struct sk_region *region;

	o->region = find_region(o);
	region = &sk_root_info()->region[o->region];
	if (o->spec->flags & SPEC_PART) {
		o->memory = (struct memory){ o->spec->bytes, 1, { { o->spec->badge, o->spec->bytes, root_slots(1) } } };
		return;
	}
	if (o->spec->badge && o->spec->badge != region->pa + region->offset)
		root_fail(ROOT_EXIT_USER, "device \"%s\": %s is at 0x%llx on this machine, the system was built for 0x%llx",
			  o->name, region->name, (unsigned long long)(region->pa + region->offset),
			  (unsigned long long)o->spec->badge);
	o->memory = (struct memory){ region->size, 1, { { region->pa, region->size, root_slots(1) } } };
}

uint32_t object_core(const struct object *o)
{
	return o->spec->flags & SPEC_SPREAD ? o->spec->core % sk_root_info()->cores : o->spec->core;
}

static bool wanted(const struct object *o)
{
	const char *value = start_param(&start_page[o->spec->owner], text(o->spec->text));
	uint64_t number;

	return value && start_number(value, &number) && number > o->spec->bytes;
}

static void plan_object(struct object *o, uint64_t bytes)
{
	if (object_core(o) >= sk_root_info()->cores)
		root_fail(ROOT_EXIT_USER, "\"%s\" is to be on core %u; this machine has %u", o->name, o->spec->core,
			  sk_root_info()->cores);
	if (o->spec->kind == SPEC_MEMORY)
		ram_take(o->name, bytes, o->spec->cache, &o->memory);
	else if (o->spec->kind == SPEC_FILE)
		plan_file(o);
	else if (o->spec->kind == SPEC_DEVICE)
		plan_device(o);
	else if (!o->missing)
		o->slot = root_slots(1), o->handler = root_slots(1);
}

/* The largest first: small ones then fill the gaps. */
static void plan_objects(void)
{
	uint64_t size[SPEC_OBJECTS_MAX];
	bool done[SPEC_OBJECTS_MAX] = { false };

	for (uint32_t i = 0; i < spec.objects; i++) {
		object[i].spec = &spec.object[i];
		object[i].name = text(spec.object[i].name);
		size[i] = object[i].spec->kind == SPEC_MEMORY ? memory_bytes(&object[i]) : 0;
		object[i].missing = (object[i].spec->flags & SPEC_IF) && !wanted(&object[i]);
	}
	for (uint32_t n = 0; n < spec.objects; n++) {
		uint32_t next = spec.objects;

		for (uint32_t i = 0; i < spec.objects; i++) {
			if (!done[i] && (next == spec.objects || size[i] > size[next]))
				next = i;
		}
		done[next] = true;
		plan_object(&object[next], size[next]);
	}
}

/* --- capabilities ----------------------------------------------------------------- */

/* An instance of a slot ends its holder's interest in it, not the system. */
static bool ends_system(const struct component *c, uint32_t kind)
{
	return c->spec->slot == SPEC_NONE && (kind == SPEC_SUPERVISOR || kind == SPEC_CONTROL || kind == SPEC_SLOT);
}

static void plan_cap(uint32_t index)
{
	const struct spec_cap *cap = &spec.cap[index];
	struct component *c = &component[cap->component];

	if (object[cap->object].missing)
		return;
	c->exits |= ends_system(c, spec.object[cap->object].kind);
	if (!start_add_slot(&start_page[cap->component], text(cap->name), cap->slot))
		root_fail(ROOT_EXIT_USER, "component \"%s\": no room for capability \"%s\"", c->name, text(cap->name));
}

void system_plan(void)
{
	for (uint32_t i = 0; i < spec.components; i++)
		plan_component(i);
	plan_objects();
	for (uint32_t i = 0; i < spec.caps; i++)
		plan_cap(i);
	for (uint32_t i = 0; i < spec.components; i++) {
		const struct object *thread = &object[spec.component[i].thread];

		start_page[i].core = object_core(thread);
		start_page[i].priority = thread->spec->priority;
	}
	for (uint32_t i = 0; i < spec.maps; i++)
		object[spec.map[i].object].device_reads |= (spec.map[i].flags & SPEC_MAP_DMA) != 0;
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (spec.object[i].kind == SPEC_GUEST)
			component[spec.object[i].owner].guest = true;
	}
}
