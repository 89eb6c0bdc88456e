/* SPDX-License-Identifier: BSD-2-Clause */
#include "system.h"

#include "skerry/calls.h"

uint32_t owner_untyped[OWNERS];

static uint32_t owner_of(const struct object *o)
{
	return o->spec->owner == SPEC_NONE ? SHARED : o->spec->owner;
}

static const char *owner_name(uint32_t owner)
{
	return owner == SHARED ? "shared objects" : component[owner].name;
}

static uint64_t object_bytes(const struct object *o)
{
	return o->spec->kind == SPEC_GUEST ? layout_space_bytes(o->tables) : layout_object_bytes(o->spec);
}

/* One untyped for each owner, so that all it has can be revoked at once. */
static void make_owner(uint32_t owner)
{
	uint64_t bytes = 0, needed;
	enum sk_status status;

	for (uint32_t i = 0; i < spec.objects; i++)
		bytes += owner_of(&object[i]) == owner && !object[i].missing ? object_bytes(&object[i]) : 0;
	if (owner != SHARED)
		bytes += layout_cnode_bytes(component[owner].spec->slots) + layout_space_bytes(component[owner].tables);
	if (bytes == 0)
		return;
	bytes = round_up(bytes, SK_PAGE);
	owner_untyped[owner] = root_slots(1);
	status = sk_retype_needed(SK_ROOT_OBJECTS, SK_TYPE_UNTYPED, bytes, SK_ROOT_CNODE, owner_untyped[owner], 1, 0,
				  &needed);
	if (status == SK_NO_MEMORY)
		root_fail(ROOT_EXIT_USER,
			  "the object pool is too small: %s need %llu KiB more of it (%llu KiB in all); enlarge it in the image",
			  owner_name(owner), (unsigned long long)needed >> 10,
			  (unsigned long long)sk_root_info()->object_bytes >> 10);
	root_check(status, "taking object memory for", owner_name(owner));
}

static uint32_t make(uint32_t owner, enum sk_type type, uint64_t size, uint64_t attribute, const char *name)
{
	uint32_t slot = root_slots(1);

	root_check(sk_retype(owner_untyped[owner], type, size, SK_ROOT_CNODE, slot, 1, attribute), "making", name);
	return slot;
}

/* A space and the table pages that its mappings need; a retype takes 64 at most. */
static uint32_t make_space(uint32_t owner, uint32_t tables, enum sk_space_kind kind, const char *name)
{
	uint32_t first = tables < 64 ? tables : 64;
	uint32_t slot = make(owner, SK_TYPE_SPACE, first, kind, name);

	for (uint32_t n = first, step; n < tables; n += step) {
		step = tables - n < 64 ? tables - n : 64;
		root_check(sk_space_donate(slot, owner_untyped[owner], step), "donating tables to", name);
	}
	return slot;
}

static void make_irq(struct object *o)
{
	const struct object *device = &object[o->spec->ref];
	const struct sk_region *region = &sk_root_info()->region[device->region];

	if (region->irq == 0)
		root_fail(ROOT_EXIT_USER, "irq \"%s\": device \"%s\" has no interrupt", o->name, device->name);
	if (o->spec->bytes && o->spec->bytes != region->irq)
		root_fail(ROOT_EXIT_USER, "irq \"%s\": device \"%s\" has interrupt %u on this machine, the system was built for %u",
			  o->name, device->name, region->irq, (unsigned)o->spec->bytes);
	o->slot = make(owner_of(o), SK_TYPE_IRQ, region->irq, SK_ROOT_IRQ_CONTROL | (uint64_t)region->irq_edge << 32,
		       o->name);
}

static void make_object(struct object *o)
{
	uint32_t owner = owner_of(o);

	switch (o->spec->kind) {
	case SPEC_NOTIFICATION:
		o->slot = make(owner, SK_TYPE_NOTIFICATION, 0, 0, o->name);
		break;
	case SPEC_ENDPOINT:
		o->slot = make(owner, SK_TYPE_ENDPOINT, 0, object_core(o), o->name);
		break;
	case SPEC_THREAD:
		o->slot = make(owner, SK_TYPE_THREAD, 0, object_core(o), o->name);
		break;
	case SPEC_VCPU:
		o->slot = make(owner, SK_TYPE_VCPU, 0, 0, o->name);
		break;
	case SPEC_GUEST:
		o->slot = make_space(owner, o->tables, SK_SPACE_GUEST, o->name);
		break;
	case SPEC_IRQ:
		make_irq(o);
		break;
	default:
		break; /* memory is planned already; the supervisor is root's */
	}
}

void system_make(void)
{
	for (uint32_t i = 0; i < OWNERS; i++) {
		if (i == SHARED || i < spec.components)
			make_owner(i);
	}
	for (uint32_t i = 0; i < spec.components; i++) {
		struct component *c = &component[i];

		c->cnode = make(i, SK_TYPE_CNODE, c->spec->slots, 0, c->name);
		c->space = make_space(i, c->tables, SK_SPACE_COMPONENT, c->name);
	}
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (!object[i].missing)
			make_object(&object[i]);
	}
}
