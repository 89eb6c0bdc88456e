/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-idl: the compiler of the architecture language.
 *
 *   skerry-idl [-I DIR] spec FILE OUT       the system spec that root loads
 *   skerry-idl [-I DIR] text|json FILE      the same to read
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define LIBRARY "idl/std"

static const char *library = LIBRARY;

static struct model *compile(const char *path)
{
	struct source *source = source_open(path);
	struct unit *unit;
	struct system *system;

	if (!source)
		error_out("%s: cannot be read", path);
	unit = parse_files(source, library);
	resolve(unit);
	if (!unit->assembly)
		error_out("%s: there is no assembly in it", path);
	system = flatten(unit);
	check_connections(system);
	return wire(system);
}

static void write_spec(const char *path, const char *out)
{
	size_t size;
	const void *bytes = model_binary(compile(path), &size);
	FILE *f = fopen(out, "wb");

	if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
		error_out("%s: cannot be written", out);
}

static void write_text(const char *path, void (*write)(const struct model *, FILE *))
{
	struct model *m = compile(path);
	size_t size;

	model_binary(m, &size);
	write(m, stdout);
}

static int usage(void)
{
	fputs("usage: skerry-idl [-I DIR] spec FILE OUT\n"
	      "       skerry-idl [-I DIR] text|json FILE\n", stderr);
	return 2;
}

static int run(int argc, char **argv)
{
	if (argc == 3 && same(argv[0], "spec"))
		write_spec(argv[1], argv[2]);
	else if (argc == 2 && same(argv[0], "text"))
		write_text(argv[1], model_text);
	else if (argc == 2 && same(argv[0], "json"))
		write_text(argv[1], model_json);
	else
		return usage();
	return 0;
}

int main(int argc, char **argv)
{
	volatile int status = 1;

	argc--, argv++;
	if (argc > 1 && same(argv[0], "-I")) {
		library = argv[1];
		argc -= 2, argv += 2;
	}
	session_begin(stderr);
	if (setjmp(session.back) == 0)
		status = run(argc, argv);
	session_end();
	return status;
}
