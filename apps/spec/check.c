/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "abi/skerry.h"

bool check_fail(struct check *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->error, c->error_size, format, args);
	va_end(args);
	return false;
}

bool check_string(struct check *c, const char *what, uint32_t index, uint32_t string)
{
	if (string < c->string_bytes)
		return true;
	return check_fail(c, "%s %u: string offset %u lies behind the %u bytes of strings", what, index, string,
			  c->string_bytes);
}

bool check_name(struct check *c, const char *what, uint32_t index, uint32_t string)
{
	size_t length;

	if (!check_string(c, what, index, string))
		return false;
	length = strlen(spec_string(c->spec, string));
	if (length > 0 && length < SPEC_NAME)
		return true;
	return check_fail(c, "%s %u: a name has 1 to %d characters, this one %zu", what, index, SPEC_NAME - 1, length);
}

bool check_pages(struct check *c, const char *what, const char *name, uint64_t bytes, uint64_t least)
{
	if (bytes % SK_PAGE == 0 && bytes >= least && bytes < 1ul << SK_IPA_BITS)
		return true;
	return check_fail(c, "%s \"%s\": %llu bytes; expected whole pages, at least %llu", what, name,
			  (unsigned long long)bytes, (unsigned long long)least);
}

/* Offset and length of one table, and the pointer to it. */
static bool open_table(struct check *c, const uint8_t *bytes, size_t size, enum spec_table_kind kind,
		       const void **at, uint32_t *count)
{
	static const struct {
		const char *name;
		uint32_t entry, most;
	} table[SPEC_TABLES] = {
		[SPEC_STRINGS] = { "strings", 1, 1u << 20 },
		[SPEC_COMPONENTS] = { "components", sizeof(struct spec_component), SPEC_COMPONENTS_MAX },
		[SPEC_OBJECTS] = { "objects", sizeof(struct spec_object), SPEC_OBJECTS_MAX },
		[SPEC_CAPS] = { "capabilities", sizeof(struct spec_cap), SPEC_CAPS_MAX },
		[SPEC_MAPS] = { "mappings", sizeof(struct spec_map), SPEC_MAPS_MAX },
		[SPEC_PARAMS] = { "parameters", sizeof(struct spec_param), 4096 },
	};
	const struct spec_header *h = (const void *)bytes;
	uint32_t offset = h->table[kind].offset;
	uint32_t n = h->table[kind].count;

	if (n > table[kind].most)
		return check_fail(c, "table of %s: %u entries, at most %u are possible", table[kind].name, n,
				  table[kind].most);
	if (offset % 8 || offset < sizeof(*h) || offset > size || n * table[kind].entry > size - offset)
		return check_fail(c, "table of %s: offset %u with %u entries of %u bytes lies outside the %zu bytes",
				  table[kind].name, offset, n, table[kind].entry, size);
	*at = bytes + offset;
	*count = n;
	return true;
}

static bool check_header(struct check *c, const uint8_t *bytes, size_t size)
{
	const struct spec_header *h = (const void *)bytes;

	if (size < sizeof(*h))
		return check_fail(c, "%zu bytes are too short for the header of %zu", size, sizeof(*h));
	if (h->magic != SPEC_MAGIC)
		return check_fail(c, "magic 0x%llx, expected 0x%llx: this is no system spec",
				  (unsigned long long)h->magic, (unsigned long long)SPEC_MAGIC);
	if (h->version != SPEC_VERSION)
		return check_fail(c, "version %u, this root reads version %d", h->version, SPEC_VERSION);
	if (h->size != size)
		return check_fail(c, "it says %u bytes, there are %zu: cut off or padded", h->size, size);
	return true;
}

static bool open_all(struct check *c, const uint8_t *bytes, size_t size)
{
	struct spec *s = c->spec;
	const void *at[SPEC_TABLES];
	uint32_t count[SPEC_TABLES];

	for (unsigned kind = 0; kind < SPEC_TABLES; kind++) {
		if (!open_table(c, bytes, size, (enum spec_table_kind)kind, &at[kind], &count[kind]))
			return false;
	}
	*s = (struct spec){
		.strings = at[SPEC_STRINGS],
		.component = at[SPEC_COMPONENTS], .components = count[SPEC_COMPONENTS],
		.object = at[SPEC_OBJECTS], .objects = count[SPEC_OBJECTS],
		.cap = at[SPEC_CAPS], .caps = count[SPEC_CAPS],
		.map = at[SPEC_MAPS], .maps = count[SPEC_MAPS],
		.param = at[SPEC_PARAMS], .params = count[SPEC_PARAMS],
	};
	c->string_bytes = count[SPEC_STRINGS];
	if (c->string_bytes == 0 || s->strings[0] != 0 || s->strings[c->string_bytes - 1] != 0)
		return check_fail(c, "the strings do not begin and end with a NUL byte");
	if (s->components == 0)
		return check_fail(c, "there is no component");
	return true;
}

int spec_check(const void *bytes, size_t size, struct spec *spec, char *error, size_t error_size)
{
	struct check c = { .spec = spec, .error = error, .error_size = error_size };

	return check_header(&c, bytes, size) && open_all(&c, bytes, size) && check_object_strings(&c) &&
	       check_components(&c) && check_objects(&c) && check_caps(&c) && check_maps(&c) && check_params(&c) ? 0 : -1;
}
