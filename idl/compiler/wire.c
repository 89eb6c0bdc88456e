/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From connections to objects, capabilities, mappings and parameters. What each
 * connector makes, P being what the component calls its end:
 *
 *   RPC     one endpoint a server (slot "endpoint"); client: slot P, badge = port of
 *           the server << 16 | number of the client; where registers do not suffice a
 *           buffer: region "P.buffer" at the client, "P.bufferN" at the server
 *   Notify  emitter: slot P; consumer: a bit of its notification (slot "event")
 *   Shared  region P at every end
 *   Ring    region P at the user, PN at the provider; slots P.signal and PN.signal;
 *           parameter PN.kind = name of the user's protocol; with a pool regions P.pool
 *           and PN.data; what is set on the connection: parameters P.KEY and PN.KEY
 *           system.log: of the user's side root takes care, and the kind is log
 *   Virtio  a Ring whose user is a guest's VMM
 *   DMA     whoever has the memory is told its physical address
 *   HwMMIO  region P; of a function on PCI also P.config, its configuration space, read only
 *   HwIRQ   slot P, signals a bit of the notification
 *   HwPCI   region P, the function's configuration space; parameters P.bus, P.bytes: where its registers go
 */
#include "arch/aarch64/tree.h"
#include "board.h"
#include "model.h"

#include <string.h>
#include "abi/skerry.h"
#include "layout.h"

#define SLOTS_SPARE 16u

static struct model *m;
static struct place now;         /* what an error is about */

static uint32_t string(const char *text)
{
	size_t length = strlen(text) + 1;
	uint32_t at = m->strings;

	if (length == 1)
		return 0;
	for (uint32_t i = 1; i < m->strings; i += (uint32_t)strlen(m->string + i) + 1) {
		if (same(m->string + i, text))
			return i;
	}
	if (length > MODEL_STRINGS - at)
		error_at(now, "the system's names and texts take more than %d bytes", MODEL_STRINGS);
	memcpy(m->string + at, text, length);
	m->strings += (uint32_t)length;
	return at;
}

static uint32_t name(const char *text)
{
	if (strlen(text) >= SPEC_NAME)
		error_at(now, "\"%s\" has more than %d characters; choose shorter names", text, SPEC_NAME - 1);
	return string(text);
}

static uint32_t object(const char *text, enum spec_kind kind, uint32_t owner)
{
	if (m->objects == SPEC_OBJECTS_MAX)
		error_at(now, "the system has more than %d objects", SPEC_OBJECTS_MAX);
	for (uint32_t i = 0; i < m->objects; i++) {
		if (same(model_string(m, m->object[i].name), text))
			error_at(now, "two things are called \"%s\"; the other one is a %s", text, spec_kind_name(m->object[i].kind));
	}
	m->object[m->objects] = (struct spec_object){ .name = name(text), .kind = kind, .owner = owner, .ref = SPEC_NONE,
						      .ref2 = SPEC_NONE };
	return m->objects++;
}

static void room(uint32_t count)
{
	if (count == MODEL_WIRES)
		error_at(now, "the system has more than %d capabilities, mappings or parameters", MODEL_WIRES);
}

static void cap(const struct instance *i, const char *slot, uint32_t to, uint32_t rights, uint64_t badge)
{
	room(m->caps);
	for (uint32_t c = 0; c < m->caps; c++) {
		if (m->cap[c].component == i->component && same(model_string(m, m->cap[c].name), slot))
			error_at(now, "component \"%s\" gets two capabilities called \"%s\"; give one of its ends another name with as",
				 i->name, slot);
	}
	m->cap[m->caps++] = (struct spec_cap){ i->component, name(slot), to, rights, badge, 0, 0 };
}

static void map(const struct instance *i, const char *region, uint32_t what, uint32_t rights)
{
	room(m->maps);
	for (uint32_t r = 0; r < m->maps; r++) {
		if (m->map[r].guest == SPEC_NONE && m->map[r].component == i->component && same(model_string(m, m->map[r].name), region))
			error_at(now, "component \"%s\" gets two regions called \"%s\"; give one of its ends another name with as", i->name,
				 region);
	}
	m->map[m->maps++] = (struct spec_map){ .component = i->component, .guest = SPEC_NONE, .object = what,
					       .name = name(region), .rights = rights };
}

static void param(const struct instance *i, const char *key, const char *value)
{
	room(m->params);
	m->param[m->params++] = (struct spec_param){ i->component, SPEC_PARAM_VALUE, name(key), string(value) };
}

/* --- components -------------------------------------------------------------- */

static void add_thread(struct instance *i, const char *text)
{
	struct spec_object *thread = &m->object[object(text, SPEC_THREAD, i->component)];

	thread->core = (uint16_t)i->core;
	thread->priority = (uint8_t)i->priority;
	thread->budget = i->budget;
	thread->period = i->period;
	thread->max_priority = (uint8_t)(i->max_priority == UINT32_MAX ? i->priority : i->max_priority);
}

static void add_component(struct instance *i)
{
	i->component = m->components++;
	m->instance[i->component] = i;
	m->component[i->component] = (struct spec_component){
		.name = name(i->name), .image = name(i->decl->image), .thread = m->objects,
		.restarts = i->decl->restarts, .period = i->decl->period, .stack = (uint32_t)i->stack, .heap = (uint32_t)i->heap, .slot = i->slot ? i->slot->object : SPEC_NONE, .number = i->number,
	};
	add_thread(i, idl_text("%s.main", i->name));
}

static bool serves(const struct instance *i)
{
	for (const struct port *port = i->decl->ports; port; port = port->next) {
		if (port->kind == PORT_PROVIDES && port->decl->kind == DECL_PROCEDURE)
			return true;
	}
	return false;
}

static bool has_events(const struct instance *i)
{
	for (const struct port *port = i->decl->ports; port; port = port->next) {
		if (port->bits && i->end[port->number].count)
			return true;
	}
	return false;
}

/* A server waits for calls and events in one place, so its notification is bound to its thread. */
static void add_waiting(struct instance *i)
{
	bool server = serves(i);

	if (has_events(i) && !i->vm) {
		i->event = object(idl_text("%s.event", i->name), SPEC_NOTIFICATION, i->component);
		if (server)
			m->object[i->event].ref = m->component[i->component].thread;
		cap(i, "event", i->event, SK_RIGHT_WAIT, 0);
	}
	if (server) {
		i->endpoint = object(idl_text("%s.endpoint", i->name), SPEC_ENDPOINT, i->component);
		m->object[i->endpoint].core = (uint16_t)i->core;
		cap(i, "endpoint", i->endpoint, SK_RIGHT_SERVE, 0);
		m->object[i->endpoint].flags = (component_takes(i->decl) ? SPEC_TAKES : 0) | (component_gives(i->decl) ? SPEC_GIVES : 0);
	}
	if (component_receives(i->decl))
		cap(i, "cnode", object(idl_text("%s.cnode", i->name), SPEC_CNODE, i->component), SK_RIGHT_WRITE, 0);
}

static void add_attributes(const struct instance *i)
{
	unsigned n = 0;

	for (const struct field *f = i->decl->attributes; f; f = f->next) {
		const struct value *v = i->values[n++];

		now = v->at;
		param(i, f->name.text, v->kind == VALUE_STRING ? v->text : v->kind == VALUE_BOOL ? (v->number ? "1" : "0") :
		      idl_text("%s%llu", v->negative ? "-" : "", (unsigned long long)v->number));
	}
}

/* What the machine gives that nobody can guess. */
static void add_seed(const struct instance *i)
{
	if (!i->decl->seed)
		return;
	room(m->params);
	m->param[m->params++] = (struct spec_param){ i->component, SPEC_PARAM_SEED, name("machine.seed"), string("") };
}

/* Memory that the component alone has. */
static void add_memory(const struct instance *i)
{
	for (const struct port *port = i->decl->ports; port; port = port->next) {
		uint32_t o;

		if (port->kind != PORT_MEMORY)
			continue;
		o = object(idl_text("%s.%s", i->name, port->name.text), SPEC_MEMORY, i->component);
		m->object[o].bytes = i->end[port->number].bytes;
		m->object[o].flags = port->keep ? SPEC_KEEP : 0;
		map(i, port->as, o, port->rights);
		m->map[m->maps - 1].flags = i->end[port->number].dma ? SPEC_MAP_DMA : 0;
	}
}

/* --- guests ------------------------------------------------------------------- */

static uint32_t add_file(const struct vm *vm, const char *what, const char *archive, const char *file)
{
	uint32_t o = object(idl_text("%s.%s", vm->name.text, what), SPEC_FILE, SPEC_NONE);

	m->object[o].text = string(archive);
	m->object[o].text2 = string(file);
	return o;
}

/* Object O of vCPU N is there only if the guest is to have so many. */
static uint32_t of_vcpu(uint32_t o, const struct vm *vm, uint32_t n)
{
	if (n < vm->vcpus && vm->vcpus == vm->vcpus_most)
		return o;
	if (n > 0) {
		m->object[o].flags |= SPEC_IF;
		m->object[o].text = string("guest.cpus");
		m->object[o].bytes = n;
	}
	return o;
}

/*
 * vmm-server/core/wiring.h is the list of what a VMM wants. The vCPUs are spread
 * over the machine's cores, the first one on the VMM's.
 */
static void add_vcpu(struct instance *vmm, const struct vm *vm, uint32_t n)
{
	uint32_t thread = m->component[vmm->component].thread, vcpu, event;

	if (n > 0) {
		thread = m->objects;
		add_thread(vmm, idl_text("%s.thread%u", vmm->name, n));
		of_vcpu(thread, vm, n);
		m->object[thread].core = (uint16_t)((vmm->core + n) % SK_MAX_CORES);
		m->object[thread].flags |= SPEC_SPREAD;
		cap(vmm, idl_text("thread%u", n), thread, SK_RIGHT_READ | SK_RIGHT_WRITE, 0);
	}
	vcpu = of_vcpu(object(idl_text("%s.vcpu%u", vmm->name, n), SPEC_VCPU, vmm->component), vm, n);
	m->object[vcpu].ref = vm->object;
	m->object[vcpu].ref2 = thread;
	event = of_vcpu(object(idl_text("%s.event%u", vmm->name, n), SPEC_NOTIFICATION, vmm->component), vm, n);
	m->object[event].ref = thread;
	cap(vmm, idl_text("vcpu%u", n), vcpu, SK_RIGHT_READ | SK_RIGHT_WRITE, 0);
	cap(vmm, idl_text("event%u", n), event, SK_RIGHT_SIGNAL | SK_RIGHT_WAIT, 1);
	if (n == 0)
		vmm->event = event;
}

static void add_ram(struct instance *vmm, struct vm *vm)
{
	uint32_t ram = object(idl_text("%s.ram", vm->name.text), SPEC_MEMORY, vmm->component);

	vm->ram_object = ram;
	m->object[ram].bytes = vm->ram;
	m->object[ram].text = string("guest.mem");
	m->object[ram].flags = SPEC_KEEP;
	map(vmm, "guest.ram", ram, SK_RIGHT_READ | SK_RIGHT_WRITE);
	room(m->maps);
	m->map[m->maps++] = (struct spec_map){ .component = SPEC_NONE, .guest = vm->object, .object = ram,
					       .rights = SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC,
					       .address = vm->ram_at };
}

/* Memory that the guest may read only; the VMM says what is in it. */
static void add_flash(struct instance *vmm, struct vm *vm)
{
	uint32_t flash = object(idl_text("%s.flash", vm->name.text), SPEC_MEMORY, vmm->component);

	m->object[flash].bytes = vm->flash;
	map(vmm, "guest.flash", flash, SK_RIGHT_READ | SK_RIGHT_WRITE);
	room(m->maps);
	m->map[m->maps++] = (struct spec_map){ .component = SPEC_NONE, .guest = vm->object, .object = flash,
					       .rights = SK_RIGHT_READ, .address = vm->flash_at };
}

static void add_guest(struct instance *vmm)
{
	struct vm *vm = vmm->vm;
	uint32_t tree;

	now = vm->name.at;
	vm->object = object(vm->name.text, SPEC_GUEST, vmm->component);
	for (uint32_t n = 0; n < vm->vcpus_most; n++)
		add_vcpu(vmm, vm, n);
	add_ram(vmm, vm);
	if (vm->flash)
		add_flash(vmm, vm);
	tree = add_file(vm, "tree", "system", idl_text("%s.dtb", vm->name.text));
	m->object[tree].bytes = TREE_ROOM;
	map(vmm, "guest.tree", tree, SK_RIGHT_READ);
	map(vmm, "guest.kernel", add_file(vm, "kernel", vm->archive, vm->kernel), SK_RIGHT_READ);
	if (vm->initrd) {
		uint32_t o = add_file(vm, "initrd", vm->archive, vm->initrd);

		m->object[o].flags = vm->initrd_optional ? SPEC_OPTIONAL : 0;
		map(vmm, "guest.initrd", o, SK_RIGHT_READ);
	}
	if (vm->vcpus > 1)
		param(vmm, "guest.cpus", idl_text("%u", vm->vcpus));
	if (vm->bootargs)
		param(vmm, "guest.append", vm->bootargs);
	if (vm->params) {
		room(m->params);
		m->param[m->params++] = (struct spec_param){ vmm->component, SPEC_PARAM_TEXT, string(vm->archive),
							     string(vm->params) };
	}
}

/* --- connections ---------------------------------------------------------------- */

static uint64_t bit_of(const struct terminal *t)
{
	return 1ull << (t->port->first_bit + (t->port->kind == PORT_PROVIDES ? t->index : 0));
}

static uint32_t new_object(const struct connection *c, const char *text, enum spec_kind kind)
{
	uint32_t o = object(text, kind, SPEC_NONE);

	m->made_by[o] = c;
	return o;
}

static void wire_buffer(const struct connection *c, const struct terminal *client, uint64_t bytes, unsigned n)
{
	const struct terminal *server = c->to;
	uint32_t o = new_object(c, n == 0 ? c->name : idl_text("%s.%u", c->name, n), SPEC_MEMORY);

	m->object[o].bytes = (bytes + SK_PAGE - 1) & ~(SK_PAGE - 1);
	map(client->instance, idl_text("%s.buffer", client->port->as), o, SK_RIGHT_READ | SK_RIGHT_WRITE);
	map(server->instance, idl_text("%s.buffer%u", server->port->as, client->index), o, SK_RIGHT_READ | SK_RIGHT_WRITE);
}

/* Root tells the holder when an instance has ended. */
static void wire_slot(const struct connection *c)
{
	const struct terminal *t = c->ends == c->to ? c->ends->next : c->ends;
	struct spec_object *slot = &m->object[c->to->slot->object];

	slot->core = (uint16_t)t->instance->core;
	slot->ref = t->instance->event;
	slot->badge = bit_of(t);
	m->made_by[c->to->slot->object] = c;
	cap(t->instance, t->port->as, c->to->slot->object, SK_RIGHT_CALL, 0);
}

static void wire_supervisor(const struct connection *c)
{
	if (m->control == SPEC_NONE)
		m->control = new_object(c, "supervisor", SPEC_CONTROL);
	for (const struct terminal *t = c->ends; t; t = t->next) {
		if (t != c->to)
			cap(t->instance, t->port->as, m->control, SK_RIGHT_CALL, 0);
	}
}

/* Clients are numbered through all connections of the server's port. */
static void wire_rpc(const struct connection *c)
{
	uint64_t bytes;
	unsigned n = 0;

	if (c->to->slot || c->to->supervisor) {
		(c->to->slot ? wire_slot : wire_supervisor)(c);
		return;
	}
	bytes = procedure_buffer(c->to->port->decl);
	for (struct terminal *t = c->ends; t; t = t->next) {
		if (t == c->to)
			continue;
		t->index = c->to->instance->end[c->to->port->number].clients++;
		if (t->index >= c->to->port->most)
			error_at(t->at, "\"%s.%s\" takes %u clients; write max N behind it for more", c->to->instance->name,
				 c->to->port->name.text, c->to->port->most);
		cap(t->instance, t->port->as, c->to->instance->endpoint, SK_RIGHT_CALL,
		    (uint64_t)c->to->port->number << 16 | t->index);
		if (bytes)
			wire_buffer(c, t, bytes, n++);
	}
}

static void wire_exit(const struct terminal *t)
{
	static const char *const outcome[SPEC_OUTCOMES] = { "off", "crash", "reset" };

	if (m->supervisor == SPEC_NONE)
		m->supervisor = object("system", SPEC_SUPERVISOR, SPEC_NONE);
	for (uint64_t i = 0; i < SPEC_OUTCOMES; i++)
		cap(t->instance, idl_text("%s.%s", t->port->as, outcome[i]), m->supervisor, SK_RIGHT_SIGNAL, i);
}

static void wire_notify(const struct connection *c)
{
	for (const struct terminal *t = c->ends; t; t = t->next) {
		if (t != c->to && !c->to->instance)
			wire_exit(t);
		else if (t != c->to)
			cap(t->instance, t->port->as, c->to->instance->event, SK_RIGHT_SIGNAL, bit_of(c->to));
	}
}

static void wire_shared(const struct connection *c)
{
	uint32_t o = new_object(c, c->name, SPEC_MEMORY);

	m->object[o].bytes = c->ends->port->bytes;
	for (const struct terminal *t = c->ends; t; t = t->next) {
		map(t->instance, t->port->as, o, t->instance->end[t->port->number].rights);
		m->map[m->maps - 1].flags = t->instance->end[t->port->number].dma ? SPEC_MAP_DMA : 0;
	}
}

static const char *lower(const char *text)
{
	char *copy = idl_text("%s", text);

	for (char *c = copy; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	return copy;
}

/* Data beside the ring: a memory of its own, or all of a guest's RAM. */
static void wire_pool(const struct connection *c, const struct terminal *user, const char *there)
{
	const struct terminal *provider = c->to;
	uint32_t o;

	if (c->over) {
		o = c->over->ram_object;
	} else {
		o = new_object(c, idl_text("%s.pool", c->name), SPEC_MEMORY);
		m->object[o].bytes = c->pool ? c->pool : user->port->decl->pool_bytes;
		map(user->instance, idl_text("%s.pool", user->port->as), o, SK_RIGHT_READ | SK_RIGHT_WRITE);
	}
	map(provider->instance, idl_text("%s.data", there), o, SK_RIGHT_READ | SK_RIGHT_WRITE);
	m->map[m->maps - 1].flags = provider->instance->end[provider->port->number].dma ? SPEC_MAP_DMA : 0;
}

/* From root: the memory object says that it is its log, and what to signal. */
static void wire_log(const struct connection *c)
{
	const struct terminal *provider = c->to;
	uint32_t o = new_object(c, c->name, SPEC_MEMORY);
	const char *there = idl_text("%s%u", provider->port->as, provider->index);

	m->object[o].bytes = provider->port->decl->ring_bytes;
	m->object[o].flags = SPEC_LOG;
	m->object[o].ref = provider->instance->event;
	m->object[o].badge = bit_of(provider);
	map(provider->instance, there, o, SK_RIGHT_READ | SK_RIGHT_WRITE);
	param(provider->instance, idl_text("%s.kind", there), "log");
}

static void wire_ring(const struct connection *c)
{
	const struct terminal *provider = c->to, *user = c->ends == provider ? c->ends->next : c->ends;
	const char *there = idl_text("%s%u", provider->port->as, provider->index);
	uint32_t o;

	if (user->log) {
		wire_log(c);
		return;
	}
	o = new_object(c, c->name, SPEC_MEMORY);
	m->object[o].bytes = user->port->decl->ring_bytes;
	map(user->instance, user->port->as, o, SK_RIGHT_READ | SK_RIGHT_WRITE);
	map(provider->instance, there, o, SK_RIGHT_READ | SK_RIGHT_WRITE);
	cap(user->instance, idl_text("%s.signal", user->port->as), provider->instance->event, SK_RIGHT_SIGNAL,
	    bit_of(provider));
	if (user->port->decl->ring_reply)
		cap(provider->instance, idl_text("%s.signal", there), user->instance->event, SK_RIGHT_SIGNAL, bit_of(user));
	param(provider->instance, idl_text("%s.kind", there), lower(user->port->decl->name.text));
	if (user->port->decl->pool_bytes)
		wire_pool(c, user, there);
	for (const struct setting *s = c->settings; s; s = s->next) {
		param(provider->instance, idl_text("%s.%s", there, s->path.text), s->value->text);
		param(user->instance, idl_text("%s.%s", user->port->as, s->path.text), s->value->text);
	}
}

static const struct terminal *component_end(const struct connection *c)
{
	return c->ends->instance ? c->ends : c->ends->next;
}

static const struct device *device_of(const struct connection *c)
{
	return (c->ends->device ? c->ends : c->ends->next)->device;
}

static uint32_t device_object(const struct connection *c)
{
	return device_of(c)->object;
}

static void wire_mmio(const struct connection *c)
{
	const struct terminal *t = component_end(c);

	map(t->instance, t->port->as, device_object(c), t->instance->end[t->port->number].rights);
	if (board_on_pci(device_of(c)))
		map(t->instance, idl_text("%s.config", t->port->as), device_of(c)->config, SK_RIGHT_READ);
}

static void wire_pci(const struct connection *c)
{
	const struct terminal *t = component_end(c);
	const struct board_device *found = device_of(c)->found;

	map(t->instance, t->port->as, device_of(c)->config, t->instance->end[t->port->number].rights);
	param(t->instance, idl_text("%s.bus", t->port->as), idl_text("0x%llx", (unsigned long long)found->bus));
	param(t->instance, idl_text("%s.bytes", t->port->as), idl_text("%llu", (unsigned long long)found->bytes));
}

static void wire_irq(const struct connection *c)
{
	const struct terminal *t = component_end(c);
	uint32_t o = new_object(c, c->name, SPEC_IRQ);

	m->object[o].ref = device_object(c);
	m->object[o].ref2 = t->instance->event;
	m->object[o].badge = bit_of(t);
	if (m->object[m->object[o].ref].badge)
		m->object[o].bytes = device_of(c)->found->irq;
	cap(t->instance, t->port->as, o, SK_RIGHT_READ | SK_RIGHT_WRITE, 0);
}

/* The VMM hears of the interrupt by a bit of its own and is told what it is to the guest: passN.irq, passN.intid. */
static void wire_pass(const struct connection *c)
{
	const struct instance *vmm = m->instance[m->object[c->over->object].owner];
	uint32_t device = c->ends->device->object, o, n = 0;

	room(m->maps);
	m->map[m->maps++] = (struct spec_map){ .component = SPEC_NONE, .guest = c->over->object, .object = device,
					       .rights = SK_RIGHT_READ | SK_RIGHT_WRITE, .address = c->pass_at };
	for (const struct connection *b = m->system->connections; b != c; b = b->next)
		n += b->connector == CON_PASS && b->over == c->over && b->intid;
	if (!c->intid)
		return;
	o = new_object(c, c->name, SPEC_IRQ);
	m->object[o].ref = device;
	m->object[o].bytes = c->ends->device->found ? c->ends->device->found->irq : 0;
	m->object[o].ref2 = vmm->event;
	m->object[o].badge = 1ull << (PASS_BIT + n);
	cap(vmm, idl_text("pass%u.irq", n), o, SK_RIGHT_READ | SK_RIGHT_WRITE, 0);
	param(vmm, idl_text("pass%u.intid", n), idl_text("%u", c->intid));
}

static void (*const wires[CONNECTORS])(const struct connection *) = {
	[CON_RPC] = wire_rpc, [CON_NOTIFY] = wire_notify, [CON_SHARED] = wire_shared, [CON_RING] = wire_ring,
	[CON_VIRTIO] = wire_ring, [CON_PCI] = wire_pci,
	[CON_PASS] = wire_pass, [CON_MMIO] = wire_mmio, [CON_IRQ] = wire_irq,
};

static void add_device(struct device *d)
{
	now = d->name.at;
	d->object = object(d->name.text, SPEC_DEVICE, SPEC_NONE);
	m->object[d->object].flags = d->dma ? SPEC_MASTER : 0;
	m->object[d->object].text = string(d->found && d->where[0] == '/' ? d->found->path : d->where);
	if (d->found) {
		m->object[d->object].bytes = (d->found->base % SK_PAGE + d->found->bytes + SK_PAGE - 1) & ~(SK_PAGE - 1);
		m->object[d->object].badge = d->where[0] == '/' ? d->found->base : 0;
	}
	if (!board_on_pci(d))
		return;
	m->object[d->object].flags |= SPEC_PART;
	d->config = object(idl_text("%s.config", d->name.text), SPEC_DEVICE, SPEC_NONE);
	m->object[d->config] = (struct spec_object){ .name = m->object[d->config].name, .kind = SPEC_DEVICE, .owner = SPEC_NONE,
						     .flags = SPEC_PART, .ref = d->object, .ref2 = SPEC_NONE,
						     .text = m->object[d->object].text, .bytes = SK_PAGE, .badge = d->found->config };
}

/* As many as it is given, and some to take capabilities at run time. */
static void count_slots(void)
{
	for (uint32_t i = 0; i < m->components; i++) {
		uint32_t caps = 1;

		for (uint32_t n = 0; n < m->caps; n++)
			caps += m->cap[n].component == i;
		m->component[i].slots = (caps + SLOTS_SPARE + 15) & ~15u;
		now = m->instance[i]->at;
		if (!layout_choose(m->object, m->map, m->maps, m->cap, m->caps, i))
			error_at(now, "the mappings of \"%s\" do not fit into its address space", m->instance[i]->name);
		if (component_receives(m->instance[i]->decl)) {
			param(m->instance[i], "receive.first", idl_text("%u", caps));
			param(m->instance[i], "receive.count", idl_text("%u", m->component[i].slots - caps));
		}
	}
}

struct model *wire(struct system *system)
{
	m = NEW(struct model);
	m->system = system;
	m->strings = 1;
	m->supervisor = m->control = SPEC_NONE;
	for (struct slot *s = system->slots; s; s = s->next) {
		now = s->at;
		s->object = object(s->name, SPEC_SLOT, SPEC_NONE);
		m->object[s->object].bytes = s->bound;
	}
	for (struct instance *i = system->instances; i; i = i->next) {
		now = i->at;
		add_component(i);
	}
	for (struct device *d = system->devices; d; d = d->next)
		add_device(d);
	for (struct instance *i = system->instances; i; i = i->next) {
		now = i->at;
		add_waiting(i);
		if (i->vm)
			add_guest(i);
		add_attributes(i);
		add_seed(i);
		add_memory(i);
	}
	for (const struct connection *c = system->connections; c; c = c->next) {
		now = c->at;
		if (wires[c->connector]) /* DMA: the memory knows it already; what the device reaches is no matter of capabilities */
			wires[c->connector](c);
	}
	count_slots();
	return m;
}
