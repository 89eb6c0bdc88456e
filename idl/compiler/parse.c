/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser by recursive descent: helpers, imports, the outermost level. The grammar is in idl/README.md. */
#include "parse.h"

#include <string.h>
#include "abi/skerry.h"

#define IMPORT_DEPTH 16
#define NAME_MOST    39

struct said {
	struct said *next;
	struct token token;
};

bool accept_once(struct parser *p, const char *word, struct said **said)
{
	struct said *s = NEW(struct said);

	*s = (struct said){ *said, p->lex.next };
	if (!accept_word(p, word))
		return false;
	for (const struct said *o = *said; o; o = o->next) {
		if (same(o->token.text, word))
			error_twice(o->token.at, s->token.at, "\"%s\" is said twice", word);
	}
	*said = s;
	return true;
}

void unexpected(const struct parser *p, const char *expected)
{
	error_at(p->lex.next.at, "found %s; expected %s", token_words(&p->lex.next), expected);
}

struct token expect(struct parser *p, int kind, const char *what)
{
	if (p->lex.next.kind != kind)
		unexpected(p, what);
	return lex_take(&p->lex);
}

bool accept(struct parser *p, int kind)
{
	if (p->lex.next.kind != kind)
		return false;
	lex_take(&p->lex);
	return true;
}

bool looking_at(const struct parser *p, const char *word)
{
	return p->lex.next.kind == TOKEN_NAME && same(p->lex.next.text, word);
}

bool accept_word(struct parser *p, const char *word)
{
	if (!looking_at(p, word))
		return false;
	lex_take(&p->lex);
	return true;
}

void expect_word(struct parser *p, const char *word, const char *what)
{
	if (!accept_word(p, word))
		unexpected(p, what);
}

struct name parse_name(struct parser *p, const char *what)
{
	struct token t = expect(p, TOKEN_NAME, what);

	if (strlen(t.text) > NAME_MOST)
		error_at(t.at, "a name has at most %d characters, this one %zu", NAME_MOST, strlen(t.text));
	return (struct name){ t.text, t.at };
}

struct path parse_path(struct parser *p, const char *what)
{
	struct name n = parse_name(p, what);
	struct path path = { n.text, n.at };

	while (accept(p, '.')) {
		n = parse_name(p, "a name behind the dot");
		path.text = idl_text("%s.%s", path.text, n.text);
		path.at.length = n.at.offset + n.at.length - path.at.offset;
	}
	return path;
}

const char *parse_string(struct parser *p, const char *what)
{
	return expect(p, TOKEN_STRING, what).text;
}

uint64_t parse_number(struct parser *p, const char *what, uint64_t least, uint64_t most)
{
	struct token t = expect(p, TOKEN_NUMBER, what);

	if (t.number < least || t.number > most)
		error_at(t.at, "%s: expected %llu to %llu", what, (unsigned long long)least, (unsigned long long)most);
	return t.number;
}

uint64_t parse_pages(struct parser *p, const char *what, uint64_t most)
{
	struct token t = expect(p, TOKEN_NUMBER, what);

	if (t.number == 0 || t.number > most || t.number % SK_PAGE)
		error_at(t.at, "%s: expected a multiple of 4K, from 4K to %lluK", what, (unsigned long long)most >> 10);
	return t.number;
}

struct value *parse_value(struct parser *p)
{
	struct value *v = NEW(struct value);
	bool negative = accept(p, '-');
	struct token t = p->lex.next;

	v->at = t.at;
	v->negative = negative;
	if (t.kind == TOKEN_NUMBER) {
		v->kind = VALUE_NUMBER;
		v->number = t.number;
	} else if (t.kind == TOKEN_STRING && !negative) {
		v->kind = VALUE_STRING;
		v->text = t.text;
	} else if (t.kind == TOKEN_NAME && !negative && (same(t.text, "true") || same(t.text, "false"))) {
		v->kind = VALUE_BOOL;
		v->number = same(t.text, "true");
	} else {
		unexpected(p, "a value: a number, a string, true or false");
	}
	lex_take(&p->lex);
	return v;
}

void parse_end(struct parser *p, const char *what)
{
	expect(p, ';', idl_text("\";\" behind %s", what));
}

struct body *new_body(struct name name)
{
	struct body *b = NEW(struct body);

	b->name = name;
	b->at = name.at;
	b->made_tail = &b->made;
	b->devices_tail = &b->devices;
	b->vms_tail = &b->vms;
	b->links_tail = &b->links;
	b->exports_tail = &b->exports;
	b->settings_tail = &b->settings;
	b->rules_tail = &b->rules;
	return b;
}

static void parse_assembly(struct parser *p)
{
	struct place at = lex_take(&p->lex).at;
	struct body *body;

	if (p->unit->assembly) {
		also_at(p->unit->assembly->at, "the first one is here");
		error_at(at, "a second assembly; a system has one");
	}
	body = new_body((struct name){ "assembly", at });
	if (p->lex.next.kind == TOKEN_NAME)
		body->name = parse_name(p, "the name of the assembly");
	p->unit->assembly = body;
	expect(p, '{', "\"{\" behind assembly");
	while (!accept(p, '}')) {
		if (!parse_block(p, body))
			unexpected(p, "composition, configuration, policy or \"}\"");
	}
	accept(p, ';');
}

static void parse_source(struct parser *p, struct source *source);

static bool is_open(const struct source *before, const char *path)
{
	for (const struct source *s = before; s; s = s->next) {
		if (same(s->path, path))
			return true;
	}
	return false;
}

/* A file that was read already is not read again. */
static void parse_import(struct parser *p)
{
	struct place word = lex_take(&p->lex).at;
	const char *from = p->lex.source->path, *slash = strrchr(from, '/'), *path;
	struct source *source;
	struct lexer saved;
	struct token t;

	if (p->lex.next.kind == '<') {
		t = lex_angle(&p->lex);
		path = idl_text("%s/%s", p->library, t.text);
	} else {
		t = expect(p, TOKEN_STRING, "a file name: import \"file.adl\" or import <std.adl>");
		path = t.text[0] == '/' || !slash ? t.text : idl_text("%.*s/%s", (int)(slash - from), from, t.text);
	}
	parse_end(p, "import");
	if (is_open(session.sources, path))
		return;
	if (p->depth == IMPORT_DEPTH)
		error_at(word, "imports are nested more than %d deep", IMPORT_DEPTH);
	source = source_open(path);
	if (!source)
		error_at(t.at, "there is no file %s", path);
	saved = p->lex;
	p->depth++;
	parse_source(p, source);
	p->depth--;
	p->lex = saved;
}

static void add(struct parser *p, struct decl *d)
{
	const struct decl *old = find_decl(p->unit, d->name.text);

	if (old) {
		if (old->name.at.source)
			also_at(old->name.at, "the first one is here");
		error_at(d->name.at, "\"%s\" is declared already%s", d->name.text,
			 old->name.at.source ? "" : ": the language itself has it");
	}
	d->source = p->lex.source;
	APPEND(p->unit->tail, d);
}

static void parse_source(struct parser *p, struct source *source)
{
	static const struct {
		const char *word;
		struct decl *(*parse)(struct parser *);
	} table[] = {
		{ "struct", parse_struct }, { "procedure", parse_procedure }, { "event", parse_event },
		{ "ring", parse_ring }, { "component", parse_component },
	};
	unsigned i;

	lex_open(&p->lex, source);
	while (p->lex.next.kind != TOKEN_END) {
		if (looking_at(p, "import")) {
			parse_import(p);
			continue;
		}
		if (looking_at(p, "assembly")) {
			parse_assembly(p);
			continue;
		}
		for (i = 0; i < sizeof(table) / sizeof(table[0]) && !looking_at(p, table[i].word); i++)
			;
		if (i == sizeof(table) / sizeof(table[0]))
			unexpected(p, "import, struct, procedure, event, ring, component or assembly");
		lex_take(&p->lex);
		add(p, table[i].parse(p));
		accept(p, ';');
	}
}

/* The names that every system has. */
static void add_builtin(struct unit *unit, const char *name, enum builtin builtin)
{
	struct decl *d = NEW(struct decl);

	d->kind = DECL_EVENT;
	d->name.text = name;
	d->builtin = builtin;
	APPEND(unit->tail, d);
}

/* Root serves it: apps/spec/spec.h, enum spec_slot_method. */
static void add_slot(struct parser *p)
{
	static const char text[] = "procedure Slot { uint32_t make(in uint32_t which); void end(in uint32_t which);"
				   " uint32_t state(in uint32_t which); uint32_t count(); }";
	struct source *source = NEW(struct source);
	struct decl *d;

	*source = (struct source){ .path = "the language", .text = text, .size = sizeof(text) - 1 };
	parse_source(p, source);
	d = find_decl(p->unit, "Slot");
	d->name.at.source = NULL;
	d->builtin = BUILTIN_SLOT;
}

struct unit *parse_files(struct source *source, const char *library)
{
	struct parser p = { .unit = NEW(struct unit), .library = library };

	p.unit->tail = &p.unit->decls;
	add_builtin(p.unit, "Irq", BUILTIN_IRQ);
	add_builtin(p.unit, "Exit", BUILTIN_EXIT);
	add_slot(&p);
	parse_source(&p, source);
	return p.unit;
}

struct decl *find_decl(const struct unit *unit, const char *name)
{
	for (struct decl *d = unit->decls; d; d = d->next) {
		if (same(d->name.text, name))
			return d;
	}
	return NULL;
}
