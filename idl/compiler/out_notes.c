/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The notes beside a spec: what root has no use for, for skerry-authority
 * (idl/authority/built.h). Lines of words; a place is SOURCE:OFFSET:LENGTH.
 *
 *   source PATH                         numbered from 0, as components and connections
 *   system PLACE NAME                   machine RAM CORES PLACE|-
 *   component PLACE TYPE                in the order of the spec
 *   object INDEX PLACE                  of a guest, a device, a slot
 *   stream OBJECT ID                    of a device's DMA at the board's IOMMU
 *   connection PLACE CONNECTOR NAME {OF PORT}...   the end behind `to` first
 *   made OBJECT CONNECTION              who made which object
 *   rule PLACE KIND OF-A-SLOT LINES COUNT {NAME PLACE}... TEXT
 */
#include "board.h"
#include "model.h"

static FILE *out;

static void put_place(struct place at)
{
	unsigned n = 0;

	for (const struct source *s = session.sources; s && s != at.source; s = s->next)
		n += !s->binary;
	if (at.source)
		fprintf(out, " %u:%u:%u", n, at.offset, at.length);
	else
		fputs(" -", out);
}

static void put_end(const struct terminal *t)
{
	fprintf(out, " %s %s", t->instance ? t->instance->name : t->device ? t->device->name.text : "system", t->port ? t->port->name.text : "-");
}

static void put_connection(const struct connection *c)
{
	fputs("connection", out);
	put_place(c->at);
	fprintf(out, " %s %s", connector_names[c->connector], c->name);
	if (c->to)
		put_end(c->to);
	for (const struct terminal *t = c->ends; t; t = t->next) {
		if (t != c->to)
			put_end(t);
	}
	fputc('\n', out);
}

static void put_made(const struct model *m)
{
	for (uint32_t i = 0; i < m->objects; i++) {
		unsigned n = 0;

		for (const struct connection *c = m->system->connections; c && c != m->made_by[i]; c = c->next)
			n++;
		if (m->made_by[i])
			fprintf(out, "made %u %u\n", i, n);
	}
}

static void put_rule(const struct rule *r)
{
	static const char *const kinds[] = { [RULE_DENY] = "deny", [RULE_ALLOW] = "allow", [RULE_ISOLATE] = "isolate",
					     [RULE_TCB] = "tcb", [RULE_NO_WRITE] = "no-write" };

	fputs("rule", out);
	put_place(r->at);
	fprintf(out, " %s %d %llu %u", kinds[r->kind], r->of_slot != NULL, (unsigned long long)r->lines, r->count);
	for (unsigned k = 0; k < r->count; k++) {
		fprintf(out, " %s", r->who[k].text);
		put_place(r->who[k].at);
	}
	fputc(' ', out);
	for (uint32_t i = 0; i < r->at.length; i++) {
		char c = r->at.source->text[r->at.offset + i];

		fputc(c == '\n' || c == '\r' ? ' ' : c, out);
	}
	fputc('\n', out);
}

static void put_object(uint32_t object, struct place at)
{
	fprintf(out, "object %u", object);
	put_place(at);
	fputc('\n', out);
}

void write_notes(const struct model *m, FILE *to)
{
	const struct system *s = m->system;

	out = to;
	for (const struct source *f = session.sources; f; f = f->next) {
		if (!f->binary)
			fprintf(out, "source %s\n", f->path);
	}
	fputs("system", out);
	put_place(s->at);
	fprintf(out, " %s\nmachine %llu %u", s->name, (unsigned long long)s->machine_ram, s->machine_cores);
	put_place(s->ram_at);
	fputc('\n', out);
	for (uint32_t i = 0; i < m->components; i++) {
		fputs("component", out);
		put_place(m->instance[i]->at);
		fprintf(out, " %s\n", m->instance[i]->decl->name.text);
	}
	for (const struct vm *vm = s->vms; vm; vm = vm->next)
		put_object(vm->object, vm->name.at);
	for (const struct device *d = s->devices; d; d = d->next) {
		put_object(d->object, d->name.at);
		for (uint32_t i = 0; d->found && i < d->found->streams; i++)
			fprintf(out, "stream %u %u\n", d->object, d->found->stream[i]);
	}
	for (const struct slot *slot = s->slots; slot; slot = slot->next)
		put_object(slot->object, slot->at);
	for (const struct connection *c = s->connections; c; c = c->next)
		put_connection(c);
	put_made(m);
	for (const struct rule *r = s->rules; r; r = r->next)
		put_rule(r);
}
