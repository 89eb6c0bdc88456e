/* SPDX-License-Identifier: BSD-2-Clause */
/* component. */
#include "parse.h"

#include "abi/skerry.h"
#include "spec.h"

#define DATAPORT_MOST (1ul << 30)
#define PORT_MOST     32u

static void parse_as(struct parser *p, struct port *port)
{
	port->as = port->name.text;
	if (accept_word(p, "as")) {
		struct token t = expect(p, TOKEN_STRING, "a string behind as: the name that the component asks for");

		port->as = t.text;
		if (!t.text[0] || t.at.length > SPEC_NAME)
			error_at(t.at, "a name has 1 to %d characters", SPEC_NAME - 1);
	}
}

/* dataport Buf(8K) name [ro]; memory Buf(8K) name; a Buf alone has 4K, as in CAmkES. */
static void parse_dataport(struct parser *p, struct port *port)
{
	struct name type = parse_name(p, "Buf or Buf(SIZE)");

	if (!same(type.text, "Buf"))
		error_at(type.at, "\"%s\": a dataport is Buf or Buf(SIZE); its contents are the component's own business",
			 type.text);
	port->bytes = SK_PAGE;
	if (accept(p, '(')) {
		port->bytes = parse_pages(p, "the size of a dataport", DATAPORT_MOST);
		expect(p, ')', "\")\" behind the size");
	}
	port->rights = SK_RIGHT_READ | SK_RIGHT_WRITE;
	port->name = parse_name(p, "the name of the dataport");
	if (accept_word(p, "ro"))
		port->rights = SK_RIGHT_READ;
	else
		accept_word(p, "rw");
}

/* dma, keep, bit N: for what stands with devices and fixed numbers. */
static void parse_flags(struct parser *p, struct port *port)
{
	port->dma = port->kind != PORT_USES && accept_word(p, "dma");
	port->keep = port->kind == PORT_MEMORY && accept_word(p, "keep");
	if (accept_word(p, "bit")) {
		port->first_bit = (uint32_t)parse_number(p, "the bit of an event", 0, 62);
		port->fixed_bit = true;
	}
}

static bool parse_port(struct parser *p, struct decl *d, struct port ***tail)
{
	static const char *const word[] = { "provides", "uses", "emits", "consumes", "dataport", "memory" };
	struct port *port = NEW(struct port);
	struct place at = p->lex.next.at;
	unsigned kind = 0;

	port->maybe = accept_word(p, "maybe");
	while (kind < 6 && !looking_at(p, word[kind]))
		kind++;
	if (kind == 6) {
		if (port->maybe)
			unexpected(p, "uses, consumes or dataport behind maybe");
		return false;
	}
	if (port->maybe && (kind == PORT_PROVIDES || kind == PORT_EMITS || kind == PORT_MEMORY))
		error_at(at, "maybe is for what a component depends on: uses, consumes and dataport");
	lex_take(&p->lex);
	port->kind = (enum port_kind)kind;
	if (kind == PORT_DATAPORT || kind == PORT_MEMORY) {
		parse_dataport(p, port);
	} else {
		port->of = parse_name(p, "the name of a procedure, ring or event");
		port->name = parse_name(p, "the name of this end");
	}
	parse_as(p, port);
	port->most = kind == PORT_PROVIDES ? 16 : 1;
	if (kind == PORT_PROVIDES && accept_word(p, "max"))
		port->most = (uint32_t)parse_number(p, "the number of connections", 1, PORT_MOST);
	parse_flags(p, port);
	parse_end(p, "the end");
	if (find_port(d, port->name.text))
		error_twice(find_port(d, port->name.text)->name.at, port->name.at, "component \"%s\" has two ends called \"%s\"", d->name.text, port->name.text);
	for (struct port *q = d->ports; q; q = q->next)
		port->number = q->number + 1;
	APPEND(*tail, port);
	return true;
}

static void parse_attribute(struct parser *p, struct field ***tail)
{
	struct field *f = NEW(struct field);

	if (looking_at(p, "string")) { /* an attribute's text needs no bound */
		struct token t = lex_take(&p->lex);

		f->type = (struct type){ .base = TYPE_STRING, .at = t.at };
	} else {
		f->type = parse_type(p, "the type of the attribute");
	}
	f->name = parse_name(p, "the name of the attribute");
	if (accept(p, '='))
		f->value = parse_value(p);
	parse_end(p, "the attribute");
	APPEND(*tail, f);
}

/* restart always; restart never; restart 3 within 60; (times, seconds) */
static void parse_restart(struct parser *p, struct decl *d)
{
	d->restarts = 5;
	d->period = 10;
	if (accept_word(p, "always"))
		return;
	if (accept_word(p, "never")) {
		d->restarts = 0;
		return;
	}
	d->restarts = (uint32_t)parse_number(p, "how often it is started again (or always, or never)", 1, 10000);
	expect_word(p, "within", "within SECONDS");
	d->period = (uint32_t)parse_number(p, "the seconds", 1, SPEC_PERIOD_MAX);
}

static bool parse_core(struct parser *p)
{
	expect_word(p, "core", "core behind per");
	return true;
}

static bool parse_word(struct parser *p, struct decl *d, struct said **said)
{
	if (accept_once(p, "control", said))
		d->control = true;
	else if (accept_once(p, "hardware", said))
		d->hardware = true;
	else if (accept_once(p, "seed", said))
		d->seed = true;
	else if (accept_once(p, "vmm", said))
		d->vmm = true;
	else if (accept_once(p, "image", said))
		d->image = parse_string(p, "a string: the component's file");
	else if (accept_once(p, "stack", said))
		d->stack = parse_pages(p, "the stack", SPEC_STACK_MAX);
	else if (accept_once(p, "heap", said))
		d->heap = parse_pages(p, "the heap", SPEC_HEAP_MAX & ~(SK_PAGE - 1));
	else if (accept_once(p, "restart", said))
		parse_restart(p, d);
	else if (accept_once(p, "per", said))
		d->per_core = parse_core(p);
	else
		return false;
	parse_end(p, "it");
	return true;
}

static const char *lower(const char *text)
{
	char *copy = idl_text("%s", text);

	for (char *c = copy; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	return copy;
}

struct decl *parse_component(struct parser *p)
{
	struct decl *d = NEW(struct decl);
	struct port **ports = &d->ports;
	struct field **attributes = &d->attributes;
	struct said *said = NULL;

	d->kind = DECL_COMPONENT;
	d->name = parse_name(p, "the name of the component");
	d->image = lower(d->name.text);
	d->stack = 16u << 10;
	d->body = new_body(d->name);
	expect(p, '{', "\"{\" behind the name of the component");
	while (!accept(p, '}')) {
		if (parse_word(p, d, &said) || parse_port(p, d, &ports))
			continue;
		if (accept_word(p, "attribute"))
			parse_attribute(p, &attributes);
		else if (parse_block(p, d->body))
			d->has_body = true;
		else
			unexpected(p, "control, image, stack, heap, restart, per core, provides, uses, emits, consumes, dataport, memory, attribute, "
				      "composition or \"}\"");
	}
	return d;
}

struct port *find_port(const struct decl *component, const char *name)
{
	for (struct port *port = component->ports; port; port = port->next) {
		if (same(port->name.text, name))
			return port;
	}
	return NULL;
}
