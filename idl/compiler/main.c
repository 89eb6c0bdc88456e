/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-idl [OPTIONS] COMMAND ...: the compiler of the architecture language.
 *   -I DIR   where import <...> looks
 *   -d FILE  writes there the files that were read, as a make rule for OUT
 *   -b FILE  the board's device tree, flattened: what devices are looked up in
 *
 *   spec FILE OUT       for OUT = X.spec, the system spec that root loads: X.notes, what skerry-authority wants
 *                       to know besides; X.GUEST.dtb, the guests' device trees, listed in X.files for the archive
 *   stubs FILE TYPE DIR component.h and component.c of a component type
 */
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "model.h"
#include "stub.h"

#define LIBRARY "idl/std"

static const char *library = LIBRARY;
static const char *depends, *board;

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
	unit->end = (struct place){ source, source->size ? source->size - 1 : 0, 1 };
	return unit;
}

static struct model *compile(const char *path)
{
	struct unit *unit = read_unit(path);
	struct system *system;

	if (!unit->assembly)
		error_at(unit->end, "there is no assembly in it; expected assembly { ... }");
	system = flatten(unit);
	check_connections(system);
	board_check(system);
	return wire(system);
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

/* The files beside OUT come first: whoever finds OUT finds them. */
static void write_spec(const char *path, const char *out)
{
	const struct model *m = compile(path);
	const char *files = "", *dot = strrchr(out, '.');
	const char *base = dot && same(dot, ".spec") ? idl_copy(out, (size_t)(dot - out)) : out;
	size_t size;
	FILE *notes;

	for (const struct vm *vm = m->system->vms; vm; vm = vm->next)
		guest_tree(m, vm, &size); /* an error leaves nothing behind */
	for (const struct vm *vm = m->system->vms; vm; vm = vm->next) {
		const void *tree = guest_tree(m, vm, &size);

		write_file(idl_text("%s.%s.dtb", base, vm->name.text), tree, size);
		files = idl_text("%s%s.dtb=%s.%s.dtb\n", files, vm->name.text, base, vm->name.text);
	}
	write_file(idl_text("%s.files", base), files, strlen(files));
	notes = create(idl_text("%s.notes", base));
	write_notes(m, notes);
	if (fclose(notes) != 0)
		error_out("%s.notes: cannot be written", base);
	const void *binary = model_binary(m, &size);

	write_file(out, binary, size);
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

static int run(int argc, char **argv)
{
	if (argc == 3 && same(argv[0], "spec")) {
		write_spec(argv[1], argv[2]);
	} else if (argc == 4 && same(argv[0], "stubs")) {
		write_stubs(argv[1], argv[2], argv[3]);
	} else {
		fputs("usage: skerry-idl [-I DIR] [-b BOARD.dtb] [-d FILE] COMMAND\n"
		      "  spec FILE OUT, stubs FILE TYPE DIR\n", stderr);
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	volatile int status = 1;

	argc--, argv++;
	while (argc > 1 && argv[0][0] == '-' && argv[0][1] && strchr("Idb", argv[0][1]) && !argv[0][2]) {
		*(argv[0][1] == 'I' ? &library : argv[0][1] == 'd' ? &depends : &board) = argv[1];
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
