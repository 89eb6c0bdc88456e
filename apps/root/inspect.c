/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The capabilities as they really are, for `./skerry check --live`: if the archive
 * "initrd" has a file "inspect", root asks the kernel what lies in every slot of
 * every component's cnode, and where what it mapped lies, writes it to the status
 * port, and ends before anything is started. Names are those that the component is told.
 */
#include <stdio.h>

#include "skerry/calls.h"
#include "system.h"

static const char *const type_names[SK_TYPES] = {
	[SK_TYPE_UNTYPED] = "untyped", [SK_TYPE_CNODE] = "cnode", [SK_TYPE_MEMORY] = "memory", [SK_TYPE_SPACE] = "space",
	[SK_TYPE_THREAD] = "thread", [SK_TYPE_ENDPOINT] = "endpoint", [SK_TYPE_NOTIFICATION] = "notification",
	[SK_TYPE_VCPU] = "vcpu", [SK_TYPE_IRQ] = "irq", [SK_TYPE_PIN] = "pin", [SK_TYPE_POWER] = "power",
	[SK_TYPE_IRQ_CONTROL] = "irq-control", [SK_TYPE_IOMMU] = "iommu",
};

static const char *slot_name(const struct sk_start *page, uint64_t slot)
{
	for (uint32_t i = 0; i < page->names; i++) {
		if (page->name[i].kind == SK_START_SLOT && page->name[i].a == slot)
			return page->name[i].name;
	}
	return "?";
}

/* An irq is moved, so it has the bits that mean nothing for an irq, too. */
static uint64_t meant(const struct sk_inspection *c)
{
	return c->type == SK_TYPE_IRQ ? c->rights & (SK_RIGHT_READ | SK_RIGHT_WRITE) : c->rights;
}

static void inspect_component(uint32_t index)
{
	const struct component *c = &component[index];
	struct sk_inspection found;
	char text[160];

	for (uint32_t slot = 1; c->built && slot < c->spec->slots; slot++) {
		root_check(sk_inspect(c->cnode, slot, &found), "inspecting", c->name);
		if (found.type == SK_TYPE_NONE)
			continue;
		snprintf(text, sizeof(text), "live cap %s %u %s %s %lu %lu", c->name, slot, slot_name(&start_page[index], slot),
			 found.type < SK_TYPES ? type_names[found.type] : "?", (unsigned long)meant(&found),
			 (unsigned long)found.badge);
		sk_root_status(text);
	}
}

/* Start page, image, stack, heap. */
static void inspect_own(uint32_t index)
{
	const struct component *c = &component[index];
	struct sk_inspection found;
	char text[160];

	for (uint32_t i = 0; c->built && i < c->own_mapped; i++) {
		root_check(sk_inspect(SK_ROOT_CNODE, c->own_slots + i, &found), "inspecting memory of", c->name);
		snprintf(text, sizeof(text), "live own %s 0x%lx %lu %lu", c->name, (unsigned long)found.base,
			 (unsigned long)found.size, (unsigned long)found.rights);
		sk_root_status(text);
	}
}

/* How much kernel memory is set aside for whom; of root's own pool, how much is taken. */
static void inspect_pool(uint32_t untyped, const char *name)
{
	struct sk_inspection found = { 0 };
	char text[160];

	if (untyped)
		root_check(sk_inspect(SK_ROOT_CNODE, untyped, &found), "inspecting kernel memory of", name);
	snprintf(text, sizeof(text), "live pool %s %lu", name,
		 (unsigned long)(untyped == SK_ROOT_OBJECTS ? found.used : found.size));
	sk_root_status(text);
}

/* What the spec knows of the size. */
static uint64_t known_bytes(const struct object *o, uint64_t bytes)
{
	bool open = o->spec->kind == SPEC_FILE || (o->spec->kind == SPEC_MEMORY && o->spec->text) || !o->spec->bytes;

	return open ? 0 : bytes;
}

/* A file, say, that is larger than 2 MiB lies behind the address that the spec says, but in these 2 MiB. */
static uint64_t window_of(const struct object *o, uint64_t base)
{
	return o->memory.bytes < SK_BLOCK ? base : base & ~(SK_BLOCK - 1);
}

/* Mappings are root's: a component has no capability of its memory. */
static void inspect_mapping(uint32_t index)
{
	const struct spec_map *m = &spec.map[index];
	struct sk_inspection found;
	char text[160];

	if (!mapping_slot[index])
		return;
	root_check(sk_inspect(SK_ROOT_CNODE, mapping_slot[index], &found), "inspecting", object[m->object].name);
	if (!found.used || found.base != mapping_ipa[index])
		return;
	if (m->guest == SPEC_NONE)
		snprintf(text, sizeof(text), "live map %s %s 0x%lx %lu %lu", component[m->component].name,
			 spec_string(&spec, m->name), (unsigned long)window_of(&object[m->object], found.base),
			 (unsigned long)known_bytes(&object[m->object], found.size), (unsigned long)found.rights);
	else
		snprintf(text, sizeof(text), "live guestmap %s 0x%lx %lu %lu", object[m->guest].name,
			 (unsigned long)found.base, (unsigned long)known_bytes(&object[m->object], found.size), (unsigned long)found.rights);
	sk_root_status(text);
}

void system_inspect(void)
{
	const struct archive *archive = archive_named("initrd");
	struct archive_file file;

	if (!archive || !archive_find(archive, "inspect", &file))
		return;
	for (uint32_t i = 0; i < spec.components; i++) {
		inspect_component(i);
		inspect_own(i);
		inspect_pool(component[i].untyped, component[i].name);
	}
	inspect_pool(objects_shared(), "shared");
	inspect_pool(SK_ROOT_OBJECTS, "all");
	for (uint32_t i = 0; i < spec.maps; i++)
		inspect_mapping(i);
	sk_root_exit(0, "inspected");
}
