/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the spec and its notes: lines of words, numbered from 0 where they name each other. */
#include "built.h"

#include <stdlib.h>
#include <string.h>

#define SOURCES 64

/* What is being read. */
static struct {
	const struct source *notes;
	unsigned line;
	char *rest;                  /* of the line */
	struct built *b;
	const struct source *source[SOURCES];
	unsigned sources, components, joined;
	const struct connection *connection[SPEC_OBJECTS_MAX * 2];
	struct connection **connections;
	struct rule **rules;
} in;

static _Noreturn void bad(const char *what)
{
	error_out("%s:%u: %s", in.notes->path, in.line, what);
}

static const char *word(void)
{
	char *at = in.rest + strspn(in.rest, " ");
	size_t length = strcspn(at, " ");

	if (!length)
		bad("a word is missing");
	in.rest = at + length;
	return idl_copy(at, length);
}

static bool more(void)
{
	return in.rest[strspn(in.rest, " ")] != 0;
}

static const char *rest(void)
{
	return idl_text("%s", in.rest + strspn(in.rest, " "));
}

static uint64_t number_in(const char *text, uint64_t end, char **stop)
{
	uint64_t n = strtoull(text, stop, 10);

	if (*stop == text || n >= end)
		bad("a number is missing, or too large");
	return n;
}

static uint64_t number(uint64_t end)
{
	char *stop;
	uint64_t n = number_in(word(), end, &stop);

	if (*stop)
		bad("expected a number");
	return n;
}

/* SOURCE:OFFSET:LENGTH, or - for none. A text that has changed since is no reason to read behind its end. */
static struct place place(void)
{
	const char *text = word();
	struct place at = { 0 };
	uint64_t n[3];
	char *stop;

	if (same(text, "-"))
		return at;
	for (unsigned i = 0; i < 3; i++) {
		n[i] = number_in(text, i ? UINT32_MAX : in.sources, &stop);
		text = stop + (*stop == ':');
	}
	at.source = in.source[n[0]];
	at.offset = n[1] < at.source->size ? (uint32_t)n[1] : at.source->size;
	at.length = n[2] < at.source->size - at.offset ? (uint32_t)n[2] : at.source->size - at.offset;
	return at;
}

static void read_source(void)
{
	const char *path = rest();
	const struct source *s = source_open(path);

	if (in.sources == SOURCES)
		bad("too many sources");
	in.source[in.sources++] = s ? s : source_from(path, "", 0);
}

static void read_system(void)
{
	in.b->at = place();
	in.b->name = rest();
	if (!in.b->at.source)
		bad("expected a place");
	in.b->path = in.b->at.source->path;
}

static void read_machine(void)
{
	in.b->machine_ram = number(UINT64_MAX);
	in.b->machine_cores = (uint32_t)number(SK_MAX_CORES + 1);
	in.b->ram_at = place();
}

static void read_component(void)
{
	if (in.components == in.b->spec.components)
		bad("more components than the spec has");
	in.b->component_at[in.components] = place();
	in.b->type[in.components++] = word();
}

static void read_object(void)
{
	in.b->object_at[number(in.b->spec.objects)] = place();
}

static void read_stream(void)
{
	const char **list = &in.b->streams[number(in.b->spec.objects)];

	*list = idl_text("%s%s0x%x", *list ? *list : "", *list ? ", " : "", (unsigned)number(1ull << 32));
}

static void read_connection(void)
{
	struct connection *c = NEW(struct connection);
	struct end **tail = &c->ends;

	if (in.joined == sizeof(in.connection) / sizeof(in.connection[0]))
		bad("too many connections");
	c->at = place();
	c->connector = word();
	c->name = word();
	while (more()) {
		struct end *e = NEW(struct end);

		e->of = word();
		e->port = word();
		APPEND(tail, e);
	}
	APPEND(in.connections, c);
	in.connection[in.joined++] = c;
}

static void read_made(void)
{
	uint64_t object = number(in.b->spec.objects);

	in.b->made_by[object] = in.connection[number(in.joined)];
}

static void read_rule(void)
{
	static const char *const kinds[RULES] = { [RULE_DENY] = "deny", [RULE_ALLOW] = "allow", [RULE_ISOLATE] = "isolate",
						  [RULE_TCB] = "tcb", [RULE_NO_WRITE] = "no-write" };
	struct rule *r = NEW(struct rule);
	const char *kind;

	r->at = place();
	kind = word();
	while (r->kind < RULES && !same(kinds[r->kind], kind))
		r->kind++;
	r->of_slot = number(2);
	r->lines = number(UINT64_MAX);
	r->count = (unsigned)number(RULE_NAMES + 1);
	if (r->kind == RULES || r->count < (r->kind == RULE_TCB ? 1 : 2) || !r->at.source)
		bad("no such rule");
	for (unsigned k = 0; k < r->count; k++) {
		r->who[k].text = word();
		r->who[k].at = place();
	}
	r->text = rest();
	APPEND(in.rules, r);
}

static const struct {
	const char *name;
	void (*read)(void);
} lines[] = {
	{ "source", read_source }, { "system", read_system }, { "machine", read_machine }, { "component", read_component },
	{ "object", read_object },
	{ "stream", read_stream }, { "connection", read_connection }, { "made", read_made }, { "rule", read_rule },
};

static void read_line(char *text)
{
	const char *name;
	unsigned i = 0;

	in.rest = text;
	in.line++;
	name = word();
	while (i < sizeof(lines) / sizeof(lines[0]) && !same(lines[i].name, name))
		i++;
	if (i == sizeof(lines) / sizeof(lines[0]))
		bad("no such line");
	lines[i].read();
}

struct built *built_open(const struct source *spec, const struct source *notes)
{
	struct built *b = NEW(struct built);
	char *text = idl_copy(notes->text, notes->size), error[256];
	int wrong = spec_check(spec->text, spec->size, &b->spec, error, sizeof(error));

	memset(&in, 0, sizeof(in));
	in.notes = notes;
	in.b = b;
	in.connections = &b->connections;
	in.rules = &b->rules;
	for (char *end; (end = strchr(text, '\n')); text = end + 1) {
		*end = 0;
		if (wrong && strncmp(text, "source ", 7) != 0 && strncmp(text, "system ", 7) != 0)
			break;
		read_line(text);
	}
	if (!b->at.source)
		bad("it does not say of which system it is");
	/* what the compiler itself overlooked, or a limit of the format */
	if (wrong)
		error_at(b->at, "the system cannot be built: %s", error);
	if (in.components != b->spec.components)
		bad("fewer components than the spec has");
	return b;
}

void built_images(struct built *b, const char *folder)
{
	char error[128];

	for (uint32_t i = 0; i < b->spec.components && folder; i++) {
		const char *name = spec_component_name(&b->spec, i), *file = spec_string(&b->spec, b->spec.component[i].image);
		const struct source *s = source_open(idl_text("%s/%s", folder, file));

		if (!s)
			error_at(b->component_at[i], "\"%s\": there is no image \"%s\" in %s", name, file, folder);
		if (image_open(s->text, s->size, &b->image[i], error, sizeof(error)) != 0)
			error_at(b->component_at[i], "\"%s\": image \"%s\": %s", name, file, error);
	}
}

uint64_t built_number(const struct spec *s, uint32_t component, const char *key)
{
	for (uint32_t i = 0; i < s->params; i++) {
		if (s->param[i].component == component && s->param[i].kind == SPEC_PARAM_VALUE && same(spec_string(s, s->param[i].key), key))
			return strtoull(spec_string(s, s->param[i].value), NULL, 0);
	}
	return 0;
}

uint32_t built_vcpus(const struct spec *s, uint32_t guest)
{
	uint64_t said = built_number(s, s->object[guest].owner, "guest.cpus");

	return said ? (uint32_t)said : 1;
}

bool built_in_guest(const struct spec *s, uint32_t object)
{
	for (uint32_t i = 0; i < s->maps; i++) {
		if (s->map[i].guest != SPEC_NONE && s->map[i].object == object)
			return true;
	}
	return false;
}
