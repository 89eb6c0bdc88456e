/* SPDX-License-Identifier: BSD-2-Clause */
#include "system.h"

#include <string.h>
#include "skerry/calls.h"
#include "start_page.h"
#include "supervise.h"

uint32_t mapping_slot[SPEC_MAPS_MAX];

/* --- a component's own memory ---------------------------------------------------- */

/* Zero but for the start page and what its image has: in the order of struct component's `own`. */
static void fill(uint32_t index)
{
	struct component *c = &component[index];
	uint8_t *at = ram_open_window(&c->own);

	memset(at, 0, c->own.bytes);
	memcpy(at, &start_page[index], sizeof(start_page[index]));
	at += SK_START_PAGES * SK_PAGE;
	for (uint32_t i = 0; i < c->image.segments; i++) {
		const struct image_segment *s = &c->image.segment[i];

		memcpy(at + s->skip, s->contents, s->length);
		at += s->bytes;
	}
	ram_close_window(&c->own);
}

/* Maps the next BYTES of its own memory. */
static void map_own(struct component *c, uint64_t *offset, uint64_t ipa, uint64_t bytes, uint32_t rights)
{
	uint32_t slot;

	if (bytes == 0)
		return;
	slot = root_slots(1);
	root_check(sk_mint_range(SK_ROOT_CNODE, slot, SK_ROOT_CNODE, c->own.piece[0].slot, rights, *offset, bytes),
		   "mapping memory of", c->name);
	root_check(sk_map_all(slot, c->space, ipa, 0, bytes, rights), "mapping memory of", c->name);
	*offset += bytes;
}

static void load(uint32_t index)
{
	struct component *c = &component[index];
	uint32_t data = SK_RIGHT_READ | SK_RIGHT_WRITE;
	uint64_t offset = 0;

	fill(index);
	map_own(c, &offset, SK_START_IPA, SK_START_PAGES * SK_PAGE, SK_RIGHT_READ);
	for (uint32_t i = 0; i < c->image.segments; i++)
		map_own(c, &offset, c->image.segment[i].ipa, c->image.segment[i].bytes, c->image.segment[i].rights);
	map_own(c, &offset, LAYOUT_STACK_TOP - c->spec->stack, c->spec->stack, data);
	map_own(c, &offset, LAYOUT_HEAP, c->spec->heap, data);
}

/* --- what the spec maps ---------------------------------------------------------- */

static void take_device(const struct object *o)
{
	const struct memory_piece *p = &o->memory.piece[0];

	root_check(sk_retype(SK_ROOT_REGIONS + o->region, SK_TYPE_MEMORY, p->bytes, SK_ROOT_CNODE, p->slot, 1,
			     SK_RIGHT_READ | SK_RIGHT_WRITE | SK_CACHE_DEVICE << 8), "taking device", o->name);
}

static void map(uint32_t index)
{
	const struct spec_map *m = &spec.map[index];
	const struct object *o = &object[m->object];
	uint32_t space = m->guest == SPEC_NONE ? component[m->component].space : object[m->guest].slot;
	uint64_t at = mapping_ipa[index];

	for (uint32_t i = 0; i < o->memory.pieces; at += o->memory.piece[i++].bytes) {
		const struct memory_piece *p = &o->memory.piece[i];
		uint32_t slot = root_slots(1);

		if (i == 0)
			mapping_slot[index] = slot;
		root_check(sk_copy(SK_ROOT_CNODE, slot, SK_ROOT_CNODE, p->slot, m->rights), "mapping", o->name);
		root_check(sk_map_all(slot, space, at, 0, p->bytes, m->rights), "mapping", o->name);
	}
}

/* --- capabilities ---------------------------------------------------------------- */

static void give(const struct spec_cap *cap)
{
	struct component *c = &component[cap->component];
	struct object *o = &object[cap->object];
	enum sk_status status;
	uint32_t to;

	if (o->missing)
		return;
	to = cap->slot;
	if (o->spec->kind == SPEC_SUPERVISOR) {
		status = sk_mint(c->cnode, to, SK_ROOT_CNODE, supervise_slot(), cap->rights,
				 event_bit(cap->component, (uint32_t)cap->badge));
		c->exits = true;
	} else if (o->spec->kind == SPEC_IRQ) {
		status = sk_move(c->cnode, to, SK_ROOT_CNODE, o->slot);
	} else if (cap->badge) {
		status = sk_mint(c->cnode, to, SK_ROOT_CNODE, o->slot, cap->rights, cap->badge);
	} else {
		status = sk_copy(c->cnode, to, SK_ROOT_CNODE, o->slot, cap->rights);
	}
	root_check(status, "giving away", o->name);
	if (!start_add_slot(&start_page[cap->component], spec_string(&spec, cap->name), to))
		root_fail(ROOT_EXIT_USER, "component \"%s\": no room for capability \"%s\"", c->name,
			  spec_string(&spec, cap->name));
}

/* --- threads, and what is bound to them -------------------------------------------- */

static uint32_t event_of(uint32_t thread)
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_NOTIFICATION && object[i].spec->ref == thread)
			return object[i].slot;
	}
	return 0;
}

static uint64_t ticks(uint32_t microseconds)
{
	return microseconds * sk_root_info()->counter_hz / 1000000;
}

static void configure(uint32_t index)
{
	const struct object *o = &object[index];
	const struct component *c = &component[o->spec->owner];
	const struct sk_thread_config config = {
		.cnode = c->cnode,
		.space = c->space,
		.fault = watch_handler(object_core(o), index),
		.notification = event_of(index),
		.priorities = SK_PRIORITY(o->spec->priority, o->spec->max_priority),
		.budget = ticks(o->spec->budget),
		.period = ticks(o->spec->period),
	};

	root_check(sk_thread_configure(o->slot, &config), "configuring thread", o->name);
}

/* The main thread begins at the entry point with w0 = its start page (skerry/start.h). */
static void set_entry(uint32_t index)
{
	const struct component *c = &component[index];
	uint32_t thread = object[c->spec->thread].slot;
	const uint64_t w0 = SK_START_IPA;
	const uint64_t rest[2] = { LAYOUT_STACK_TOP, c->image.entry };

	root_check(sk_thread_write(thread, SK_REG_X0, 1, &w0), "preparing", c->name);
	root_check(sk_thread_write(thread, SK_REG_SP, 2, rest), "preparing", c->name);
}

static void bind_irq(const struct object *o)
{
	uint32_t slot = root_slots(1);

	root_check(sk_mint(SK_ROOT_CNODE, slot, SK_ROOT_CNODE, object[o->spec->ref2].slot, SK_RIGHT_SIGNAL,
			   o->spec->badge), "binding", o->name);
	root_check(sk_irq_bind(o->slot, slot), "binding", o->name);
	root_check(sk_irq_unmask(o->slot), "binding", o->name);
}

static void bind(uint32_t index)
{
	const struct object *o = &object[index];

	if (o->spec->kind == SPEC_VCPU)
		root_check(sk_vcpu_bind(o->slot, object[o->spec->ref].slot, object[o->spec->ref2].slot), "binding",
			   o->name);
	else if (o->spec->kind == SPEC_IRQ)
		bind_irq(o);
}

void system_wire(void)
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_MEMORY && !(object[i].spec->flags & SPEC_KEEP))
			ram_clear(&object[i].memory);
		if (object[i].spec->kind == SPEC_THREAD && !object[i].missing)
			configure(i);
	}
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (!object[i].missing)
			bind(i);
	}
	for (uint32_t i = 0; i < spec.caps; i++)
		give(&spec.cap[i]);
	for (uint32_t i = 0; i < spec.components; i++) {
		start_page[i].heap = component[i].spec->heap ? LAYOUT_HEAP : 0;
		start_page[i].heap_size = component[i].spec->heap;
		start_page[i].core = object_core(&object[component[i].spec->thread]);
		start_page[i].priority = object[component[i].spec->thread].spec->priority;
		load(i);
		set_entry(i);
	}
	/* The last: from here on the console is no more root's to write to. */
	sk_root_release_console();
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_DEVICE)
			take_device(&object[i]);
	}
	for (uint32_t i = 0; i < spec.maps; i++) {
		if (mapping_ipa[i])
			map(i);
	}
}
