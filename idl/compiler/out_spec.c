/* SPDX-License-Identifier: BSD-2-Clause */
/* The system spec as root loads it. */
#include "model.h"

#include <string.h>

static void put(uint8_t *out, struct spec_header *h, enum spec_table_kind kind, const void *entries, uint32_t count,
		size_t entry)
{
	h->table[kind].offset = h->size;
	h->table[kind].count = count;
	memcpy(out + h->size, entries, count * entry);
	h->size = (uint32_t)((h->size + count * entry + 7) & ~7ul);
}

const void *model_binary(const struct model *m, size_t *size)
{
	struct spec_header h = { .magic = SPEC_MAGIC, .version = SPEC_VERSION, .size = sizeof(h) };
	uint8_t *out = idl_alloc(sizeof(*m));

	put(out, &h, SPEC_COMPONENTS, m->component, m->components, sizeof(m->component[0]));
	put(out, &h, SPEC_OBJECTS, m->object, m->objects, sizeof(m->object[0]));
	put(out, &h, SPEC_CAPS, m->cap, m->caps, sizeof(m->cap[0]));
	put(out, &h, SPEC_MAPS, m->map, m->maps, sizeof(m->map[0]));
	put(out, &h, SPEC_PARAMS, m->param, m->params, sizeof(m->param[0]));
	put(out, &h, SPEC_STRINGS, m->string, m->strings, 1);
	memcpy(out, &h, sizeof(h));
	*size = h.size;
	return out;
}
