/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-idl [OPTIONS] COMMAND ...: the compiler of the architecture language.
 *   -I DIR   where import <...> looks
 *   -d FILE  writes there the files that were read, as a make rule for OUT
 *   -b FILE  the board's device tree, flattened: what devices are looked up in
 *   -i DIR   the components' images, for addresses and sizes
 *   -w FILE  code lines and bytes of the built images, "IMAGE LINES BYTES" each
 *
 *   spec FILE OUT       the system spec that root loads, and the files that the archive has beside it:
 *                       X.GUEST.dtb, the guests' device trees, listed in X.files, for OUT = X.spec
 *   text|json FILE      the same to read
 *   map|mapjson FILE    of each component memory, slots, kernel objects: beside OUT, as the two above
 *   live FILE           what root must find when it inspects the running system
 *   stubs FILE TYPE DIR component.h and component.c of a component type
 *   check FILE          the verdicts of its policy; 1 if one is violated
 *   closure FILE        all pairs A -> B such that A can influence B
 *   tcb FILE [NAME]     whom each, or NAME, must trust
 *   svg|html FILE       the picture
 */
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "flow.h"
#include "stub.h"

#define LIBRARY "idl/std"

static const char *library = LIBRARY;
static const char *depends, *weights, *board, *images;

static void write_depends(const char *target)
{
	FILE *f = depends ? fopen(depends, "w") : NULL;

	if (!depends)
		return;
	if (!f)
		error_out("%s: cannot be written", depends);
	fprintf(f, "%s:", target);
	for (const struct source *s = session.sources; s; s = s->next)
		fprintf(f, " %s", s->path);
	fputc('\n', f);
	fclose(f);
}

static struct unit *read_unit(const char *path)
{
	struct source *source = source_open(path);
	struct unit *unit;

	if (!source)
		error_out("%s: cannot be read", path);
	unit = parse_files(source, library);
	resolve(unit);
	return unit;
}

static struct model *compile(const char *path)
{
	struct unit *unit = read_unit(path);
	struct system *system;
	struct model *m;
	size_t size;

	if (!unit->assembly)
		error_out("%s: there is no assembly in it", path);
	system = flatten(unit);
	check_connections(system);
	board_check(system);
	m = wire(system);
	open_images(m, images);
	model_close(m);
	check_memory(m);
	for (const struct vm *vm = system->vms; vm; vm = vm->next)
		guest_tree(m, vm, &size);
	return m;
}

static FILE *create(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		error_out("%s: cannot be written", path);
	return f;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *f = create(path);

	if (fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
		error_out("%s: cannot be written", path);
}

/* --- what can be read of a system ---------------------------------------------------- */

static void write_text(const struct model *m, FILE *out)
{
	spec_text(&m->spec, m->system->at.source->path, out);
}

static void write_json(const struct model *m, FILE *out)
{
	const char *type[SPEC_COMPONENTS_MAX] = { 0 }, *connection[SPEC_OBJECTS_MAX] = { 0 };

	for (uint32_t i = 0; i < m->components; i++)
		type[i] = m->instance[i]->decl->name.text;
	for (uint32_t i = 0; i < m->objects; i++)
		connection[i] = m->made_by[i] ? m->made_by[i]->name : NULL;
	spec_json(&m->spec, type, connection, out);
}

static void write_live(const struct model *m, FILE *out)
{
	spec_live(&m->spec, m->image, out);
}

static void write_map(const struct model *m, FILE *out)
{
	spec_map(&m->spec, m->image, out);
}

static void write_map_json(const struct model *m, FILE *out)
{
	spec_map_json(&m->spec, m->image, out);
}

static void write_closure(const struct model *m, FILE *out)
{
	flow_print(flow_make(m), out);
}

static void write_svg(const struct model *m, FILE *out)
{
	picture_svg(flow_make(m), out);
}

static void write_html(const struct model *m, FILE *out)
{
	picture_html(flow_make(m), weights_read(weights), out);
}

static const struct {
	const char *command;
	void (*write)(const struct model *m, FILE *out);
	const char *beside;          /* the spec: the end of the file's name */
} texts[] = {
	{ "text", write_text, "spec.txt" }, { "json", write_json, "spec.json" }, { "map", write_map, "map.txt" },
	{ "mapjson", write_map_json, "map.json" }, { "live", write_live, NULL }, { "closure", write_closure, NULL },
	{ "svg", write_svg, NULL }, { "html", write_html, NULL },
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

/* A system that breaks its own policy is not built. */
static void write_spec(const char *path, const char *out)
{
	const struct model *m = compile(path);
	const char *files = "", *dot = strrchr(out, '.');
	const char *base = dot && same(dot, ".spec") ? idl_copy(out, (size_t)(dot - out)) : out;
	size_t size;

	policy_enforce(flow_make(m));
	for (const struct vm *vm = m->system->vms; vm; vm = vm->next) {
		const void *tree = guest_tree(m, vm, &size);

		write_file(idl_text("%s.%s.dtb", base, vm->name.text), tree, size);
		files = idl_text("%s%s.dtb=%s.%s.dtb\n", files, vm->name.text, base, vm->name.text);
	}
	write_file(idl_text("%s.files", base), files, strlen(files));
	files = idl_text("%llu\n", memory_beside(m));
	write_file(idl_text("%s.mib", base), files, strlen(files));
	for (size_t i = 0; i < TEXTS; i++) {
		FILE *f = texts[i].beside ? create(idl_text("%s.%s", base, texts[i].beside)) : NULL;

		if (f)
			texts[i].write(m, f);
		if (f && fclose(f) != 0)
			error_out("%s.%s: cannot be written", base, texts[i].beside);
	}
	write_file(out, m->binary, m->size);
	write_depends(out);
}

static void write_stubs(const char *path, const char *type, const char *folder)
{
	struct unit *unit = read_unit(path);
	const struct decl *c = find_decl(unit, type);
	FILE *f;

	if (!c || c->kind != DECL_COMPONENT)
		error_out("%s: there is no component \"%s\" in it", path, type);
	if (c->has_body)
		error_at(c->name.at, "component \"%s\" is composed of others: it has no code of its own", type);
	f = create(idl_text("%s/component.h", folder));
	stub_header(unit, c, f);
	fclose(f);
	f = create(idl_text("%s/component.c", folder));
	stub_source(c, f);
	fclose(f);
	write_depends(idl_text("%s/component.c", folder));
}

static void write_tcb(const char *path, const char *name)
{
	const struct flow *f = flow_make(compile(path));

	tcb_report(f, name ? flow_find(f, name, (struct place){ 0 }) : f->nodes, weights_read(weights), stdout);
}

static int usage(void)
{
	fputs("usage: skerry-idl [-I DIR] [-b BOARD.dtb] [-i DIR] [-d FILE] [-w FILE] COMMAND\n"
	      "  spec FILE OUT, text FILE, json FILE, map FILE, mapjson FILE, live FILE, stubs FILE TYPE DIR,\n"
	      "  check FILE, closure FILE, tcb FILE [NAME], svg FILE, html FILE\n", stderr);
	return 2;
}

static int run(int argc, char **argv)
{
	if (argc == 3 && same(argv[0], "spec"))
		write_spec(argv[1], argv[2]);
	else if (argc == 4 && same(argv[0], "stubs"))
		write_stubs(argv[1], argv[2], argv[3]);
	else if (argc == 2 && same(argv[0], "check"))
		return policy_report(flow_make(compile(argv[1])), weights_read(weights), stdout) ? 1 : 0;
	else if ((argc == 2 || argc == 3) && same(argv[0], "tcb"))
		write_tcb(argv[1], argv[2]);
	else {
		for (size_t i = 0; i < TEXTS && argc == 2; i++) {
			if (same(argv[0], texts[i].command)) {
				texts[i].write(compile(argv[1]), stdout);
				return 0;
			}
		}
		return usage();
	}
	return 0;
}

int main(int argc, char **argv)
{
	volatile int status = 1;

	argc--, argv++;
	while (argc > 1 && argv[0][0] == '-' && argv[0][1] && strchr("Idwbi", argv[0][1]) && !argv[0][2]) {
		*(argv[0][1] == 'I' ? &library : argv[0][1] == 'd' ? &depends : argv[0][1] == 'w' ? &weights :
		  argv[0][1] == 'i' ? &images : &board) = argv[1];
		argc -= 2, argv += 2;
	}
	session_begin(stderr);
	if (setjmp(session.back) == 0) {
		if (board)
			board_open(board);
		status = run(argc, argv);
	}
	session_end();
	return status;
}
