/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a component: built, begun, ended. The one way for the first start,
 * for a start after a fault, and for a start that somebody asked for.
 */
#include "life.h"

#include <string.h>
#include "skerry/calls.h"
#include "supervise.h"
#include "system.h"

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
	uint32_t slot = c->own_slots + c->own_mapped;

	if (bytes == 0)
		return;
	c->own_mapped++;
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
	c->own_mapped = 0;
	map_own(c, &offset, SK_START_IPA, SK_START_PAGES * SK_PAGE, SK_RIGHT_READ);
	for (uint32_t i = 0; i < c->image.segments; i++)
		map_own(c, &offset, c->image.segment[i].ipa, c->image.segment[i].bytes, c->image.segment[i].rights);
	map_own(c, &offset, LAYOUT_STACK_TOP - c->spec->stack, c->spec->stack, data);
	map_own(c, &offset, LAYOUT_HEAP, c->spec->heap, data);
}

/* --- memory that the spec gives ---------------------------------------------------- */

static bool is_guests(uint32_t index)
{
	for (uint32_t i = 0; i < spec.maps; i++) {
		if (spec.map[i].object == index && spec.map[i].guest != SPEC_NONE)
			return true;
	}
	return false;
}

/* What a life before this one left. */
static void clear_memory(uint32_t index)
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		const struct object *o = &object[i];

		if (o->spec->kind == SPEC_MEMORY && o->spec->owner == index && !o->device_reads &&
		    (!(o->spec->flags & SPEC_KEEP) || is_guests(i)))
			ram_clear(&o->memory);
	}
}

static bool is_of(const struct spec_map *m, uint32_t index)
{
	return (m->guest == SPEC_NONE ? m->component : object[m->guest].spec->owner) == index;
}

static void map(uint32_t index)
{
	const struct spec_map *m = &spec.map[index];
	const struct object *o = &object[m->object];
	uint32_t space = m->guest == SPEC_NONE ? component[m->component].space : object[m->guest].slot;
	uint64_t at = mapping_ipa[index];

	for (uint32_t i = 0; i < o->memory.pieces; at += o->memory.piece[i++].bytes) {
		const struct memory_piece *p = &o->memory.piece[i];
		uint32_t slot = mapping_slot[index] + i;

		root_check(sk_copy(SK_ROOT_CNODE, slot, SK_ROOT_CNODE, p->slot, m->rights), "mapping", o->name);
		root_check(sk_map_all(slot, space, at, 0, p->bytes, m->rights), "mapping", o->name);
	}
}

static void unmap(uint32_t index)
{
	const struct object *o = &object[spec.map[index].object];

	for (uint32_t i = 0; i < o->memory.pieces; i++)
		root_check(sk_delete(SK_ROOT_CNODE, mapping_slot[index] + i), "unmapping", o->name);
}

static void for_maps(uint32_t index, void (*act)(uint32_t))
{
	for (uint32_t i = 0; i < spec.maps; i++) {
		if (mapping_ipa[i] && is_of(&spec.map[i], index))
			act(i);
	}
}

/* --- interrupts -------------------------------------------------------------------- */

/* Bound anew each time: an irq goes to the core of the thread that hears of it. */
static void give_irq(const struct object *o, uint32_t cnode, uint32_t to)
{
	root_check(sk_irq_bind(o->slot, o->handler), "binding", o->name);
	root_check(sk_move(cnode, to, SK_ROOT_CNODE, o->slot), "giving away", o->name);
}

/* Moved, since an irq cannot be copied; masked, until there is a driver again. */
static void take_irq(const struct object *o, uint32_t cnode, uint32_t from)
{
	root_check(sk_move(SK_ROOT_CNODE, o->slot, cnode, from), "taking back", o->name);
	root_check(sk_irq_mask(o->slot), "taking back", o->name);
}

/* --- capabilities ------------------------------------------------------------------ */

static void give(uint32_t index)
{
	const struct spec_cap *cap = &spec.cap[index];
	const struct component *c = &component[cap->component];
	const struct object *o = &object[cap->object];
	uint32_t to = cap->slot;
	enum sk_status status;

	/* A component that lives on may have taken somebody's capability into the slot. */
	root_check(sk_delete(c->cnode, to), "emptying a slot of", c->name);
	if (o->spec->kind == SPEC_IRQ) {
		give_irq(o, c->cnode, to);
		return;
	}
	if (o->spec->kind == SPEC_SUPERVISOR)
		status = sk_mint(c->cnode, to, SK_ROOT_CNODE, supervise_slot(), cap->rights,
				 spec_outcome_bits(cap->component, cap->badge));
	else if (o->spec->kind == SPEC_CNODE)
		status = sk_copy(c->cnode, to, SK_ROOT_CNODE, c->cnode, cap->rights);
	else if (o->spec->kind == SPEC_CONTROL)
		status = sk_mint(c->cnode, to, SK_ROOT_CNODE, control_slot(), cap->rights, SPEC_CONTROL_ALL);
	else if (o->spec->kind == SPEC_SLOT)
		status = sk_mint(c->cnode, to, SK_ROOT_CNODE, control_slot(), cap->rights, cap->object + 1);
	else if (cap->badge)
		status = sk_mint(c->cnode, to, SK_ROOT_CNODE, o->slot, cap->rights, cap->badge);
	else
		status = sk_copy(c->cnode, to, SK_ROOT_CNODE, o->slot, cap->rights);
	root_check(status, "giving away", o->name);
}

/* It is INDEX's, and others that are there already are still to have it. */
static bool is_new(const struct object *o, uint32_t index)
{
	return o->spec->owner == index && (object_lives(o) || component[index].starts == 1);
}

/* What INDEX may have of all that there is, and what the others may have of what is new with it. */
static void give_all(uint32_t index)
{
	for (uint32_t i = 0; i < spec.caps; i++) {
		const struct object *o = &object[spec.cap[i].object];

		if (component[spec.cap[i].component].built && object_exists(o) &&
		    (is_new(o, index) || spec.cap[i].component == index))
			give(i);
	}
}

/* --- threads, and what is bound to them -------------------------------------------- */

static uint32_t event_of(uint32_t thread)
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_NOTIFICATION && object[i].spec->ref == thread && !object[i].missing)
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
		.fault = o->handler,
		.notification = event_of(index),
		.priorities = SK_PRIORITY(o->spec->priority, o->spec->max_priority),
		.budget = ticks(o->spec->budget),
		.period = ticks(o->spec->period),
	};

	watch_handler(o->handler, object_core(o), index);
	root_check(sk_thread_configure(o->slot, &config), "configuring thread", o->name);
}

static void bind(const struct object *o)
{
	root_check(sk_vcpu_bind(o->slot, object[o->spec->ref].slot, object[o->spec->ref2].slot), "binding", o->name);
}

/* The main thread begins at the entry point with w0 = its start page (skerry/start.h). */
static void set_entry(const struct component *c)
{
	uint32_t thread = object[c->spec->thread].slot;
	const uint64_t w0 = SK_START_IPA;
	const uint64_t rest[2] = { LAYOUT_STACK_TOP, c->image.entry };

	root_check(sk_thread_write(thread, SK_REG_X0, 1, &w0), "preparing", c->name);
	root_check(sk_thread_write(thread, SK_REG_SP, 2, rest), "preparing", c->name);
}

static void for_objects(uint32_t owner, uint32_t kind, void (*act)(uint32_t))
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->owner == owner && object[i].spec->kind == kind && !object[i].missing)
			act(i);
	}
}

static void bind_vcpu(uint32_t index)
{
	bind(&object[index]);
}

static void stop_thread(uint32_t index)
{
	root_check(sk_thread_stop(object[index].slot), "stopping", object[index].name);
}

/* Signals to a life before this one mean nothing to it. */
static void drain(uint32_t index)
{
	uint64_t bits;

	root_check(sk_poll(object[index].slot, &bits), "draining", object[index].name);
}

/* --- a life ------------------------------------------------------------------------- */

void life_build(uint32_t index)
{
	struct component *c = &component[index];

	if (c->starts++ > 0)
		clear_memory(index);
	start_page[index].generation = c->starts;
	for_objects(index, SPEC_NOTIFICATION, drain);
	objects_make(index);
	c->built = true;
	for_objects(index, SPEC_THREAD, configure);
	for_objects(index, SPEC_VCPU, bind_vcpu);
	load(index);
	for_maps(index, map);
	set_entry(c);
	give_all(index);
}

void life_begin(uint32_t index)
{
	const struct component *c = &component[index];

	root_check(sk_thread_start(object[c->spec->thread].slot), "starting", c->name);
}

void life_end(uint32_t index)
{
	struct component *c = &component[index];

	for_objects(index, SPEC_THREAD, stop_thread);
	for (uint32_t i = 0; i < spec.caps; i++) {
		if (spec.cap[i].component == index && object[spec.cap[i].object].spec->kind == SPEC_IRQ)
			take_irq(&object[spec.cap[i].object], c->cnode, spec.cap[i].slot);
	}
	for_maps(index, unmap);
	for (uint32_t i = 0; i < c->own_mapped; i++)
		root_check(sk_delete(SK_ROOT_CNODE, c->own_slots + i), "unmapping", c->name);
	root_check(sk_revoke(SK_ROOT_CNODE, c->untyped), "taking back", c->name);
	c->built = false;
}

void system_build(void)
{
	for (uint32_t i = 0; i < spec.components; i++) {
		if (component[i].spec->slot == SPEC_NONE)
			life_build(i);
	}
}
