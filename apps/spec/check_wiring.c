/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities, mappings and parameters: what a component is given, and that its start page holds it all. */
#include "check.h"

#include <string.h>
#include "layout.h"
#include "abi/skerry.h"
#include "skerry/start.h"

/* Rights that mean something for a capability of each kind; 0: there is no capability of it. */
static const uint32_t legal_rights[SPEC_KINDS] = {
	[SPEC_NOTIFICATION] = SK_RIGHT_SIGNAL | SK_RIGHT_WAIT,
	[SPEC_ENDPOINT] = SK_RIGHT_CALL | SK_RIGHT_SERVE,
	[SPEC_THREAD] = SK_RIGHT_READ | SK_RIGHT_WRITE,
	[SPEC_VCPU] = SK_RIGHT_READ | SK_RIGHT_WRITE,
	[SPEC_GUEST] = SK_RIGHT_READ | SK_RIGHT_WRITE,
	[SPEC_IRQ] = SK_RIGHT_READ | SK_RIGHT_WRITE,
	[SPEC_SUPERVISOR] = SK_RIGHT_SIGNAL,
	[SPEC_SLOT] = SK_RIGHT_CALL,
	[SPEC_CONTROL] = SK_RIGHT_CALL,
	[SPEC_CNODE] = SK_RIGHT_READ | SK_RIGHT_WRITE,
};

static const char *component_name(const struct check *c, uint32_t index)
{
	return spec_string(c->spec, c->spec->component[index].name);
}

static bool check_component_index(struct check *c, const char *what, uint32_t index, uint32_t component)
{
	if (component < c->spec->components)
		return true;
	return check_fail(c, "%s %u: component %u of %u", what, index, component, c->spec->components);
}

static bool check_object_index(struct check *c, const char *what, uint32_t index, uint32_t object)
{
	if (object < c->spec->objects)
		return true;
	return check_fail(c, "%s %u: object %u of %u", what, index, object, c->spec->objects);
}

/* An irq cannot be copied, so only one component gets it. */
static bool check_cap_unique(struct check *c, uint32_t index)
{
	const struct spec_cap *p = &c->spec->cap[index];
	const char *name = spec_string(c->spec, p->name);

	for (uint32_t i = 0; i < index; i++) {
		const struct spec_cap *q = &c->spec->cap[i];

		if (q->component == p->component && strcmp(spec_string(c->spec, q->name), name) == 0)
			return check_fail(c, "component \"%s\" gets two capabilities called \"%s\"",
					  component_name(c, p->component), name);
		if (q->component == p->component && q->slot == p->slot)
			return check_fail(c, "component \"%s\": two capabilities in slot %u",
					  component_name(c, p->component), p->slot);
		if (q->object == p->object && c->spec->object[p->object].kind == SPEC_IRQ)
			return check_fail(c, "capability \"%s\": irq \"%s\" is given away already, and an irq is never shared",
					  name, spec_string(c->spec, c->spec->object[p->object].name));
		if (q->object == p->object && c->spec->object[p->object].kind == SPEC_SLOT)
			return check_fail(c, "capability \"%s\": slot \"%s\" has a holder already, \"%s\"", name,
					  spec_string(c->spec, c->spec->object[p->object].name), component_name(c, q->component));
	}
	if (c->spec->object[p->object].kind == SPEC_SLOT && c->spec->component[p->component].slot != SPEC_NONE)
		return check_fail(c, "capability \"%s\": \"%s\" is itself made at run time, so it holds no slot", name,
				  component_name(c, p->component));
	return true;
}

static bool check_cap(struct check *c, uint32_t index)
{
	const struct spec_cap *p = &c->spec->cap[index];
	const char *name;
	uint32_t kind;

	if (!check_component_index(c, "capability", index, p->component) ||
	    !check_name(c, "capability", index, p->name) || !check_object_index(c, "capability", index, p->object))
		return false;
	name = spec_string(c->spec, p->name);
	if (p->slot == 0 || p->slot >= c->spec->component[p->component].slots)
		return check_fail(c, "capability \"%s\": slot %u; component \"%s\" has slots 1 to %u", name, p->slot,
				  component_name(c, p->component), c->spec->component[p->component].slots - 1);
	kind = c->spec->object[p->object].kind;
	if (!legal_rights[kind])
		return check_fail(c, "capability \"%s\": a %s is mapped, not given", name, spec_kind_name(kind));
	if (p->rights == 0 || p->rights & ~legal_rights[kind])
		return check_fail(c, "capability \"%s\": rights 0x%x; a %s has 0x%x", name, p->rights, spec_kind_name(kind),
				  legal_rights[kind]);
	if (kind == SPEC_SUPERVISOR ? p->badge >= SPEC_OUTCOMES : p->badge >> 63)
		return check_fail(c, "capability \"%s\": badge 0x%llx is too large", name, (unsigned long long)p->badge);
	if (p->badge && kind != SPEC_NOTIFICATION && kind != SPEC_ENDPOINT && kind != SPEC_SUPERVISOR)
		return check_fail(c, "capability \"%s\": a %s has no badge", name, spec_kind_name(kind));
	if (kind == SPEC_CONTROL && c->spec->object[c->spec->component[p->component].thread].core != 0)
		return check_fail(c, "capability \"%s\": component \"%s\" is not on core 0, where root answers", name,
				  component_name(c, p->component));
	if (kind == SPEC_CNODE && c->spec->object[p->object].owner != p->component)
		return check_fail(c, "capability \"%s\": the cnode of another component", name);
	return check_cap_unique(c, index);
}

bool check_caps(struct check *c)
{
	for (uint32_t i = 0; i < c->spec->caps; i++) {
		if (!check_cap(c, i))
			return false;
	}
	return true;
}

/* Below its stack, or above 4 GiB; what needs much room at a multiple of 2 MiB. */
static bool check_map_address(struct check *c, uint32_t index)
{
	const struct spec_map *m = &c->spec->map[index];
	uint64_t room = layout_room(&c->spec->object[m->object]);
	bool large = room >= SK_BLOCK;
	uint64_t least = large ? LAYOUT_LARGE : LAYOUT_SMALL;
	uint64_t most = large ? 1ul << SK_IPA_BITS : LAYOUT_STACK_TOP - SPEC_STACK_MAX;

	if (m->address % (large ? SK_BLOCK : SK_PAGE) == 0 && m->address >= least && m->address < most &&
	    room <= most - m->address)
		return true;
	return check_fail(c, "component \"%s\": region \"%s\" at 0x%llx, which needs room for 0x%llx bytes; expected a %s from 0x%llx to 0x%llx",
			  component_name(c, m->component), spec_string(c->spec, m->name), (unsigned long long)m->address,
			  (unsigned long long)room, large ? "multiple of 2 MiB" : "page", (unsigned long long)least,
			  (unsigned long long)most);
}

static bool check_map_target(struct check *c, uint32_t index)
{
	const struct spec_map *m = &c->spec->map[index];

	if (m->guest == SPEC_NONE)
		return check_component_index(c, "mapping", index, m->component) &&
		       check_name(c, "mapping", index, m->name);
	if (m->component != SPEC_NONE || !check_object_index(c, "mapping", index, m->guest) ||
	    c->spec->object[m->guest].kind != SPEC_GUEST)
		return check_fail(c, "mapping %u: goes neither into a component nor into a guest", index);
	if (m->address % SK_PAGE || m->address >= 1ul << SK_IPA_BITS)
		return check_fail(c, "mapping %u: guest address 0x%llx; expected a page below 0x%lx", index,
				  (unsigned long long)m->address, 1ul << SK_IPA_BITS);
	return check_string(c, "mapping", index, m->name);
}

static bool check_map_unique(struct check *c, uint32_t index)
{
	const struct spec_map *m = &c->spec->map[index];
	const char *name = spec_string(c->spec, m->name);

	for (uint32_t i = 0; i < index && m->guest == SPEC_NONE; i++) {
		const struct spec_map *o = &c->spec->map[i];

		if (o->component != m->component)
			continue;
		if (strcmp(spec_string(c->spec, o->name), name) == 0)
			return check_fail(c, "component \"%s\" gets two regions called \"%s\"",
					  component_name(c, m->component), name);
		if (m->address < o->address + layout_room(&c->spec->object[o->object]) &&
		    o->address < m->address + layout_room(&c->spec->object[m->object]))
			return check_fail(c, "component \"%s\": regions \"%s\" and \"%s\" need the same addresses",
					  component_name(c, m->component), spec_string(c->spec, o->name), name);
	}
	return m->guest != SPEC_NONE || check_map_address(c, index);
}

static bool check_map(struct check *c, uint32_t index)
{
	const struct spec_map *m = &c->spec->map[index];
	uint32_t all = SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC;
	const struct spec_object *o;
	const char *name;

	if (!check_map_target(c, index) || !check_object_index(c, "mapping", index, m->object))
		return false;
	o = &c->spec->object[m->object];
	name = spec_string(c->spec, o->name);
	if (o->kind != SPEC_MEMORY && o->kind != SPEC_FILE && o->kind != SPEC_DEVICE)
		return check_fail(c, "mapping %u: \"%s\" is a %s; expected memory, a file or a device", index, name,
				  spec_kind_name(o->kind));
	if (!(m->rights & SK_RIGHT_READ) || m->rights & ~all)
		return check_fail(c, "mapping of \"%s\": rights 0x%x; expected read, and write or exec", name, m->rights);
	if (o->kind == SPEC_FILE && m->rights != SK_RIGHT_READ)
		return check_fail(c, "mapping of \"%s\": a file is read-only", name);
	return check_map_unique(c, index);
}

bool check_maps(struct check *c)
{
	for (uint32_t i = 0; i < c->spec->maps; i++) {
		if (!check_map(c, i))
			return false;
	}
	return true;
}

/* A start page holds SK_START_NAMES names; a file's region brings its length as a parameter. */
static bool check_start_page(struct check *c, uint32_t component)
{
	const struct spec *s = c->spec;
	uint32_t names = 0, caps = 0;

	for (uint32_t i = 0; i < s->caps; i++)
		caps += s->cap[i].component == component;
	for (uint32_t i = 0; i < s->maps; i++) {
		if (s->map[i].component == component)
			names += s->object[s->map[i].object].kind == SPEC_FILE ? 2 : 1;
	}
	for (uint32_t i = 0; i < s->params; i++)
		names += s->param[i].component == component && s->param[i].kind != SPEC_PARAM_TEXT;
	if (names + caps > SK_START_NAMES)
		return check_fail(c, "component \"%s\": %u names, its start page holds %d", component_name(c, component),
				  names + caps, SK_START_NAMES);
	return true;
}

static bool check_param(struct check *c, uint32_t index)
{
	const struct spec_param *p = &c->spec->param[index];

	if (!check_component_index(c, "parameter", index, p->component) ||
	    !check_name(c, "parameter", index, p->key) || !check_string(c, "parameter", index, p->value))
		return false;
	if (p->kind < SPEC_PARAM_VALUE || p->kind > SPEC_PARAM_SEED)
		return check_fail(c, "parameter %u: kind %u is unknown", index, p->kind);
	return true;
}

bool check_params(struct check *c)
{
	for (uint32_t i = 0; i < c->spec->params; i++) {
		if (!check_param(c, i))
			return false;
	}
	for (uint32_t i = 0; i < c->spec->components; i++) {
		if (!check_start_page(c, i))
			return false;
	}
	return true;
}
