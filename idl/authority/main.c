/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-authority [OPTIONS] COMMAND X.spec: looks at a compiled system, which is X.spec, the
 * file that root loads, and the notes beside it, X.notes.
 *   -i DIR   the components' images, for addresses and sizes
 *   -w FILE  code lines and bytes of the built images, "IMAGE LINES BYTES" each
 *
 *   build X.spec        refuses what root would refuse, what does not fit into the machine, and what breaks its
 *                       policy: then there is no X.spec any more. Else writes X.spec.txt, X.spec.json, X.map.txt and
 *                       X.map.json to read, and X.mib, the RAM that it takes besides its guests'
 *   check X.spec        the verdicts of its policy; 1 if one is violated
 *   text|json X.spec    the spec to read
 *   map|mapjson X.spec  of each component memory, slots, kernel objects
 *   live X.spec         what root must find when it inspects the running system
 *   closure X.spec      all pairs A -> B such that A can influence B
 *   tcb X.spec [NAME]   whom each, or NAME, must trust
 *   svg|html X.spec     the picture
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow.h"

static const char *weights, *images;

static void write_text(const struct built *b, FILE *out)
{
	spec_text(&b->spec, b->path, out);
}

static void write_json(const struct built *b, FILE *out)
{
	const char *connection[SPEC_OBJECTS_MAX] = { 0 };

	for (uint32_t i = 0; i < b->spec.objects; i++)
		connection[i] = b->made_by[i] ? b->made_by[i]->name : NULL;
	spec_json(&b->spec, b->type, connection, out);
}

static void write_live(const struct built *b, FILE *out)
{
	spec_live(&b->spec, b->image, out);
}

static void write_map(const struct built *b, FILE *out)
{
	spec_map(&b->spec, b->image, out);
}

static void write_map_json(const struct built *b, FILE *out)
{
	spec_map_json(&b->spec, b->image, out);
}

static void write_closure(const struct built *b, FILE *out)
{
	flow_print(flow_make(b), out);
}

static void write_svg(const struct built *b, FILE *out)
{
	picture_svg(flow_make(b), out);
}

static void write_html(const struct built *b, FILE *out)
{
	picture_html(flow_make(b), weights_read(weights), out);
}

static const struct {
	const char *command;
	void (*write)(const struct built *b, FILE *out);
	const char *beside;          /* build: the end of the file's name */
} texts[] = {
	{ "text", write_text, "spec.txt" }, { "json", write_json, "spec.json" }, { "map", write_map, "map.txt" },
	{ "mapjson", write_map_json, "map.json" }, { "live", write_live, NULL }, { "closure", write_closure, NULL },
	{ "svg", write_svg, NULL }, { "html", write_html, NULL },
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static const char *base_of(const char *spec)
{
	const char *dot = strrchr(spec, '.');

	return dot && same(dot, ".spec") ? idl_copy(spec, (size_t)(dot - spec)) : spec;
}

static const struct source *need_source(const char *path)
{
	const struct source *s = source_open(path);

	if (!s)
		error_out("%s: cannot be read", path);
	return s;
}

static const struct built *open_built(const char *spec)
{
	struct built *b = built_open(need_source(spec), need_source(idl_text("%s.notes", base_of(spec))));

	built_images(b, images);
	check_memory(b);
	check_sockets(b);
	return b;
}

static FILE *create(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		error_out("%s: cannot be written", path);
	return f;
}

static void build(const char *spec)
{
	const struct built *b = open_built(spec);
	FILE *f = NULL;

	policy_enforce(flow_make(b));
	for (size_t i = 0; i < TEXTS; i++) {
		if (!texts[i].beside)
			continue;
		f = create(idl_text("%s.%s", base_of(spec), texts[i].beside));
		texts[i].write(b, f);
		if (fclose(f) != 0)
			error_out("%s.%s: cannot be written", base_of(spec), texts[i].beside);
	}
	f = create(idl_text("%s.mib", base_of(spec)));
	fprintf(f, "%llu\n", memory_beside(b));
	if (fclose(f) != 0)
		error_out("%s.mib: cannot be written", base_of(spec));
}

static void write_tcb(const char *spec, const char *name)
{
	const struct flow *f = flow_make(open_built(spec));

	tcb_report(f, name ? flow_find(f, name, (struct place){ 0 }) : f->nodes, weights_read(weights), stdout);
}

static int usage(void)
{
	fputs("usage: skerry-authority [-i DIR] [-w FILE] COMMAND X.spec\n"
	      "  build, check, text, json, map, mapjson, live, closure, tcb X.spec [NAME], svg, html\n", stderr);
	return 2;
}

static int run(int argc, char **argv)
{
	if ((argc == 2 || argc == 3) && same(argv[0], "tcb")) {
		write_tcb(argv[1], argv[2]);
		return 0;
	}
	if (argc != 2)
		return usage();
	if (same(argv[0], "build")) {
		build(argv[1]);
		return 0;
	}
	if (same(argv[0], "check"))
		return policy_report(flow_make(open_built(argv[1])), weights_read(weights), stdout) ? 1 : 0;
	for (size_t i = 0; i < TEXTS; i++) {
		if (same(argv[0], texts[i].command)) {
			texts[i].write(open_built(argv[1]), stdout);
			return 0;
		}
	}
	return usage();
}

int main(int argc, char **argv)
{
	volatile int status = 1;

	argc--, argv++;
	while (argc > 1 && (same(argv[0], "-i") || same(argv[0], "-w"))) {
		*(argv[0][1] == 'i' ? &images : &weights) = argv[1];
		argc -= 2, argv += 2;
	}
	session_program = "skerry-authority";
	session_begin(stderr);
	if (setjmp(session.back) == 0)
		status = run(argc, argv);
	else if (argc == 2 && same(argv[0], "build"))
		unlink(argv[1]);
	session_end();
	return status;
}
