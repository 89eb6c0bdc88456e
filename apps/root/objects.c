/* SPDX-License-Identifier: BSD-2-Clause */
#include "system.h"

#include "skerry/calls.h"

#define SHARED SPEC_COMPONENTS_MAX

static uint32_t shared_untyped; /* of the wiring */

bool object_lives(const struct object *o)
{
	return layout_lives(o->spec);
}

bool object_exists(const struct object *o)
{
	if (o->missing)
		return false;
	if (object_lives(o))
		return component[o->spec->owner].built;
	return o->spec->owner == SPEC_NONE || component[o->spec->owner].starts > 0;
}

uint32_t objects_shared(void)
{
	return shared_untyped;
}

/* Whose untyped it comes from. */
static uint32_t source_of(const struct object *o)
{
	return object_lives(o) ? o->spec->owner : SHARED;
}

static const char *source_name(uint32_t source)
{
	return source == SHARED ? "shared objects" : component[source].name;
}

static uint64_t object_bytes(const struct object *o)
{
	return o->spec->kind == SPEC_GUEST ? layout_space_bytes(o->tables) : layout_object_bytes(o->spec);
}

/* One untyped for each component, so that all it has can be revoked at once, and one for the wiring. */
static uint32_t set_aside(uint32_t source)
{
	uint64_t bytes = 0, needed;
	enum sk_status status;
	uint32_t slot;

	for (uint32_t i = 0; i < spec.objects; i++)
		bytes += source_of(&object[i]) == source && !object[i].missing ? object_bytes(&object[i]) : 0;
	if (source != SHARED)
		bytes += layout_cnode_bytes(component[source].spec->slots) + layout_space_bytes(component[source].tables);
	if (bytes == 0)
		return 0;
	bytes = round_up(bytes, SK_PAGE);
	slot = root_slots(1);
	status = sk_retype_needed(SK_ROOT_OBJECTS, SK_TYPE_UNTYPED, bytes, SK_ROOT_CNODE, slot, 1, 0, &needed);
	if (status == SK_NO_MEMORY)
		root_fail(ROOT_EXIT_USER,
			  "the object pool is too small: %s need %llu KiB more of it (%llu KiB in all); enlarge it in the image",
			  source_name(source), (unsigned long long)needed >> 10,
			  (unsigned long long)sk_root_info()->object_bytes >> 10);
	root_check(status, "taking object memory for", source_name(source));
	return slot;
}

static void make(uint32_t untyped, uint32_t slot, enum sk_type type, uint64_t size, uint64_t attribute,
		 const char *name)
{
	root_check(sk_retype(untyped, type, size, SK_ROOT_CNODE, slot, 1, attribute), "making", name);
}

/* A space and the table pages that its mappings need; a retype takes 64 at most. */
static void make_space(uint32_t untyped, uint32_t slot, uint32_t tables, enum sk_space_kind kind, const char *name)
{
	uint32_t first = tables < 64 ? tables : 64;

	make(untyped, slot, SK_TYPE_SPACE, first, kind, name);
	for (uint32_t n = first, step; n < tables; n += step) {
		step = tables - n < 64 ? tables - n : 64;
		root_check(sk_space_donate(slot, untyped, step), "donating tables to", name);
	}
}

static void make_irq(const struct object *o)
{
	const struct object *device = &object[o->spec->ref];
	const struct sk_region *region = &sk_root_info()->region[device->region];

	if (device->spec->flags & SPEC_PART) {
		make(shared_untyped, o->slot, SK_TYPE_IRQ, o->spec->bytes,
		     SK_ROOT_IRQ_CONTROL | (uint64_t)SK_TRIGGER_LEVEL << 32, o->name);
		return;
	}
	if (region->irq == 0)
		root_fail(ROOT_EXIT_USER, "irq \"%s\": device \"%s\" has no interrupt", o->name, device->name);
	if (o->spec->bytes && o->spec->bytes != region->irq)
		root_fail(ROOT_EXIT_USER, "irq \"%s\": device \"%s\" has interrupt %u on this machine, the system was built for %u",
			  o->name, device->name, region->irq, (unsigned)o->spec->bytes);
	make(shared_untyped, o->slot, SK_TYPE_IRQ, region->irq,
	     SK_ROOT_IRQ_CONTROL | (uint64_t)region->irq_edge << 32, o->name);
}

static void make_object(const struct object *o, uint32_t untyped)
{
	switch (o->spec->kind) {
	case SPEC_NOTIFICATION:
		make(untyped, o->slot, SK_TYPE_NOTIFICATION, 0, 0, o->name);
		break;
	case SPEC_ENDPOINT:
		make(untyped, o->slot, SK_TYPE_ENDPOINT, 0, object_core(o), o->name);
		break;
	case SPEC_THREAD:
		make(untyped, o->slot, SK_TYPE_THREAD, 0, object_core(o), o->name);
		break;
	case SPEC_VCPU:
		make(untyped, o->slot, SK_TYPE_VCPU, 0, 0, o->name);
		break;
	case SPEC_GUEST:
		make_space(untyped, o->slot, o->tables, SK_SPACE_GUEST, o->name);
		break;
	case SPEC_IRQ:
		make_irq(o);
		break;
	default:
		break; /* memory is planned already; supervisor and control are root's */
	}
}

void objects_make(uint32_t index)
{
	struct component *c = &component[index];

	make(c->untyped, c->cnode, SK_TYPE_CNODE, c->spec->slots, 0, c->name);
	make_space(c->untyped, c->space, c->tables, SK_SPACE_COMPONENT, c->name);
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (!object[i].missing && source_of(&object[i]) == index)
			make_object(&object[i], c->untyped);
	}
}

static void take_region(uint32_t region, uint32_t slot, const char *name)
{
	root_check(sk_retype(SK_ROOT_REGIONS + region, SK_TYPE_MEMORY, sk_root_info()->region[region].size, SK_ROOT_CNODE, slot,
			     1, SK_RIGHT_READ | SK_RIGHT_WRITE | SK_CACHE_DEVICE << 8), "taking device", name);
}

static uint32_t whole[SK_ROOT_MAX_REGIONS]; /* slots: of a region that has parts, until these are taken */

static void take_part(const struct object *o)
{
	const struct memory_piece *p = &o->memory.piece[0];

	if (!whole[o->region]) {
		whole[o->region] = root_slots(1);
		take_region(o->region, whole[o->region], o->name);
	}
	root_check(sk_mint_range(SK_ROOT_CNODE, p->slot, SK_ROOT_CNODE, whole[o->region], SK_RIGHT_READ | SK_RIGHT_WRITE,
				 p->pa - sk_root_info()->region[o->region].pa, p->bytes), "taking device", o->name);
}

/* What an irq signals; what tells the holder of a slot of its instances' ends. */
static void make_handler(const struct object *o, uint32_t notification)
{
	if (notification != SPEC_NONE)
		root_check(sk_mint(SK_ROOT_CNODE, o->handler, SK_ROOT_CNODE, object[notification].slot, SK_RIGHT_SIGNAL,
				   o->spec->badge), "making", o->name);
}

static void make_wiring(void)
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (!object[i].missing && !object_lives(&object[i]))
			make_object(&object[i], shared_untyped);
	}
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_SLOT)
			make_handler(&object[i], object[i].spec->ref);
		else if (object[i].spec->kind == SPEC_IRQ)
			make_handler(&object[i], object[i].spec->ref2);
		else if (object[i].spec->kind == SPEC_MEMORY && !(object[i].spec->flags & SPEC_KEEP))
			ram_clear(&object[i].memory);
	}
}

void system_make(void)
{
	for (uint32_t i = 0; i < spec.components; i++)
		component[i].untyped = set_aside(i);
	shared_untyped = set_aside(SHARED);
	make_wiring();
	/* The last: from here on the console is no more root's to write to. */
	sk_root_release_console();
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind != SPEC_DEVICE)
			continue;
		if (object[i].spec->flags & SPEC_PART)
			take_part(&object[i]);
		else
			take_region(object[i].region, object[i].memory.piece[0].slot, object[i].name);
	}
	for (uint32_t i = 0; i < SK_ROOT_MAX_REGIONS; i++) {
		if (whole[i])
			root_check(sk_delete(SK_ROOT_CNODE, whole[i]), "giving up", "what nobody has of a region");
	}
}
