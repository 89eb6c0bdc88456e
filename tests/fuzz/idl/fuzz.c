/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libFuzzer target of the architecture language: each input is the text of a
 * system. It goes as far as it is right: parser, checks, the board's devices, guests' trees,
 * wiring, spec and notes, and from these two alone closure, policy, text, JSON, picture and
 * trusted sets; and stubs. The one import that exists is <std.adl>, from memory; of files only
 * the board's device tree is opened, once.
 */
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "judge.h"
#include "model.h"
#include "stub.h"

#define INPUT_MOST 16384
#define BOARD_MOST 65536

/* An input that begins so is for the board; others may name devices of none. */
#define WITH_BOARD "// board"

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

static _Alignas(8) char board[BOARD_MOST];

static void read_board(void)
{
	FILE *f = board[0] ? NULL : fopen(BOARD, "rb");

	if (board[0])
		return;
	if (!f || fread(board, 1, sizeof(board), f) < 1024)
		abort();
	fclose(f);
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
	const struct source *spec;
	const void *binary;
	const struct model *m;
	char *notes;
	size_t size;
	FILE *f;

	check_connections(system);
	board_check(system);
	m = wire(system);
	for (const struct vm *vm = system->vms; vm; vm = vm->next)
		guest_tree(m, vm, &size);
	binary = model_binary(m, &size);
	spec = source_from("fuzz.spec", binary, size);
	f = open_memstream(&notes, &size);
	if (!f)
		abort();
	write_notes(m, f);
	fclose(f);
	const struct source *source = source_from("fuzz.notes", notes, size);

	free(notes);
	judge(spec, source, nowhere);
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
	read_board();
	if (size > INPUT_MOST)
		return 0;
	session_begin(nowhere);
	if (setjmp(session.back) == 0) {
		board_use(size >= strlen(WITH_BOARD) && memcmp(bytes, WITH_BOARD, strlen(WITH_BOARD)) == 0 ? board : NULL, "virt");
		compile((const char *)bytes, size);
	}
	session_end();
	return 0;
}
