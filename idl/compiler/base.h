/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What compiler and skerry-authority stand on: one compilation at a time, its
 * memory, its source texts, and errors that show where.
 *
 * The first error ends the compilation: error_at() prints it and goes back to
 * the session_begin() of whoever compiles. All memory is given back at once by
 * session_end(), so nothing leaks, whichever way it went.
 */
#ifndef IDL_BASE_H
#define IDL_BASE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct source {
	struct source *next;
	const char *path;     /* as messages show it */
	const char *text;     /* NUL behind the last byte */
	uint32_t size;
	bool binary;          /* not a text that places can be in */
};

/* A stretch of a source text. LENGTH is for the underline. */
struct place {
	const struct source *source;
	uint32_t offset, length;
};

struct session {
	jmp_buf back;
	struct source *sources;
	struct place found;          /* of the last error */
	FILE *messages;
	unsigned warnings;
};
extern struct session session;
extern const char *session_program;  /* its name in messages that have no place */

/* Forgets everything of the last compilation. Follow it by setjmp(session.back). */
void session_begin(FILE *messages);
void session_end(void);

/* Zeroed memory that lives until session_end(). */
void *idl_alloc(size_t bytes);
char *idl_copy(const char *text, size_t length);
char *idl_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define NEW(type) ((type *)idl_alloc(sizeof(type)))

/* Appends NODE to the list whose last link is *TAIL. */
#define APPEND(tail, node) do { *(tail) = (node); (tail) = &(node)->next; } while (0)

/* Reads a file; null if there is none. NAME is kept for messages. */
struct source *source_open(const char *name);
struct source *source_from(const char *name, const char *bytes, size_t size);

/* FILE:LINE:COLUMN: error: message, the line, a caret below. Does not return. */
_Noreturn void error_at(struct place at, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A second line for an error that is about two places: printed before error_at(). */
void also_at(struct place at, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for what is there twice: the first one is at FIRST. */
_Noreturn void error_twice(struct place first, struct place at, const char *format, ...) __attribute__((format(printf, 3, 4)));

void warning_at(struct place at, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An error of no place: a file that cannot be read, an option. */
_Noreturn void error_out(const char *format, ...) __attribute__((format(printf, 1, 2)));

bool same(const char *a, const char *b);

#endif
