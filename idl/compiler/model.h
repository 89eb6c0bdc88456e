/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system as root will build it: the tables of apps/spec/spec.h, made by
 * wire.c from the connections, and where each object comes from. Everything
 * behind (spec, text, JSON, authority, picture) reads this and not the text,
 * so what is checked is what is built.
 */
#ifndef IDL_MODEL_H
#define IDL_MODEL_H

#include "account.h"
#include "print.h"
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
	const struct vm *vm_of[SPEC_OBJECTS_MAX];                /* by object: GUEST and its RAM */
	const struct device *device_of[SPEC_OBJECTS_MAX];        /* by object: DEVICE */
	uint32_t supervisor;                                     /* object, SPEC_NONE: none */
	uint32_t control;            /* likewise: what system.supervisor is */
	struct image image[SPEC_COMPONENTS_MAX];                 /* without segments: not known */
	struct spec spec;                                        /* the binary form, opened */
	const void *binary;
	size_t size;
};

static inline const char *model_string(const struct model *m, uint32_t string)
{
	return m->string + string;
}

struct model *wire(struct system *system);

/* Opens the components' images, files of FOLDER. Without it they are not counted. */
void open_images(struct model *m, const char *folder);

/* What does not fit into the machine is an error that says how much is missing, for whom. */
void check_memory(const struct model *m);

/* MiB of RAM that the system takes besides that of the guests that have parameters, and the kernel: for ./skerry boot. */
unsigned long long memory_beside(const struct model *m);

/* The device tree of a guest: what its VMM finds as guest.tree, in the file GUEST.dtb of the archive. */
const void *guest_tree(const struct model *m, const struct vm *vm, size_t *size);

/* The model is complete: makes its binary form, checked by root's own spec_check(), and opens that as `spec`. */
void model_close(struct model *m);

/* Buffer of an RPC connection: bytes of its procedure's largest call, 0: registers suffice. */
uint64_t procedure_buffer(const struct decl *procedure);

#endif
