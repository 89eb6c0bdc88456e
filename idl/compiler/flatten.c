/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the assembly to instances and connections. A scope is one body that was
 * instantiated; names are looked up in it, and through the exports of a
 * composite in the scope below.
 */
#include "system.h"

#include <string.h>
#include "abi/skerry.h"
#include "arch/aarch64/machine.h"
#include "spec.h"

#define SCOPE_DEPTH 8
#define SCOPES_MOST 64
#define PRIORITY_DEFAULT 100

struct entry {
	struct entry *next;
	struct name name;
	struct instance *instance;
	struct scope *scope;
	struct device *device;
	struct vm *vm;
	struct instance *vmm;        /* of the vm */
	struct slot *slot;           /* stands for all its instances: NAME0, NAME1, ... */
};

struct scope {
	const char *prefix;
	const struct body *body;
	struct entry *entries, **tail;
};

static struct system *sys;
static unsigned scopes;

const char *const connector_names[CONNECTORS] = {
	[CON_RPC] = "RPC", [CON_NOTIFY] = "Notify", [CON_SHARED] = "Shared", [CON_RING] = "Ring",
	[CON_VIRTIO] = "Virtio", [CON_MMIO] = "HwMMIO", [CON_IRQ] = "HwIRQ", [CON_DMA] = "DMA", [CON_PCI] = "HwPCI",
	[CON_PASS] = "device",
};

static struct entry *find_entry(const struct scope *s, const char *name)
{
	for (struct entry *e = s->entries; e; e = e->next) {
		if (same(e->name.text, name))
			return e;
	}
	return NULL;
}

static struct entry *add_entry(struct scope *s, struct name name)
{
	struct entry *e = find_entry(s, name.text), *made = NEW(struct entry);

	if (e)
		error_twice(e->name.at, name.at, "there is a \"%s\" here already", name.text);
	if (same(name.text, "system") || same(name.text, "machine"))
		error_at(name.at, "\"%s\" is the name of the whole; choose another one", name.text);
	made->name = name;
	APPEND(s->tail, made);
	return made;
}

static const char *inside(const struct scope *s, const char *name)
{
	return *s->prefix ? idl_text("%s.%s", s->prefix, name) : name;
}

static const char *full(const struct scope *s, struct name name)
{
	const char *text = inside(s, name.text);

	if (strlen(text) > SPEC_NAME - 9) /* ".event0", ".main" follow */
		error_at(name.at, "the full name \"%s\" has more than %d characters", text, SPEC_NAME - 9);
	return text;
}

/* NAME with its number: "worker2.log" of "worker.log". */
static const char *numbered(const char *text, uint32_t number)
{
	size_t head = strcspn(text, ".");

	return idl_text("%.*s%u%s", (int)head, text, number, text + head);
}

struct instance *add_instance(struct system *system, const struct instance *like, struct place at)
{
	struct instance *made = NEW(struct instance);
	uint32_t ports = 0, instances = 0;

	for (const struct instance *i = system->instances; i; i = i->next)
		instances++;
	if (instances == SPEC_COMPONENTS_MAX)
		error_at(at, "a system has at most %d components%s", SPEC_COMPONENTS_MAX, like->first_of ? ", those once per core counted on each" : "");
	for (const struct port *port = like->decl->ports; port; port = port->next)
		ports++;
	*made = *like;
	made->next = NULL;
	made->end = idl_alloc(ports * sizeof(made->end[0]));
	for (const struct port *port = like->decl->ports; port; port = port->next) {
		uint32_t n = port->number;

		made->end[n] = (struct at_port){ .rights = like->end ? like->end[n].rights : port->rights,
						 .bytes = like->end ? like->end[n].bytes : port->bytes, .dma = port->dma };
	}
	APPEND(system->instances_tail, made);
	return made;
}

static struct instance *new_instance(struct scope *s, const struct made *m, struct vm *vm)
{
	struct instance *i, like = { .name = full(s, m->name), .at = m->name.at, .decl = m->decl, .vm = vm, .priority = PRIORITY_DEFAULT,
				     .max_priority = UINT32_MAX, .stack = m->decl->stack, .heap = m->decl->heap, .event = SPEC_NONE,
				     .endpoint = SPEC_NONE };
	unsigned attributes = 0;

	i = add_instance(sys, &like, m->name.at);
	for (const struct field *f = m->decl->attributes; f; f = f->next)
		attributes++;
	i->values = idl_alloc(attributes * sizeof(struct value *));
	attributes = 0;
	for (const struct field *f = m->decl->attributes; f; f = f->next)
		i->values[attributes++] = f->value;
	return i;
}

static struct scope *open_scope(const struct body *body, const char *prefix, unsigned depth);

static struct slot *new_slot(struct scope *s, struct name name, const struct made *m)
{
	struct slot *slot = NEW(struct slot);

	if (!m->most)
		return NULL;
	*slot = (struct slot){ .name = full(s, name), .vmm = full(s, m->name), .at = name.at, .most = m->most, .bound = m->bound };
	APPEND(sys->slots_tail, slot);
	return slot;
}

/* The instance that M declares, or number N of SLOT. */
static struct instance *open_instance(struct scope *s, const struct made *m, struct vm *vm, struct slot *slot, uint32_t n)
{
	struct made one = *m;
	struct entry *e;

	if (slot)
		one.name.text = numbered(m->name.text, n);
	e = slot ? add_entry(s, one.name) : find_entry(s, m->name.text);
	e->instance = new_instance(s, &one, vm);
	e->instance->slot = slot;
	e->instance->number = n;
	return e->instance;
}

static void open_made(struct scope *s, const struct made *m, unsigned depth)
{
	struct entry *e = add_entry(s, m->name);

	if (m->decl->per_core && m->most)
		error_at(m->name.at, "component \"%s\" is there once per core, so not in a slot", m->decl->name.text);
	if (m->decl->has_body && m->most)
		error_at(m->name.at, "\"%s\" is composed of others; a slot holds one component or guest", m->decl->name.text);
	if (m->decl->has_body) {
		if (depth == SCOPE_DEPTH)
			error_at(m->name.at, "components are nested more than %d deep here: does \"%s\" hold itself?", SCOPE_DEPTH,
				 m->decl->name.text);
		e->scope = open_scope(m->decl->body, full(s, m->name), depth + 1);
		return;
	}
	if (m->decl->vmm)
		error_at(m->name.at, "component \"%s\" is a VMM: it stands in a vm { vmm %s %s; ... }", m->decl->name.text,
			 m->decl->name.text, m->name.text);
	e->slot = new_slot(s, m->name, m);
	for (uint32_t n = 0; n < (m->most ? m->most : 1); n++)
		open_instance(s, m, NULL, e->slot, n);
}

/* RAM and flash are whole pages of the guest's address space, and not the same ones. */
static void check_flash(const struct vm *vm)
{
	uint64_t most = 1ull << SK_IPA_BITS;

	if (vm->ram_at < GUEST_RAM_BASE && vm->ram_at + vm->ram > GUEST_FLASH)
		error_at(vm->ram_place, "the RAM of guest \"%s\", 0x%llx to 0x%llx, lies over its devices, 0x%lx to 0x%lx",
			 vm->name.text, (unsigned long long)vm->ram_at, (unsigned long long)(vm->ram_at + vm->ram - 1), GUEST_FLASH,
			 GUEST_RAM_BASE - 1);
	if (!vm->flash)
		return;
	if (vm->flash_at % SK_PAGE || vm->flash > most - vm->flash_at)
		error_at(vm->ram_place, "the flash of guest \"%s\" begins at a page and ends below 0x%llx", vm->name.text,
			 (unsigned long long)most);
	if (vm->flash_at < vm->ram_at + vm->ram && vm->ram_at < vm->flash_at + vm->flash)
		error_at(vm->ram_place, "RAM and flash of guest \"%s\" lie over each other: 0x%llx to 0x%llx, and 0x%llx to 0x%llx",
			 vm->name.text, (unsigned long long)vm->ram_at, (unsigned long long)(vm->ram_at + vm->ram - 1),
			 (unsigned long long)vm->flash_at, (unsigned long long)(vm->flash_at + vm->flash - 1));
}

static void open_vm(struct scope *s, const struct vm *declared)
{
	const struct made *vmm = declared->vmm;
	struct entry *guest = add_entry(s, declared->name), *e = guest;

	guest->slot = add_entry(s, vmm->name)->slot = new_slot(s, declared->name, vmm);
	check_flash(declared);
	for (uint32_t n = 0; n < (vmm->most ? vmm->most : 1); n++) {
		struct vm *vm = NEW(struct vm);

		*vm = *declared;
		vm->next = NULL;
		if (guest->slot) {
			vm->name.text = numbered(declared->name.text, n);
			e = add_entry(s, vm->name);
		}
		vm->name.text = full(s, vm->name);
		e->vm = vm;
		APPEND(sys->vms_tail, vm);
		e->vmm = open_instance(s, vmm, vm, guest->slot, n);
	}
}

static void open_device(struct scope *s, const struct device *declared)
{
	struct device *d = NEW(struct device);

	*d = *declared;
	d->next = NULL;
	d->name.text = full(s, d->name);
	for (struct device *o = sys->devices; o; o = o->next) {
		if (same(o->where, d->where))
			error_twice(o->where_at, d->where_at, "device \"%s\" is \"%s\", too", o->name.text, o->where);
	}
	add_entry(s, declared->name)->device = d;
	APPEND(sys->devices_tail, d);
}

/* --- paths ---------------------------------------------------------------- */

static const char *head_of(const char *text, const char **rest)
{
	const char *dot = strchr(text, '.');

	*rest = dot ? dot + 1 : NULL;
	return dot ? idl_copy(text, (size_t)(dot - text)) : text;
}

static struct entry *need_entry(const struct scope *s, const char *name, struct place at)
{
	struct entry *e = find_entry(s, name);
	const char *list = "";

	for (const struct entry *o = s->entries; !e && o; o = o->next)
		list = idl_text("%s%s%s", list, *list ? ", " : "", o->name.text);
	if (!e)
		error_at(at, "there is no \"%s\" here; there are: %s", name, *list ? list : "none at all");
	return e;
}

/* What is said of a slot is said of each of its instances. */
static struct slot *slot_in(const struct scope *s, const char *text)
{
	const char *rest;
	const struct entry *e = find_entry(s, head_of(text, &rest));

	return e && rest ? e->slot : NULL;
}

static void resolve_end(const struct scope *s, const char *text, struct place at, struct terminal *out)
{
	const char *rest, *list = "";
	const char *head = head_of(text, &rest);
	const struct entry *e;

	if (same(head, "system") && rest && same(rest, "exit"))
		return; /* neither instance nor device: the system */
	out->supervisor = same(head, "system") && rest && same(rest, "supervisor");
	out->log = same(head, "system") && rest && same(rest, "log");
	if (out->supervisor || out->log)
		return;
	e = need_entry(s, head, at);
	if (e->device) {
		if (rest)
			error_at(at, "\"%s\" is a device: it has no ends, it is connected as it is", head);
		out->device = e->device;
		return;
	}
	if (e->slot) {
		out->slot = e->slot;
		if (rest || !same(out->slot->name, inside(s, head)))
			error_at(at, "\"%s\" is a slot; expected its name alone, or the end of one instance: %s.END", head, numbered(head, 0));
		return;
	}
	if (!rest)
		error_at(at, "which end of \"%s\"? Expected %s.END", head, head);
	if (e->scope) {
		for (const struct export *x = e->scope->body->exports; x; x = x->next) {
			if (same(x->name.text, rest)) {
				resolve_end(e->scope, x->path.text, x->path.at, out);
				return;
			}
		}
		error_at(at, "\"%s\" exports nothing called \"%s\"", head, rest);
	}
	out->guest = e->vm != NULL;
	out->instance = e->vm ? e->vmm : e->instance;
	out->port = find_port(out->instance->decl, rest);
	for (const struct port *port = out->instance->decl->ports; port; port = port->next)
		list = idl_text("%s%s%s", list, *list ? ", " : "", port->name.text);
	if (!out->port)
		error_at(at, "component \"%s\" has no end called \"%s\"; it has: %s", out->instance->decl->name.text, rest,
			 *list ? list : "none");
}

/* --- connections ------------------------------------------------------------- */

static enum connector find_connector(const struct name *name)
{
	static const struct { const char *name; enum connector connector; } alias[] = {
		{ "seL4RPC", CON_RPC }, { "seL4RPCCall", CON_RPC }, { "seL4RPCSimple", CON_RPC },
		{ "seL4Notification", CON_NOTIFY }, { "seL4Asynch", CON_NOTIFY }, { "seL4SharedData", CON_SHARED },
		{ "seL4HardwareMMIO", CON_MMIO }, { "seL4HardwareInterrupt", CON_IRQ },
	};

	for (unsigned i = 0; i < CONNECTORS; i++) {
		if (same(connector_names[i], name->text))
			return (enum connector)i;
	}
	for (unsigned i = 0; i < sizeof(alias) / sizeof(alias[0]); i++) {
		if (same(alias[i].name, name->text))
			return alias[i].connector;
	}
	error_at(name->at, "there is no connector \"%s\"; expected RPC, Notify, Shared, Ring, Virtio, HwMMIO, HwIRQ, HwPCI or DMA", name->text);
}

static void add_end(const struct scope *s, const struct end *e, const char *text, struct terminal ***tail)
{
	struct terminal *t = NEW(struct terminal);

	t->from = e->from;
	t->at = e->path.at;
	resolve_end(s, text, e->path.at, t);
	APPEND(*tail, t);
}

/* One connection of the text; of a ring number N, which joins the instances of this number. */
static void open_connection(const struct scope *s, const struct link *l, enum connector connector, const struct slot *slot, uint32_t n)
{
	struct connection *c = NEW(struct connection);
	struct terminal **tail = &c->ends;

	c->connector = connector;
	c->base = full(s, l->name);
	c->name = slot ? full(s, (struct name){ numbered(l->name.text, n), l->name.at }) : c->base;
	c->at = l->name.at;
	for (const struct connection *o = sys->connections; o; o = o->next) {
		if (same(o->name, c->name))
			error_twice(o->at, c->at, "two connections are called \"%s\"", c->name);
	}
	for (const struct end *e = l->ends; e; e = e->next) {
		const struct slot *all = slot_in(s, e->path.text);

		if (!all || slot)
			add_end(s, e, all ? numbered(e->path.text, n) : e->path.text, &tail);
		for (uint32_t k = 0; all && !slot && k < all->most; k++)
			add_end(s, e, numbered(e->path.text, k), &tail);
	}
	if (l->over.text) {
		const struct entry *guest = need_entry(s, slot ? numbered(l->over.text, n) : l->over.text, l->over.at);

		if (!guest->vm || (!is_ring(c->connector) && c->connector != CON_PASS))
			error_at(l->over.at, "expected a Ring over a guest, and one guest, not a slot");
		c->over = guest->vm;
		c->pass_at = l->at;
		c->intid = l->intid;
	}
	APPEND(sys->connections_tail, c);
}

/* A ring joins two: each instance of a slot has its own. Others join them all. */
static void open_link(const struct scope *s, const struct link *l)
{
	enum connector connector = find_connector(&l->connector);
	const struct slot *slot = NULL;

	for (const struct end *e = l->ends; e && is_ring(connector); e = e->next) {
		const struct slot *of = slot_in(s, e->path.text);

		if (of && slot && of->most != slot->most)
			error_at(e->path.at, "\"%s\" has %u instances, \"%s\" %u: which with which?", of->name, of->most, slot->name,
				 slot->most);
		slot = of ? of : slot;
	}
	for (uint32_t n = 0; n < (slot ? slot->most : 1); n++)
		open_connection(s, l, connector, slot, n);
}

/* --- settings ------------------------------------------------------------------ */

static uint64_t number_of(const struct value *v, const char *what, uint64_t least, uint64_t most)
{
	if (v->kind != VALUE_NUMBER || v->negative || v->number < least || v->number > most)
		error_at(v->at, "%s: expected a number from %llu to %llu", what, (unsigned long long)least,
			 (unsigned long long)most);
	return v->number;
}

static uint64_t pages_of(const struct value *v, const char *what, uint64_t least, uint64_t most)
{
	uint64_t n = number_of(v, what, least, most);

	if (n % SK_PAGE)
		error_at(v->at, "%s: expected a multiple of 4K", what);
	return n;
}

/* What every component has. */
static bool set_common(struct instance *i, const char *name, const struct value *v)
{
	const struct { const char *name; uint32_t *to; uint64_t least, most; } numbers[] = {
		{ "priority", &i->priority, 0, SPEC_PRIORITY_ROOT - 1 }, { "max_priority", &i->max_priority, 0, SPEC_PRIORITY_ROOT - 1 },
		{ "core", &i->core, 0, SK_MAX_CORES - 1 }, { "budget", &i->budget, 1, UINT32_MAX }, { "period", &i->period, 1, UINT32_MAX },
	};

	for (unsigned n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
		if (same(name, numbers[n].name)) {
			*numbers[n].to = (uint32_t)number_of(v, name, numbers[n].least, numbers[n].most);
			return true;
		}
	}
	if (same(name, "stack"))
		i->stack = pages_of(v, "stack", SK_PAGE, SPEC_STACK_MAX);
	else if (same(name, "heap"))
		i->heap = pages_of(v, "heap", 0, SPEC_HEAP_MAX);
	else
		return false;
	return true;
}

/* NAME_access = "R" or "RW" of a dataport, as in CAmkES. */
static bool set_access(struct instance *i, const char *name, const struct value *v)
{
	for (const struct port *port = i->decl->ports; port; port = port->next) {
		if (port->kind != PORT_DATAPORT || !same(name, idl_text("%s_access", port->name.text)))
			continue;
		if (v->kind == VALUE_STRING && same(v->text, "R"))
			i->end[port->number].rights = SK_RIGHT_READ;
		else if (v->kind == VALUE_STRING && same(v->text, "RW"))
			i->end[port->number].rights = SK_RIGHT_READ | SK_RIGHT_WRITE;
		else
			error_at(v->at, "expected \"R\" or \"RW\"; memory that can be written can be read, so there is no \"W\"");
		return true;
	}
	return false;
}

/* NAME_size = 64M of the component's own memory. */
static bool set_size(struct instance *i, const char *name, const struct value *v)
{
	for (const struct port *port = i->decl->ports; port; port = port->next) {
		if (port->kind == PORT_MEMORY && same(name, idl_text("%s_size", port->name.text))) {
			i->end[port->number].bytes = pages_of(v, name, SK_PAGE, 1ul << 36);
			return true;
		}
	}
	return false;
}

/* What is set on a connection: the size of its pool, or a parameter that both ends are told. */
static void set_on(struct connection *c, const char *what, const struct setting *st)
{
	struct setting *copy = NEW(struct setting);

	if (!is_ring(c->connector))
		error_at(st->path.at, "a %s connection has nothing to set", connector_names[c->connector]);
	if (same(what, "pool")) {
		c->pool = pages_of(st->value, "pool", SK_PAGE, 1ul << 36);
		return;
	}
	if (st->value->kind != VALUE_STRING)
		error_at(st->value->at, "what both ends are told is a string");
	*copy = *st;
	copy->path.text = what;
	copy->next = c->settings;
	c->settings = copy;
}

static bool set_connection(const struct scope *s, const char *path, const struct setting *st)
{
	const char *rest = strrchr(path, '.') + 1, *head = idl_copy(path, (size_t)(rest - path) - 1);
	const char *name = inside(s, head);
	struct connection *c = sys->connections;
	bool found = false;

	for (; c; c = c->next) {
		if (!same(c->name, name) && !same(c->base, name))
			continue;
		found = true;
		set_on(c, rest, st);
	}
	return found;
}

static void set(struct instance *i, const char *name, struct value *v, struct place at)
{
	unsigned n = 0;

	if (set_common(i, name, v) || set_access(i, name, v) || set_size(i, name, v))
		return;
	for (const struct field *f = i->decl->attributes; f; f = f->next, n++) {
		if (same(f->name.text, name)) {
			check_value(f, v);
			i->values[n] = v;
			return;
		}
	}
	error_at(at, "component \"%s\" has no attribute \"%s\"", i->decl->name.text, name);
}

static void set_machine(const char *name, const struct setting *st)
{
	if (same(name, "ram")) {
		sys->machine_ram = pages_of(st->value, "ram", 64ul << 20, 1ul << 40);
		sys->ram_at = st->value->at;
	} else if (same(name, "cores")) {
		sys->machine_cores = (uint32_t)number_of(st->value, "cores", 1, SK_MAX_CORES);
	} else {
		error_at(st->path.at, "the machine has no \"%s\"; expected machine.ram or machine.cores", name);
	}
}

static void apply(const struct scope *s, const char *path, const struct setting *st);

/* What is set for one instance by its own name wins. */
static void apply_slot(const struct scope *s, const struct slot *slot, const char *path, const struct setting *st)
{
	for (uint32_t n = 0; n < slot->most; n++) {
		const struct setting *own = s->body->settings;

		while (own && !same(own->path.text, numbered(path, n)))
			own = own->next;
		if (!own)
			apply(s, numbered(path, n), st);
	}
}

static void apply(const struct scope *s, const char *path, const struct setting *st)
{
	const char *rest;
	const char *head = head_of(path, &rest);
	const struct entry *e;

	if (!rest)
		error_at(st->path.at, "expected INSTANCE.ATTRIBUTE");
	if (same(head, "machine") && !*s->prefix) {
		set_machine(rest, st);
		return;
	}
	if (!find_entry(s, head) && set_connection(s, path, st))
		return;
	e = need_entry(s, head, st->path.at);
	if (e->scope)
		apply(e->scope, rest, st);
	else if (e->instance)
		set(e->instance, rest, st->value, st->path.at);
	else if (e->slot)
		apply_slot(s, e->slot, path, st);
	else if (e->vm && strchr(rest, '.') && set_connection(s, path, st))
		return;
	else
		error_at(st->path.at, "\"%s\" has no attributes; %s", head,
			 e->vm ? "a guest's are set in its vm { }, its VMM's on the VMM" : "it is a device");
}

static void apply_all(const struct scope *s)
{
	for (const struct setting *st = s->body->settings; st; st = st->next) {
		for (const struct setting *o = s->body->settings; o != st; o = o->next) {
			if (same(o->path.text, st->path.text))
				error_twice(o->path.at, st->path.at, "\"%s\" is set twice", st->path.text);
		}
		apply(s, st->path.text, st);
	}
}

/* Inner settings come first, so that the outer ones win. */
static struct scope *open_scope(const struct body *body, const char *prefix, unsigned depth)
{
	struct scope *s = NEW(struct scope);

	if (scopes++ == SCOPES_MOST)
		error_at(body->at, "more than %d composed components", SCOPES_MOST);
	*s = (struct scope){ .prefix = prefix, .body = body };
	s->tail = &s->entries;
	for (const struct made *m = body->made; m; m = m->next)
		open_made(s, m, depth);
	for (const struct vm *vm = body->vms; vm; vm = vm->next)
		open_vm(s, vm);
	for (const struct device *d = body->devices; d; d = d->next)
		open_device(s, d);
	for (const struct export *x = body->exports; x; x = x->next) {
		struct terminal t = { 0 };

		resolve_end(s, x->path.text, x->path.at, &t);
		for (const struct export *o = body->exports; o != x; o = o->next) {
			if (same(o->name.text, x->name.text))
				error_at(x->name.at, "\"%s\" is exported twice", x->name.text);
		}
	}
	for (const struct link *l = body->links; l; l = l->next)
		open_link(s, l);
	apply_all(s);
	return s;
}

/* The instances that NAME stands for: a slot's, or those on the cores. 0: it is one thing. */
static unsigned names_of(const struct rule *r, const char *name, const char **names)
{
	const struct slot *slot = sys->slots;
	unsigned count = 0;

	while (slot && !same(slot->name, name) && !same(slot->vmm, name))
		slot = slot->next;
	for (uint32_t n = 0; slot && n < slot->most; n++)
		names[count++] = idl_text("%s%u", name, n);
	for (const struct instance *i = sys->instances; i && !r->of_slot; i = i->next) {
		if (i->first_of && same(i->first_of->name, name))
			names[count++] = i->name;
	}
	if (count && !slot)
		names[count++] = name;
	return count;
}

/* A rule about a slot, or what is there once per core, holds for each of its instances. */
static void add_rule(const struct rule *r)
{
	struct rule *copy = NEW(struct rule);
	bool isolate = r->kind == RULE_ISOLATE;

	*copy = *r;
	copy->next = NULL;
	for (unsigned k = 0; k < r->count; k++) {
		const char *names[SPEC_COMPONENTS_MAX];
		unsigned count = names_of(r, r->who[k].text, names);

		if (count == 0)
			continue;
		if (isolate && r->count + count - 1 > RULE_NAMES)
			error_at(r->at, "at most %d names in a rule", RULE_NAMES);
		copy->of_slot = r;
		for (unsigned n = 0; n < count; n++) {
			copy->who[isolate && n ? copy->count++ : k] = (struct path){ names[n], r->who[k].at };
			if (!isolate || n + 1 == count)
				add_rule(copy);
		}
		return;
	}
	APPEND(sys->rules_tail, copy);
}

struct system *flatten(struct unit *unit)
{
	sys = NEW(struct system);
	scopes = 0;
	sys->instances_tail = &sys->instances;
	sys->connections_tail = &sys->connections;
	sys->devices_tail = &sys->devices;
	sys->vms_tail = &sys->vms;
	sys->machine_cores = SK_MAX_CORES;
	sys->name = unit->assembly->name.text;
	sys->at = unit->assembly->at;
	sys->slots_tail = &sys->slots;
	sys->rules_tail = &sys->rules;
	open_scope(unit->assembly, "", 0);
	open_cores(sys);
	for (const struct rule *r = unit->assembly->rules; r; r = r->next)
		add_rule(r);
	if (!sys->instances)
		error_at(sys->at, "the assembly has no component");
	return sys;
}
