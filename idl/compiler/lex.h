/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of the language: names, numbers (decimal or 0x..., K M G behind),
 * strings, and signs. Comments are C's. One token of look-ahead.
 */
#ifndef IDL_LEX_H
#define IDL_LEX_H

#include "base.h"

enum token_kind {
	TOKEN_END = 0,
	TOKEN_NAME = 256,
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_ARROW,          /* -> */
	TOKEN_LESS_EQUAL,     /* <= */
	/* Every other sign is its own character. */
};

struct token {
	int kind;
	struct place at;
	const char *text;     /* NAME: the name; STRING: its contents */
	uint64_t number;      /* NUMBER */
};

struct lexer {
	struct source *source;
	uint32_t at;
	struct token next;    /* the token that the parser looks at */
};

void lex_open(struct lexer *lexer, struct source *source);

/* Goes on to the next token; returns the one that it leaves. */
struct token lex_take(struct lexer *lexer);

/* The token is '<': reads up to '>' as a path. Only behind `import`. */
struct token lex_angle(struct lexer *lexer);

/* In words, for messages. */
const char *token_words(const struct token *token);

#endif
