/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of the text form of a system spec: KIND NAME [NAME] key=value... flag...
 * Words are separated by blanks; # begins a comment.
 */
#ifndef SPEC_TEXT_H
#define SPEC_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_WORDS 16
#define TEXT_LINE  3072

struct line {
	const char *file;
	unsigned number;
	unsigned words;
	char *word[TEXT_WORDS];
	bool used[TEXT_WORDS];
	char text[TEXT_LINE];
};

/* Ends the program: FILE:LINE: message. */
_Noreturn void line_fail(const struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next line with words, false at the end of the file. */
bool line_read(struct line *line, FILE *in);

/* Word N, which must be there; WHAT says what was expected. */
const char *line_word(struct line *line, unsigned n, const char *what);

/* The value of key=value, null if the line has no such key. */
const char *line_value(struct line *line, const char *key);

/* The same, but it must be there. */
const char *line_need(struct line *line, const char *key);

/* A number (0x, K, M, G) below LIMIT, or FALLBACK if the key is not there. */
uint64_t line_number(struct line *line, const char *key, uint64_t fallback, uint64_t limit);

/* Whether the word FLAG stands alone in the line. */
bool line_flag(struct line *line, const char *flag);

/* Fails if there is a word that nobody asked for. */
void line_end(struct line *line);

#endif
