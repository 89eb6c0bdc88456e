/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libFuzzer target of the architecture language: each input is the text of a
 * system. It goes as far as it is right: parser, checks, wiring, closure,
 * policy, spec, text, JSON, picture, trusted sets and stubs. The one import
 * that exists is <std.adl>, from memory; no file is opened.
 */
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "stub.h"

#define INPUT_MOST 16384

struct source *__wrap_source_open(const char *name);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static FILE *nowhere;

static const char library[] =
	"ring Console { size 8K; } ring Log extends Console { oneway; }\n"
	"component Uart { hardware; dataport Buf registers; consumes Irq irq; provides Console client max 32; }\n"
	"component Vmm { vmm; stack 64K; heap 4M; uses Console console; maybe uses Log log; emits Exit exit; }\n";

/* The linker puts it in source_open()'s place. */
struct source *__wrap_source_open(const char *name)
{
	return same(name, "std/std.adl") ? source_from(name, library, sizeof(library) - 1) : NULL;
}

static void write_stubs(const struct unit *unit)
{
	for (const struct decl *d = unit->decls; d; d = d->next) {
		if (d->kind != DECL_COMPONENT || d->has_body)
			continue;
		stub_header(unit, d, nowhere);
		stub_source(d, nowhere);
	}
}

static void write_system(struct unit *unit)
{
	struct system *system = flatten(unit);
	static const char *names[SPEC_OBJECTS_MAX];
	struct model *m;
	const struct flow *f;

	check_connections(system);
	m = wire(system);
	model_close(m);
	check_memory(m);
	spec_text(&m->spec, "fuzz", nowhere);
	spec_live(&m->spec, m->image, nowhere);
	for (unsigned i = 0; i < SPEC_OBJECTS_MAX; i++)
		names[i] = "x";
	spec_json(&m->spec, names, names, nowhere);
	spec_map(&m->spec, m->image, nowhere);
	spec_map_json(&m->spec, m->image, nowhere);
	f = flow_make(m);
	flow_print(f, nowhere);
	tcb_report(f, f->nodes, NULL, nowhere);
	picture_svg(f, nowhere);
	picture_html(f, NULL, nowhere);
	policy_report(f, NULL, nowhere);
	policy_enforce(f);
}

static void compile(const char *text, size_t size)
{
	struct unit *unit = parse_files(source_from("input.adl", text, size), "std");

	resolve(unit);
	write_stubs(unit);
	if (unit->assembly)
		write_system(unit);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		abort();
	if (size > INPUT_MOST)
		return 0;
	session_begin(nowhere);
	if (setjmp(session.back) == 0)
		compile((const char *)bytes, size);
	session_end();
	return 0;
}
