/* SPDX-License-Identifier: BSD-2-Clause */
/* struct, procedure, event, ring. */
#include "parse.h"

#define COUNT_MOST  65536u
#define STRING_MOST 4096u

struct type parse_type(struct parser *p, const char *what)
{
	bool tagged = accept_word(p, "struct");
	struct name n = parse_name(p, what);
	struct type t = { .base = TYPE_STRUCT, .of = n, .at = n.at };

	if (!tagged)
		t.base = type_called(n.text);
	if (t.base == TYPE_STRING) {
		expect(p, '<', "\"<\": a string says how long it can be, as in string<64>");
		t.bound = (uint32_t)parse_number(p, "the length of a string", 1, STRING_MOST);
		expect(p, '>', "\">\" behind the length of the string");
	}
	return t;
}

/* [8] is exactly eight, <8> at most eight. */
void parse_shape(struct parser *p, struct field *f)
{
	if (accept(p, '[')) {
		f->shape = SHAPE_FIXED;
		f->count = (uint32_t)parse_number(p, "the size of an array", 1, COUNT_MOST);
		expect(p, ']', "\"]\" behind the size of the array");
	} else if (accept(p, '<')) {
		f->shape = SHAPE_BOUNDED;
		f->count = (uint32_t)parse_number(p, "the bound of an array", 1, COUNT_MOST);
		expect(p, '>', "\">\" behind the bound of the array");
	}
}

static struct decl *new_decl(enum decl_kind kind, struct name name)
{
	struct decl *d = NEW(struct decl);

	d->kind = kind;
	d->name = name;
	return d;
}

struct decl *parse_struct(struct parser *p)
{
	struct decl *d = new_decl(DECL_STRUCT, parse_name(p, "the name of the struct"));
	struct field **tail = &d->members;

	expect(p, '{', "\"{\" behind the name of the struct");
	while (!accept(p, '}')) {
		struct field *f = NEW(struct field);

		f->type = parse_type(p, "the type of a member, or \"}\"");
		f->name = parse_name(p, "the name of the member");
		parse_shape(p, f);
		parse_end(p, "the member");
		APPEND(tail, f);
	}
	return d;
}

static struct field *parse_param(struct parser *p)
{
	struct field *f = NEW(struct field);

	f->direction = DIR_IN;
	if (accept_word(p, "out"))
		f->direction = DIR_OUT;
	else if (accept_word(p, "inout"))
		f->direction = DIR_INOUT;
	else if (!accept_word(p, "in"))
		accept_word(p, "refin"); /* CAmkES: passed by reference in C, as our structs are */
	f->type = parse_type(p, "a parameter: in, out or inout, its type and name");
	f->name = parse_name(p, "the name of the parameter");
	parse_shape(p, f);
	return f;
}

static struct method *parse_method(struct parser *p)
{
	struct method *m = NEW(struct method);
	struct field **tail = &m->params;

	m->result = parse_type(p, "a method: its result type or void, or \"}\"");
	m->name = parse_name(p, "the name of the method");
	expect(p, '(', "\"(\" behind the name of the method");
	if (accept_word(p, "void") || p->lex.next.kind == ')') {
		expect(p, ')', "\")\" behind the parameters");
	} else {
		do {
			struct field *f = parse_param(p);

			APPEND(tail, f);
		} while (accept(p, ','));
		expect(p, ')', "\",\" or \")\" behind a parameter");
	}
	parse_end(p, "the method");
	return m;
}

struct decl *parse_procedure(struct parser *p)
{
	struct decl *d = new_decl(DECL_PROCEDURE, parse_name(p, "the name of the procedure"));
	struct method **tail = &d->methods;

	expect(p, '{', "\"{\" behind the name of the procedure");
	while (!accept(p, '}')) {
		struct method *m = parse_method(p);

		APPEND(tail, m);
	}
	return d;
}

struct decl *parse_event(struct parser *p)
{
	struct decl *d = new_decl(DECL_EVENT, parse_name(p, "the name of the event"));

	if (p->lex.next.kind != ';')
		unexpected(p, "\";\" behind the event");
	return d;
}

/*
 * ring NAME { size 8K; }               both sides signal each other
 * ring NAME { size 8K; pool 1M; }      data lie beside it: NAME.pool at the user, NAME0.data at the provider
 * ring NAME { size 8K; oneway; }       only the user signals its provider
 * ring NAME extends OTHER { oneway; }  fits where OTHER is provided
 */
struct decl *parse_ring(struct parser *p)
{
	struct decl *d = new_decl(DECL_RING, parse_name(p, "the name of the ring protocol"));
	struct said *said = NULL;

	d->ring_reply = true;
	if (accept_word(p, "extends"))
		d->extends = parse_name(p, "the ring protocol that it stands in for");
	expect(p, '{', "\"{\" behind the name of the ring protocol");
	while (!accept(p, '}')) {
		if (accept_once(p, "size", &said))
			d->ring_bytes = parse_pages(p, "the size of a ring", 1u << 30);
		else if (accept_once(p, "pool", &said))
			d->pool_bytes = parse_pages(p, "the pool beside a ring", 1u << 30);
		else if (accept_once(p, "oneway", &said))
			d->ring_reply = false;
		else
			unexpected(p, "size, pool, oneway or \"}\"");
		parse_end(p, "it");
	}
	if (!d->extends.text && !d->ring_bytes)
		error_at(d->name.at, "ring \"%s\" has no size; expected size 8K; or the like", d->name.text);
	if (d->extends.text && d->ring_bytes)
		error_at(d->name.at, "ring \"%s\" has the size of \"%s\", which it extends", d->name.text, d->extends.text);
	return d;
}
