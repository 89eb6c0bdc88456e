/* SPDX-License-Identifier: BSD-2-Clause */
#include "patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "spec.h"

struct field {
	const char *name;
	size_t offset, size;
};
#define FIELD(type, field) { #field, offsetof(struct type, field), sizeof(((struct type *)0)->field) }

static const struct field header_fields[] = {
	FIELD(spec_header, magic), FIELD(spec_header, version), FIELD(spec_header, size), { 0 },
};
static const struct field component_fields[] = {
	FIELD(spec_component, name), FIELD(spec_component, image), FIELD(spec_component, thread),
	FIELD(spec_component, stack), FIELD(spec_component, heap), FIELD(spec_component, slots),
	FIELD(spec_component, slot), FIELD(spec_component, number), FIELD(spec_component, restarts),
	FIELD(spec_component, period), { 0 },
};
static const struct field object_fields[] = {
	FIELD(spec_object, name), FIELD(spec_object, kind), FIELD(spec_object, owner), FIELD(spec_object, ref),
	FIELD(spec_object, flags),
	FIELD(spec_object, ref2), FIELD(spec_object, text), FIELD(spec_object, text2), FIELD(spec_object, bytes),
	FIELD(spec_object, badge), FIELD(spec_object, cache), FIELD(spec_object, core), FIELD(spec_object, priority),
	FIELD(spec_object, max_priority), FIELD(spec_object, budget), FIELD(spec_object, period), { 0 },
};
static const struct field cap_fields[] = {
	FIELD(spec_cap, component), FIELD(spec_cap, name), FIELD(spec_cap, object), FIELD(spec_cap, rights),
	FIELD(spec_cap, badge), FIELD(spec_cap, slot), { 0 },
};
static const struct field map_fields[] = {
	FIELD(spec_map, component), FIELD(spec_map, guest), FIELD(spec_map, object), FIELD(spec_map, name),
	FIELD(spec_map, rights), FIELD(spec_map, address), { 0 },
};
static const struct field param_fields[] = {
	FIELD(spec_param, component), FIELD(spec_param, kind), FIELD(spec_param, key), FIELD(spec_param, value), { 0 },
};
static const char *const tables[] = { "strings", "components", "objects", "caps", "maps", "params" };

static void set(uint8_t *at, const struct field *field, const char *name, const char *value)
{
	uint64_t number = strtoull(value, NULL, 0);

	for (; field->name; field++) {
		if (strcmp(field->name, name) == 0) {
			memcpy(at + field->offset, &number, field->size); /* little endian, as the host */
			return;
		}
	}
	fail_msg("no field %s", name);
}

static uint32_t named(const uint8_t *spec, enum spec_table_kind kind, size_t entry, const char *name)
{
	const struct spec_header *h = (const void *)spec;

	for (uint32_t i = 0; i < h->table[kind].count; i++) {
		uint32_t string;

		memcpy(&string, spec + h->table[kind].offset + i * entry, 4);
		if (strcmp((const char *)spec + h->table[SPEC_STRINGS].offset + string, name) == 0)
			return i;
	}
	fail_msg("the base has no %s", name);
	return 0;
}

static void apply(uint8_t *spec, char *const w[4])
{
	static const struct {
		const char *word;
		enum spec_table_kind kind;
		size_t entry;
		const struct field *fields;
	} kinds[] = {
		{ "component", SPEC_COMPONENTS, sizeof(struct spec_component), component_fields },
		{ "object", SPEC_OBJECTS, sizeof(struct spec_object), object_fields },
		{ "cap", SPEC_CAPS, sizeof(struct spec_cap), cap_fields },
		{ "map", SPEC_MAPS, sizeof(struct spec_map), map_fields },
		{ "param", SPEC_PARAMS, sizeof(struct spec_param), param_fields },
	};
	struct spec_header *h = (void *)spec;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].word, w[0]) == 0) {
			uint32_t index = i < 2 ? named(spec, kinds[i].kind, kinds[i].entry, w[1]) :
						 (uint32_t)strtoul(w[1], NULL, 0);

			assert_true(index < h->table[kinds[i].kind].count);
			set(spec + h->table[kinds[i].kind].offset + index * kinds[i].entry, kinds[i].fields, w[2], w[3]);
			return;
		}
	}
	fail_msg("patch line begins with %s", w[0]);
}

static void apply_table(struct spec_header *h, char *const w[4])
{
	uint32_t number = (uint32_t)strtoul(w[3], NULL, 0);

	for (unsigned i = 0; i < SPEC_TABLES; i++) {
		if (strcmp(tables[i], w[1]) != 0)
			continue;
		if (strcmp(w[2], "offset") == 0)
			h->table[i].offset = number;
		else
			h->table[i].count = number;
		return;
	}
	fail_msg("no table %s", w[1]);
}

void patch_apply(const char *path, uint8_t *spec, size_t *size, char *expect, size_t expect_size)
{
	struct spec_header *h = (void *)spec;
	FILE *f = fopen(path, "r");
	char line[256], word[4][64];
	char *w[4] = { word[0], word[1], word[2], word[3] };

	assert_non_null(f);
	expect[0] = 0;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		word[0][0] = word[1][0] = word[2][0] = word[3][0] = 0;
		if (line[0] == '#' || sscanf(line, "%63s %63s %63s %63s", w[0], w[1], w[2], w[3]) < 1)
			continue;
		if (strcmp(w[0], "expect") == 0)
			snprintf(expect, expect_size, "%s", line + 7); /* behind "expect " */
		else if (strcmp(w[0], "header") == 0)
			set(spec, header_fields, w[1], w[2]);
		else if (strcmp(w[0], "table") == 0)
			apply_table(h, w);
		else if (strcmp(w[0], "byte") == 0)
			spec[h->table[SPEC_STRINGS].offset + strtoul(w[1], NULL, 0)] = (uint8_t)strtoul(w[2], NULL, 0);
		else if (strcmp(w[0], "cut") == 0)
			*size -= strtoul(w[1], NULL, 0);
		else
			apply(spec, w);
	}
	fclose(f);
	assert_true(expect[0]);
}
