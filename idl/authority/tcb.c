/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom a component or guest must trust.
 *
 * Integrity: who controls it, serves it (it relies on the answers), writes raw
 * memory that it reads, or does DMA unchecked; and whom those must trust in the
 * same way, and who makes and ends it (of a device: whoever drives it, so the driver of a device that does
 * DMA with no IOMMU in front is in everybody's set). Peers behind a ring or a signal are not in it: what they send is
 * checked when it is read. Clients are not: arguments are checked by the stub.
 *
 * Confidentiality: who controls it (they see all), and who receives data from
 * it or from those: they see what is sent to them, and so does who controls them.
 *
 * Kernel, loader and root are in everybody's set.
 */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

struct weights {
	struct weights *next;
	char *image;
	uint64_t lines, bytes;
};

static const char *const always[] = { "kernel", "loader", "root" };

struct weights *weights_read(const char *path)
{
	struct weights *list = NULL;
	FILE *in = path ? fopen(path, "r") : NULL;
	char image[64];
	unsigned long long lines, bytes;

	if (path && !in)
		error_out("%s: cannot be read", path);
	while (in && fscanf(in, "%63s %llu %llu", image, &lines, &bytes) == 3) {
		struct weights *w = NEW(struct weights);

		*w = (struct weights){ list, idl_text("%s", image), lines, bytes };
		list = w;
	}
	if (in)
		fclose(in);
	return list;
}

bool weight_of(const struct weights *w, const char *image, uint64_t *lines, uint64_t *bytes)
{
	for (; w; w = w->next) {
		if (same(w->image, image)) {
			*lines = w->lines;
			*bytes = w->bytes;
			return true;
		}
	}
	return false;
}

/* E makes its source trusted for the integrity of its target. */
static bool relied_on(const struct edge *e)
{
	return e->kind == EDGE_CONTROL || e->kind == EDGE_REPLY || e->kind == EDGE_SHARED || e->kind == EDGE_DMA ||
	       e->kind == EDGE_INPUT || e->kind == EDGE_DRIVE || e->kind == EDGE_LIFE;
}

static bool controls(const struct edge *e)
{
	return e->kind == EDGE_CONTROL || e->kind == EDGE_DMA || e->kind == EDGE_DRIVE;
}

/* A device that is trusted already does not hand what it reads to whom it can write to. */
static bool carries_data(const struct edge *e)
{
	return e->kind != EDGE_SIGNAL && e->kind != EDGE_LIFE && e->kind != EDGE_DMA;
}

/* Adds, until nothing changes, the sources of edges of KIND into the set WHY. */
static void close_over(const struct flow *f, unsigned node, struct trust *t, unsigned why, bool (*kind)(const struct edge *))
{
	for (bool changed = true; changed; ) {
		changed = false;
		for (unsigned i = 0; i < f->edges; i++) {
			const struct edge *e = &f->edge[i];

			if ((e->to != node && !(t[e->to].why & why)) || e->from == node || t[e->from].why & why || !kind(e))
				continue;
			t[e->from].why |= why;
			*(why == TCB_INTEGRITY ? &t[e->from].integrity : &t[e->from].confidentiality) = e;
			changed = true;
		}
	}
}

void tcb_of(const struct flow *f, unsigned node, struct trust *t)
{
	bool holds[FLOW_NODES];

	memset(t, 0, f->nodes * sizeof(*t));
	close_over(f, node, t, TCB_INTEGRITY, relied_on);
	close_over(f, node, t, TCB_CONFIDENTIALITY, controls);
	for (unsigned n = 0; n < f->nodes; n++)
		holds[n] = n == node || t[n].why & TCB_CONFIDENTIALITY;
	for (unsigned i = 0; i < f->edges; i++) {
		const struct edge *e = &f->edge[i];

		if (!holds[e->from] || e->to == node || t[e->to].why & TCB_CONFIDENTIALITY || !carries_data(e))
			continue;
		t[e->to].why |= TCB_CONFIDENTIALITY;
		t[e->to].confidentiality = e;
	}
	close_over(f, node, t, TCB_CONFIDENTIALITY, controls);
}

static const char *image_of(const struct flow *f, unsigned node)
{
	const struct spec *s = &f->built->spec;

	return f->node[node].kind == NODE_COMPONENT ? spec_string(s, s->component[f->node[node].index].image) : NULL;
}

/* Code that several instances run is counted once. */
static bool counted(const struct flow *f, const struct trust *t, unsigned node, unsigned why)
{
	for (unsigned n = 0; n < node; n++) {
		if (t[n].why & why && image_of(f, n) && image_of(f, node) && same(image_of(f, n), image_of(f, node)))
			return true;
	}
	return false;
}

static bool add_weight(const struct weights *w, const char *image, uint64_t *lines, uint64_t *bytes)
{
	uint64_t l, b;

	if (!weight_of(w, image, &l, &b))
		return false;
	*lines += l;
	*bytes += b;
	return true;
}

static bool sum(const struct flow *f, const struct trust *t, unsigned why, const struct weights *w, uint64_t *lines,
		uint64_t *bytes)
{
	bool known = true;

	*lines = *bytes = 0;
	for (unsigned i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		known &= add_weight(w, always[i], lines, bytes);
	for (unsigned n = 0; n < f->nodes; n++) {
		if (t[n].why & why && image_of(f, n) && !counted(f, t, n, why))
			known &= add_weight(w, image_of(f, n), lines, bytes);
	}
	return known;
}

bool tcb_lines(const struct flow *f, unsigned node, const struct weights *w, uint64_t *lines)
{
	struct trust t[FLOW_NODES];
	uint64_t bytes;

	tcb_of(f, node, t);
	return sum(f, t, TCB_INTEGRITY, w, lines, &bytes);
}

static void weight_words(const struct weights *w, const char *image, FILE *out)
{
	uint64_t lines, bytes;

	if (image && weight_of(w, image, &lines, &bytes))
		fprintf(out, " %7llu lines %8llu bytes", (unsigned long long)lines, (unsigned long long)bytes);
	else
		fprintf(out, " %7s       %8s      ", "", "");
}

static void report_set(const struct flow *f, const struct trust *t, unsigned why, const struct weights *w, FILE *out)
{
	uint64_t lines, bytes;

	for (unsigned i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
		fprintf(out, "    %-20s", always[i]);
		weight_words(w, always[i], out);
		fputs("  everybody's\n", out);
	}
	for (unsigned n = 0; n < f->nodes; n++) {
		const struct edge *e = why == TCB_INTEGRITY ? t[n].integrity : t[n].confidentiality;
		bool receives;

		if (!(t[n].why & why))
			continue;
		receives = e->to == n;
		fprintf(out, "    %-20s", f->node[n].name);
		weight_words(w, image_of(f, n), out);
		fprintf(out, "  %s%s: %s\n", receives ? "is sent data by " : "for ", f->node[receives ? e->from : e->to].name, edge_words(f, e));
	}
	if (sum(f, t, why, w, &lines, &bytes))
		fprintf(out, "    %-20s %7llu lines %8llu bytes  in all, each image once\n", "", (unsigned long long)lines,
			(unsigned long long)bytes);
}

static void report_one(const struct flow *f, unsigned node, const struct weights *w, FILE *out)
{
	struct trust t[FLOW_NODES];

	tcb_of(f, node, t);
	fprintf(out, "%s\n  must trust for its integrity\n", f->node[node].name);
	report_set(f, t, TCB_INTEGRITY, w, out);
	fputs("  must trust for its confidentiality\n", out);
	report_set(f, t, TCB_CONFIDENTIALITY, w, out);
	for (unsigned n = 0; n < f->nodes; n++) {
		const char *streams = f->node[n].kind == NODE_DEVICE ? f->built->streams[f->node[n].index] : NULL;

		if (f->node[n].kind != NODE_DEVICE || !(f->built->spec.object[f->node[n].index].flags & SPEC_MASTER))
			continue;
		fprintf(out, "  Device %s does DMA with no IOMMU in front: it, and whoever drives it, reaches all memory.\n", f->node[n].name);
		if (streams)
			fprintf(out, "  (The board has an IOMMU for it, stream %s, which nothing drives yet.)\n", streams);
	}
}

void tcb_report(const struct flow *f, unsigned node, const struct weights *w, FILE *out)
{
	for (unsigned n = 0; n < f->nodes; n++) {
		if (n == node || (node == f->nodes && f->node[n].kind != NODE_DEVICE))
			report_one(f, n, w, out);
	}
}
