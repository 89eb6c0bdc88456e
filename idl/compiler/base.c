/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 65536u
#define SOURCE_MAX (4u << 20)

struct session session;
const char *session_program = "skerry-idl";

/* Memory: blocks in a list, each larger request in one of its own. */
struct block {
	struct block *next;
	size_t used, size;
	_Alignas(16) unsigned char bytes[];
};
static struct block *blocks;

void session_begin(FILE *messages)
{
	session_end();
	session = (struct session){ .messages = messages };
}

void session_end(void)
{
	while (blocks) {
		struct block *next = blocks->next;

		free(blocks);
		blocks = next;
	}
	session.sources = NULL;
}

static struct block *new_block(size_t size)
{
	struct block *b = calloc(1, sizeof(*b) + size);

	if (!b) {
		fprintf(stderr, "%s: out of memory\n", session_program);
		exit(2);
	}
	b->size = size;
	return b;
}

void *idl_alloc(size_t bytes)
{
	bytes = (bytes + 15) & ~(size_t)15;
	if (!blocks || blocks->size - blocks->used < bytes) {
		struct block *b = new_block(bytes > BLOCK ? bytes : BLOCK);

		b->next = blocks;
		blocks = b;
	}
	blocks->used += bytes;
	return blocks->bytes + blocks->used - bytes;
}

char *idl_copy(const char *text, size_t length)
{
	char *copy = idl_alloc(length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *idl_text(const char *format, ...)
{
	va_list args;
	int length;
	char *text;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = idl_alloc((size_t)length + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}

struct source *source_from(const char *name, const char *bytes, size_t size)
{
	struct source *s = NEW(struct source);

	s->path = idl_copy(name, strlen(name));
	s->text = idl_copy(bytes, size);
	s->size = (uint32_t)size;
	s->next = session.sources;
	session.sources = s;
	return s;
}

struct source *source_open(const char *name)
{
	FILE *f = fopen(name, "rb");
	char *bytes;
	size_t size;

	if (!f)
		return NULL;
	bytes = malloc(SOURCE_MAX + 1);
	size = bytes ? fread(bytes, 1, SOURCE_MAX + 1, f) : 0;
	if (ferror(f)) { /* a folder, say */
		free(bytes);
		fclose(f);
		return NULL;
	}
	fclose(f);
	if (!bytes || size > SOURCE_MAX) {
		free(bytes);
		error_out("%s: larger than %u bytes", name, SOURCE_MAX);
	}
	struct source *s = source_from(name, bytes, size);

	free(bytes);
	return s;
}

/* Line and column (of bytes, from 1) and the line's own extent. */
static void locate(struct place at, unsigned *line, unsigned *column, uint32_t *begin, uint32_t *end)
{
	const struct source *s = at.source;

	*line = 1;
	*begin = 0;
	for (uint32_t i = 0; i < at.offset && i < s->size; i++) {
		if (s->text[i] == '\n') {
			(*line)++;
			*begin = i + 1;
		}
	}
	*column = at.offset - *begin + 1;
	for (*end = *begin; *end < s->size && s->text[*end] != '\n'; (*end)++)
		;
}

static void show(struct place at, const char *what, const char *format, va_list args)
{
	FILE *out = session.messages;
	unsigned line, column;
	uint32_t begin, end;

	locate(at, &line, &column, &begin, &end);
	fprintf(out, "%s:%u:%u: %s: ", at.source->path, line, column, what);
	vfprintf(out, format, args);
	fputs("\n    ", out);
	for (uint32_t i = begin; i < end; i++) {
		unsigned char c = (unsigned char)at.source->text[i];

		fputc(c == '\t' ? ' ' : c < 32 || c == 127 ? '?' : c, out);
	}
	fprintf(out, "\n    %*s^", (int)(column - 1), "");
	for (uint32_t i = 1; i < at.length && at.offset + i < end; i++)
		fputc('~', out);
	fputc('\n', out);
}

void error_at(struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	show(at, "error", format, args);
	va_end(args);
	session.found = at;
	longjmp(session.back, 1);
}

void error_twice(struct place first, struct place at, const char *format, ...)
{
	va_list args;

	if (first.source)
		also_at(first, "the first one is here");
	va_start(args, format);
	show(at, "error", format, args);
	va_end(args);
	session.found = at;
	longjmp(session.back, 1);
}

void also_at(struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	show(at, "note", format, args);
	va_end(args);
}

void warning_at(struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	show(at, "warning", format, args);
	va_end(args);
	session.warnings++;
}

void error_out(const char *format, ...)
{
	va_list args;

	fprintf(session.messages, "%s: ", session_program);
	va_start(args, format);
	vfprintf(session.messages, format, args);
	va_end(args);
	fputc('\n', session.messages);
	longjmp(session.back, 1);
}

bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}
