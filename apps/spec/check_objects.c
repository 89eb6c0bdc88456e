/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <string.h>
#include "abi/skerry.h"

#define SLOTS_MOST 65536u

static const char *object_name(const struct check *c, uint32_t index)
{
	return spec_string(c->spec, c->spec->object[index].name);
}

/* REF must be an object of KIND; NONE only where it may be left out. */
static bool check_ref(struct check *c, const char *who, uint32_t ref, enum spec_kind kind, bool may_miss)
{
	if (ref == SPEC_NONE && may_miss)
		return true;
	if (ref >= c->spec->objects)
		return check_fail(c, "\"%s\": refers to object %u of %u; expected a %s", who, ref, c->spec->objects,
				  spec_kind_name(kind));
	if (c->spec->object[ref].kind == kind)
		return true;
	return check_fail(c, "\"%s\": \"%s\" is a %s; expected a %s", who, object_name(c, ref),
			  spec_kind_name(c->spec->object[ref].kind), spec_kind_name(kind));
}

/* The instances of a slot are numbered from 0 in the order of the table. */
static bool check_instance(struct check *c, uint32_t index, const char *name)
{
	const struct spec_component *p = &c->spec->component[index];
	uint32_t before = 0;

	for (uint32_t i = 0; i < index && p->slot != SPEC_NONE; i++)
		before += c->spec->component[i].slot == p->slot;
	if (p->number == before)
		return true;
	return check_fail(c, "component \"%s\": is number %u in its slot; expected %u", name, p->number, before);
}

static bool check_component(struct check *c, uint32_t index)
{
	const struct spec_component *p = &c->spec->component[index];
	const char *name;

	if (!check_name(c, "component", index, p->name) || !check_name(c, "image of component", index, p->image))
		return false;
	name = spec_string(c->spec, p->name);
	for (uint32_t i = 0; i < index; i++) {
		if (strcmp(name, spec_string(c->spec, c->spec->component[i].name)) == 0)
			return check_fail(c, "two components are called \"%s\"", name);
	}
	if (!check_pages(c, "stack of component", name, p->stack, SK_PAGE) ||
	    !check_pages(c, "heap of component", name, p->heap, 0) ||
	    !check_ref(c, name, p->thread, SPEC_THREAD, false))
		return false;
	if (p->stack > SPEC_STACK_MAX || p->heap > SPEC_HEAP_MAX)
		return check_fail(c, "component \"%s\": stack %u, heap %u bytes; at most %u and %u", name, p->stack, p->heap,
				  SPEC_STACK_MAX, SPEC_HEAP_MAX);
	if (c->spec->object[p->thread].flags & SPEC_IF)
		return check_fail(c, "component \"%s\": its main thread must always be there", name);
	if (c->spec->object[p->thread].owner != index)
		return check_fail(c, "component \"%s\": its main thread \"%s\" belongs to another one", name,
				  object_name(c, p->thread));
	if (p->restarts && (p->period == 0 || p->period > SPEC_PERIOD_MAX))
		return check_fail(c, "component \"%s\": %u restarts within %u seconds; expected 1 to %u seconds", name,
				  p->restarts, p->period, SPEC_PERIOD_MAX);
	if (p->slots < 2 || p->slots > SLOTS_MOST)
		return check_fail(c, "component \"%s\": %u slots; expected 2 to %u", name, p->slots, SLOTS_MOST);
	return check_ref(c, name, p->slot, SPEC_SLOT, true) && check_instance(c, index, name);
}

bool check_components(struct check *c)
{
	for (uint32_t i = 0; i < c->spec->components; i++) {
		if (!check_component(c, i))
			return false;
	}
	return true;
}

static bool may_be_missing(const struct spec_object *o)
{
	return (o->flags & SPEC_IF) && (o->kind == SPEC_THREAD || o->kind == SPEC_VCPU || o->kind == SPEC_NOTIFICATION);
}

/* An object that may be missing has a condition, and whatever refers to it has the same. */
static bool check_condition(struct check *c, const struct spec_object *o, const char *name)
{
	if (!(o->flags & SPEC_IF))
		return true;
	if (!may_be_missing(o))
		return check_fail(c, "%s \"%s\": only a thread, vcpu or notification may be missing",
				  spec_kind_name(o->kind), name);
	if (o->owner == SPEC_NONE || !spec_string(c->spec, o->text)[0])
		return check_fail(c, "\"%s\": is to be there only if a parameter says so, but names no parameter or no owner",
				  name);
	return true;
}

static bool check_reference(struct check *c, const char *who, const struct spec_object *o, uint32_t ref)
{
	const struct spec_object *to = ref < c->spec->objects ? &c->spec->object[ref] : NULL;

	if (!to || !may_be_missing(to))
		return true;
	if (may_be_missing(o) && o->owner == to->owner && o->bytes == to->bytes &&
	    strcmp(spec_string(c->spec, o->text), spec_string(c->spec, to->text)) == 0)
		return true;
	return check_fail(c, "\"%s\": refers to \"%s\", which may be missing", who, object_name(c, ref));
}

static bool check_thread(struct check *c, const struct spec_object *o, const char *name)
{
	if (o->owner == SPEC_NONE)
		return check_fail(c, "thread \"%s\": belongs to no component", name);
	if (o->priority > o->max_priority)
		return check_fail(c, "thread \"%s\": priority %u is above its maximum %u", name, o->priority,
				  o->max_priority);
	if (o->max_priority >= SPEC_PRIORITY_ROOT)
		return check_fail(c, "thread \"%s\": priority %u; below %u is for components", name, o->max_priority,
				  SPEC_PRIORITY_ROOT);
	if (o->budget > o->period || (o->period && !o->budget))
		return check_fail(c, "thread \"%s\": budget %u of period %u; expected at least 1 us, and no more than the period",
				  name, o->budget, o->period);
	return true;
}

static bool check_slot(struct check *c, const struct spec_object *o, const char *name)
{
	if (!check_pages(c, "slot", name, o->bytes, SK_PAGE) || !check_ref(c, name, o->ref, SPEC_NOTIFICATION, true))
		return false;
	if (o->owner != SPEC_NONE)
		return check_fail(c, "slot \"%s\": belongs to a component; expected none", name);
	if (o->ref != SPEC_NONE && (o->badge == 0 || o->badge >> 63))
		return check_fail(c, "slot \"%s\": badge 0x%llx; expected 1 to 63 bits", name, (unsigned long long)o->badge);
	if (o->core != 0)
		return check_fail(c, "slot \"%s\": its holder is on core %u; root answers on core 0", name, o->core);
	for (uint32_t i = 0; i < c->spec->components; i++) {
		if (c->spec->component[i].slot == (uint32_t)(o - c->spec->object))
			return true;
	}
	return check_fail(c, "slot \"%s\": has no instance", name);
}

#define LOG_BYTES 8192u /* two console rings, a page each */

/* Root's own end of a ring. */
static bool check_log(struct check *c, const struct spec_object *o, const char *name)
{
	if (!check_ref(c, name, o->ref, SPEC_NOTIFICATION, false))
		return false;
	if (c->spec->object[o->ref].flags & SPEC_IF)
		return check_fail(c, "memory \"%s\": the notification of its reader may be missing", name);
	if (o->owner != SPEC_NONE || o->bytes != LOG_BYTES || spec_string(c->spec, o->text)[0])
		return check_fail(c, "memory \"%s\": root's log has no owner, and %u bytes", name, LOG_BYTES);
	if (o->badge == 0 || o->badge >> 63)
		return check_fail(c, "memory \"%s\": badge 0x%llx; expected 1 to 63 bits", name, (unsigned long long)o->badge);
	for (const struct spec_object *p = c->spec->object; p < o; p++) {
		if (p->kind == SPEC_MEMORY && p->flags & SPEC_LOG)
			return check_fail(c, "memory \"%s\": root has a log already", name);
	}
	return true;
}

static bool check_memory(struct check *c, const struct spec_object *o, const char *name)
{
	if ((o->flags & SPEC_LOG) && !check_log(c, o, name))
		return false;
	if (!check_pages(c, "memory", name, o->bytes, SK_PAGE))
		return false;
	if (o->cache > SK_CACHE_DEVICE)
		return check_fail(c, "memory \"%s\": cache %u; expected 0 to %d", name, o->cache, SK_CACHE_DEVICE);
	if (spec_string(c->spec, o->text)[0] && o->owner == SPEC_NONE)
		return check_fail(c, "memory \"%s\": its size is a parameter, but of which component? It has no owner",
				  name);
	return true;
}

static bool check_texts(struct check *c, const struct spec_object *o, const char *name)
{
	const char *text = spec_string(c->spec, o->text);

	if (!text[0] || (o->kind == SPEC_FILE && !spec_string(c->spec, o->text2)[0]))
		return check_fail(c, "%s \"%s\": %s", spec_kind_name(o->kind), name,
				  o->kind == SPEC_FILE ? "names no archive and file" : "has neither role nor path");
	if (o->kind == SPEC_DEVICE && text[0] != '/' && strcmp(text, "console") != 0)
		return check_fail(c, "device \"%s\": role \"%s\"; known is \"console\", or a path that begins with /",
				  name, text);
	return true;
}

/* Whole pages that no other part has. */
static bool check_part(struct check *c, const struct spec_object *o, const char *name)
{
	const struct spec *s = c->spec;

	if (o->ref != SPEC_NONE && (o->ref >= s->objects || s->object[o->ref].kind != SPEC_DEVICE || s->object[o->ref].ref != SPEC_NONE))
		return check_fail(c, "device \"%s\": what it is a part of is no device", name);
	if (!(o->flags & SPEC_PART))
		return true;
	if (spec_string(c->spec, o->text)[0] != '/' || o->badge % SK_PAGE || o->badge >> 48)
		return check_fail(c, "device \"%s\": 0x%llx of a node; expected its path, and a multiple of 4 KiB", name,
				  (unsigned long long)o->badge);
	if (!check_pages(c, "device", name, o->bytes, SK_PAGE))
		return false;
	for (const struct spec_object *p = c->spec->object; p < o; p++) {
		if (p->kind == SPEC_DEVICE && (p->flags & SPEC_PART) && p->badge < o->badge + o->bytes &&
		    o->badge < p->badge + p->bytes)
			return check_fail(c, "devices \"%s\" and \"%s\" have pages in common",
					  object_name(c, (uint32_t)(p - c->spec->object)), name);
	}
	return true;
}

static bool is_part(const struct check *c, uint32_t object)
{
	return c->spec->object[object].flags & SPEC_PART;
}

/* Functions on PCI may share a line; here a line belongs to one. */
static bool check_part_irq(struct check *c, const struct spec_object *o, const char *name)
{
	if (!is_part(c, o->ref))
		return true;
	if (o->bytes < 32 || o->bytes >= 1020)
		return check_fail(c, "irq \"%s\": INTID %llu; expected 32 to 1019", name, (unsigned long long)o->bytes);
	for (const struct spec_object *p = c->spec->object; p < o; p++) {
		if (p->kind == SPEC_IRQ && p->bytes == o->bytes)
			return check_fail(c, "irqs \"%s\" and \"%s\" have one INTID, %llu",
					  object_name(c, (uint32_t)(p - c->spec->object)), name, (unsigned long long)o->bytes);
	}
	return true;
}

static bool check_irq(struct check *c, const struct spec_object *o, const char *name)
{
	if (!check_ref(c, name, o->ref, SPEC_DEVICE, false) || !check_ref(c, name, o->ref2, SPEC_NOTIFICATION, false))
		return false;
	if (o->badge == 0 || o->badge >> 63)
		return check_fail(c, "irq \"%s\": badge 0x%llx; expected 1 to 63 bits", name, (unsigned long long)o->badge);
	return check_part_irq(c, o, name);
}

/* It lives and dies with its thread, and its guest with it. */
static bool check_vcpu(struct check *c, const struct spec_object *o, const char *name)
{
	uint32_t owner = c->spec->object[o->ref2].owner;

	if (o->owner == owner && c->spec->object[o->ref].owner == owner)
		return true;
	return check_fail(c, "vcpu \"%s\": it, its thread \"%s\" and its guest \"%s\" must have one owner", name,
			  object_name(c, o->ref2), object_name(c, o->ref));
}

/* What only some kinds have must be right there; it is ignored elsewhere. */
static bool check_by_kind(struct check *c, const struct spec_object *o, const char *name)
{
	switch (o->kind) {
	case SPEC_NOTIFICATION:
		return check_ref(c, name, o->ref, SPEC_THREAD, true);
	case SPEC_THREAD:
		return check_thread(c, o, name);
	case SPEC_CNODE:
		return o->owner != SPEC_NONE || check_fail(c, "cnode \"%s\": belongs to no component", name);
	case SPEC_SLOT:
		return check_slot(c, o, name);
	case SPEC_VCPU:
		return check_ref(c, name, o->ref, SPEC_GUEST, false) && check_ref(c, name, o->ref2, SPEC_THREAD, false) &&
		       check_vcpu(c, o, name);
	case SPEC_MEMORY:
		return check_memory(c, o, name);
	case SPEC_FILE:
	case SPEC_DEVICE:
		return check_texts(c, o, name) && check_part(c, o, name);
	case SPEC_IRQ:
		return check_irq(c, o, name);
	case SPEC_GUEST:
		return o->owner != SPEC_NONE || check_fail(c, "guest \"%s\": belongs to no component", name);
	case SPEC_ENDPOINT:
	case SPEC_SUPERVISOR:
	case SPEC_CONTROL:
		return true;
	default:
		return check_fail(c, "object \"%s\": kind %u is unknown", name, o->kind);
	}
}

/* A thread has at most one bound notification and one vCPU; an interrupt line one irq. */
static bool check_single(struct check *c, uint32_t index)
{
	const struct spec_object *o = &c->spec->object[index];

	for (uint32_t i = 0; i < index; i++) {
		const struct spec_object *p = &c->spec->object[i];

		if (strcmp(object_name(c, i), object_name(c, index)) == 0)
			return check_fail(c, "two objects are called \"%s\"", object_name(c, index));
		if (p->kind != o->kind)
			continue;
		if (o->kind == SPEC_NOTIFICATION && o->ref != SPEC_NONE && o->ref == p->ref)
			return check_fail(c, "notifications \"%s\" and \"%s\" are bound to the same thread",
					  object_name(c, i), object_name(c, index));
		if (o->kind == SPEC_VCPU && o->ref2 == p->ref2)
			return check_fail(c, "vcpus \"%s\" and \"%s\" are bound to the same thread", object_name(c, i),
					  object_name(c, index));
		if (o->kind == SPEC_IRQ && o->ref == p->ref)
			return check_fail(c, "irqs \"%s\" and \"%s\" are of the same device", object_name(c, i),
					  object_name(c, index));
	}
	return true;
}

/* Before everything else: messages about whatever refers to an object print its name. */
bool check_object_strings(struct check *c)
{
	for (uint32_t i = 0; i < c->spec->objects; i++) {
		const struct spec_object *o = &c->spec->object[i];

		if (!check_name(c, "object", i, o->name) || !check_string(c, "object", i, o->text) ||
		    !check_string(c, "object", i, o->text2))
			return false;
	}
	return true;
}

static bool check_references(struct check *c, const struct spec_object *o, const char *name)
{
	switch (o->kind) {
	case SPEC_NOTIFICATION:
		return check_reference(c, name, o, o->ref);
	case SPEC_VCPU:
	case SPEC_IRQ:
		return check_reference(c, name, o, o->ref) && check_reference(c, name, o, o->ref2);
	default:
		return true;
	}
}

bool check_objects(struct check *c)
{
	for (uint32_t i = 0; i < c->spec->objects; i++) {
		const struct spec_object *o = &c->spec->object[i];

		if (o->owner != SPEC_NONE && o->owner >= c->spec->components)
			return check_fail(c, "object \"%s\": its owner is component %u of %u", object_name(c, i), o->owner,
					  c->spec->components);
		if (o->core >= SK_MAX_CORES)
			return check_fail(c, "object \"%s\": core %u; expected 0 to %d", object_name(c, i), o->core,
					  SK_MAX_CORES - 1);
		if (!check_by_kind(c, o, object_name(c, i)) || !check_single(c, i) ||
		    !check_condition(c, o, object_name(c, i)) || !check_references(c, o, object_name(c, i)))
			return false;
	}
	return true;
}
