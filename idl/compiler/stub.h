/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stubs: component.h and component.c of one component type. A call is w0..w6 = its
 * numbers and bools in order, w7 = the number of the method: so arguments arrive in the
 * registers in which C wants them. What is no number, and
 * numbers that find no word, go through the connection's buffer, each at a place
 * of its own, a capability beside the words. The reply is w0 = result, then the out numbers, w7 = status.
 */
#ifndef IDL_STUB_H
#define IDL_STUB_H

#include "ast.h"

#define STUB_WORDS 7

/* Where one parameter travels. Words count from 1; 0: not in a word. */
struct travel {
	unsigned in_word, out_word;
	bool in_buffer, out_buffer, capability;
	uint32_t offset;
};

/* Fills one slot a parameter; returns the bytes of buffer that the method takes. */
uint64_t stub_layout(const struct method *m, struct travel *slots);
unsigned stub_params(const struct method *m);
const char *stub_widened(const struct type *t, const char *value);
bool stub_is_word(const struct field *f);

void stub_header(const struct unit *unit, const struct decl *component, FILE *out);
void stub_source(const struct decl *component, FILE *out);

/* "(const char *name, uint32_t *sum)": as C has it, with `result` behind it for a client. */
void stub_prototype(const struct method *m, bool client, FILE *out);

/*
 * Code that puts the C object EXPR into the buffer at AT, or gets it from there
 * and does BAD where the bytes are no value of the type.
 */
void stub_put(const struct field *f, const char *expr, const char *count, const char *at, const char *indent, FILE *out);
void stub_get(const struct field *f, const char *expr, const char *count, const char *at, const char *bad,
	      const char *indent, FILE *out);

#endif
