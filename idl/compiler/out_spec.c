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

/* What root would refuse is an error here: what the compiler itself overlooked, or a limit of the format. */
void model_close(struct model *m)
{
	struct spec_header h = { .magic = SPEC_MAGIC, .version = SPEC_VERSION, .size = sizeof(h) };
	uint8_t *out = idl_alloc(sizeof(*m));
	char error[256];

	put(out, &h, SPEC_COMPONENTS, m->component, m->components, sizeof(m->component[0]));
	put(out, &h, SPEC_OBJECTS, m->object, m->objects, sizeof(m->object[0]));
	put(out, &h, SPEC_CAPS, m->cap, m->caps, sizeof(m->cap[0]));
	put(out, &h, SPEC_MAPS, m->map, m->maps, sizeof(m->map[0]));
	put(out, &h, SPEC_PARAMS, m->param, m->params, sizeof(m->param[0]));
	put(out, &h, SPEC_STRINGS, m->string, m->strings, 1);
	memcpy(out, &h, sizeof(h));
	if (spec_check(out, h.size, &m->spec, error, sizeof(error)) != 0)
		error_at(m->system->at, "the system cannot be built: %s", error);
	m->binary = out;
	m->size = h.size;
}
