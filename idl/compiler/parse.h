/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the parser share. */
#ifndef IDL_PARSE_H
#define IDL_PARSE_H

#include "ast.h"
#include "lex.h"

struct parser {
	struct lexer lex;
	struct unit *unit;
	const char *library;
	unsigned depth;       /* of imports */
};

/* The next token is KIND; WHAT says what was expected and where. */
struct token expect(struct parser *p, int kind, const char *what);
bool accept(struct parser *p, int kind);
/* The same, for a property that is said once in the block whose words so far are *SAID. */
struct said;
bool accept_once(struct parser *p, const char *word, struct said **said);
bool looking_at(const struct parser *p, const char *word);
bool accept_word(struct parser *p, const char *word);
void expect_word(struct parser *p, const char *word, const char *what);
_Noreturn void unexpected(const struct parser *p, const char *expected);

struct name parse_name(struct parser *p, const char *what);
struct path parse_path(struct parser *p, const char *what);
const char *parse_string(struct parser *p, const char *what);
uint64_t parse_number(struct parser *p, const char *what, uint64_t least, uint64_t most);
uint64_t parse_pages(struct parser *p, const char *what, uint64_t most);
struct value *parse_value(struct parser *p);
void parse_end(struct parser *p, const char *what);

struct decl *parse_struct(struct parser *p);
struct decl *parse_procedure(struct parser *p);
struct decl *parse_event(struct parser *p);
struct decl *parse_ring(struct parser *p);
struct decl *parse_component(struct parser *p);
struct type parse_type(struct parser *p, const char *what);
void parse_shape(struct parser *p, struct field *field);

/* The blocks composition, configuration and policy. True if there was one. */
bool parse_block(struct parser *p, struct body *body);
struct body *new_body(struct name name);

#endif
