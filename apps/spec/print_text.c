/* SPDX-License-Identifier: BSD-2-Clause */
/* A spec as lines, as skerry-spec reads them, and what root must find when it inspects what it built. */
#include "print.h"

#include <string.h>
#include "abi/skerry.h"
#include "layout.h"
#include "skerry/start.h"

const char *print_letters(uint32_t rights)
{
	static const char *const text[] = { "", "r", "w", "rw", "x", "rx", "wx", "rwx" };

	return text[rights & (SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC)];
}

const char *print_words(uint32_t rights, char text[PRINT_ROOM])
{
	static const struct { uint32_t right; const char *word; } table[] = {
		{ SK_RIGHT_READ, "read" }, { SK_RIGHT_WRITE, "write" }, { SK_RIGHT_SIGNAL, "signal" },
		{ SK_RIGHT_WAIT, "wait" }, { SK_RIGHT_CALL, "call" }, { SK_RIGHT_SERVE, "serve" },
	};

	text[0] = 0;
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (rights & table[i].right)
			snprintf(text + strlen(text), PRINT_ROOM - strlen(text), "%s%s", text[0] ? "," : "", table[i].word);
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

static void text_object(const struct spec *s, uint32_t index, FILE *out)
{
	const struct spec_object *o = &s->object[index];

	fprintf(out, "%s %s", spec_kind_name(o->kind), spec_object_name(s, index));
	if (o->owner != SPEC_NONE)
		fprintf(out, " owner=%s", spec_component_name(s, o->owner));
	switch (o->kind) {
	case SPEC_NOTIFICATION:
		if (o->ref != SPEC_NONE)
			fprintf(out, " bind=%s", spec_object_name(s, o->ref));
		break;
	case SPEC_ENDPOINT:
		fprintf(out, " core=%u%s%s", o->core, o->flags & SPEC_TAKES ? " takes" : "", o->flags & SPEC_GIVES ? " gives" : "");
		break;
	case SPEC_THREAD:
		text_thread(o, out);
		break;
	case SPEC_VCPU:
		fprintf(out, " space=%s thread=%s", spec_object_name(s, o->ref), spec_object_name(s, o->ref2));
		break;
	case SPEC_MEMORY:
		fprintf(out, " bytes=%lluK", (unsigned long long)o->bytes >> 10);
		if (o->text)
			fprintf(out, " param=%s", spec_string(s, o->text));
		fputs(o->flags & SPEC_KEEP ? " keep" : "", out);
		if (o->flags & SPEC_LOG)
			fprintf(out, " log=%s badge=0x%llx", spec_object_name(s, o->ref), (unsigned long long)o->badge);
		break;
	case SPEC_FILE:
		fprintf(out, " archive=%s file=%s%s", spec_string(s, o->text), spec_string(s, o->text2),
			o->flags & SPEC_OPTIONAL ? " optional" : "");
		if (o->bytes)
			fprintf(out, " bytes=%lluK", (unsigned long long)o->bytes >> 10);
		break;
	case SPEC_DEVICE:
		fprintf(out, " %s=%s", spec_string(s, o->text)[0] == '/' ? "path" : "role", spec_string(s, o->text));
		if (o->badge)
			fprintf(out, " address=0x%llx", (unsigned long long)o->badge);
		if (o->bytes)
			fprintf(out, " bytes=%lluK", (unsigned long long)o->bytes >> 10);
		if (o->ref != SPEC_NONE)
			fprintf(out, " of=%s", spec_object_name(s, o->ref));
		fprintf(out, "%s%s", o->flags & SPEC_PART ? " part" : "", o->flags & SPEC_MASTER ? " dma" : "");
		break;
	case SPEC_SLOT:
		fprintf(out, " bytes=%lluK core=%u", (unsigned long long)o->bytes >> 10, o->core);
		if (o->ref != SPEC_NONE)
			fprintf(out, " bind=%s badge=0x%llx", spec_object_name(s, o->ref), (unsigned long long)o->badge);
		break;
	case SPEC_IRQ:
		fprintf(out, " device=%s bind=%s badge=0x%llx", spec_object_name(s, o->ref), spec_object_name(s, o->ref2),
			(unsigned long long)o->badge);
		if (o->bytes)
			fprintf(out, " intid=%llu", (unsigned long long)o->bytes);
		break;
	default:
		break;
	}
	if (o->flags & SPEC_IF)
		fprintf(out, " if=%s above=%llu", spec_string(s, o->text), (unsigned long long)o->bytes);
	fputc('\n', out);
}

static void text_component(const struct spec *s, uint32_t index, FILE *out)
{
	const struct spec_component *p = &s->component[index];
	const struct spec_object *t = &s->object[p->thread];

	fprintf(out, "component %s image=%s", spec_component_name(s, index), spec_string(s, p->image));
	text_thread(t, out);
	fprintf(out, " stack=%uK heap=%uK slots=%u%s%s", p->stack >> 10, p->heap >> 10, p->slots,
		p->slot == SPEC_NONE ? "" : " slot=", p->slot == SPEC_NONE ? "" : spec_object_name(s, p->slot));
	if (p->restarts)
		fprintf(out, " restarts=%u period=%u", p->restarts, p->period);
	fputc('\n', out);
}

static bool is_main(const struct spec *s, uint32_t object)
{
	const struct spec_object *o = &s->object[object];

	return o->kind == SPEC_THREAD && o->owner != SPEC_NONE && s->component[o->owner].thread == object;
}

static void text_wires(const struct spec *s, FILE *out)
{
	for (uint32_t i = 0; i < s->maps; i++) {
		const struct spec_map *w = &s->map[i];

		if (w->guest != SPEC_NONE)
			fprintf(out, "guestmap %s object=%s address=0x%llx rights=%s\n", spec_object_name(s, w->guest),
				spec_object_name(s, w->object), (unsigned long long)w->address, print_letters(w->rights));
		else
			fprintf(out, "map %s %s object=%s address=0x%llx rights=%s%s\n", spec_component_name(s, w->component),
				spec_string(s, w->name), spec_object_name(s, w->object), (unsigned long long)w->address,
				print_letters(w->rights), w->flags & SPEC_MAP_DMA ? " dma" : "");
	}
	for (uint32_t i = 0; i < s->caps; i++) {
		static const char *const outcome[SPEC_OUTCOMES] = { "off", "crash", "reset" };
		const struct spec_cap *w = &s->cap[i];

		fprintf(out, "cap %s %s object=%s slot=%u rights=%s", spec_component_name(s, w->component),
			spec_string(s, w->name), spec_object_name(s, w->object), w->slot, print_words(w->rights, (char[PRINT_ROOM]){ 0 }));
		if (s->object[w->object].kind == SPEC_SUPERVISOR)
			fprintf(out, " badge=%s", outcome[w->badge]);
		else if (w->badge)
			fprintf(out, " badge=0x%llx", (unsigned long long)w->badge);
		fputc('\n', out);
	}
	for (uint32_t i = 0; i < s->params; i++) {
		const struct spec_param *w = &s->param[i];

		static const char *const line[] = { [SPEC_PARAM_VALUE] = "param %s %s %s\n", [SPEC_PARAM_SEED] = "seed %s %s%s\n",
						    [SPEC_PARAM_TEXT] = "params %s archive=%s file=%s\n" };

		fprintf(out, line[w->kind], spec_component_name(s, w->component), spec_string(s, w->key),
			spec_string(s, w->value));
	}
}

void spec_text(const struct spec *s, const char *path, FILE *out)
{
	fprintf(out, "# SPDX-License-Identifier: BSD-2-Clause\n# The system spec of %s, as text.\n", path);
	for (uint32_t i = 0; i < s->objects; i++) {
		if (s->object[i].kind == SPEC_SLOT)
			text_object(s, i, out);
	}
	for (uint32_t i = 0; i < s->components; i++)
		text_component(s, i, out);
	for (uint32_t i = 0; i < s->objects; i++) {
		if (!is_main(s, i) && s->object[i].kind != SPEC_SLOT)
			text_object(s, i, out);
	}
	text_wires(s, out);
}

/* --- what root must find ------------------------------------------------------- */

static bool at_boot(const struct spec *s, uint32_t component)
{
	return component == SPEC_NONE || s->component[component].slot == SPEC_NONE;
}

static bool there(const struct spec *s, uint32_t object)
{
	return !(s->object[object].flags & SPEC_IF) && at_boot(s, s->object[object].owner);
}

/* 0: only the machine knows. */
static unsigned long long known_bytes(const struct spec *s, uint32_t object)
{
	const struct spec_object *o = &s->object[object];

	return o->kind == SPEC_FILE || (o->kind == SPEC_MEMORY && o->text) ? 0 : o->bytes;
}

static void live_own(const struct spec *s, uint32_t component, uint64_t address, uint64_t bytes, uint32_t rights,
		     FILE *out)
{
	if (bytes)
		fprintf(out, "live own %s 0x%llx %llu %u\n", spec_component_name(s, component), (unsigned long long)address,
			(unsigned long long)bytes, rights);
}

/* Its image, stack and heap. */
static void live_component(const struct spec *s, const struct image *image, uint32_t component, FILE *out)
{
	const struct spec_component *c = &s->component[component];
	uint32_t rw = SK_RIGHT_READ | SK_RIGHT_WRITE;

	live_own(s, component, SK_START_IPA, SK_START_PAGES * SK_PAGE, SK_RIGHT_READ, out);
	for (uint32_t i = 0; i < image->segments; i++)
		live_own(s, component, image->segment[i].ipa, image->segment[i].bytes, image->segment[i].rights, out);
	live_own(s, component, LAYOUT_STACK_TOP - c->stack, c->stack, rw, out);
	live_own(s, component, LAYOUT_HEAP, c->heap, rw, out);
}

static void live_pools(const struct spec *s, const struct image *image, FILE *out)
{
	for (uint32_t i = 0; i < s->components; i++)
		fprintf(out, "live pool %s %llu\n", spec_component_name(s, i),
			(unsigned long long)account_kernel(s, &image[i], i));
	fprintf(out, "live pool shared %llu\n", (unsigned long long)account_kernel(s, NULL, SPEC_NONE));
	fprintf(out, "live pool all %llu\n", (unsigned long long)account_all(s, image));
}

void spec_live(const struct spec *s, const struct image *image, FILE *out)
{
	for (uint32_t i = 0; i < s->components; i++) {
		if (at_boot(s, i))
			live_component(s, &image[i], i, out);
	}
	live_pools(s, image, out);
	for (uint32_t i = 0; i < s->caps; i++) {
		const struct spec_cap *w = &s->cap[i];
		uint32_t kind = s->object[w->object].kind;

		if (there(s, w->object) && at_boot(s, w->component))
			fprintf(out, "live cap %s %u %s %s %u %llu\n", spec_component_name(s, w->component), w->slot, spec_string(s, w->name),
				kind == SPEC_SUPERVISOR ? "notification" : kind == SPEC_SLOT || kind == SPEC_CONTROL ? "endpoint" :
				spec_kind_name(kind), w->rights,
				kind == SPEC_SUPERVISOR ? (unsigned long long)spec_outcome_bits(w->component, w->badge) :
				kind == SPEC_SLOT ? w->object + 1ull : kind == SPEC_CONTROL ? SPEC_CONTROL_ALL :
				(unsigned long long)w->badge);
	}
	for (uint32_t i = 0; i < s->maps; i++) {
		const struct spec_map *w = &s->map[i];

		if (!at_boot(s, w->guest == SPEC_NONE ? w->component : s->object[w->guest].owner))
			continue;
		if (w->guest == SPEC_NONE)
			fprintf(out, "live map %s %s 0x%llx %llu %u\n", spec_component_name(s, w->component), spec_string(s, w->name),
				(unsigned long long)w->address, known_bytes(s, w->object), w->rights);
		else
			fprintf(out, "live guestmap %s 0x%llx %llu %u\n", spec_object_name(s, w->guest),
				(unsigned long long)w->address, known_bytes(s, w->object), w->rights);
	}
}
