/* SPDX-License-Identifier: BSD-2-Clause */
/* A checked spec to read. All write to OUT. */
#ifndef SPEC_PRINT_H
#define SPEC_PRINT_H

#include <stdbool.h>
#include <stdio.h>
#include "account.h"
#include "spec.h"

/* A line an object, capability, mapping, parameter; PATH: what it was made from. */
void spec_text(const struct spec *s, const char *path, FILE *out);

/*
 * The lines that root writes when it inspects what it built (apps/root/inspect.c), as
 * they must be for a guest of one vCPU with kernel and initrd.
 */
void spec_live(const struct spec *s, const struct image *image, FILE *out);

/*
 * Memory map, slots and kernel objects of each component, memory map of each guest.
 * IMAGE by component, without segments where it is not known.
 */
void spec_map(const struct spec *s, const struct image *image, FILE *out);
void spec_map_json(const struct spec *s, const struct image *image, FILE *out);

void print_json_string(const char *text, FILE *out);

/* TYPE: of each component; CONNECTION: that made each object, or null. */
void spec_json(const struct spec *s, const char *const *type, const char *const *connection, FILE *out);

/* "rw", as in the lines of mappings; "read,write", as in those of capabilities. In PRINT_ROOM bytes of TEXT. */
#define PRINT_ROOM 48
const char *print_letters(uint32_t rights);
const char *print_words(uint32_t rights, char text[PRINT_ROOM]);

static inline const char *spec_object_name(const struct spec *s, uint32_t object)
{
	return spec_string(s, s->object[object].name);
}

static inline const char *spec_component_name(const struct spec *s, uint32_t component)
{
	return spec_string(s, s->component[component].name);
}

#endif
