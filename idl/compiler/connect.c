/* SPDX-License-Identifier: BSD-2-Clause */
/* Does every connection join what fits, and is everything connected that must be? */
#include "board.h"

#include "abi/skerry.h"

#define CALL_DEPTH 8  /* the kernel's: chains of calls are at most so deep */

static struct system *sys;

static const char *const port_words[] = {
	[PORT_PROVIDES] = "provides", [PORT_USES] = "uses", [PORT_EMITS] = "emits", [PORT_CONSUMES] = "consumes",
	[PORT_DATAPORT] = "dataport", [PORT_MEMORY] = "memory",
};

static bool is_system(const struct terminal *t)
{
	return !t->instance && !t->device && !t->slot && !t->supervisor && !t->log;
}

static const char *label(const struct terminal *t)
{
	if (is_system(t))
		return "system.exit";
	if (t->supervisor)
		return "system.supervisor";
	if (t->log)
		return "system.log";
	if (t->slot)
		return t->slot->name;
	return t->device ? t->device->name.text : idl_text("%s.%s", t->instance->name, t->port->name.text);
}

static void need_port(const struct connection *c, const struct terminal *t, enum port_kind kind, enum decl_kind of)
{
	const char *con = connector_names[c->connector];

	if (!t->port)
		error_at(t->at, "%s: \"%s\" is no component's; expected an end that %s %s", con, label(t), port_words[kind], kind_words[of]);
	if (t->port->kind != kind)
		error_at(t->at, "%s: \"%s\" %s; expected an end that %s %s here, behind %s", con, label(t),
			 t->port->kind == PORT_DATAPORT ? "is a dataport" : t->port->kind == PORT_MEMORY ? "is memory of its own" : port_words[t->port->kind], port_words[kind], kind_words[of],
			 t->from ? "from" : "to");
	if (t->port->decl->kind != of)
		error_at(t->at, "%s: \"%s\" is %s; expected %s", con, label(t), kind_words[t->port->decl->kind], kind_words[of]);
}

/* Enters the connection at the port; one more than it takes is an error. */
static void join(struct connection *c, struct terminal *t)
{
	struct instance *i = t->instance;
	uint32_t n;

	if (!i)
		return;
	n = t->port->number;
	t->index = i->end[n].count++;
	if (i->end[n].count > t->port->most && !(t->port->kind == PORT_CONSUMES && t->port->decl->builtin == BUILTIN_NONE)) {
		also_at(i->end[n].first->at, "it is connected here");
		if (t->port->most > 1)
			error_at(t->at, "\"%s\" takes %u connections; write max N behind it for more", label(t), t->port->most);
		error_at(t->at, "\"%s\" is connected already", label(t));
	}
	if (!i->end[n].first)
		i->end[n].first = c;
}

static void one_to(struct connection *c)
{
	unsigned from = 0;

	for (struct terminal *t = c->ends; t; t = t->next) {
		if (!t->from && c->to)
			error_at(t->at, "%s has one end behind to; make a second connection", connector_names[c->connector]);
		if (!t->from)
			c->to = t;
		from += t->from;
	}
	if (!c->to || !from)
		error_at(c->at, "connection \"%s\" has nothing behind %s", c->name, c->to ? "from" : "to");
}

static void same_type(const struct connection *c, const struct terminal *t)
{
	const struct decl *a = t->port->decl, *b = c->to->port->decl;

	if (a == b || (a->kind == DECL_RING && a->base == b))
		return;
	also_at(c->to->port->of.at, "\"%s\" is a %s", label(c->to), b->name.text);
	error_at(t->at, "\"%s\" is a %s, \"%s\" a %s", label(t), a->name.text, label(c->to), b->name.text);
}

static void not_itself(const struct connection *c, const struct terminal *t)
{
	if (t->instance == c->to->instance && t->instance)
		error_at(t->at, "\"%s\" would be connected with itself", t->instance->name);
}

static void answered_by_root(const struct terminal *t)
{
	if (t->instance->core != 0)
		error_at(t->at, "\"%s\" is on core %u; root answers on core 0, and a call does not leave its core",
			 t->instance->name, t->instance->core);
}

/* The one component that has instances of a slot made, and ended. */
static void check_holder(struct connection *c)
{
	const struct terminal *t = c->ends == c->to ? c->ends->next : c->ends;
	struct slot *slot = c->to->slot;

	need_port(c, t, PORT_USES, DECL_PROCEDURE);
	if (t->port->decl->builtin != BUILTIN_SLOT)
		error_at(t->at, "\"%s\" is a %s; whoever holds a slot uses Slot", label(t), t->port->decl->name.text);
	if (t->instance->slot)
		error_at(t->at, "\"%s\" is itself made at run time, so it holds no slot", t->instance->name);
	if (slot->held || c->ends->next->next) {
		also_at(slot->held ? slot->held->at : c->at, "it is held here");
		error_at(t->at, "slot \"%s\" has one holder", slot->name);
	}
	answered_by_root(t);
	slot->held = c;
}

/* Root answers on core 0. */
static void check_supervisor(const struct connection *c)
{
	for (const struct terminal *t = c->ends; t; t = t->next) {
		if (t == c->to)
			continue;
		need_port(c, t, PORT_USES, DECL_PROCEDURE);
		if (!same(t->port->decl->name.text, "Supervisor"))
			error_at(t->at, "\"%s\" is a %s; system.supervisor is a Supervisor (std.adl)", label(t),
				 t->port->decl->name.text);
		answered_by_root(t);
	}
}

static void check_rpc(struct connection *c)
{
	one_to(c);
	if (c->to->supervisor) {
		check_supervisor(c);
		return;
	}
	if (c->to->slot) {
		check_holder(c);
		return;
	}
	need_port(c, c->to, PORT_PROVIDES, DECL_PROCEDURE);
	for (struct terminal *t = c->ends; t; t = t->next) {
		if (t == c->to)
			continue;
		need_port(c, t, PORT_USES, DECL_PROCEDURE);
		same_type(c, t);
		not_itself(c, t);
		if (t->instance->core != c->to->instance->core)
			error_at(t->at, "\"%s\" is on core %u, \"%s\" on core %u: a call does not leave its core, because its "
				 "server runs at once, in the caller's place; put both on one core, say `per core` in component \"%s\" if it may be "
				 "there on each, or use events and a ring",
				 t->instance->name, t->instance->core, c->to->instance->name, c->to->instance->core,
				 c->to->instance->decl->name.text);
	}
}

static void check_notify(struct connection *c)
{
	one_to(c);
	if (!is_system(c->to))
		need_port(c, c->to, PORT_CONSUMES, DECL_EVENT);
	for (struct terminal *t = c->ends; t; t = t->next) {
		if (t == c->to)
			continue;
		need_port(c, t, PORT_EMITS, DECL_EVENT);
		not_itself(c, t);
		if (is_system(c->to) != (t->port->decl->builtin == BUILTIN_EXIT))
			error_at(t->at, "\"%s\" emits %s, and system.exit takes Exit, from nobody else", label(t),
				 t->port->decl->name.text);
		if (!is_system(c->to))
			same_type(c, t);
	}
}

static void check_shared(struct connection *c)
{
	const struct terminal *first = c->ends;
	bool writer = false;
	unsigned ends = 0;

	for (struct terminal *t = c->ends; t; t = t->next, ends++) {
		if (!t->port || t->port->kind != PORT_DATAPORT)
			error_at(t->at, "Shared: \"%s\" is no dataport", label(t));
		for (const struct terminal *o = c->ends; o != t; o = o->next) {
			if (o->instance == t->instance)
				error_at(t->at, "\"%s\" would share with itself", t->instance->name);
		}
		if (t->port->bytes != first->port->bytes)
			error_at(t->at, "\"%s\" has %lluK, \"%s\" %lluK; both ends have one size", label(t),
				 (unsigned long long)t->port->bytes >> 10, label(first),
				 (unsigned long long)first->port->bytes >> 10);
		writer |= (t->instance->end[t->port->number].rights & SK_RIGHT_WRITE) != 0;
	}
	if (ends < 2)
		error_at(c->at, "connection \"%s\" has one end", c->name);
	if (!writer)
		error_at(c->at, "nobody can write into \"%s\": all its ends are read-only", c->name);
}

/* What root reports: bytes for a console, written only. */
static void check_log(const struct connection *c, const struct terminal *t)
{
	if (!same(c->to->port->decl->name.text, "Console"))
		error_at(t->at, "\"%s\" provides %s; system.log goes to a Console (std.adl)", label(c->to), c->to->port->decl->name.text);
	if (c->to->instance->slot)
		error_at(t->at, "\"%s\" is made at run time; system.log is there from the beginning", c->to->instance->name);
	for (const struct connection *o = sys->connections; o != c; o = o->next) {
		if (is_ring(o->connector) && (o->ends->log || o->ends->next->log))
			error_at(t->at, "system.log is connected already");
	}
}

static void check_ring(struct connection *c)
{
	one_to(c);
	need_port(c, c->to, PORT_PROVIDES, DECL_RING);
	if (c->ends->next->next)
		error_at(c->at, "a ring has two ends; make a connection for each user");
	for (struct terminal *t = c->ends; t; t = t->next) {
		if (t == c->to)
			continue;
		if (t->log && c->connector == CON_RING) {
			check_log(c, t);
			continue;
		}
		need_port(c, t, PORT_USES, DECL_RING);
		same_type(c, t);
		if ((c->over || c->pool) && !c->to->port->decl->pool_bytes)
			error_at(c->at, "ring \"%s\" has no pool of data beside it", c->to->port->decl->name.text);
		not_itself(c, t);
	}
}

/* A ring whose user is a guest, which sees it as a virtio device. */
static void check_virtio(struct connection *c)
{
	const char *list = "";

	check_ring(c);
	for (const struct terminal *t = c->ends; t; t = t->next) {
		if (t == c->to || (t->guest && port_virtio(t->port)))
			continue;
		for (const struct port *p = t->instance->vm ? t->instance->decl->ports : NULL; p; p = p->next)
			list = port_virtio(p) ? idl_text("%s%s%s.%s", list, *list ? ", " : "", t->instance->vm->name.text, p->name.text) : list;
		error_at(t->at, "Virtio: \"%s\" is no virtio device of a guest%s%s", label(t), *list ? "; there are " : "", list);
	}
}

/* From a device to what it is to reach: whoever has it is told its physical address. */
static void check_dma(struct connection *c)
{
	struct device *device = c->ends->device;

	if (!device || !c->ends->from || !c->ends->next)
		error_at(c->at, "DMA goes from a device to memory: expected from DEVICE, to INSTANCE.END, ...");
	device->dma = true;
	for (const struct terminal *t = c->ends->next; t; t = t->next) {
		bool ring = t->port && t->port->kind == PORT_PROVIDES && t->port->decl->kind == DECL_RING && t->port->decl->pool_bytes;

		if (t->from || !t->port || (!ring && t->port->kind != PORT_MEMORY && t->port->kind != PORT_DATAPORT))
			error_at(t->at, "DMA: \"%s\" is no memory; expected memory, a dataport, or what provides a ring with a pool, "
				 "behind to", label(t));
		t->instance->end[t->port->number].dma = true;
	}
}

/* The component's end and the device, in whatever order. */
static void hardware_ends(struct connection *c, struct terminal **component, struct terminal **device)
{
	*component = *device = NULL;
	for (struct terminal *t = c->ends; t; t = t->next)
		*(t->device ? device : component) = t;
	if (!*component || !*device || c->ends->next->next || !(*component)->instance)
		error_at(c->at, "%s joins one component and one device", connector_names[c->connector]);
	if (!(*component)->instance->decl->hardware)
		error_at((*component)->at, "component \"%s\" is given a device, so it says hardware;",
			 (*component)->instance->decl->name.text);
}

static void device_once(const struct connection **slot, struct connection *c, const struct terminal *device, const char *what)
{
	if (*slot) {
		also_at((*slot)->at, "they are given away here");
		error_at(device->at, "the %s of \"%s\" belong to one component", what, device->device->name.text);
	}
	*slot = c;
}

static void check_mmio(struct connection *c)
{
	struct terminal *component, *device;

	hardware_ends(c, &component, &device);
	if (component->port->kind != PORT_DATAPORT)
		error_at(component->at, "HwMMIO: \"%s\" is no dataport", label(component));
	if (!component->from)
		error_at(component->at, "HwMMIO goes from the component to the device");
	device_once(&device->device->mmio, c, device, "registers");
}

/* Who sets a function on PCI up writes its configuration space; its driver may read it. */
static void check_pci(struct connection *c)
{
	struct terminal *component, *device;

	hardware_ends(c, &component, &device);
	if (component->port->kind != PORT_DATAPORT)
		error_at(component->at, "HwPCI: \"%s\" is no dataport", label(component));
	if (!component->from)
		error_at(component->at, "HwPCI goes from the component to the device");
	if (!board_on_pci(device->device))
		error_at(device->at, "HwPCI: \"%s\" is not on PCI; expected a device \"/BRIDGE/DEVICE,FUNCTION\"", label(device));
	device_once(&device->device->pci, c, device, "configuration registers");
}

/* A device that a guest is given: its registers in the guest's address space, its interrupt through the VMM. */
static void check_pass(struct connection *c)
{
	const struct vm *vm = c->over;
	uint32_t count = 0;

	if (!vm || !c->ends->device)
		error_at(c->at, "expected a device, given to a guest in its vm { }");
	device_once(&c->ends->device->mmio, c, c->ends, "registers");
	if (board_on_pci(c->ends->device))
		error_at(c->at, "device \"%s\" is on PCI; a guest is given what stands in the device tree", label(c->ends));
	if (c->intid)
		device_once(&c->ends->device->irq, c, c->ends, "interrupts");
	if (c->pass_at % SK_PAGE)
		error_at(c->at, "device \"%s\": 0x%llx; expected a multiple of 4K", label(c->ends), (unsigned long long)c->pass_at);
	if ((c->pass_at >= vm->ram_at && c->pass_at - vm->ram_at < vm->ram) ||
	    (vm->flash && c->pass_at >= vm->flash_at && c->pass_at - vm->flash_at < vm->flash))
		error_at(c->at, "device \"%s\" would lie in the guest's RAM or flash", label(c->ends));
	for (const struct connection *o = sys->connections; o; o = o->next) {
		if (o->connector != CON_PASS || o->over != vm)
			continue;
		if (o != c && (o->pass_at == c->pass_at || (o->intid && o->intid == c->intid)))
			error_at(c->at, "device \"%s\" has the address or the interrupt of \"%s\"", label(c->ends), label(o->ends));
		if (++count > PASS_MOST)
			error_at(c->at, "a guest is given at most %d devices", PASS_MOST);
	}
}

static void check_irq(struct connection *c)
{
	struct terminal *component, *device;

	hardware_ends(c, &component, &device);
	need_port(c, component, PORT_CONSUMES, DECL_EVENT);
	if (component->from)
		error_at(component->at, "HwIRQ goes from the device to the component");
	if (component->port->decl->builtin != BUILTIN_IRQ)
		error_at(component->at, "\"%s\" consumes %s; expected Irq", label(component), component->port->decl->name.text);
	device_once(&device->device->irq, c, device, "interrupts");
}

static void (*const checks[CONNECTORS])(struct connection *) = {
	[CON_RPC] = check_rpc, [CON_NOTIFY] = check_notify, [CON_SHARED] = check_shared, [CON_RING] = check_ring,
	[CON_VIRTIO] = check_virtio, [CON_DMA] = check_dma, [CON_PCI] = check_pci,
	[CON_PASS] = check_pass, [CON_MMIO] = check_mmio, [CON_IRQ] = check_irq,
};

/* --- the whole ---------------------------------------------------------------- */

static void check_complete(const struct instance *i)
{
	unsigned n = 0;

	for (const struct port *port = i->decl->ports; port; port = port->next) {
		bool needs = port->kind == PORT_USES || port->kind == PORT_CONSUMES || port->kind == PORT_DATAPORT;

		if (needs && !port->maybe && i->end[port->number].count == 0)
			error_at(i->at, "\"%s.%s\" is not connected, and component \"%s\" cannot do without (it does not say maybe)",
				 i->name, port->name.text, i->decl->name.text);
	}
	for (const struct field *f = i->decl->attributes; f; f = f->next, n++) {
		if (!i->values[n])
			error_at(i->at, "attribute \"%s\" of \"%s\" has neither default nor value", f->name.text, i->name);
	}
	if (i->max_priority < i->priority)
		error_at(i->at, "\"%s\": priority %u is above its max_priority %u", i->name, i->priority, i->max_priority);
	if (!i->budget != !i->period)
		error_at(i->at, "\"%s\" has a %s and no %s; both are microseconds", i->name, i->budget ? "budget" : "period",
			 i->budget ? "period" : "budget");
	if (i->budget > i->period)
		error_at(i->at, "\"%s\": budget %u is more than its period %u", i->name, i->budget, i->period);
	if (i->core >= sys->machine_cores)
		error_at(i->at, "\"%s\" is on core %u, and the machine has %u (0 to %u)", i->name, i->core, sys->machine_cores,
			 sys->machine_cores - 1);
}

/* Calls that come back to their caller wait for each other for ever. MARK: 1 + depth while on the path. */
static void walk_calls(struct instance *i, unsigned depth)
{
	i->mark = depth + 1;
	for (struct connection *c = sys->connections; c; c = c->next) {
		if (c->connector != CON_RPC)
			continue;
		for (const struct terminal *t = c->ends; t; t = t->next) {
			struct instance *server = c->to->instance;

			if (t == c->to || t->instance != i || !server)
				continue;
			if (server->mark)
				error_at(t->at, "calls in a circle: \"%s\" calls \"%s\", which waits for it", i->name, server->name);
			if (depth + 1 > CALL_DEPTH)
				error_at(t->at, "a chain of more than %d calls; the kernel follows no more", CALL_DEPTH);
			walk_calls(server, depth + 1);
		}
	}
	i->mark = 0;
}

void check_connections(struct system *system)
{
	sys = system;
	for (struct connection *c = sys->connections; c; c = c->next) {
		for (const struct terminal *t = c->ends; t; t = t->next) {
			if (t->guest && c->connector != CON_VIRTIO)
				error_at(t->at, "\"%s\" is a guest; its connections are those of its VMM, \"%s\", or Virtio",
					 t->instance->vm->name.text, t->instance->name);
		}
		checks[c->connector](c);
		for (struct terminal *t = c->ends; t && c->connector != CON_DMA; t = t->next)
			join(c, t);
	}
	for (struct instance *i = sys->instances; i; i = i->next) {
		check_complete(i);
		walk_calls(i, 0);
	}
	for (const struct slot *s = sys->slots; s; s = s->next) {
		if (!s->held)
			warning_at(s->at, "nobody holds slot \"%s\", so nothing is ever made in it", s->name);
	}
	for (const struct device *d = sys->devices; d; d = d->next) {
		if (!d->mmio && !d->irq)
			warning_at(d->name.at, "nobody uses device \"%s\"", d->name.text);
	}
}
