/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-idl [OPTIONS] COMMAND ...: the compiler of the architecture language.
 *   -I DIR   where import <...> looks
 *   -d FILE  writes there the files that were read, as a make rule for OUT
 *   -b FILE  the board's device tree, flattened: what devices are looked up in
 *   -w FILE  code lines and bytes of the built images, "IMAGE LINES BYTES" each
 *
 *   spec FILE OUT       the system spec that root loads, and the files that the archive has beside it:
 *                       X.GUEST.dtb, the guests' device trees, listed in X.files, for OUT = X.spec
 *   text|json FILE      the same to read
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
#include "print.h"
#include "stub.h"

#define LIBRARY "idl/std"

static const char *library = LIBRARY;
static const char *depends, *weights, *board;

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

	if (!unit->assembly)
		error_out("%s: there is no assembly in it", path);
	system = flatten(unit);
	check_connections(system);
	board_check(system);
	m = wire(system);
	check_memory(m);
	return m;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
		error_out("%s: cannot be written", path);
}

/* A system that breaks its own policy is not built. */
static void write_spec(const char *path, const char *out)
{
	struct model *m = compile(path);
	const char *files = "", *dot = strrchr(out, '.');
	const char *base = dot && same(dot, ".spec") ? idl_copy(out, (size_t)(dot - out)) : out;
	size_t size, tree_size;
	struct spec spec;
	const void *bytes = model_binary(m, &size, &spec);

	policy_enforce(flow_make(m));
	for (const struct vm *vm = m->system->vms; vm; vm = vm->next) {
		const void *tree = guest_tree(m, vm, &tree_size);

		write_file(idl_text("%s.%s.dtb", base, vm->name.text), tree, tree_size);
		files = idl_text("%s%s.dtb=%s.%s.dtb\n", files, vm->name.text, base, vm->name.text);
	}
	write_file(idl_text("%s.files", base), files, strlen(files));
	write_file(out, bytes, size);
	write_depends(out);
}

static void write_text(const char *command, const char *path)
{
	const struct model *m = compile(path);
	const char *type[SPEC_COMPONENTS_MAX] = { 0 }, *connection[SPEC_OBJECTS_MAX] = { 0 };
	struct spec spec;
	size_t size;

	model_binary(m, &size, &spec);
	for (uint32_t i = 0; i < m->components; i++)
		type[i] = m->instance[i]->decl->name.text;
	for (uint32_t i = 0; i < m->objects; i++)
		connection[i] = m->made_by[i] ? m->made_by[i]->name : NULL;
	if (same(command, "text"))
		spec_text(&spec, path, stdout);
	else if (same(command, "live"))
		spec_live(&spec, stdout);
	else
		spec_json(&spec, type, connection, stdout);
}

/* The commands that look at the flow graph. */
static int analyse(const char *command, const char *path, const char *name)
{
	struct model *m = compile(path);
	const struct weights *w = weights_read(weights);
	const struct flow *f = flow_make(m);
	struct spec spec;
	size_t size;

	model_binary(m, &size, &spec);
	if (same(command, "check"))
		return policy_report(f, w, stdout) ? 1 : 0;
	if (same(command, "closure"))
		flow_print(f, stdout);
	else if (same(command, "tcb"))
		tcb_report(f, name ? flow_find(f, name, (struct place){ 0 }) : f->nodes, w, stdout);
	else if (same(command, "svg"))
		picture_svg(f, stdout);
	else
		picture_html(f, w, stdout);
	return 0;
}

static bool is_analysis(const char *command)
{
	return same(command, "check") || same(command, "closure") || same(command, "tcb") || same(command, "svg") ||
	       same(command, "html");
}

static FILE *create(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		error_out("%s: cannot be written", path);
	return f;
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

static int usage(void)
{
	fputs("usage: skerry-idl [-I DIR] [-b BOARD.dtb] [-d FILE] [-w FILE] COMMAND\n"
	      "  spec FILE OUT, text FILE, json FILE, live FILE, stubs FILE TYPE DIR,\n"
	      "  check FILE, closure FILE, tcb FILE [NAME], svg FILE, html FILE\n", stderr);
	return 2;
}

static int run(int argc, char **argv)
{
	if (argc == 3 && same(argv[0], "spec"))
		write_spec(argv[1], argv[2]);
	else if (argc == 4 && same(argv[0], "stubs"))
		write_stubs(argv[1], argv[2], argv[3]);
	else if (argc == 2 && (same(argv[0], "text") || same(argv[0], "live") || same(argv[0], "json")))
		write_text(argv[0], argv[1]);
	else if ((argc == 2 || (argc == 3 && same(argv[0], "tcb"))) && is_analysis(argv[0]))
		return analyse(argv[0], argv[1], argc == 3 ? argv[2] : NULL);
	else
		return usage();
	return 0;
}

int main(int argc, char **argv)
{
	volatile int status = 1;

	argc--, argv++;
	while (argc > 1 && argv[0][0] == '-' && argv[0][1] && strchr("Idwb", argv[0][1]) && !argv[0][2]) {
		*(argv[0][1] == 'I' ? &library : argv[0][1] == 'd' ? &depends : argv[0][1] == 'w' ? &weights : &board) = argv[1];
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
