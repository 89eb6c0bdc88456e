/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system as root will build it: the tables of apps/spec/spec.h, made by
 * wire.c from the connections, and where each object comes from.
 */
#ifndef IDL_MODEL_H
#define IDL_MODEL_H

#include "spec.h"
#include "system.h"

#define MODEL_WIRES   2048
#define MODEL_STRINGS 65536

struct model {
	struct system *system;
	struct spec_component component[SPEC_COMPONENTS_MAX];
	struct spec_object object[SPEC_OBJECTS_MAX];
	struct spec_cap cap[MODEL_WIRES];
	struct spec_map map[MODEL_WIRES];
	struct spec_param param[MODEL_WIRES];
	char string[MODEL_STRINGS];
	uint32_t components, objects, caps, maps, params, strings;
	struct instance *instance[SPEC_COMPONENTS_MAX];          /* by component */
	const struct connection *made_by[SPEC_OBJECTS_MAX];      /* by object; null: a component or a guest has it */
	uint32_t supervisor;                                     /* object, SPEC_NONE: none */
	uint32_t control;            /* likewise: what system.supervisor is */
};

static inline const char *model_string(const struct model *m, uint32_t string)
{
	return m->string + string;
}

struct model *wire(struct system *system);

/* The device tree of a guest: what its VMM finds as guest.tree, in the file GUEST.dtb of the archive. */
const void *guest_tree(const struct model *m, const struct vm *vm, size_t *size);

/*
 * The binary form of it, as root loads it; whether root takes it is for skerry-authority to say, as
 * who has what in it: that reads this file and, of what it does not have, the notes.
 */
const void *model_binary(const struct model *m, size_t *size);
void write_notes(const struct model *m, FILE *out);

/* Buffer of an RPC connection: bytes of its procedure's largest call, 0: registers suffice. */
uint64_t procedure_buffer(const struct decl *procedure);

#endif
