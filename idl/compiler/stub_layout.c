/* SPDX-License-Identifier: BSD-2-Clause */
#include "stub.h"
#include "model.h"

bool stub_is_word(const struct field *f)
{
	return f->shape == SHAPE_ONE && f->type.base != TYPE_STRING && f->type.base != TYPE_STRUCT;
}

unsigned stub_params(const struct method *m)
{
	unsigned n = 0;

	for (const struct field *f = m->params; f; f = f->next)
		n++;
	return n;
}

static uint64_t buffer_bytes(const struct field *f)
{
	uint64_t one = wire_bytes(&f->type);

	return f->shape == SHAPE_ONE ? one : f->shape == SHAPE_FIXED ? one * f->count : one * f->count + 4;
}

uint64_t stub_layout(const struct method *m, struct travel *slots)
{
	unsigned in = 1, out = m->result.base == TYPE_VOID ? 1 : 2;
	uint64_t offset = 0;

	for (const struct field *f = m->params; f; f = f->next, slots++) {
		bool word = stub_is_word(f);

		*slots = (struct travel){ .offset = (uint32_t)offset, .capability = f->type.base == TYPE_CAP };
		if (slots->capability)
			continue;
		if (f->direction & DIR_IN) {
			if (word && in <= STUB_WORDS)
				slots->in_word = in++;
			else
				slots->in_buffer = true;
		}
		if (f->direction & DIR_OUT) {
			if (word && out <= STUB_WORDS)
				slots->out_word = out++;
			else
				slots->out_buffer = true;
		}
		if (slots->in_buffer || slots->out_buffer)
			offset += (buffer_bytes(f) + 7) & ~7ul;
	}
	return offset;
}

uint64_t procedure_buffer(const struct decl *procedure)
{
	uint64_t most = 0;

	for (const struct method *m = procedure->methods; m; m = m->next) {
		uint64_t bytes = stub_layout(m, idl_alloc((stub_params(m) + 1) * sizeof(struct travel)));

		most = bytes > most ? bytes : most;
	}
	return most;
}

void stub_prototype(const struct method *m, bool client, FILE *out)
{
	const char *comma = "";

	fputc('(', out);
	for (const struct field *f = m->params; f; f = f->next) {
		bool in = f->direction == DIR_IN, pointer = !stub_is_word(f) || !in;

		fprintf(out, "%s%s%s %s%s", comma, in && pointer ? "const " : "", type_c(&f->type), pointer ? "*" : "",
			f->name.text);
		if (f->shape == SHAPE_BOUNDED)
			fprintf(out, ", size_t %s%s_count", in ? "" : "*", f->name.text);
		comma = ", ";
	}
	if (client && m->result.base != TYPE_VOID) {
		fprintf(out, "%s%s *result", comma, type_c(&m->result));
		comma = ", ";
	}
	fputs(*comma ? ")" : "void)", out);
}

/* A word is its value's bits and zeroes above, of signed types as well: one kind of check. */
const char *stub_widened(const struct type *t, const char *value)
{
	return type_signed(t->base) && type_bits(t->base) < 64 ? idl_text("(uint%u_t)%s", type_bits(t->base), value) :
	       type_signed(t->base) ? idl_text("(uint64_t)%s", value) : value;
}

static bool plain(const struct type *t)
{
	return t->base != TYPE_STRING && t->base != TYPE_STRUCT && t->base != TYPE_BOOL;
}

static void put_one(const struct type *t, const char *expr, const char *at, const char *indent, FILE *out)
{
	if (t->base == TYPE_STRING)
		fprintf(out, "%swire_put_string(%s, %s, %u);\n", indent, at, expr, t->bound);
	else if (t->base == TYPE_STRUCT)
		fprintf(out, "%sput_%s(%s, &%s);\n", indent, t->of.text, at, expr);
	else if (t->base == TYPE_BOOL)
		fprintf(out, "%swire_put_bool(%s, %s);\n", indent, at, expr);
	else
		fprintf(out, "%swire_copy(%s, &%s, %u);\n", indent, at, expr, wire_bytes(t));
}

static void get_one(const struct type *t, const char *expr, const char *at, const char *bad, const char *indent, FILE *out)
{
	if (t->base == TYPE_STRING)
		fprintf(out, "%sif (!wire_get_string(%s, %s, %u))\n%s\t%s\n", indent, expr, at, t->bound, indent, bad);
	else if (t->base == TYPE_STRUCT)
		fprintf(out, "%sif (!get_%s(&%s, %s))\n%s\t%s\n", indent, t->of.text, expr, at, indent, bad);
	else if (t->base == TYPE_BOOL)
		fprintf(out, "%sif (!wire_get_bool(&%s, %s))\n%s\t%s\n", indent, expr, at, indent, bad);
	else
		fprintf(out, "%swire_copy(&%s, %s, %u);\n", indent, expr, at, wire_bytes(t));
}

/* The number of elements, its C text, and whether it travels in front of them. */
static const char *loop(const struct field *f, const char *count, const char *indent, FILE *out)
{
	fprintf(out, "%sfor (size_t i_ = 0; i_ < %s; i_++) {\n", indent, count ? count : idl_text("%u", f->count));
	return idl_text("%s\t", indent);
}

void stub_put(const struct field *f, const char *expr, const char *count, const char *at, const char *indent, FILE *out)
{
	uint32_t bytes = wire_bytes(&f->type);

	if (f->shape == SHAPE_ONE) {
		put_one(&f->type, expr, at, indent, out);
		return;
	}
	if (f->shape == SHAPE_BOUNDED) {
		fprintf(out, "%swire_copy(%s, &(uint32_t){ (uint32_t)%s }, 4);\n", indent, at, count);
		at = idl_text("%s + 4", at);
	}
	if (plain(&f->type)) {
		fprintf(out, "%swire_copy(%s, %s, %s * %u);\n", indent, at, expr,
			f->shape == SHAPE_FIXED ? idl_text("%uul", f->count) : idl_text("(size_t)(%s)", count), bytes);
		return;
	}
	put_one(&f->type, idl_text("%s[i_]", expr), idl_text("%s + i_ * %u", at, bytes),
		loop(f, f->shape == SHAPE_FIXED ? NULL : count, indent, out), out);
	fprintf(out, "%s}\n", indent);
}

/* COUNT is an lvalue here, checked against the bound before anything is read. */
void stub_get(const struct field *f, const char *expr, const char *count, const char *at, const char *bad,
	      const char *indent, FILE *out)
{
	uint32_t bytes = wire_bytes(&f->type);

	if (f->shape == SHAPE_ONE) {
		get_one(&f->type, expr, at, bad, indent, out);
		return;
	}
	if (f->shape == SHAPE_BOUNDED) {
		fprintf(out, "%sif (!wire_get_count(&%s, %s, %u))\n%s\t%s\n", indent, count, at, f->count, indent, bad);
		at = idl_text("%s + 4", at);
	}
	if (plain(&f->type)) {
		fprintf(out, "%swire_copy(%s, %s, %s * %u);\n", indent, expr, at,
			f->shape == SHAPE_FIXED ? idl_text("%uul", f->count) : idl_text("(size_t)(%s)", count), bytes);
		return;
	}
	get_one(&f->type, idl_text("%s[i_]", expr), idl_text("%s + i_ * %u", at, bytes), bad,
		loop(f, f->shape == SHAPE_FIXED ? NULL : count, indent, out), out);
	fprintf(out, "%s}\n", indent);
}
