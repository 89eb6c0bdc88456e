/* SPDX-License-Identifier: BSD-2-Clause */
/* What each component finds where: its memory and its slots; how much kernel memory it takes. */
#include "print.h"

#include <stdlib.h>
#include "abi/skerry.h"
#include "layout.h"
#include "skerry/start.h"

struct range {
	uint64_t address, bytes;
	uint32_t rights;
	const char *name, *what, *object; /* name: of a region, or null */
	const char *note;
};

struct map {
	struct range range[SPEC_MAPS_MAX + IMAGE_SEGMENTS + 3];
	uint32_t ranges;
};

static void add(struct map *m, struct range range)
{
	if (range.bytes)
		m->range[m->ranges++] = range;
}

static int by_address(const void *a, const void *b)
{
	const struct range *p = a, *q = b;

	return p->address < q->address ? -1 : p->address > q->address;
}

/* What is not known before boot. */
static const char *note_of(const struct spec *s, const struct spec_object *o)
{
	if (o->kind == SPEC_FILE)
		return o->flags & SPEC_OPTIONAL ? "at most; may be missing" : "at most";
	if (o->kind == SPEC_MEMORY && spec_string(s, o->text)[0])
		return "unless a parameter of the machine says otherwise";
	if (o->kind == SPEC_DEVICE && !o->badge)
		return "as the machine has it";
	return "";
}

static void add_mapping(struct map *m, const struct spec *s, const struct spec_map *w)
{
	const struct spec_object *o = &s->object[w->object];
	uint64_t bytes = o->bytes ? o->bytes : o->kind == SPEC_FILE ? LAYOUT_FILE_ROOM : LAYOUT_DEVICE_ROOM;

	add(m, (struct range){ w->address, bytes, w->rights, w->guest == SPEC_NONE ? spec_string(s, w->name) : NULL,
			       spec_kind_name(o->kind), spec_object_name(s, w->object), note_of(s, o) });
}

static void add_own(struct map *m, const struct spec *s, const struct image *image, uint32_t component)
{
	const struct spec_component *c = &s->component[component];
	uint32_t rw = SK_RIGHT_READ | SK_RIGHT_WRITE;
	const char *file = spec_string(s, c->image);

	add(m, (struct range){ SK_START_IPA, SK_START_PAGES * SK_PAGE, SK_RIGHT_READ, NULL, "start page", "", "" });
	for (uint32_t i = 0; i < image->segments; i++)
		add(m, (struct range){ image->segment[i].ipa, image->segment[i].bytes, image->segment[i].rights, NULL,
				       "image", file, "" });
	add(m, (struct range){ LAYOUT_STACK_TOP - c->stack, c->stack, rw, NULL, "stack", "", "" });
	add(m, (struct range){ LAYOUT_HEAP, c->heap, rw, NULL, "heap", "", "" });
}

/* Of a component, or with GUEST not NONE of that guest. The caller frees it. */
static struct map *map_of(const struct spec *s, const struct image *image, uint32_t component, uint32_t guest)
{
	struct map *m = calloc(1, sizeof(*m));

	if (!m)
		abort();
	if (guest == SPEC_NONE)
		add_own(m, s, image, component);
	for (uint32_t i = 0; i < s->maps; i++) {
		if (s->map[i].guest == guest && (guest != SPEC_NONE || s->map[i].component == component))
			add_mapping(m, s, &s->map[i]);
	}
	qsort(m->range, m->ranges, sizeof(m->range[0]), by_address);
	return m;
}

/* --- text ---------------------------------------------------------------------------- */

static void text_ranges(struct map *m, FILE *out)
{
	for (uint32_t i = 0; i < m->ranges; i++) {
		const struct range *r = &m->range[i];

		fprintf(out, "  0x%010llx %10lluK %s  %s%s%s%s%s%s%s\n", (unsigned long long)r->address,
			(unsigned long long)r->bytes >> 10, print_letters(r->rights), r->name ? r->name : "",
			r->name ? ": " : "", r->what, *r->object ? " " : "", r->object, *r->note ? ", " : "", r->note);
	}
	free(m);
}

static void text_slots(const struct spec *s, uint32_t component, FILE *out)
{
	char words[PRINT_ROOM];

	for (uint32_t i = 0; i < s->caps; i++) {
		const struct spec_cap *c = &s->cap[i];

		if (c->component != component)
			continue;
		fprintf(out, "  slot %-4u %s: %s %s, %s", c->slot, spec_string(s, c->name),
			spec_kind_name(s->object[c->object].kind), spec_object_name(s, c->object), print_words(c->rights, words));
		if (c->badge)
			fprintf(out, ", badge 0x%llx", (unsigned long long)c->badge);
		if (s->object[c->object].flags & SPEC_IF)
			fprintf(out, ", if %s is above %llu", spec_string(s, s->object[c->object].text),
				(unsigned long long)s->object[c->object].bytes);
		fputc('\n', out);
	}
}

static void text_kernel(const struct spec *s, const struct image *image, uint32_t component, FILE *out)
{
	uint32_t count[SPEC_KINDS] = { 0 };
	const char *comma = component == SPEC_NONE ? "" : ", ";

	fprintf(out, "  kernel memory %lluK: ", (unsigned long long)account_kernel(s, image, component) >> 10);
	if (component != SPEC_NONE)
		fprintf(out, "cnode of %u slots, space with %u tables", s->component[component].slots,
			account_tables(s, image, component));
	for (uint32_t i = 0; i < s->objects; i++) {
		const struct spec_object *o = &s->object[i];

		if ((layout_lives(o) ? o->owner : SPEC_NONE) != component)
			continue;
		count[o->kind] += layout_object_bytes(o) != 0;
		if (o->kind == SPEC_GUEST)
			fprintf(out, ", guest space %s with %u tables", spec_object_name(s, i), account_guest_tables(s, i));
	}
	for (uint32_t kind = 0; kind < SPEC_KINDS; kind++) {
		if (count[kind]) {
			fprintf(out, "%s%u of %s", comma, count[kind], spec_kind_name(kind));
			comma = ", ";
		}
	}
	fputc('\n', out);
}

void spec_map(const struct spec *s, const struct image *image, FILE *out)
{
	for (uint32_t i = 0; i < s->components; i++) {
		fprintf(out, "component %s\n", spec_component_name(s, i));
		text_ranges(map_of(s, &image[i], i, SPEC_NONE), out);
		text_slots(s, i, out);
		text_kernel(s, &image[i], i, out);
	}
	for (uint32_t i = 0; i < s->objects; i++) {
		if (s->object[i].kind != SPEC_GUEST)
			continue;
		fprintf(out, "guest %s\n", spec_object_name(s, i));
		text_ranges(map_of(s, NULL, SPEC_NONE, i), out);
	}
	fputs("shared\n", out);
	text_kernel(s, NULL, SPEC_NONE, out);
}

/* --- JSON ---------------------------------------------------------------------------- */

static void json_key(const char *name, const char *value, FILE *out)
{
	fprintf(out, ", \"%s\": ", name);
	print_json_string(value, out);
}

static void json_ranges(struct map *m, FILE *out)
{
	fputs("\"memory\": [", out);
	for (uint32_t i = 0; i < m->ranges; i++) {
		const struct range *r = &m->range[i];

		fprintf(out, "%s\n      {\"address\": %llu, \"bytes\": %llu", i ? "," : "", (unsigned long long)r->address,
			(unsigned long long)r->bytes);
		json_key("rights", print_letters(r->rights), out);
		json_key("is", r->what, out);
		json_key("object", r->object, out);
		if (r->name)
			json_key("name", r->name, out);
		json_key("note", r->note, out);
		fputc('}', out);
	}
	fputs("]", out);
	free(m);
}

static void json_slots(const struct spec *s, uint32_t component, FILE *out)
{
	const char *comma = "";
	char words[PRINT_ROOM];

	fputs(",\n     \"slots\": [", out);
	for (uint32_t i = 0; i < s->caps; i++) {
		const struct spec_cap *c = &s->cap[i];

		if (c->component != component)
			continue;
		fprintf(out, "%s\n      {\"slot\": %u", comma, c->slot);
		json_key("name", spec_string(s, c->name), out);
		json_key("is", spec_kind_name(s->object[c->object].kind), out);
		json_key("object", spec_object_name(s, c->object), out);
		json_key("rights", print_words(c->rights, words), out);
		fprintf(out, ", \"badge\": %llu}", (unsigned long long)c->badge);
		comma = ",";
	}
	fputs("]", out);
}

void spec_map_json(const struct spec *s, const struct image *image, FILE *out)
{
	const char *comma = "";

	fputs("{\n  \"components\": [\n", out);
	for (uint32_t i = 0; i < s->components; i++) {
		fputs("    {\"name\": ", out);
		print_json_string(spec_component_name(s, i), out);
		fprintf(out, ", \"kernel_bytes\": %llu, \"tables\": %u,\n     ", (unsigned long long)account_kernel(s, &image[i], i),
			account_tables(s, &image[i], i));
		json_ranges(map_of(s, &image[i], i, SPEC_NONE), out);
		json_slots(s, i, out);
		fputs(i + 1 < s->components ? "},\n" : "}\n", out);
	}
	fputs("  ],\n  \"guests\": [", out);
	for (uint32_t i = 0; i < s->objects; i++) {
		if (s->object[i].kind != SPEC_GUEST)
			continue;
		fprintf(out, "%s\n    {\"name\": ", comma);
		print_json_string(spec_object_name(s, i), out);
		fputs(", ", out);
		json_ranges(map_of(s, NULL, SPEC_NONE, i), out);
		fputs("}", out);
		comma = ",";
	}
	fprintf(out, "\n  ],\n  \"shared_kernel_bytes\": %llu\n}\n", (unsigned long long)account_kernel(s, NULL, SPEC_NONE));
}
