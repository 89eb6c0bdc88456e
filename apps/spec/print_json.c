/* SPDX-License-Identifier: BSD-2-Clause */
/* A spec as JSON. */
#include "print.h"

#include "abi/skerry.h"

void print_json_string(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		if ((unsigned char)*text < 32)
			fprintf(out, "\\u%04x", (unsigned char)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void key(const char *name, const char *value, FILE *out)
{
	fprintf(out, ", \"%s\": ", name);
	print_json_string(value, out);
}

static void ref(const struct spec *s, const char *name, uint32_t object, FILE *out)
{
	if (object != SPEC_NONE)
		key(name, spec_object_name(s, object), out);
}

static void json_object(const struct spec *s, uint32_t index, const char *connection, FILE *out)
{
	const struct spec_object *o = &s->object[index];

	fputs("    {\"name\": ", out);
	print_json_string(spec_object_name(s, index), out);
	key("kind", spec_kind_name(o->kind), out);
	if (o->owner != SPEC_NONE)
		key("owner", spec_component_name(s, o->owner), out);
	if (connection)
		key("connection", connection, out);
	if (o->kind == SPEC_VCPU || o->kind == SPEC_IRQ || o->kind == SPEC_NOTIFICATION || o->kind == SPEC_SLOT) {
		ref(s, o->kind == SPEC_VCPU ? "guest" : o->kind == SPEC_IRQ ? "device" : o->kind == SPEC_SLOT ? "notification" : "bound", o->ref, out);
		ref(s, o->kind == SPEC_VCPU ? "thread" : "notification", o->ref2, out);
	}
	if (o->kind == SPEC_MEMORY || o->kind == SPEC_SLOT)
		fprintf(out, ", \"bytes\": %llu", (unsigned long long)o->bytes);
	if (o->kind == SPEC_THREAD)
		fprintf(out, ", \"core\": %u, \"priority\": %u, \"max_priority\": %u, \"budget\": %u, \"period\": %u", o->core,
			o->priority, o->max_priority, o->budget, o->period);
	if (o->kind == SPEC_DEVICE)
		key("where", spec_string(s, o->text), out);
	if (o->flags & SPEC_IF) {
		key("if", spec_string(s, o->text), out);
		fprintf(out, ", \"above\": %llu", (unsigned long long)o->bytes);
	}
	if (o->kind == SPEC_FILE)
		key("file", spec_string(s, o->text2), out);
	fputs(index + 1 < s->objects ? "},\n" : "}\n", out);
}

static void json_caps(const struct spec *s, FILE *out)
{
	for (uint32_t i = 0; i < s->caps; i++) {
		const struct spec_cap *w = &s->cap[i];

		fputs("    {\"component\": ", out);
		print_json_string(spec_component_name(s, w->component), out);
		key("name", spec_string(s, w->name), out);
		key("object", spec_object_name(s, w->object), out);
		key("rights", print_words(w->rights, (char[PRINT_ROOM]){ 0 }), out);
		fprintf(out, ", \"badge\": %llu, \"slot\": %u}%s\n", (unsigned long long)w->badge, w->slot,
			i + 1 < s->caps ? "," : "");
	}
}

static void json_maps(const struct spec *s, FILE *out)
{
	for (uint32_t i = 0; i < s->maps; i++) {
		const struct spec_map *w = &s->map[i];
		bool guest = w->guest != SPEC_NONE;

		fprintf(out, "    {\"%s\": ", guest ? "guest" : "component");
		print_json_string(guest ? spec_object_name(s, w->guest) : spec_component_name(s, w->component), out);
		if (!guest)
			key("region", spec_string(s, w->name), out);
		key("object", spec_object_name(s, w->object), out);
		key("rights", print_letters(w->rights), out);
		fprintf(out, ", \"address\": %llu", (unsigned long long)w->address);
		fputs(i + 1 < s->maps ? "},\n" : "}\n", out);
	}
}

static void json_params(const struct spec *s, FILE *out)
{
	for (uint32_t i = 0; i < s->params; i++) {
		const struct spec_param *w = &s->param[i];

		fputs("    {\"component\": ", out);
		print_json_string(spec_component_name(s, w->component), out);
		key(w->kind == SPEC_PARAM_TEXT ? "archive" : "key", spec_string(s, w->key), out);
		if (w->kind == SPEC_PARAM_SEED)
			fputs(", \"seed\": true", out);
		else
			key(w->kind == SPEC_PARAM_TEXT ? "file" : "value", spec_string(s, w->value), out);
		fputs(i + 1 < s->params ? "},\n" : "}\n", out);
	}
}

void spec_json(const struct spec *s, const char *const *type, const char *const *connection, FILE *out)
{
	fputs("{\n  \"components\": [\n", out);
	for (uint32_t i = 0; i < s->components; i++) {
		const struct spec_component *p = &s->component[i];

		fputs("    {\"name\": ", out);
		print_json_string(spec_component_name(s, i), out);
		key("image", spec_string(s, p->image), out);
		key("type", type[i], out);
		ref(s, "slot", p->slot, out);
		fprintf(out, ", \"core\": %u, \"priority\": %u, \"stack\": %u, \"heap\": %u, \"slots\": %u}%s\n",
			s->object[p->thread].core, s->object[p->thread].priority, p->stack, p->heap, p->slots,
			i + 1 < s->components ? "," : "");
	}
	fputs("  ],\n  \"objects\": [\n", out);
	for (uint32_t i = 0; i < s->objects; i++)
		json_object(s, i, connection[i], out);
	fputs("  ],\n  \"capabilities\": [\n", out);
	json_caps(s, out);
	fputs("  ],\n  \"mappings\": [\n", out);
	json_maps(s, out);
	fputs("  ],\n  \"parameters\": [\n", out);
	json_params(s, out);
	fputs("  ]\n}\n", out);
}
