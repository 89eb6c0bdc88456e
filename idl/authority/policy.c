/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of the policy block, against the flow graph. */
#include "flow.h"

/* One violation: who, and the path, of which `assert no write` has one edge. */
struct violation {
	unsigned from, to, length;
	const struct edge *path[FLOW_NODES];
};

static bool reaches(const struct flow *f, const struct named *a, const struct named *b, struct violation *v)
{
	v->from = flow_find(f, a->text, a->at);
	v->to = flow_find(f, b->text, b->at);
	if (v->from == v->to)
		error_at(b->at, "\"%s\" twice in one rule; everything reaches itself", b->text);
	v->length = flow_path(f, v->from, v->to, v->path);
	return v->length > 0;
}

/* A direct way for A to change memory or registers of B, with B not asked. */
static bool writes(const struct flow *f, const struct named *a, const struct named *b, struct violation *v)
{
	v->from = flow_find(f, a->text, a->at);
	v->to = flow_find(f, b->text, b->at);
	v->length = 0;
	for (unsigned i = 0; i < f->edges; i++) {
		const struct edge *e = &f->edge[i];

		if (e->from == v->from && e->to == v->to &&
		    (e->kind == EDGE_SHARED || e->kind == EDGE_CONTROL || e->kind == EDGE_DMA || e->kind == EDGE_DRIVE)) {
			v->path[0] = e;
			v->length = 1;
			return true;
		}
	}
	return false;
}

static bool isolated(const struct flow *f, const struct rule *r, struct violation *v)
{
	for (unsigned a = 0; a < r->count; a++) {
		for (unsigned b = 0; b < r->count; b++) {
			if (a != b && reaches(f, &r->who[a], &r->who[b], v))
				return false;
		}
	}
	return true;
}

/* An exception that excepts nothing is a mistake. */
static void check_allow(const struct flow *f, const struct rule *r)
{
	unsigned from = flow_find(f, r->who[0].text, r->who[0].at), to = flow_find(f, r->who[1].text, r->who[1].at);

	for (unsigned i = 0; i < f->edges; i++) {
		if (f->edge[i].from == from && f->edge[i].to == to)
			return;
	}
	error_at(r->at, "there is no direct flow from %s to %s to allow", f->node[from].name, f->node[to].name);
}

static bool violated(const struct flow *f, const struct rule *r, struct violation *v)
{
	switch (r->kind) {
	case RULE_DENY:
		return reaches(f, &r->who[0], &r->who[1], v);
	case RULE_NO_WRITE:
		return writes(f, &r->who[0], &r->who[1], v);
	case RULE_ISOLATE:
		return !isolated(f, r, v);
	case RULE_ALLOW:
		check_allow(f, r);
		return false;
	default:
		flow_find(f, r->who[0].text, r->who[0].at);
		return false; /* TCB: needs the weights of the built images */
	}
}

void policy_enforce(const struct flow *f)
{
	struct violation v;

	for (const struct rule *r = f->built->rules; r; r = r->next) {
		if (!violated(f, r, &v))
			continue;
		for (unsigned i = 0; i < v.length; i++)
			also_at(edge_place(f, v.path[i]), "%s -> %s: %s", f->node[v.path[i]->from].name, f->node[v.path[i]->to].name,
				edge_words(f, v.path[i]));
		error_at(r->at, "the policy is violated: %s %s %s", f->node[v.from].name, r->kind == RULE_NO_WRITE ? "can write" : "can reach",
			 f->node[v.to].name);
	}
}

static const char *rule_text(const struct rule *r)
{
	const char *text = r->text;

	for (unsigned k = 0; r->of_slot && k < r->count; k++)
		text = idl_text("%s%s%s", text, k ? ", " : "  for ", r->who[k].text);
	return text;
}

static bool report_tcb(const struct flow *f, const struct rule *r, const struct weights *w, FILE *out)
{
	uint64_t lines;

	if (!tcb_lines(f, flow_find(f, r->who[0].text, r->who[0].at), w, &lines)) {
		fprintf(out, "unknown   %s  (the images are not built)\n", rule_text(r));
		return false;
	}
	fprintf(out, "%-9s %s  (%llu lines)\n", lines <= r->lines ? "holds" : "VIOLATED", rule_text(r), (unsigned long long)lines);
	return lines > r->lines;
}

unsigned policy_report(const struct flow *f, const struct weights *w, FILE *out)
{
	unsigned violations = 0, rules = 0;
	struct violation v;

	for (const struct rule *r = f->built->rules; r; r = r->next, rules++) {
		if (r->kind == RULE_TCB) {
			violations += report_tcb(f, r, w, out);
			continue;
		}
		if (!violated(f, r, &v)) {
			fprintf(out, "%-9s %s\n", r->kind == RULE_ALLOW ? "assumed" : "holds", rule_text(r));
			continue;
		}
		violations++;
		fprintf(out, "VIOLATED  %s\n", rule_text(r));
		for (unsigned i = 0; i < v.length; i++)
			fprintf(out, "            %s -> %s: %s\n", f->node[v.path[i]->from].name, f->node[v.path[i]->to].name,
				edge_words(f, v.path[i]));
	}
	fprintf(out, "%u rules, %u violated.\n"
		"These verdicts are about capabilities and mappings as the system spec gives them. They do not cover\n"
		"timing and caches, what a server keeps from one client to the next beyond counting it as a flow,\n"
		"exhaustion of memory (nothing is allocated between components at run time), and errors of\n"
		"kernel, loader and root, which every component trusts.\n", rules, violations);
	return violations;
}
