/* SPDX-License-Identifier: BSD-2-Clause */
/* Names become declarations; each declaration is checked by itself; event bits are laid out. */
#include "ast.h"

#include <string.h>

#define WIRE_MOST  (1u << 20)  /* bytes of one argument */
#define EVENT_BITS 63u

static struct unit *unit;

static const struct { const char *name, *c; uint32_t bits; bool is_signed; } base_types[] = {
	[TYPE_VOID] = { "void", "void", 0, false }, [TYPE_U8] = { "uint8_t", "uint8_t", 8, false },
	[TYPE_U16] = { "uint16_t", "uint16_t", 16, false }, [TYPE_U32] = { "uint32_t", "uint32_t", 32, false },
	[TYPE_U64] = { "uint64_t", "uint64_t", 64, false }, [TYPE_I8] = { "int8_t", "int8_t", 8, true },
	[TYPE_I16] = { "int16_t", "int16_t", 16, true }, [TYPE_I32] = { "int32_t", "int32_t", 32, true },
	[TYPE_I64] = { "int64_t", "int64_t", 64, true }, [TYPE_BOOL] = { "bool", "bool", 1, false },
	[TYPE_CAP] = { "capability", "uint32_t", 32, false }, [TYPE_STRING] = { "string", "char", 0, false },
};

/* CAmkES's int and char have their widths, too. */
enum base_type type_called(const char *name)
{
	enum base_type base = TYPE_VOID;

	while (base < TYPE_STRUCT && !same(base_types[base].name, name))
		base++;
	return base < TYPE_STRUCT ? base : same(name, "int") ? TYPE_I32 : same(name, "char") ? TYPE_U8 : TYPE_STRUCT;
}

const char *type_c(const struct type *type)
{
	return type->base == TYPE_STRUCT ? idl_text("struct %s", type->of.text) : base_types[type->base].c;
}

uint32_t type_bits(enum base_type base)
{
	return base_types[base].bits;
}

bool type_signed(enum base_type base)
{
	return base_types[base].is_signed;
}

const char *const kind_words[] = {
	[DECL_STRUCT] = "a struct", [DECL_PROCEDURE] = "a procedure", [DECL_EVENT] = "an event",
	[DECL_RING] = "a ring protocol", [DECL_COMPONENT] = "a component",
};

/* What the text may have meant: the declarations of these KINDS (bits). */
static const char *choice(unsigned kinds)
{
	const char *list = "";

	for (const struct decl *d = unit->decls; d; d = d->next) {
		if (kinds & 1u << d->kind && d->builtin != BUILTIN_SLOT)
			list = idl_text("%s%s%s", list, *list ? ", " : "", d->name.text);
	}
	return *list ? idl_text("; there are %s", list) : "; there is none";
}

static struct decl *need(const struct name *name, unsigned kinds, const char *words)
{
	struct decl *d = find_decl(unit, name->text);

	if (!d)
		error_at(name->at, "there is no %s called \"%s\"%s", words, name->text, choice(kinds));
	if (!(kinds & 1u << d->kind))
		error_at(name->at, "\"%s\" is %s; expected a %s%s", name->text, kind_words[d->kind], words, choice(kinds));
	return d;
}

/* Names go into C as they are. */
static void check_c_name(const struct name *name)
{
	static const char *const words[] = {
		"auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
		"float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool",
		"true", "false", "main", "run", "asm",
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (same(words[i], name->text))
			error_at(name->at, "\"%s\" has a meaning of its own in C; choose another name", name->text);
	}
}

static void check_unique(const struct field *first, const struct field *field, const char *words)
{
	for (const struct field *f = first; f != field; f = f->next) {
		if (same(f->name.text, field->name.text))
			error_twice(f->name.at, field->name.at, "two %s are called \"%s\"", words, field->name.text);
	}
}

static void resolve_struct(struct decl *d);

static void resolve_type(struct type *t, const char *words)
{
	if (t->base == TYPE_VOID)
		error_at(t->at, "%s cannot be void", words);
	if (t->base == TYPE_CAP && !same(words, "a parameter"))
		error_at(t->at, "a capability is a parameter of its own, no part of anything");
	if (t->base != TYPE_STRUCT)
		return;
	t->decl = need(&t->of, 1u << DECL_STRUCT, "type");
	resolve_struct(t->decl);
}

uint32_t wire_bytes(const struct type *t)
{
	switch (t->base) {
	case TYPE_STRUCT:
		return t->decl->wire_bytes;
	case TYPE_STRING:
		return t->bound + 1;
	case TYPE_BOOL:
		return 1;
	default:
		return type_bits(t->base) / 8;
	}
}

static uint64_t field_bytes(const struct field *f)
{
	return (uint64_t)wire_bytes(&f->type) * (f->shape == SHAPE_ONE ? 1 : f->count);
}

static void resolve_struct(struct decl *d)
{
	uint64_t bytes = 0;

	if (d->sized)
		return;
	if (d->sizing)
		error_at(d->name.at, "struct \"%s\" holds itself", d->name.text);
	d->sizing = true;
	check_c_name(&d->name);
	if (!d->members)
		error_at(d->name.at, "struct \"%s\" is empty", d->name.text);
	for (struct field *f = d->members; f; f = f->next) {
		check_c_name(&f->name);
		check_unique(d->members, f, "members");
		resolve_type(&f->type, "a member");
		if (f->shape == SHAPE_BOUNDED)
			error_at(f->name.at, "an array in a struct has a fixed size: expected [%u]", f->count);
		bytes += field_bytes(f);
		if (bytes > WIRE_MOST)
			error_at(f->name.at, "struct \"%s\" is larger than %u bytes", d->name.text, WIRE_MOST);
	}
	d->wire_bytes = (uint32_t)bytes;
	d->sized = true;
}

/* A message has room for one, with the call or with the reply. */
static void resolve_capability(const struct method *m, const struct field *f)
{
	if (f->shape != SHAPE_ONE)
		error_at(f->name.at, "a call takes one capability, no array of them");
	if (f->direction == DIR_INOUT)
		error_at(f->name.at, "a capability goes with the call (in) or with the reply (out), not both ways");
	for (const struct field *o = m->params; o != f; o = o->next) {
		if (o->type.base == TYPE_CAP)
			error_at(f->name.at, "a call takes one capability; \"%s\" is one already", o->name.text);
	}
}

const struct field *method_capability(const struct method *m, enum direction direction)
{
	for (const struct field *f = m->params; f; f = f->next) {
		if (f->type.base == TYPE_CAP && f->direction == direction)
			return f;
	}
	return NULL;
}

static bool any_method(const struct decl *component, enum port_kind kind, enum direction direction)
{
	for (const struct port *p = component->ports; p; p = p->next) {
		for (const struct method *m = p->kind == kind ? p->decl->methods : NULL; m; m = m->next) {
			if (method_capability(m, direction))
				return true;
		}
	}
	return false;
}

bool component_takes(const struct decl *component)
{
	return any_method(component, PORT_PROVIDES, DIR_IN);
}

bool component_gives(const struct decl *component)
{
	return any_method(component, PORT_PROVIDES, DIR_OUT);
}

bool component_receives(const struct decl *component)
{
	return component_takes(component) || any_method(component, PORT_USES, DIR_OUT);
}

static void resolve_params(struct method *m)
{
	for (struct field *f = m->params; f; f = f->next) {
		check_c_name(&f->name);
		check_unique(m->params, f, "parameters");
		resolve_type(&f->type, "a parameter");
		if (f->type.base == TYPE_CAP)
			resolve_capability(m, f);
		if (f->name.text[strlen(f->name.text) - 1] == '_')
			error_at(f->name.at, "a name that ends in _ is the stub's own");
		for (const struct field *o = m->params; o; o = o->next) {
			if (o->shape == SHAPE_BOUNDED && same(f->name.text, idl_text("%s_count", o->name.text)))
				error_at(f->name.at, "\"%s\" is how the stub calls the number of elements of \"%s\"", f->name.text, o->name.text);
		}
		if (same(f->name.text, "result"))
			error_at(f->name.at, "\"result\" is what the stub calls the method's own result");
		if (f->type.base == TYPE_STRING && f->shape != SHAPE_ONE)
			error_at(f->name.at, "an array of strings goes inside a struct");
		if (field_bytes(f) > WIRE_MOST)
			error_at(f->name.at, "this parameter is larger than %u bytes; use a dataport", WIRE_MOST);
	}
}

static void resolve_procedure(struct decl *d)
{
	uint32_t number = 0;

	if (!d->methods)
		error_at(d->name.at, "procedure \"%s\" has no method", d->name.text);
	for (struct method *m = d->methods; m; m = m->next) {
		m->number = number++;
		check_c_name(&m->name);
		for (struct method *o = d->methods; o != m; o = o->next) {
			if (same(o->name.text, m->name.text))
				error_twice(o->name.at, m->name.at, "two methods are called \"%s\"", m->name.text);
		}
		if (m->result.base == TYPE_CAP || m->result.base == TYPE_STRING || m->result.base == TYPE_STRUCT)
			error_at(m->result.at, "a result is void or a number or bool; give this back by an out parameter");
		resolve_params(m);
	}
}

static void resolve_ring(struct decl *d)
{
	if (!d->extends.text)
		return;
	d->base = need(&d->extends, 1u << DECL_RING, "ring protocol");
	if (d->base == d || d->base->extends.text)
		error_at(d->extends.at, "\"%s\" stands in for another one itself", d->extends.text);
	d->ring_bytes = d->base->ring_bytes;
	d->pool_bytes = d->base->pool_bytes;
}

static void resolve_port(struct decl *d, struct port *port)
{
	bool event = port->kind == PORT_EMITS || port->kind == PORT_CONSUMES;

	check_c_name(&port->name);
	if (port->kind == PORT_DATAPORT || port->kind == PORT_MEMORY)
		return;
	port->decl = event ? need(&port->of, 1u << DECL_EVENT, "event") :
		     need(&port->of, 1u << DECL_PROCEDURE | 1u << DECL_RING, "procedure or ring protocol");
	if (port->decl->builtin == BUILTIN_IRQ && port->kind != PORT_CONSUMES)
		error_at(port->of.at, "Irq comes from a device: it is consumed");
	if (port->decl->builtin == BUILTIN_IRQ && !d->hardware)
		error_at(port->of.at, "component \"%s\" takes an interrupt, so it says hardware;", d->name.text);
	if (port->decl->builtin == BUILTIN_EXIT && port->kind != PORT_EMITS)
		error_at(port->of.at, "Exit goes to the system: it is emitted");
	if (port->decl->builtin == BUILTIN_SLOT && port->kind != PORT_USES)
		error_at(port->of.at, "Slot is what root serves: it is used");
	if (port->kind == PORT_PROVIDES && d->vmm)
		error_at(port->name.at, "a vCPU's thread serves nobody: a VMM provides nothing");
}

bool port_hears(const struct port *p)
{
	return p->kind == PORT_CONSUMES || (p->decl && p->decl->builtin == BUILTIN_SLOT);
}

/* Same layout for every instance, so that the bits are constants in C. */
static void place_bits(struct decl *d)
{
	uint32_t next = d->vmm ? 1 : 0; /* a VMM's vCPUs kick each other by bit 0 */

	for (struct port *port = d->ports; port; port = port->next) {
		bool ring = port->decl && port->decl->kind == DECL_RING;

		port->bits = port_hears(port) || (ring && port->kind == PORT_USES && port->decl->ring_reply) ? 1 :
			     ring && port->kind == PORT_PROVIDES ? port->most : 0;
		if (!port->bits && port->fixed_bit)
			error_at(port->name.at, "\"%s\" hears no events, so it has no bit", port->name.text);
		if (port->fixed_bit && port->first_bit < next)
			error_at(port->name.at, "bit %u is taken; the next free one is %u", port->first_bit, next);
		if (!port->fixed_bit)
			port->first_bit = next;
		next = port->bits ? port->first_bit + port->bits : next;
		if (next > EVENT_BITS)
			error_at(port->name.at, "component \"%s\" has more than %u sources of events; lower a max", d->name.text,
				 EVENT_BITS);
	}
}


void check_value(const struct field *f, const struct value *v)
{
	uint32_t bits = type_bits(f->type.base);
	bool number = bits > 1;

	if ((f->type.base == TYPE_STRING) != (v->kind == VALUE_STRING) || (f->type.base == TYPE_BOOL) != (v->kind == VALUE_BOOL))
		error_at(v->at, "attribute \"%s\" is %s", f->name.text,
			 f->type.base == TYPE_STRING ? "a string" : f->type.base == TYPE_BOOL ? "true or false" : "a number");
	if (!number)
		return;
	if (v->negative && (!type_signed(f->type.base) || v->number > 1ull << (bits - 1)))
		error_at(v->at, "this is too small for %s", type_c(&f->type));
	if (!v->negative && v->number > UINT64_MAX >> (64 - bits + type_signed(f->type.base)))
		error_at(v->at, "this is too large for %s", type_c(&f->type));
}

static void resolve_attributes(struct decl *d)
{
	static const char *const taken[] = { "priority", "max_priority", "core", "stack", "heap", "budget", "period" };

	for (struct field *f = d->attributes; f; f = f->next) {
		check_c_name(&f->name);
		check_unique(d->attributes, f, "attributes");
		if (f->type.base == TYPE_VOID || f->type.base == TYPE_STRUCT || f->type.base == TYPE_CAP)
			error_at(f->type.at, "an attribute is a number, bool or string");
		for (unsigned i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
			if (same(f->name.text, taken[i]))
				error_at(f->name.at, "every component has an attribute \"%s\" already", taken[i]);
		}
		if (find_port(d, f->name.text))
			error_at(f->name.at, "an end of the component is called \"%s\" already", f->name.text);
		if (f->value)
			check_value(f, f->value);
	}
}

static void resolve_body(struct body *body)
{
	for (struct made *m = body->made; m; m = m->next)
		m->decl = need(&m->type, 1u << DECL_COMPONENT, "component");
	for (struct vm *vm = body->vms; vm; vm = vm->next) {
		vm->vmm->decl = need(&vm->vmm->type, 1u << DECL_COMPONENT, "component");
		if (!vm->vmm->decl->vmm)
			error_at(vm->vmm->type.at, "component \"%s\" runs no guests: it does not say vmm;", vm->vmm->type.text);
	}
}

static void resolve_component(struct decl *d)
{
	for (struct port *port = d->ports; port; port = port->next)
		resolve_port(d, port);
	resolve_attributes(d);
	place_bits(d);
	resolve_body(d->body);
	if (d->per_core && (d->control || d->hardware || d->vmm))
		error_at(d->name.at, "component \"%s\": per core is for servers: without control, hardware and vmm", d->name.text);
	if (d->has_body && (d->control || d->vmm || d->ports))
		error_at(d->name.at, "component \"%s\" is composed of others: it has no thread and no ends of its own; export theirs",
			 d->name.text);
	if (d->has_body && d->body->rules)
		error_at(d->body->rules->at, "a policy is the assembly's business");
}

void resolve(struct unit *u)
{
	unit = u;
	for (struct decl *d = u->decls; d; d = d->next) {
		if (d->kind == DECL_STRUCT)
			resolve_struct(d);
		else if (d->kind == DECL_PROCEDURE)
			resolve_procedure(d);
		else if (d->kind == DECL_RING)
			resolve_ring(d);
	}
	for (struct decl *d = u->decls; d; d = d->next) {
		if (d->kind == DECL_COMPONENT)
			resolve_component(d);
	}
	if (u->assembly) {
		resolve_body(u->assembly);
		for (struct export *e = u->assembly->exports; e; e = e->next)
			error_at(e->name.at, "there is nothing around an assembly to export to");
	}
}
