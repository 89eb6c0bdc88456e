/* SPDX-License-Identifier: BSD-2-Clause */
/* component.h: types, the client side of calls, and declarations of the rest. */
#include "stub.h"
#include "model.h"

static void struct_members(const struct decl *d, FILE *out)
{
	fprintf(out, "\nstruct %s {\n", d->name.text);
	for (const struct field *f = d->members; f; f = f->next) {
		fprintf(out, "\t%s %s", type_c(&f->type), f->name.text);
		if (f->shape == SHAPE_FIXED)
			fprintf(out, "[%u]", f->count);
		if (f->type.base == TYPE_STRING)
			fprintf(out, "[%u]", f->type.bound + 1);
		fputs(";\n", out);
	}
	fputs("};\n", out);
}

/* Member by member: padding never leaves its owner. */
static void struct_wire(const struct decl *d, FILE *out)
{
	uint32_t offset = 0;

	fprintf(out, "\nstatic inline void put_%s(uint8_t *at, const struct %s *v)\n{\n", d->name.text, d->name.text);
	for (const struct field *f = d->members; f; f = f->next) {
		stub_put(f, idl_text("v->%s", f->name.text), NULL, idl_text("at + %u", offset), "\t", out);
		offset += wire_bytes(&f->type) * (f->shape == SHAPE_ONE ? 1 : f->count);
	}
	fprintf(out, "}\n\nstatic inline bool get_%s(struct %s *v, const uint8_t *at)\n{\n", d->name.text, d->name.text);
	offset = 0;
	for (const struct field *f = d->members; f; f = f->next) {
		stub_get(f, idl_text("v->%s", f->name.text), NULL, idl_text("at + %u", offset), "return false;", "\t", out);
		offset += wire_bytes(&f->type) * (f->shape == SHAPE_ONE ? 1 : f->count);
	}
	fputs("\treturn true;\n}\n", out);
}

/* A struct behind those that it holds. DONE: already written. */
static void emit_struct(const struct decl *d, const struct decl **done, unsigned *count, FILE *out)
{
	for (unsigned i = 0; i < *count; i++) {
		if (done[i] == d)
			return;
	}
	for (const struct field *f = d->members; f; f = f->next) {
		if (f->type.base == TYPE_STRUCT)
			emit_struct(f->type.decl, done, count, out);
	}
	done[(*count)++] = d;
	struct_members(d, out);
	struct_wire(d, out);
}

static void emit_structs(const struct unit *unit, const struct decl *component, FILE *out)
{
	unsigned all = 0, count = 0;

	for (const struct decl *d = unit->decls; d; d = d->next)
		all++;
	const struct decl **done = idl_alloc(all * sizeof(*done));

	for (const struct port *p = component->ports; p; p = p->next) {
		for (const struct method *m = p->decl ? p->decl->methods : NULL; m; m = m->next) {
			for (const struct field *f = m->params; f; f = f->next) {
				if (f->type.base == TYPE_STRUCT)
					emit_struct(f->type.decl, done, &count, out);
			}
		}
	}
}

/* --- one call ---------------------------------------------------------------------- */

static const char *value_of(const struct field *f)
{
	return f->direction == DIR_IN || !stub_is_word(f) ? f->name.text : idl_text("*%s", f->name.text);
}

/* What put and get name: an element, or the array. */
static const char *object_of(const struct field *f)
{
	if (f->shape != SHAPE_ONE || f->type.base == TYPE_STRING || (stub_is_word(f) && f->direction == DIR_IN))
		return f->name.text;
	return idl_text("(*%s)", f->name.text);
}

static void check_arguments(const struct method *m, FILE *out)
{
	if (method_capability(m, DIR_OUT))
		fputs("\tif (!room_)\n\t\treturn SK_NO_RECEIVE_SLOT;\n", out);
	for (const struct field *f = m->params; f; f = f->next) {
		if (!(f->direction & DIR_IN))
			continue;
		if (f->shape == SHAPE_BOUNDED)
			fprintf(out, "\tif (%s%s_count > %u)\n\t\treturn SK_BAD_ARG;\n", f->direction == DIR_IN ? "" : "*",
				f->name.text, f->count);
		else if (f->type.base == TYPE_CAP)
			fprintf(out, "\tif (!%s)\n\t\treturn SK_NO_CAP;\n", f->name.text);
		else if (f->type.base == TYPE_STRING)
			fprintf(out, "\tif (strnlen(%s, %u) > %u)\n\t\treturn SK_BAD_ARG;\n", f->name.text, f->type.bound + 1,
				f->type.bound);
	}
}

static void fill_words(const struct method *m, const struct travel *slots, FILE *out)
{
	const struct field *sent = method_capability(m, DIR_IN);

	if (method_capability(m, DIR_OUT))
		fputs("\tuint32_t room_ = component_room();\n", out);
	fputs("\tstruct sk_words call_ = { .w = {", out);
	for (const struct field *f = m->params; f; f = f->next, slots++) {
		if (slots->in_word)
			fprintf(out, " %s,", stub_widened(&f->type, value_of(f)));
	}
	fprintf(out, " [7] = %u }", m->number);
	if (sent)
		fprintf(out, ", .extra = %s", sent->name.text);
	if (method_capability(m, DIR_OUT))
		fputs(", .extra = (uint64_t)room_ << SK_SECOND_SLOT", out);
	fputs(" };\n\tenum sk_status status_;\n\n", out);
}

/* The answer of a server that is not trusted: a word that is no value of its type counts as no answer. */
static void take_word(const struct type *t, unsigned word, const char *to, FILE *out)
{
	if (type_bits(t->base) < 64)
		fprintf(out, "\tif (call_.w[%u] >> %u)\n\t\treturn SK_ABORTED;\n", word - 1, type_bits(t->base));
	fprintf(out, "\t*%s = (%s)call_.w[%u];\n", to, type_c(t), word - 1);
}

static void take_answer(const struct method *m, const struct travel *slots, const char *port, FILE *out)
{
	const struct field *given = method_capability(m, DIR_OUT);

	if (m->result.base != TYPE_VOID)
		take_word(&m->result, 1, "result", out);
	for (const struct field *f = m->params; f; f = f->next, slots++) {
		if (slots->out_word)
			take_word(&f->type, slots->out_word, f->name.text, out);
		else if (slots->out_buffer)
			stub_get(f, object_of(f), idl_text("(*%s_count)", f->name.text), idl_text("%s_buffer + %u", port, slots->offset),
				 "return SK_ABORTED;", "\t", out);
	}
	if (given) /* last: until then it is not the component's */
		fprintf(out, "\tif (!(call_.extra & SK_CAP_RECEIVED))\n\t\treturn SK_ABORTED;\n\t*%s = component_keep();\n", given->name.text);
}

static void client_method(const struct port *p, const struct method *m, FILE *out)
{
	struct travel *slots = idl_alloc((stub_params(m) + 1) * sizeof(*slots)), *s = slots;

	stub_layout(m, slots);
	fprintf(out, "\nstatic inline enum sk_status %s_%s", p->name.text, m->name.text);
	stub_prototype(m, true, out);
	fputs("\n{\n", out);
	fill_words(m, slots, out);
	check_arguments(m, out);
	for (const struct field *f = m->params; f; f = f->next, s++) {
		if (s->in_buffer)
			stub_put(f, object_of(f), idl_text("%s%s_count", f->direction == DIR_IN ? "" : "*", f->name.text),
				 idl_text("%s_buffer + %u", p->name.text, s->offset), "\t", out);
	}
	fprintf(out, "\tstatus_ = sk_call(%s_slot, &call_);\n\tif (status_ != SK_OK)\n\t\treturn status_;\n"
		"\tstatus_ = (enum sk_status)(uint32_t)call_.w[7];\n\tif (status_ != SK_OK)\n\t\treturn status_;\n", p->name.text);
	take_answer(m, slots, p->name.text, out);
	fputs("\treturn SK_OK;\n}\n", out);
}

/* --- declarations by port -------------------------------------------------------- */

static void header_uses(const struct port *p, FILE *out)
{
	const char *n = p->name.text;

	fprintf(out, "\n/* %s: uses %s. Every call returns SK_OK; BAD_ARG: an argument is longer than its bound, or the server\n"
		" * refused it; ABORTED: the server is gone, or answered nonsense. */\nextern uint32_t %s_slot;\n", n, p->of.text, n);
	if (procedure_buffer(p->decl))
		fprintf(out, "extern uint8_t *%s_buffer;\n", n);
	for (const struct method *m = p->decl->methods; m; m = m->next)
		client_method(p, m, out);
}

static void header_provides(const struct port *p, FILE *out)
{
	fprintf(out, "\n/* %s: provides %s. The component defines these; they are called one at a time. */\n", p->name.text, p->of.text);
	fprintf(out, "extern uint16_t %s_client; /* number of the client whose call it is */\n", p->name.text);
	for (const struct method *m = p->decl->methods; m; m = m->next) {
		fprintf(out, "%s %s_%s", type_c(&m->result), p->name.text, m->name.text);
		stub_prototype(m, false, out);
		fputs(";\n", out);
	}
}

static void header_ring(const struct port *p, FILE *out)
{
	const char *n = p->name.text;

	if (p->kind == PORT_USES)
		fprintf(out, "\n/* %s: uses ring %s. */\nextern void *%s_ring;\nextern uint32_t %s_slot;\n"
			"static inline enum sk_status %s_signal(void)\n{\n\treturn sk_signal(%s_slot);\n}\n", n, p->of.text, n, n, n, n);
	else
		fprintf(out, "\n/* %s: provides ring %s to %s_count users. */\nextern uint32_t %s_count;\nextern void *%s_ring[%u];\n"
			"extern uint32_t %s_slot[%u]; /* 0: this user wants no signal */\n", n, p->of.text, n, n, n, p->most, n, p->most);
	if (p->bits)
		fprintf(out, "#define %s_event (%s << %u)\n", n, p->bits == 1 ? "1ul" : idl_text("0x%llxul", (1ull << p->bits) - 1),
			p->first_bit);
}

static void header_event(const struct decl *component, const struct port *p, FILE *out)
{
	const char *n = p->name.text;

	if (p->kind == PORT_EMITS && p->decl->builtin == BUILTIN_EXIT) {
		fprintf(out, "\n/* %s: ends the system. */\nenum sk_status %s_off(void);\nenum sk_status %s_crash(void);\n"
			"enum sk_status %s_reset(void);\n", n, n, n, n);
	} else if (p->kind == PORT_EMITS) {
		fprintf(out, "\n/* %s: emits %s. NO_CAP: nobody is connected. */\nextern uint32_t %s_slot;\n"
			"static inline enum sk_status %s_emit(void)\n{\n\treturn sk_signal(%s_slot);\n}\n", n, p->of.text, n, n, n);
	} else {
		bool serves = false;

		for (const struct port *o = component->ports; o; o = o->next)
			serves |= o->kind == PORT_PROVIDES && o->decl->kind == DECL_PROCEDURE;
		fprintf(out, "\n/* %s: %s %s. */\n#define %s_event (1ul << %u)\nvoid %s_wait(void);\nbool %s_poll(void);\n", n,
			p->kind == PORT_USES ? "tells when an instance has ended:" : "consumes", p->of.text, n, p->first_bit, n, n);
		if (serves)
			fprintf(out, "void %s_handle(void); /* the component defines it: called between calls */\n", n);
		if (p->decl->builtin == BUILTIN_IRQ)
			fprintf(out, "enum sk_status %s_acknowledge(void);\n", n);
	}
}

static void header_attributes(const struct decl *component, FILE *out)
{
	if (component->attributes)
		fputs("\n/* Attributes, set by component_start(). */\n", out);
	for (const struct field *f = component->attributes; f; f = f->next)
		fprintf(out, "extern %s%s%s;\n", f->type.base == TYPE_STRING ? "const char *" : type_c(&f->type),
			f->type.base == TYPE_STRING ? "" : " ", f->name.text);
}

void stub_header(const struct unit *unit, const struct decl *component, FILE *out)
{
	fprintf(out, "/* SPDX-License-Identifier: BSD-2-Clause */\n/* Made by skerry-idl: component %s. */\n"
		"#ifndef COMPONENT_H\n#define COMPONENT_H\n\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n"
		"#include \"skerry/calls.h\"\n#include \"stubs/wire.h\"\n", component->name.text);
	fputs("\n/* Finds what the component was given. main() of component.c calls it first. */\nvoid component_start(void);\n", out);
	if (component->control)
		fputs("\n/* The component defines it. */\nint run(void);\n", out);
	if (component_receives(component))
		fputs("\n/* Gives up a capability that came with a call or a reply. The other two are the stubs'. */\n"
		      "void component_drop(uint32_t capability);\nuint32_t component_room(void);\nuint32_t component_keep(void);\n", out);
	header_attributes(component, out);
	emit_structs(unit, component, out);
	for (const struct port *p = component->ports; p; p = p->next) {
		if (p->kind == PORT_DATAPORT || p->kind == PORT_MEMORY)
			fprintf(out, "\n/* %s: memory. */\nextern void *%s;\nextern size_t %s_size;\n", p->name.text, p->name.text, p->name.text);
		else if (p->decl->kind == DECL_EVENT)
			header_event(component, p, out);
		else if (p->decl->kind == DECL_RING)
			header_ring(p, out);
		else if (p->kind == PORT_USES)
			header_uses(p, out);
		else
			header_provides(p, out);
		if (port_hears(p) && p->kind == PORT_USES)
			header_event(component, p, out);
	}
	fputs("\n#endif\n", out);
}
