/* SPDX-License-Identifier: BSD-2-Clause */
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void line_fail(const struct line *line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", line->file, line->number);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static void split(struct line *line)
{
	char *comment = strchr(line->text, '#');
	char *rest = NULL;

	if (comment)
		*comment = 0;
	line->words = 0;
	for (char *word = strtok_r(line->text, " \t\r\n", &rest); word; word = strtok_r(NULL, " \t\r\n", &rest)) {
		if (line->words == TEXT_WORDS)
			line_fail(line, "more than %d words", TEXT_WORDS);
		line->used[line->words] = false;
		line->word[line->words++] = word;
	}
}

bool line_read(struct line *line, FILE *in)
{
	while (fgets(line->text, sizeof(line->text), in)) {
		line->number++;
		if (!strchr(line->text, '\n') && !feof(in))
			line_fail(line, "longer than %d characters", TEXT_LINE - 2);
		split(line);
		if (line->words)
			return true;
	}
	return false;
}

const char *line_word(struct line *line, unsigned n, const char *what)
{
	if (n >= line->words)
		line_fail(line, "%s: %s is missing", line->word[0], what);
	line->used[n] = true;
	return line->word[n];
}

const char *line_value(struct line *line, const char *key)
{
	size_t length = strlen(key);

	for (unsigned i = 1; i < line->words; i++) {
		if (strncmp(line->word[i], key, length) == 0 && line->word[i][length] == '=') {
			line->used[i] = true;
			return line->word[i] + length + 1;
		}
	}
	return NULL;
}

const char *line_need(struct line *line, const char *key)
{
	const char *value = line_value(line, key);

	if (!value || !*value)
		line_fail(line, "%s: expected %s=...", line->word[0], key);
	return value;
}

uint64_t line_number(struct line *line, const char *key, uint64_t fallback, uint64_t limit)
{
	const char *text = line_value(line, key);
	uint64_t value;
	unsigned shift = 0;
	char *end;

	if (!text)
		return fallback;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (end != text && *end)
		shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
	if (shift)
		end++;
	if (end == text || *end || errno || text[0] == '-')
		line_fail(line, "%s=%s: expected a number (decimal or 0x..., K, M or G may follow)", key, text);
	if (value >= limit >> shift)
		line_fail(line, "%s=%s: expected less than %llu", key, text, (unsigned long long)limit);
	return value << shift;
}

bool line_flag(struct line *line, const char *flag)
{
	for (unsigned i = 1; i < line->words; i++) {
		if (strcmp(line->word[i], flag) == 0) {
			line->used[i] = true;
			return true;
		}
	}
	return false;
}

void line_end(struct line *line)
{
	for (unsigned i = 1; i < line->words; i++) {
		if (!line->used[i])
			line_fail(line, "%s: \"%s\" is not understood here", line->word[0], line->word[i]);
	}
}
