/* SPDX-License-Identifier: BSD-2-Clause */
/* The system spec: as root loads it, as text, as JSON. */
#include "model.h"

#include <string.h>
#include "abi/skerry.h"

/* --- binary ------------------------------------------------------------------- */

static void put(uint8_t *out, struct spec_header *h, enum spec_table_kind kind, const void *entries, uint32_t count,
		size_t entry)
{
	h->table[kind].offset = h->size;
	h->table[kind].count = count;
	memcpy(out + h->size, entries, count * entry);
	h->size = (uint32_t)((h->size + count * entry + 7) & ~7ul);
}

/* What root would refuse is an error here: what the compiler itself overlooked, or a limit of the format. */
const void *model_binary(const struct model *m, size_t *size)
{
	struct spec_header h = { .magic = SPEC_MAGIC, .version = SPEC_VERSION, .size = sizeof(h) };
	uint8_t *out = idl_alloc(sizeof(*m));
	char error[256];
	struct spec spec;

	put(out, &h, SPEC_COMPONENTS, m->component, m->components, sizeof(m->component[0]));
	put(out, &h, SPEC_OBJECTS, m->object, m->objects, sizeof(m->object[0]));
	put(out, &h, SPEC_CAPS, m->cap, m->caps, sizeof(m->cap[0]));
	put(out, &h, SPEC_MAPS, m->map, m->maps, sizeof(m->map[0]));
	put(out, &h, SPEC_PARAMS, m->param, m->params, sizeof(m->param[0]));
	put(out, &h, SPEC_STRINGS, m->string, m->strings, 1);
	memcpy(out, &h, sizeof(h));
	if (spec_check(out, h.size, &spec, error, sizeof(error)) != 0)
		error_at(m->system->at, "the system cannot be built: %s", error);
	*size = h.size;
	return out;
}

/* --- text ----------------------------------------------------------------------- */

static const char *component_name(const struct model *m, uint32_t component)
{
	return model_string(m, m->component[component].name);
}

static const char *letters(uint32_t rights)
{
	return idl_text("%s%s%s", rights & SK_RIGHT_READ ? "r" : "", rights & SK_RIGHT_WRITE ? "w" : "",
			rights & SK_RIGHT_EXEC ? "x" : "");
}

static const char *words(uint32_t rights)
{
	static const struct { uint32_t right; const char *word; } table[] = {
		{ SK_RIGHT_READ, "read" }, { SK_RIGHT_WRITE, "write" }, { SK_RIGHT_SIGNAL, "signal" },
		{ SK_RIGHT_WAIT, "wait" }, { SK_RIGHT_CALL, "call" }, { SK_RIGHT_SERVE, "serve" },
	};
	const char *text = "";

	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (rights & table[i].right)
			text = idl_text("%s%s%s", text, *text ? "," : "", table[i].word);
	}
	return text;
}

static void text_thread(const struct spec_object *o, FILE *out)
{
	fprintf(out, " priority=%u max=%u core=%u%s", o->priority, o->max_priority, o->core,
		o->flags & SPEC_SPREAD ? " spread" : "");
	if (o->period)
		fprintf(out, " budget=%u period=%u", o->budget, o->period);
}

static void text_object(const struct model *m, uint32_t index, FILE *out)
{
	const struct spec_object *o = &m->object[index];

	fprintf(out, "%s %s", spec_kind_name(o->kind), object_name(m, index));
	if (o->owner != SPEC_NONE)
		fprintf(out, " owner=%s", component_name(m, o->owner));
	switch (o->kind) {
	case SPEC_NOTIFICATION:
		if (o->ref != SPEC_NONE)
			fprintf(out, " bind=%s", object_name(m, o->ref));
		break;
	case SPEC_ENDPOINT:
		fprintf(out, " core=%u%s", o->core, o->flags & SPEC_TAKES ? " takes" : "");
		break;
	case SPEC_THREAD:
		text_thread(o, out);
		break;
	case SPEC_VCPU:
		fprintf(out, " space=%s thread=%s", object_name(m, o->ref), object_name(m, o->ref2));
		break;
	case SPEC_MEMORY:
		fprintf(out, " bytes=%lluK", (unsigned long long)o->bytes >> 10);
		if (o->text)
			fprintf(out, " param=%s", model_string(m, o->text));
		fputs(o->flags & SPEC_KEEP ? " keep" : "", out);
		break;
	case SPEC_FILE:
		fprintf(out, " archive=%s file=%s%s", model_string(m, o->text), model_string(m, o->text2),
			o->flags & SPEC_OPTIONAL ? " optional" : "");
		if (o->bytes)
			fprintf(out, " bytes=%lluK", (unsigned long long)o->bytes >> 10);
		break;
	case SPEC_DEVICE:
		fprintf(out, " %s=%s", model_string(m, o->text)[0] == '/' ? "path" : "role", model_string(m, o->text));
		if (o->badge)
			fprintf(out, " address=0x%llx", (unsigned long long)o->badge);
		if (o->bytes)
			fprintf(out, " bytes=%lluK", (unsigned long long)o->bytes >> 10);
		break;
	case SPEC_SLOT:
		fprintf(out, " bytes=%lluK core=%u", (unsigned long long)o->bytes >> 10, o->core);
		if (o->ref != SPEC_NONE)
			fprintf(out, " bind=%s badge=0x%llx", object_name(m, o->ref), (unsigned long long)o->badge);
		break;
	case SPEC_IRQ:
		fprintf(out, " device=%s bind=%s badge=0x%llx", object_name(m, o->ref), object_name(m, o->ref2),
			(unsigned long long)o->badge);
		if (o->bytes)
			fprintf(out, " intid=%llu", (unsigned long long)o->bytes);
		break;
	default:
		break;
	}
	if (o->flags & SPEC_IF)
		fprintf(out, " if=%s above=%llu", model_string(m, o->text), (unsigned long long)o->bytes);
	fputc('\n', out);
}

static void text_component(const struct model *m, uint32_t index, FILE *out)
{
	const struct spec_component *p = &m->component[index];
	const struct spec_object *t = &m->object[p->thread];

	fprintf(out, "component %s image=%s", component_name(m, index), model_string(m, p->image));
	text_thread(t, out);
	fprintf(out, " stack=%uK heap=%uK slots=%u%s%s", p->stack >> 10, p->heap >> 10, p->slots,
		p->slot == SPEC_NONE ? "" : " slot=", p->slot == SPEC_NONE ? "" : object_name(m, p->slot));
	if (p->restarts)
		fprintf(out, " restarts=%u period=%u", p->restarts, p->period);
	fputc('\n', out);
}

static bool is_main(const struct model *m, uint32_t object)
{
	const struct spec_object *o = &m->object[object];

	return o->kind == SPEC_THREAD && o->owner != SPEC_NONE && m->component[o->owner].thread == object;
}

static void text_wires(const struct model *m, FILE *out)
{
	for (uint32_t i = 0; i < m->maps; i++) {
		const struct spec_map *w = &m->map[i];

		if (w->guest != SPEC_NONE)
			fprintf(out, "guestmap %s object=%s address=0x%llx rights=%s\n", object_name(m, w->guest),
				object_name(m, w->object), (unsigned long long)w->address, letters(w->rights));
		else
			fprintf(out, "map %s %s object=%s address=0x%llx rights=%s%s\n", component_name(m, w->component),
				model_string(m, w->name), object_name(m, w->object), (unsigned long long)w->address,
				letters(w->rights), w->flags & SPEC_MAP_DMA ? " dma" : "");
	}
	for (uint32_t i = 0; i < m->caps; i++) {
		static const char *const outcome[SPEC_OUTCOMES] = { "off", "crash", "reset" };
		const struct spec_cap *w = &m->cap[i];

		fprintf(out, "cap %s %s object=%s slot=%u rights=%s", component_name(m, w->component),
			model_string(m, w->name), object_name(m, w->object), w->slot, words(w->rights));
		if (m->object[w->object].kind == SPEC_SUPERVISOR)
			fprintf(out, " badge=%s", outcome[w->badge]);
		else if (w->badge)
			fprintf(out, " badge=0x%llx", (unsigned long long)w->badge);
		fputc('\n', out);
	}
	for (uint32_t i = 0; i < m->params; i++) {
		const struct spec_param *w = &m->param[i];

		fprintf(out, w->kind == SPEC_PARAM_TEXT ? "params %s archive=%s file=%s\n" : "param %s %s %s\n",
			component_name(m, w->component), model_string(m, w->key), model_string(m, w->value));
	}
}

void model_text(const struct model *m, FILE *out)
{
	fprintf(out, "# SPDX-License-Identifier: BSD-2-Clause\n# The system spec of %s, as text.\n", m->system->at.source->path);
	for (uint32_t i = 0; i < m->objects; i++) {
		if (m->object[i].kind == SPEC_SLOT)
			text_object(m, i, out);
	}
	for (uint32_t i = 0; i < m->components; i++)
		text_component(m, i, out);
	for (uint32_t i = 0; i < m->objects; i++) {
		if (!is_main(m, i) && m->object[i].kind != SPEC_SLOT)
			text_object(m, i, out);
	}
	text_wires(m, out);
}

/* --- what root must find ------------------------------------------------------- */

static bool at_boot(const struct model *m, uint32_t component)
{
	return component == SPEC_NONE || m->component[component].slot == SPEC_NONE;
}

static bool there(const struct model *m, uint32_t object)
{
	return !(m->object[object].flags & SPEC_IF) && at_boot(m, m->object[object].owner);
}

void model_live(const struct model *m, FILE *out)
{
	for (uint32_t i = 0; i < m->caps; i++) {
		const struct spec_cap *w = &m->cap[i];
		uint32_t kind = m->object[w->object].kind;

		if (there(m, w->object) && at_boot(m, w->component))
			fprintf(out, "live cap %s %u %s %s %u %llu\n", component_name(m, w->component), w->slot, model_string(m, w->name),
				kind == SPEC_SUPERVISOR ? "notification" : kind == SPEC_SLOT || kind == SPEC_CONTROL ? "endpoint" :
				spec_kind_name(kind), w->rights,
				kind == SPEC_SUPERVISOR ? (unsigned long long)spec_outcome_bits(w->component, w->badge) :
				kind == SPEC_SLOT ? w->object + 1ull : kind == SPEC_CONTROL ? SPEC_CONTROL_ALL :
				(unsigned long long)w->badge);
	}
	for (uint32_t i = 0; i < m->maps; i++) {
		const struct spec_map *w = &m->map[i];

		if (!at_boot(m, w->guest == SPEC_NONE ? w->component : m->object[w->guest].owner))
			continue;
		if (w->guest == SPEC_NONE)
			fprintf(out, "live map %s %s 0x%llx %u\n", component_name(m, w->component), model_string(m, w->name),
				(unsigned long long)w->address, w->rights);
		else
			fprintf(out, "live guestmap %s 0x%llx %u\n", object_name(m, w->guest), (unsigned long long)w->address,
				w->rights);
	}
}

/* --- JSON --------------------------------------------------------------------- */

static void quoted(const char *text, FILE *out)
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
	quoted(value, out);
}

static void ref(const struct model *m, const char *name, uint32_t object, FILE *out)
{
	if (object != SPEC_NONE)
		key(name, object_name(m, object), out);
}

static void json_object(const struct model *m, uint32_t index, FILE *out)
{
	const struct spec_object *o = &m->object[index];

	fputs("    {\"name\": ", out);
	quoted(object_name(m, index), out);
	key("kind", spec_kind_name(o->kind), out);
	if (o->owner != SPEC_NONE)
		key("owner", component_name(m, o->owner), out);
	if (m->made_by[index])
		key("connection", m->made_by[index]->name, out);
	if (o->kind == SPEC_VCPU || o->kind == SPEC_IRQ || o->kind == SPEC_NOTIFICATION || o->kind == SPEC_SLOT) {
		ref(m, o->kind == SPEC_VCPU ? "guest" : o->kind == SPEC_IRQ ? "device" : o->kind == SPEC_SLOT ? "notification" : "bound", o->ref, out);
		ref(m, o->kind == SPEC_VCPU ? "thread" : "notification", o->ref2, out);
	}
	if (o->kind == SPEC_MEMORY || o->kind == SPEC_SLOT)
		fprintf(out, ", \"bytes\": %llu", (unsigned long long)o->bytes);
	if (o->kind == SPEC_THREAD)
		fprintf(out, ", \"core\": %u, \"priority\": %u, \"max_priority\": %u, \"budget\": %u, \"period\": %u", o->core,
			o->priority, o->max_priority, o->budget, o->period);
	if (o->kind == SPEC_DEVICE)
		key("where", model_string(m, o->text), out);
	if (o->flags & SPEC_IF) {
		key("if", model_string(m, o->text), out);
		fprintf(out, ", \"above\": %llu", (unsigned long long)o->bytes);
	}
	if (o->kind == SPEC_FILE)
		key("file", model_string(m, o->text2), out);
	fputs(index + 1 < m->objects ? "},\n" : "}\n", out);
}

static void json_caps(const struct model *m, FILE *out)
{
	for (uint32_t i = 0; i < m->caps; i++) {
		const struct spec_cap *w = &m->cap[i];

		fputs("    {\"component\": ", out);
		quoted(component_name(m, w->component), out);
		key("name", model_string(m, w->name), out);
		key("object", object_name(m, w->object), out);
		key("rights", words(w->rights), out);
		fprintf(out, ", \"badge\": %llu, \"slot\": %u}%s\n", (unsigned long long)w->badge, w->slot,
			i + 1 < m->caps ? "," : "");
	}
}

static void json_maps(const struct model *m, FILE *out)
{
	for (uint32_t i = 0; i < m->maps; i++) {
		const struct spec_map *w = &m->map[i];
		bool guest = w->guest != SPEC_NONE;

		fprintf(out, "    {\"%s\": ", guest ? "guest" : "component");
		quoted(guest ? object_name(m, w->guest) : component_name(m, w->component), out);
		if (!guest)
			key("region", model_string(m, w->name), out);
		key("object", object_name(m, w->object), out);
		key("rights", letters(w->rights), out);
		fprintf(out, ", \"address\": %llu", (unsigned long long)w->address);
		fputs(i + 1 < m->maps ? "},\n" : "}\n", out);
	}
}

static void json_params(const struct model *m, FILE *out)
{
	for (uint32_t i = 0; i < m->params; i++) {
		const struct spec_param *w = &m->param[i];

		fputs("    {\"component\": ", out);
		quoted(component_name(m, w->component), out);
		key(w->kind == SPEC_PARAM_TEXT ? "archive" : "key", model_string(m, w->key), out);
		key(w->kind == SPEC_PARAM_TEXT ? "file" : "value", model_string(m, w->value), out);
		fputs(i + 1 < m->params ? "},\n" : "}\n", out);
	}
}

void model_json(const struct model *m, FILE *out)
{
	fputs("{\n  \"components\": [\n", out);
	for (uint32_t i = 0; i < m->components; i++) {
		const struct spec_component *p = &m->component[i];

		fputs("    {\"name\": ", out);
		quoted(component_name(m, i), out);
		key("image", model_string(m, p->image), out);
		key("type", m->instance[i]->decl->name.text, out);
		ref(m, "slot", p->slot, out);
		fprintf(out, ", \"core\": %u, \"priority\": %u, \"stack\": %u, \"heap\": %u, \"slots\": %u}%s\n",
			m->object[p->thread].core, m->object[p->thread].priority, p->stack, p->heap, p->slots,
			i + 1 < m->components ? "," : "");
	}
	fputs("  ],\n  \"objects\": [\n", out);
	for (uint32_t i = 0; i < m->objects; i++)
		json_object(m, i, out);
	fputs("  ],\n  \"capabilities\": [\n", out);
	json_caps(m, out);
	fputs("  ],\n  \"mappings\": [\n", out);
	json_maps(m, out);
	fputs("  ],\n  \"parameters\": [\n", out);
	json_params(m, out);
	fputs("  ]\n}\n", out);
}
