/* SPDX-License-Identifier: BSD-2-Clause */
#include "account.h"

#include "abi/skerry.h"
#include "layout.h"
#include "skerry/start.h"
#include "tables.h"

uint64_t account_own(const struct spec_component *c, const struct image *image, uint64_t pa)
{
	uint64_t first = pa;

	tables_add(SK_START_IPA, pa, SK_START_PAGES * SK_PAGE);
	pa += SK_START_PAGES * SK_PAGE;
	for (uint32_t i = 0; i < image->segments; pa += image->segment[i++].bytes)
		tables_add(image->segment[i].ipa, pa, image->segment[i].bytes);
	tables_add(LAYOUT_STACK_TOP - c->stack, pa, c->stack);
	tables_add(LAYOUT_HEAP, pa + c->stack, c->heap);
	return pa + c->stack + c->heap - first;
}

/* A file of unknown size begins and ends inside of 2 MiB; all else lies so that blocks serve. */
static void add_mapping(const struct spec *s, const struct spec_map *m)
{
	const struct spec_object *o = &s->object[m->object];
	uint64_t bytes = (o->bytes + SK_PAGE - 1) & ~(SK_PAGE - 1);

	if (o->kind == SPEC_FILE && bytes == 0)
		tables_add(m->address + SK_PAGE, m->address + SK_PAGE, LAYOUT_FILE_ROOM);
	else
		tables_add(m->address, m->address, bytes ? bytes : LAYOUT_DEVICE_ROOM);
}

uint32_t account_tables(const struct spec *s, const struct image *image, uint32_t component)
{
	tables_reset();
	account_own(&s->component[component], image, 0);
	for (uint32_t i = 0; i < s->maps; i++) {
		if (s->map[i].guest == SPEC_NONE && s->map[i].component == component)
			add_mapping(s, &s->map[i]);
	}
	return tables_count();
}

uint32_t account_guest_tables(const struct spec *s, uint32_t object)
{
	tables_reset();
	for (uint32_t i = 0; i < s->maps; i++) {
		if (s->map[i].guest == object)
			add_mapping(s, &s->map[i]);
	}
	return tables_count();
}

uint64_t account_kernel(const struct spec *s, const struct image *image, uint32_t component)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < s->objects; i++) {
		const struct spec_object *o = &s->object[i];

		if ((layout_lives(o) ? o->owner : SPEC_NONE) != component)
			continue;
		bytes += o->kind == SPEC_GUEST ? layout_space_bytes(account_guest_tables(s, i)) : layout_object_bytes(o);
	}
	if (component != SPEC_NONE)
		bytes += layout_cnode_bytes(s->component[component].slots) +
			 layout_space_bytes(account_tables(s, image, component));
	return (bytes + SK_PAGE - 1) & ~(SK_PAGE - 1);
}

uint64_t account_all(const struct spec *s, const struct image *image)
{
	uint64_t bytes = ACCOUNT_ROOT + account_kernel(s, NULL, SPEC_NONE);

	for (uint32_t i = 0; i < s->components; i++)
		bytes += account_kernel(s, &image[i], i);
	return bytes;
}
