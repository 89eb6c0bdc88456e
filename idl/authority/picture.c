/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system as a picture: guests, VMMs, components and devices in columns, a
 * line for each pair that is connected. As SVG, or as a page that shows the
 * capabilities and the trusted set of the box that is clicked.
 */
#include "flow.h"

#include <stdlib.h>
#include <string.h>
#include "abi/skerry.h"

#define BOX_W  210
#define BOX_H  52
#define STEP_X 390
#define STEP_Y 104
#define EDGE_X 40
#define EDGE_Y 70

enum column { COLUMN_GUEST, COLUMN_VMM, COLUMN_COMPONENT, COLUMN_DEVICE, COLUMNS };

struct layout {
	int x[FLOW_NODES], y[FLOW_NODES];
	int width, height;
};

static enum column column_of(const struct flow *f, const struct node *n)
{
	const struct spec *s = &f->built->spec;

	if (n->kind == NODE_GUEST)
		return COLUMN_GUEST;
	if (n->kind == NODE_DEVICE)
		return COLUMN_DEVICE;
	for (uint32_t i = 0; i < s->objects; i++) {
		if (s->object[i].kind == SPEC_GUEST && s->object[i].owner == n->index)
			return COLUMN_VMM;
	}
	return COLUMN_COMPONENT;
}

/* Empty columns take no room. */
static void lay_out(const struct flow *f, struct layout *l)
{
	int rows[COLUMNS] = { 0 }, at[COLUMNS], columns = 0, most = 1;

	for (unsigned n = 0; n < f->nodes; n++)
		rows[column_of(f, &f->node[n])]++;
	for (int c = 0; c < COLUMNS; c++) {
		at[c] = columns;
		columns += rows[c] > 0;
		most = rows[c] > most ? rows[c] : most;
		rows[c] = 0;
	}
	for (unsigned n = 0; n < f->nodes; n++) {
		enum column c = column_of(f, &f->node[n]);

		l->x[n] = EDGE_X + at[c] * STEP_X;
		l->y[n] = EDGE_Y + rows[c]++ * STEP_Y + (c % 2) * 26;
	}
	l->width = EDGE_X * 2 + (columns - 1) * STEP_X + BOX_W;
	l->height = EDGE_Y + most * STEP_Y + 40;
}

/* Text that came from a string of the source. */
static void escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
			fprintf(out, "&#%d;", *text);
		else
			fputc((unsigned char)*text < 32 ? ' ' : *text, out);
	}
}

/* Its RAM it may write; its flash it may not. */
static uint64_t guest_ram(const struct spec *s, uint32_t guest)
{
	for (uint32_t i = 0; i < s->maps; i++) {
		if (s->map[i].guest == guest && s->object[s->map[i].object].kind == SPEC_MEMORY && s->map[i].rights & SK_RIGHT_WRITE)
			return s->object[s->map[i].object].bytes;
	}
	return 0;
}

static void draw_box(const struct flow *f, const struct layout *l, unsigned n, FILE *out)
{
	static const char *const kind[] = { [NODE_COMPONENT] = "component", [NODE_GUEST] = "guest", [NODE_DEVICE] = "device" };
	const struct node *node = &f->node[n];
	const struct spec *s = &f->built->spec;

	fprintf(out, "<g class=\"node %s\" data-node=\"%u\" tabindex=\"0\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>",
		kind[node->kind], n, l->x[n], l->y[n], BOX_W, BOX_H, node->kind == NODE_DEVICE ? 2 : 9);
	fprintf(out, "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text><text class=\"sub\" x=\"%d\" y=\"%d\">", l->x[n] + BOX_W / 2,
		l->y[n] + 22, node->name, l->x[n] + BOX_W / 2, l->y[n] + 40);
	if (node->kind == NODE_COMPONENT) {
		const struct spec_object *t = &s->object[s->component[node->index].thread];

		fprintf(out, "%s, core %u, priority %u%s", f->built->type[node->index], t->core, t->priority,
			s->component[node->index].slot != SPEC_NONE ? ", in a slot" : "");
	} else if (node->kind == NODE_GUEST) {
		fprintf(out, "guest, %llu MiB, %u vCPU", (unsigned long long)guest_ram(s, node->index) >> 20, built_vcpus(s, node->index));
	} else {
		escaped(spec_string(s, s->object[node->index].text), out);
		fputs(s->object[node->index].flags & SPEC_MASTER ? ", DMA" : "", out);
	}
	fputs("</text></g>\n", out);
}

/* Names of the connections between A and B; *there, *back: whether anything flows each way. */
static const char *between(const struct flow *f, unsigned a, unsigned b, bool *there, bool *back)
{
	const struct connection *shown[8];
	const char *text = "";
	unsigned count = 0;

	*there = *back = false;
	for (unsigned i = 0; i < f->edges; i++) {
		const struct edge *e = &f->edge[i];
		const struct connection *c = f->built->made_by[e->object];
		unsigned k = 0;

		if (!((e->from == a && e->to == b) || (e->from == b && e->to == a)))
			continue;
		*(e->from == a ? there : back) = true;
		while (k < count && shown[k] != c)
			k++;
		if (!c || k < count || count == 8)
			continue;
		shown[count++] = c;
		text = idl_text("%s%s%s %s", text, *text ? ", " : "", c->connector, c->name);
	}
	return text;
}

/* Nothing but the DMA that no IOMMU stops. */
static bool only_dma(const struct flow *f, unsigned a, unsigned b)
{
	for (unsigned i = 0; i < f->edges; i++) {
		const struct edge *e = &f->edge[i];

		if (((e->from == a && e->to == b) || (e->from == b && e->to == a)) && e->kind != EDGE_DMA &&
		    e->kind != EDGE_DMA_READ)
			return false;
	}
	return true;
}

/* Labels that are drawn already, as boxes around their middle. */
static struct { int x, y, half; } label[FLOW_NODES * FLOW_NODES / 2];
static unsigned labels;

#define LABEL_CHAR 6   /* width of a character, generously */
#define LABEL_LINE 13

static bool is_free(const struct flow *f, const struct layout *l, int x, int y, int half)
{
	for (unsigned i = 0; i < labels; i++) {
		if (abs(label[i].y - y) < LABEL_LINE && abs(label[i].x - x) < label[i].half + half)
			return false;
	}
	for (unsigned n = 0; n < f->nodes; n++) {
		if (y > l->y[n] - 2 && y < l->y[n] + BOX_H + LABEL_LINE && x + half > l->x[n] && x - half < l->x[n] + BOX_W)
			return false;
	}
	return true;
}

/* Somewhere along the line from (x1, y1) to (x2, y2), the middle first, where it covers neither a label nor a box. */
static void place_label(const struct flow *f, const struct layout *l, const char *text, int x1, int y1, int x2, int y2, int *x, int *y)
{
	int half = (int)strlen(text) * LABEL_CHAR / 2 + 4, part = 50;

	for (int step = 0; step < 60; step++) {
		part = 50 + (step % 2 ? 1 : -1) * (step + 1) / 2 * 3 % 43;
		*x = x1 + (x2 - x1) * part / 100;
		*y = y1 + (y2 - y1) * part / 100 - 6 + (step / 29) * (step % 2 ? LABEL_LINE : -LABEL_LINE);
		if (is_free(f, l, *x, *y, half))
			break;
	}
	if (labels < sizeof(label) / sizeof(label[0])) {
		label[labels].x = *x;
		label[labels].y = *y;
		label[labels++].half = half;
	}
}

static void draw_line(const struct flow *f, const struct layout *l, unsigned a, unsigned b, FILE *out)
{
	bool column = l->x[a] == l->x[b];
	int x1 = l->x[a] + BOX_W, y1 = l->y[a] + BOX_H / 2, x2 = l->x[b], y2 = l->y[b] + BOX_H / 2, bend = (x2 - x1) / 2;
	bool there, back;
	const char *text = between(f, a, b, &there, &back);
	int x = 0, y = 0;

	if (!there && !back)
		return;
	if (column) { /* around the right side */
		x2 = x1;
		bend = 60;
	}
	if (!*text)
		text = f->node[a].kind == NODE_GUEST && !only_dma(f, a, b) ? "RAM, vCPU" : "";
	fprintf(out, "<g class=\"line%s\" data-a=\"%u\" data-b=\"%u\"><path d=\"M%d %dC%d %d %d %d %d %d\"%s%s/>",
		only_dma(f, a, b) ? " dma" : "", a, b, x1, y1, x1 + bend, y1,
		column ? x2 + bend : x2 - bend, y2, x2, y2, there ? " marker-end=\"url(#tip)\"" : "",
		back ? " marker-start=\"url(#tip)\"" : "");
	if (*text)
		place_label(f, l, text, column ? x1 + bend * 3 / 4 : x1, y1, column ? x1 + bend * 3 / 4 : x2, y2, &x, &y);
	fprintf(out, "<text x=\"%d\" y=\"%d\">%s</text></g>\n", x, y, text);
}

void picture_svg(const struct flow *f, FILE *out)
{
	struct layout l;

	lay_out(f, &l);
	labels = 0;
	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">\n",
		l.width, l.height, l.width, l.height);
	fputs("<style>.node rect{stroke:#245;stroke-width:1.5;fill:#e8f0f8}.guest rect{fill:#fdeccb}.device rect{fill:#e4e4e4}"
	      ".name{font-size:15px;font-weight:bold;text-anchor:middle}.sub{font-size:11px;text-anchor:middle;fill:#445}"
	      ".line path{fill:none;stroke:#567;stroke-width:1.4}.line text{font-size:11px;text-anchor:middle;fill:#333}"
	      ".title{font-size:18px;font-weight:bold}.node.on rect{stroke:#c30;stroke-width:3}.line.on path{stroke:#c30;stroke-width:2.2}"
	      ".line.dma path{stroke:#b55;stroke-dasharray:2 5;stroke-width:1}.line.off{opacity:.15}</style>\n"
	      "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" "
	      "orient=\"auto-start-reverse\"><path d=\"M0 0L10 5L0 10z\" fill=\"#567\"/></marker></defs>\n", out);
	fprintf(out, "<text class=\"title\" x=\"%d\" y=\"34\">%s</text>\n", EDGE_X, f->built->name);
	for (unsigned a = 0; a < f->nodes; a++) {
		for (unsigned b = 0; b < f->nodes; b++) {
			if (l.x[a] < l.x[b] || (l.x[a] == l.x[b] && a < b))
				draw_line(f, &l, a, b, out);
		}
	}
	for (unsigned n = 0; n < f->nodes; n++)
		draw_box(f, &l, n, out);
	fputs("</svg>\n", out);
}

/* --- the page --------------------------------------------------------------------- */

static const char *words(uint32_t rights)
{
	return print_words(rights, idl_alloc(PRINT_ROOM));
}

static void row(const char *a, const char *b, const char *c, FILE *out)
{
	fputs("<tr><td>", out);
	escaped(a, out);
	fputs("<td>", out);
	escaped(b, out);
	fputs("<td>", out);
	escaped(c, out);
	fputs("\n", out);
}

static void page_capabilities(const struct flow *f, const struct node *n, FILE *out)
{
	const struct spec *s = &f->built->spec;

	fputs("<h3>Capabilities and mappings</h3><table><tr><th>name there<th>object<th>rights\n", out);
	for (uint32_t i = 0; i < s->caps; i++) {
		if (n->kind == NODE_COMPONENT && s->cap[i].component == n->index)
			row(spec_string(s, s->cap[i].name), idl_text("%s %s", spec_kind_name(s->object[s->cap[i].object].kind),
			    spec_object_name(s, s->cap[i].object)), words(s->cap[i].rights), out);
	}
	for (uint32_t i = 0; i < s->maps; i++) {
		const struct spec_map *map = &s->map[i];
		bool mine = n->kind == NODE_COMPONENT ? map->component == n->index && map->guest == SPEC_NONE :
			    n->kind == NODE_GUEST && map->guest == n->index;

		if (mine)
			row(map->guest == SPEC_NONE ? spec_string(s, map->name) : idl_text("0x%llx", (unsigned long long)map->address),
			    idl_text("%s %s", spec_kind_name(s->object[map->object].kind), spec_object_name(s, map->object)),
			    words(map->rights), out);
	}
	fputs("</table>\n", out);
}

static void page_ways(const struct flow *f, unsigned node, FILE *out)
{
	fputs("<h3>Ways in and out</h3><table><tr><th>from<th>to<th>how\n", out);
	for (unsigned i = 0; i < f->edges; i++) {
		if (f->edge[i].from == node || f->edge[i].to == node)
			row(f->node[f->edge[i].from].name, f->node[f->edge[i].to].name, edge_words(f, &f->edge[i]), out);
	}
	fputs("</table>\n", out);
}

static void page_trust(const struct flow *f, unsigned node, const struct weights *w, FILE *out)
{
	struct trust t[FLOW_NODES];
	uint64_t lines;

	tcb_of(f, node, t);
	fputs("<h3>Trusts, besides kernel, loader and root</h3><table><tr><th>whom<th>for<th>because\n", out);
	for (unsigned n = 0; n < f->nodes; n++) {
		if (t[n].why)
			row(f->node[n].name, t[n].why == 3 ? "integrity and confidentiality" : t[n].why == TCB_INTEGRITY ? "integrity" :
			    "confidentiality", edge_words(f, t[n].integrity ? t[n].integrity : t[n].confidentiality), out);
	}
	fputs("</table>\n", out);
	if (w && tcb_lines(f, node, w, &lines))
		fprintf(out, "<p>%llu code lines, those three included, for its integrity.\n", (unsigned long long)lines);
}

void picture_html(const struct flow *f, const struct weights *w, FILE *out)
{
	fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>%s</title>\n", f->built->name);
	fputs("<style>body{font-family:sans-serif;margin:1em}#info{border-top:1px solid #aaa;margin-top:1em}.of{display:none}.of.on{display:block}"
	      "table{border-collapse:collapse;font-size:13px}td,th{border:1px solid #ccc;padding:2px 8px;text-align:left}.node{cursor:pointer}</style>\n"
	      "<div style=\"overflow:auto\">\n", out);
	picture_svg(f, out);
	fputs("</div><div id=\"info\"><p id=\"hint\">Click a box: its capabilities, its ways in and out, whom it trusts.\n", out);
	for (unsigned n = 0; n < f->nodes; n++) {
		fprintf(out, "<div class=\"of\" id=\"of%u\"><h2>%s</h2>\n", n, f->node[n].name);
		if (f->node[n].kind != NODE_DEVICE)
			page_capabilities(f, &f->node[n], out);
		page_ways(f, n, out);
		if (f->node[n].kind != NODE_DEVICE)
			page_trust(f, n, w, out);
		fputs("</div>\n", out);
	}
	fputs("</div><script>\n"
	      "function show(n){document.getElementById('hint').hidden=true;\n"
	      " document.querySelectorAll('.of').forEach(e=>e.classList.toggle('on',e.id==='of'+n));\n"
	      " document.querySelectorAll('.node').forEach(e=>e.classList.toggle('on',e.dataset.node===n));\n"
	      " document.querySelectorAll('.line').forEach(e=>{const on=e.dataset.a===n||e.dataset.b===n;e.classList.toggle('on',on);"
	      "e.classList.toggle('off',!on)})}\n"
	      "document.querySelectorAll('.node').forEach(e=>{e.addEventListener('click',()=>show(e.dataset.node));"
	      "e.addEventListener('keydown',k=>{if(k.key==='Enter')show(e.dataset.node)})});\n"
	      "if(location.hash)show(location.hash.slice(1));\n"
	      "</script></html>\n", out);
}
