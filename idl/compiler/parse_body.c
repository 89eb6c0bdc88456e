/* SPDX-License-Identifier: BSD-2-Clause */
/* composition, configuration, policy. */
#include "parse.h"

#include <string.h>
#include "abi/skerry.h"
#include "spec.h"

#define RAM_MOST (1ul << 38)

/* MOST, BOUND: of a slot; 0: it is there from the beginning. */
static void parse_made(struct parser *p, struct body *body, uint32_t most, uint64_t bound)
{
	struct name type = parse_name(p, "the name of a component");

	do {
		struct made *m = NEW(struct made);

		*m = (struct made){ .type = type, .name = parse_name(p, "the name of the instance"), .most = most, .bound = bound };
		APPEND(body->made_tail, m);
	} while (accept(p, ','));
	parse_end(p, "the instance");
}

static void parse_device(struct parser *p, struct body *body)
{
	struct device *d = NEW(struct device);
	struct token t;

	d->name = parse_name(p, "the name of the device");
	t = expect(p, TOKEN_STRING, "a string: \"console\", or the path of a device tree node");
	d->where = t.text;
	d->where_at = t.at;
	d->dma = accept_word(p, "dma");
	parse_end(p, "the device");
	if (t.text[0] != '/' && !same(t.text, "console"))
		error_at(t.at, "expected \"console\", or a path in the device tree that begins with /");
	APPEND(body->devices_tail, d);
}

/* [optional] "file" [from "archive"] */
static const char *parse_file(struct parser *p, const char *what, struct vm *vm)
{
	const char *file = parse_string(p, what);

	if (accept_word(p, "from")) {
		struct token t = expect(p, TOKEN_STRING, "a string: the archive that holds the file");

		if (vm->archive && !same(vm->archive, t.text))
			error_at(t.at, "a guest's files come from one archive, this one's from \"%s\"", vm->archive);
		vm->archive = t.text;
	}
	return file;
}

static void add_end(struct link *l, struct path path, bool from)
{
	struct end *e = NEW(struct end);
	struct end **tail = &l->ends;

	while (*tail)
		tail = &(*tail)->next;
	e->path = path;
	e->from = from;
	*tail = e;
}

/* virtio disk0 via backend.client: connection Virtio GUEST.disk0(from GUEST.disk0, to backend.client); */
static void parse_virtio(struct parser *p, struct vm *vm)
{
	struct link *l = NEW(struct link);
	struct name device = parse_name(p, "the virtio device: an end of the VMM");

	l->connector = (struct name){ "Virtio", device.at };
	l->name = (struct name){ idl_text("%s.%s", vm->name.text, device.text), device.at };
	add_end(l, (struct path){ l->name.text, device.at }, true);
	expect_word(p, "via", "via INSTANCE.END: the backend");
	add_end(l, parse_path(p, "INSTANCE.END"), false);
	if (accept_word(p, "over"))
		l->over = parse_name(p, "the guest whose RAM holds the data");
	APPEND(vm->links_tail, l);
}

/* device clock at 0x9010000 irq 34: the registers there, the interrupt with that INTID; INTIDs below 32 are a core's own. */
static void parse_passed(struct parser *p, struct vm *vm)
{
	struct link *l = NEW(struct link);
	struct name device = parse_name(p, "the device that the guest is given");

	l->connector = (struct name){ "device", device.at };
	l->name = (struct name){ idl_text("%s.%s", vm->name.text, device.text), device.at };
	l->over = vm->name;
	add_end(l, (struct path){ device.text, device.at }, false);
	expect_word(p, "at", "at ADDRESS: where the guest finds its registers");
	l->at = parse_number(p, "the guest's address of the registers", 0, (1ul << SK_IPA_BITS) - SK_PAGE);
	if (accept_word(p, "irq"))
		l->intid = (uint32_t)parse_number(p, "the guest's number of the interrupt", 32, 287);
	APPEND(vm->links_tail, l);
}

static void parse_vm_item(struct parser *p, struct vm *vm, struct said **said)
{
	struct place at = p->lex.next.at;

	if (accept_once(p, "vmm", said)) {
		vm->vmm = NEW(struct made);
		vm->vmm->type = parse_name(p, "the component that runs the guest");
		vm->vmm->name = parse_name(p, "the name of its instance");
	} else if (accept_once(p, "vcpus", said)) {
		vm->vcpus = vm->vcpus_most = (uint32_t)parse_number(p, "the number of vCPUs", 1, SK_MAX_CORES);
		if (accept_word(p, "to"))
			vm->vcpus_most = (uint32_t)parse_number(p, "the most vCPUs", vm->vcpus, SK_MAX_CORES);
	} else if (accept_once(p, "ram", said)) {
		vm->ram_place = at;
		vm->ram = parse_pages(p, "the guest's RAM", RAM_MOST);
		if (accept_word(p, "at"))
			vm->ram_at = parse_number(p, "the guest's RAM", 0, (1ul << SK_IPA_BITS) - 1);
	} else if (accept_once(p, "flash", said)) {
		vm->flash = parse_pages(p, "the guest's flash", RAM_MOST);
		expect_word(p, "at", "at ADDRESS, behind the size of the guest's flash");
		vm->flash_at = parse_number(p, "the guest's flash", 0, (1ul << SK_IPA_BITS) - 1);
	} else if (accept_once(p, "kernel", said)) {
		vm->kernel_place = at;
		vm->kernel = parse_file(p, "a string: the guest's kernel", vm);
	} else if (accept_once(p, "initrd", said)) {
		vm->initrd_optional = accept_word(p, "optional");
		vm->initrd = parse_file(p, "a string: the guest's initial RAM disk", vm);
	} else if (accept_once(p, "params", said)) {
		vm->params = parse_file(p, "a string: the file of parameters", vm);
	} else if (accept_once(p, "bootargs", said)) {
		vm->bootargs = parse_string(p, "a string: the kernel's command line");
	} else if (accept_word(p, "virtio")) {
		parse_virtio(p, vm);
	} else if (accept_word(p, "device")) {
		parse_passed(p, vm);
	} else {
		unexpected(p, "vmm, vcpus, ram, flash, kernel, initrd, params, bootargs, virtio, device or \"}\"");
	}
	parse_end(p, "it");
}

static void parse_vm(struct parser *p, struct body *body, uint32_t most, uint64_t bound)
{
	struct vm *vm = NEW(struct vm);
	struct said *said = NULL;

	vm->name = parse_name(p, "the name of the guest");
	vm->vcpus = vm->vcpus_most = 1;
	vm->ram_at = 0x40000000;
	vm->links_tail = &vm->links;
	expect(p, '{', "\"{\" behind the name of the guest");
	while (!accept(p, '}'))
		parse_vm_item(p, vm, &said);
	accept(p, ';');
	if (!vm->vmm)
		error_at(vm->name.at, "guest \"%s\" has no VMM; expected vmm TYPE NAME;", vm->name.text);
	vm->vmm->most = most;
	vm->vmm->bound = bound;
	if (!vm->ram)
		error_at(vm->name.at, "guest \"%s\" has no RAM; expected ram SIZE;", vm->name.text);
	if (vm->ram_at % SK_PAGE)
		error_at(vm->ram_place, "the guest's RAM begins at a page: expected a multiple of 4K");
	if (vm->ram > (1ul << SK_IPA_BITS) - vm->ram_at)
		error_at(vm->ram_place, "the guest's RAM does not end below 0x%lx, where its address space ends", 1ul << SK_IPA_BITS);
	if (!vm->kernel)
		error_at(vm->name.at, "guest \"%s\" has no kernel; expected kernel \"FILE\";", vm->name.text);
	if (!vm->archive)
		vm->archive = "initrd";
	*body->links_tail = vm->links;
	while (*body->links_tail)
		body->links_tail = &(*body->links_tail)->next;
	APPEND(body->vms_tail, vm);
}

/* connection RPC c(from a.x, from b.x, to d.y); */
static void parse_link(struct parser *p, struct body *body)
{
	struct link *l = NEW(struct link);
	bool from;

	l->connector = parse_name(p, "a connector: RPC, Notify, Shared, Ring, Virtio, HwMMIO, HwIRQ or DMA");
	l->name = parse_name(p, "the name of the connection");
	expect(p, '(', "\"(\" behind the name of the connection");
	do {
		if (l->ends && accept_word(p, "over")) {
			l->over = parse_name(p, "the guest whose RAM holds the data");
			break;
		}
		from = accept_word(p, "from");
		if (!from && !accept_word(p, "to"))
			unexpected(p, "from INSTANCE.END or to INSTANCE.END");
		add_end(l, parse_path(p, "INSTANCE.END"), from);
	} while (accept(p, ','));
	expect(p, ')', "\",\" or \")\" behind an end");
	parse_end(p, "the connection");
	APPEND(body->links_tail, l);
}

/* export inner.end -> name; as in CAmkES */
static void parse_export(struct parser *p, struct body *body)
{
	struct export *e = NEW(struct export);

	e->path = parse_path(p, "INSTANCE.END");
	expect(p, TOKEN_ARROW, "\"->\" behind the end that is exported");
	e->name = parse_name(p, "the name that it has outside");
	parse_end(p, "the export");
	APPEND(body->exports_tail, e);
}

/* slot 4 within 8M component Worker worker; */
static void parse_slot(struct parser *p, struct body *body)
{
	uint32_t most = (uint32_t)parse_number(p, "the most instances", 1, SPEC_COMPONENTS_MAX);
	uint64_t bound;

	expect_word(p, "within", "within SIZE: the memory of all instances");
	bound = parse_pages(p, "the memory of all instances", 1ul << SK_IPA_BITS);
	if (accept_word(p, "component"))
		parse_made(p, body, most, bound);
	else if (accept_word(p, "vm"))
		parse_vm(p, body, most, bound);
	else
		unexpected(p, "component or vm: what is made in the slot");
}

static void parse_composition(struct parser *p, struct body *body)
{
	expect(p, '{', "\"{\" behind composition");
	while (!accept(p, '}')) {
		if (accept_word(p, "component"))
			parse_made(p, body, 0, 0);
		else if (accept_word(p, "slot"))
			parse_slot(p, body);
		else if (accept_word(p, "connection"))
			parse_link(p, body);
		else if (accept_word(p, "device"))
			parse_device(p, body);
		else if (accept_word(p, "vm"))
			parse_vm(p, body, 0, 0);
		else if (accept_word(p, "export"))
			parse_export(p, body);
		else
			unexpected(p, "component, connection, device, slot, vm, export or \"}\"");
	}
}

/* CAmkES's names of what every component has become ours. */
static const char *plain_setting(const char *path)
{
	static const struct { const char *theirs, *ours; } names[] = {
		{ "_priority", "priority" }, { "_affinity", "core" }, { "_stack_size", "stack" }, { "_heap_size", "heap" },
		{ "_budget", "budget" }, { "_period", "period" }, { "_max_priority", "max_priority" },
	};
	const char *dot = strrchr(path, '.');

	for (unsigned i = 0; dot && i < sizeof(names) / sizeof(names[0]); i++) {
		if (same(dot + 1, names[i].theirs))
			return idl_text("%.*s.%s", (int)(dot - path), path, names[i].ours);
	}
	return path;
}

static void parse_configuration(struct parser *p, struct body *body)
{
	expect(p, '{', "\"{\" behind configuration");
	while (!accept(p, '}')) {
		struct setting *s = NEW(struct setting);

		s->path = parse_path(p, "INSTANCE.ATTRIBUTE, or \"}\"");
		s->path.text = plain_setting(s->path.text);
		expect(p, '=', "\"=\" behind the attribute");
		s->value = parse_value(p);
		parse_end(p, "the value");
		APPEND(body->settings_tail, s);
	}
}

static void rule_subject(struct parser *p, struct rule *r)
{
	if (r->count == RULE_NAMES)
		unexpected(p, "no more than 32 names in a rule");
	r->who[r->count++] = parse_path(p, "the name of an instance, a guest or a device");
}

static void rule_pair(struct parser *p, struct rule *r)
{
	rule_subject(p, r);
	expect(p, TOKEN_ARROW, "\"->\" and a second name");
	rule_subject(p, r);
}

static void parse_rule(struct parser *p, struct body *body)
{
	struct rule *r = NEW(struct rule);

	r->at = p->lex.next.at;
	if (looking_at(p, "deny") || looking_at(p, "allow")) {
		r->kind = looking_at(p, "deny") ? RULE_DENY : RULE_ALLOW;
		lex_take(&p->lex);
		expect_word(p, "flow", "flow A -> B");
		rule_pair(p, r);
	} else if (accept_word(p, "isolate")) {
		r->kind = RULE_ISOLATE;
		expect(p, '{', "\"{\" and names");
		do {
			rule_subject(p, r);
		} while (accept(p, ','));
		expect(p, '}', "\",\" or \"}\" behind a name");
	} else if (accept_word(p, "tcb")) {
		r->kind = RULE_TCB;
		rule_subject(p, r);
		expect(p, TOKEN_LESS_EQUAL, "\"<=\" and a number of lines");
		r->lines = parse_number(p, "a number of lines", 1, UINT32_MAX);
		expect_word(p, "lines", "lines behind the number");
	} else if (accept_word(p, "assert")) {
		r->kind = RULE_NO_WRITE;
		if (!accept_word(p, "no") || !accept_word(p, "write"))
			unexpected(p, "no write A -> B behind assert");
		rule_pair(p, r);
	} else {
		unexpected(p, "deny flow, allow flow, isolate, tcb, assert no write or \"}\"");
	}
	r->at.length = p->lex.next.at.offset - r->at.offset;
	parse_end(p, "the rule");
	APPEND(body->rules_tail, r);
}

bool parse_block(struct parser *p, struct body *body)
{
	if (accept_word(p, "composition")) {
		parse_composition(p, body);
	} else if (accept_word(p, "configuration")) {
		parse_configuration(p, body);
	} else if (accept_word(p, "policy")) {
		expect(p, '{', "\"{\" behind policy");
		while (!accept(p, '}'))
			parse_rule(p, body);
	} else {
		return false;
	}
	accept(p, ';');
	return true;
}
