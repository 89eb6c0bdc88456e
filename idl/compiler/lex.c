/* SPDX-License-Identifier: BSD-2-Clause */
#include "lex.h"

#include <string.h>

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct place here(const struct lexer *l, uint32_t from)
{
	return (struct place){ l->source, from, l->at > from ? l->at - from : 1 };
}

static void skip_comment(struct lexer *l)
{
	const char *text = l->source->text;
	uint32_t from = l->at;

	l->at += 2;
	if (text[from + 1] == '/') {
		while (l->at < l->source->size && text[l->at] != '\n')
			l->at++;
		return;
	}
	while (l->at < l->source->size && !(text[l->at] == '*' && text[l->at + 1] == '/'))
		l->at++;
	if (l->at >= l->source->size)
		error_at((struct place){ l->source, from, 2 }, "this comment never ends; expected */");
	l->at += 2;
}

static void skip(struct lexer *l)
{
	const char *text = l->source->text;

	for (;;) {
		char c = text[l->at];

		if (l->at >= l->source->size)
			return;
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			l->at++;
		else if (c == '/' && (text[l->at + 1] == '/' || text[l->at + 1] == '*'))
			skip_comment(l);
		else
			return;
	}
}

static void name(struct lexer *l, struct token *t)
{
	const char *text = l->source->text;
	uint32_t from = l->at;

	while (letter(text[l->at]) || digit(text[l->at]))
		l->at++;
	t->kind = TOKEN_NAME;
	t->text = idl_copy(text + from, l->at - from);
	t->at = here(l, from);
}

static int digit_value(char c)
{
	if (digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

static void number(struct lexer *l, struct token *t)
{
	const char *text = l->source->text;
	uint32_t from = l->at, first;
	unsigned base = 10, shift;
	uint64_t value = 0;

	if (text[l->at] == '0' && (text[l->at + 1] == 'x' || text[l->at + 1] == 'X')) {
		base = 16;
		l->at += 2;
	}
	for (first = l->at; digit_value(text[l->at]) < (int)base; l->at++) {
		unsigned last = (unsigned)digit_value(text[l->at]);

		if (value > (UINT64_MAX - last) / base)
			error_at(here(l, from), "this number is too large; it must be below 2^64");
		value = value * base + last;
	}
	if (first == l->at)
		error_at(here(l, from), "expected hexadecimal digits behind 0x");
	shift = text[l->at] == 'K' ? 10 : text[l->at] == 'M' ? 20 : text[l->at] == 'G' ? 30 : 0;
	if (shift && value > UINT64_MAX >> shift)
		error_at(here(l, from), "this number is too large; it must be below 2^64");
	l->at += shift != 0;
	if (letter(text[l->at]) || digit(text[l->at])) {
		l->at++;
		error_at(here(l, from), "this is no number; expected digits, then K, M or G or nothing");
	}
	t->kind = TOKEN_NUMBER;
	t->number = value << shift;
	t->at = here(l, from);
}

/* No escapes but \" and \\: paths and boot arguments need no more. */
static void string(struct lexer *l, struct token *t)
{
	const char *text = l->source->text;
	uint32_t from = l->at++;
	char *out = idl_alloc(strcspn(text + l->at, "\n") + 1);
	size_t length = 0;

	while (text[l->at] != '"') {
		if (l->at >= l->source->size || text[l->at] == '\n' || text[l->at] == 0)
			error_at((struct place){ l->source, from, 1 }, "this string does not end in its line; expected \"");
		if (text[l->at] == '\\' && (text[l->at + 1] == '"' || text[l->at + 1] == '\\'))
			l->at++;
		out[length++] = text[l->at++];
	}
	l->at++;
	t->kind = TOKEN_STRING;
	t->text = out;
	t->at = here(l, from);
}

static void sign(struct lexer *l, struct token *t)
{
	const char *text = l->source->text;
	uint32_t from = l->at;
	char c = text[l->at++];

	t->kind = (unsigned char)c;
	if (c == '-' && text[l->at] == '>') {
		l->at++;
		t->kind = TOKEN_ARROW;
	} else if (c == '<' && text[l->at] == '=') {
		l->at++;
		t->kind = TOKEN_LESS_EQUAL;
	} else if (c == '#') {
		error_at(here(l, from), "there is no preprocessor here: use import, and attributes for what varies");
	} else if (!strchr("{}()[]<>;,=.-", c) || c == 0) {
		error_at(here(l, from), "this character means nothing here");
	}
	t->at = here(l, from);
}

static void next(struct lexer *l)
{
	struct token *t = &l->next;
	char c;

	*t = (struct token){ 0 };
	skip(l);
	c = l->source->text[l->at];
	if (l->at >= l->source->size)
		*t = (struct token){ .kind = TOKEN_END, .at = { l->source, l->source->size, 1 } };
	else if (letter(c))
		name(l, t);
	else if (digit(c))
		number(l, t);
	else if (c == '"')
		string(l, t);
	else
		sign(l, t);
}

void lex_open(struct lexer *l, struct source *source)
{
	*l = (struct lexer){ .source = source };
	next(l);
}

struct token lex_take(struct lexer *l)
{
	struct token t = l->next;

	next(l);
	return t;
}

struct token lex_angle(struct lexer *l)
{
	const char *text = l->source->text;
	uint32_t from = l->at;
	struct token t = { .kind = TOKEN_STRING };

	while (l->at < l->source->size && text[l->at] != '>' && text[l->at] != '\n')
		l->at++;
	t.at = here(l, from);
	if (text[l->at] != '>' || l->at == from)
		error_at(t.at, "expected a file name and > behind import <");
	t.text = idl_copy(text + from, l->at - from);
	l->at++;
	next(l);
	return t;
}

const char *token_words(const struct token *t)
{
	switch (t->kind) {
	case TOKEN_END:
		return "the end of the file";
	case TOKEN_NAME:
		return idl_text("\"%s\"", t->text);
	case TOKEN_NUMBER:
		return "a number";
	case TOKEN_STRING:
		return "a string";
	case TOKEN_ARROW:
		return "\"->\"";
	case TOKEN_LESS_EQUAL:
		return "\"<=\"";
	default:
		return idl_text("\"%c\"", t->kind);
	}
}
