/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow.h"

#include <string.h>
#include "abi/skerry.h"

static struct flow *f;
static const struct built *b;
static const struct spec *s;

static void add_node(enum node_kind kind, const char *name, uint32_t index, struct place at)
{
	if (f->nodes == FLOW_NODES)
		error_at(at, "more than %d components, guests and devices", FLOW_NODES);
	f->node[f->nodes++] = (struct node){ kind, name, index, at };
}

static unsigned node_of(enum node_kind kind, uint32_t index)
{
	unsigned n = 0;

	while (n < f->nodes && (f->node[n].kind != kind || f->node[n].index != index))
		n++;
	return n;
}

static void add_edge(unsigned from, unsigned to, enum edge_kind kind, uint32_t object)
{
	if (from == to || from >= f->nodes || to >= f->nodes)
		return;
	for (unsigned i = 0; i < f->edges; i++) {
		const struct edge *e = &f->edge[i];

		if (e->from == from && e->to == to && e->kind == kind && e->object == object)
			return;
	}
	if (f->edges == FLOW_EDGES)
		error_at(b->at, "more than %d ways between components", FLOW_EDGES);
	f->edge[f->edges++] = (struct edge){ from, to, kind, object };
}

/* --- memory ----------------------------------------------------------------- */

static unsigned subject(const struct spec_map *map)
{
	return map->guest == SPEC_NONE ? node_of(NODE_COMPONENT, map->component) : node_of(NODE_GUEST, map->guest);
}

static enum edge_kind memory_kind(const struct spec_map *from, const struct spec_map *to)
{
	const struct connection *c = b->made_by[from->object];
	const char *connector = c ? c->connector : "";

	if (to->guest != SPEC_NONE)
		return EDGE_CONTROL;
	if (from->guest != SPEC_NONE)
		return EDGE_EXIT;
	if (same(connector, "Ring") || same(connector, "Virtio"))
		return EDGE_RING;
	if (same(connector, "RPC") && c->ends)
		return same(f->node[subject(from)].name, c->ends->of) ? EDGE_REPLY : EDGE_CALL;
	return EDGE_SHARED;
}

static void memory_edges(const struct spec_map *a)
{
	for (uint32_t i = 0; i < s->maps; i++) {
		const struct spec_map *to = &s->map[i];

		if (to->object == a->object && a->rights & SK_RIGHT_WRITE && to->rights & SK_RIGHT_READ)
			add_edge(subject(a), subject(to), memory_kind(a, to), a->object);
	}
}

static void device_edges(const struct spec_map *map)
{
	unsigned device = node_of(NODE_DEVICE, spec_device(s, map->object));

	if (map->rights & SK_RIGHT_WRITE)
		add_edge(subject(map), device, EDGE_DRIVE, map->object);
	add_edge(device, subject(map), EDGE_INPUT, map->object);
}

static void map_edges(void)
{
	for (uint32_t i = 0; i < s->maps; i++) {
		if (s->object[s->map[i].object].kind == SPEC_DEVICE)
			device_edges(&s->map[i]);
		else if (s->object[s->map[i].object].kind == SPEC_MEMORY)
			memory_edges(&s->map[i]);
	}
}

/* Without an IOMMU a device that masters the bus reads and writes all memory. */
static void dma_edges(void)
{
	for (unsigned d = 0; d < f->nodes; d++) {
		if (f->node[d].kind != NODE_DEVICE || !(s->object[f->node[d].index].flags & SPEC_MASTER))
			continue;
		for (unsigned n = 0; n < f->nodes; n++) {
			if (f->node[n].kind == NODE_DEVICE)
				continue;
			add_edge(d, n, EDGE_DMA, f->node[d].index);
			add_edge(n, d, EDGE_DMA_READ, f->node[d].index);
		}
	}
}

/* --- capabilities ----------------------------------------------------------------- */

/* By capability and component: it has it, or may be given it. */
static bool has[SPEC_CAPS_MAX][SPEC_COMPONENTS_MAX];

static bool serves(uint32_t component, uint32_t endpoint)
{
	for (uint32_t i = 0; i < s->caps; i++) {
		if (has[i][component] && s->cap[i].object == endpoint && s->cap[i].rights & SK_RIGHT_SERVE)
			return true;
	}
	return false;
}

/* All that FROM has, TO may have. An irq cannot be copied. */
static bool give_all(uint32_t from, uint32_t to)
{
	bool changed = false;

	for (uint32_t i = 0; i < s->caps; i++) {
		if (!has[i][from] || has[i][to] || s->object[s->cap[i].object].kind == SPEC_IRQ)
			continue;
		has[i][to] = changed = true;
	}
	return changed;
}

static void spread(void)
{
	bool changed = true;

	memset(has, 0, sizeof(has));
	for (uint32_t i = 0; i < s->caps; i++)
		has[i][s->cap[i].component] = true;
	while (changed) {
		changed = false;
		for (uint32_t i = 0; i < s->caps; i++) {
			uint32_t flags = s->object[s->cap[i].object].kind == SPEC_ENDPOINT ? s->object[s->cap[i].object].flags : 0;

			if (!(flags & (SPEC_TAKES | SPEC_GIVES)) || !(s->cap[i].rights & SK_RIGHT_CALL))
				continue;
			for (uint32_t client = 0; client < s->components; client++) {
				for (uint32_t server = 0; has[i][client] && server < s->components; server++) {
					if (client == server || !serves(server, s->cap[i].object))
						continue;
					changed |= flags & SPEC_TAKES && give_all(client, server);
					changed |= flags & SPEC_GIVES && give_all(server, client);
				}
			}
		}
	}
}

static void signal_edges(unsigned from, uint32_t notification, enum edge_kind kind, uint32_t object)
{
	uint32_t bound = s->object[notification].ref;

	for (uint32_t i = 0; i < s->caps; i++) {
		if (s->cap[i].object != notification || !(s->cap[i].rights & SK_RIGHT_WAIT))
			continue;
		for (uint32_t c = 0; c < s->components; c++) {
			if (has[i][c])
				add_edge(from, node_of(NODE_COMPONENT, c), kind, object);
		}
	}
	if (bound != SPEC_NONE)
		add_edge(from, node_of(NODE_COMPONENT, s->object[bound].owner), kind, object);
}

static void call_edges(unsigned client, uint32_t endpoint)
{
	for (uint32_t c = 0; c < s->components; c++) {
		unsigned server = node_of(NODE_COMPONENT, c);

		if (!serves(c, endpoint))
			continue;
		add_edge(client, server, EDGE_CALL, endpoint);
		add_edge(server, client, EDGE_REPLY, endpoint);
		if (s->object[endpoint].flags & SPEC_TAKES)
			add_edge(client, server, EDGE_GIVE, endpoint);
		if (s->object[endpoint].flags & SPEC_GIVES)
			add_edge(server, client, EDGE_LEND, endpoint);
	}
}

static void cap_edges(const struct spec_cap *c, uint32_t component)
{
	const struct spec_object *o = &s->object[c->object];
	unsigned holder = node_of(NODE_COMPONENT, component);

	switch (o->kind) {
	case SPEC_ENDPOINT:
		if (c->rights & SK_RIGHT_CALL)
			call_edges(holder, c->object);
		break;
	case SPEC_NOTIFICATION:
		if (c->rights & SK_RIGHT_SIGNAL)
			signal_edges(holder, c->object, EDGE_SIGNAL, c->object);
		break;
	case SPEC_VCPU:
		if (c->rights & SK_RIGHT_WRITE)
			add_edge(holder, node_of(NODE_GUEST, o->ref), EDGE_CONTROL, c->object);
		add_edge(node_of(NODE_GUEST, o->ref), holder, EDGE_EXIT, c->object);
		break;
	case SPEC_CNODE:
	case SPEC_THREAD:
		if (c->rights & SK_RIGHT_WRITE)
			add_edge(holder, node_of(NODE_COMPONENT, o->owner), EDGE_CONTROL, c->object);
		break;
	case SPEC_SLOT: /* as if all instances were there */
		for (uint32_t i = 0; i < s->components; i++) {
			if (s->component[i].slot == c->object) {
				add_edge(holder, node_of(NODE_COMPONENT, i), EDGE_LIFE, c->object);
				add_edge(node_of(NODE_COMPONENT, i), holder, EDGE_SIGNAL, c->object);
			}
		}
		break;
	case SPEC_CONTROL: /* of everybody, and it hears how they fare */
		for (uint32_t i = 0; i < s->components; i++) {
			add_edge(holder, node_of(NODE_COMPONENT, i), EDGE_LIFE, c->object);
			add_edge(node_of(NODE_COMPONENT, i), holder, EDGE_SIGNAL, c->object);
		}
		break;
	case SPEC_IRQ:
		add_edge(holder, node_of(NODE_DEVICE, o->ref), EDGE_DRIVE, c->object);
		signal_edges(node_of(NODE_DEVICE, o->ref), o->ref2, EDGE_INPUT, c->object);
		break;
	default:
		break;
	}
}

struct flow *flow_make(const struct built *built)
{
	f = NEW(struct flow);
	b = f->built = built;
	s = &b->spec;
	for (uint32_t i = 0; i < s->components; i++)
		add_node(NODE_COMPONENT, spec_component_name(s, i), i, b->component_at[i]);
	for (enum node_kind kind = NODE_GUEST; kind <= NODE_DEVICE; kind++) {
		for (uint32_t i = 0; i < s->objects; i++) {
			if (s->object[i].kind == (kind == NODE_GUEST ? SPEC_GUEST : SPEC_DEVICE) && spec_device(s, i) == i)
				add_node(kind, spec_object_name(s, i), i, b->object_at[i]);
		}
	}
	map_edges();
	spread();
	for (uint32_t i = 0; i < s->caps; i++) {
		for (uint32_t c = 0; c < s->components; c++) {
			if (has[i][c])
				cap_edges(&s->cap[i], c);
		}
	}
	dma_edges();
	return f;
}

unsigned flow_find(const struct flow *g, const char *name, struct place at)
{
	const char *list = "";

	for (unsigned n = 0; n < g->nodes; n++) {
		if (same(g->node[n].name, name))
			return n;
		list = idl_text("%s%s%s", list, *list ? ", " : "", g->node[n].name);
	}
	if (at.source)
		error_at(at, "there is no component, guest or device \"%s\"; there are: %s", name, list);
	error_out("there is no component, guest or device \"%s\"; there are: %s", name, list);
}

/* --- words ------------------------------------------------------------------------ */

/* What the DMA connections between both ends of E name. */
static const char *dma_names(const struct flow *g, const struct edge *e)
{
	const char *names = "";
	unsigned device = g->node[e->from].kind == NODE_DEVICE ? e->from : e->to, other = device == e->from ? e->to : e->from;

	for (const struct connection *c = g->built->connections; c; c = c->next) {
		if (!same(c->connector, "DMA") || !c->ends || !same(c->ends->of, g->node[device].name))
			continue;
		for (const struct end *t = c->ends->next; t; t = t->next) {
			if (same(t->of, g->node[other].name))
				names = idl_text("%s%s%s.%s", names, *names ? ", " : "", t->of, t->port);
		}
	}
	return names;
}

const char *edge_words(const struct flow *g, const struct edge *e)
{
	static const char *const words[EDGE_KINDS] = {
		[EDGE_CALL] = "arguments of calls", [EDGE_REPLY] = "results of calls", [EDGE_GIVE] = "capabilities in calls", [EDGE_LEND] = "capabilities in replies",
		[EDGE_SIGNAL] = "signals",
		[EDGE_SHARED] = "writes shared memory", [EDGE_RING] = "writes into the ring",
		[EDGE_CONTROL] = "controls its memory or registers", [EDGE_EXIT] = "exits, and all of its RAM",
		[EDGE_LIFE] = "makes and ends it", [EDGE_DRIVE] = "drives the device", [EDGE_INPUT] = "input of the device",
		[EDGE_DMA] = "writes by DMA with no IOMMU in front", [EDGE_DMA_READ] = "read by DMA with no IOMMU in front",
	};
	const struct connection *c = g->built->made_by[e->object];
	const struct spec *spec = &g->built->spec;
	const char *meant = e->kind == EDGE_DMA || e->kind == EDGE_DMA_READ ? dma_names(g, e) : "";

	if (c)
		return idl_text("%s, %s %s", words[e->kind], c->connector, c->name);
	return idl_text("%s%s%s, %s %s", words[e->kind], *meant ? ", meant for " : "", meant, spec_kind_name(spec->object[e->object].kind),
			spec_object_name(spec, e->object));
}

struct place edge_place(const struct flow *g, const struct edge *e)
{
	const struct connection *c = g->built->made_by[e->object];

	for (const struct connection *o = g->built->connections; !c && o; o = o->next) {
		bool from = false, to = false;

		for (const struct end *t = o->ends; t; t = t->next) {
			from |= same(t->of, g->node[e->from].name);
			to |= same(t->of, g->node[e->to].name);
		}
		c = from && to ? o : NULL;
	}
	return c ? c->at : g->node[e->to].at;
}

/* --- closure ----------------------------------------------------------------------- */

static bool allowed(const struct flow *g, const struct edge *e)
{
	for (const struct rule *r = g->built->rules; r; r = r->next) {
		if (r->kind == RULE_ALLOW && same(r->who[0].text, g->node[e->from].name) && same(r->who[1].text, g->node[e->to].name))
			return true;
	}
	return false;
}

/* Breadth first, so the path is a shortest one. */
unsigned flow_path(const struct flow *g, unsigned from, unsigned to, const struct edge **path)
{
	const struct edge *by[FLOW_NODES] = { 0 };
	unsigned queue[FLOW_NODES], head = 0, tail = 0, length = 0;
	bool seen[FLOW_NODES] = { false };

	queue[tail++] = from;
	seen[from] = true;
	while (head < tail && !by[to]) {
		unsigned n = queue[head++];

		for (unsigned i = 0; i < g->edges; i++) {
			const struct edge *e = &g->edge[i];

			if (e->from != n || seen[e->to] || allowed(g, e))
				continue;
			seen[e->to] = true;
			by[e->to] = e;
			queue[tail++] = e->to;
		}
	}
	for (unsigned n = to; n != from && by[n]; n = by[n]->from)
		length++;
	for (unsigned n = to, i = length; i > 0; n = by[n]->from)
		path[--i] = by[n];
	return length;
}

void flow_print(const struct flow *g, FILE *out)
{
	const struct edge *path[FLOW_NODES];

	for (unsigned from = 0; from < g->nodes; from++) {
		for (unsigned to = 0; to < g->nodes; to++) {
			if (from != to && flow_path(g, from, to, path))
				fprintf(out, "%s -> %s\n", g->node[from].name, g->node[to].name);
		}
	}
}
