/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What skerry-authority looks at: a compiled system. The spec is the file that root
 * loads, checked by root's own spec_check(); who has what comes from there alone.
 * The notes beside it (idl/compiler/out_notes.c) have what root has no use for: the
 * rules of the policy, where in the text everything stands, and what to call it.
 */
#ifndef AUTHORITY_BUILT_H
#define AUTHORITY_BUILT_H

#include "account.h"
#include "base.h"
#include "print.h"

/* One end of a connection: a component's port, or a device. */
struct end {
	struct end *next;
	const char *of, *port;
};

struct connection {
	struct connection *next;
	const char *connector, *name;
	struct place at;
	struct end *ends;            /* the one behind `to` first, where there is one such */
};

enum rule_kind { RULE_DENY, RULE_ALLOW, RULE_ISOLATE, RULE_TCB, RULE_NO_WRITE, RULES };

#define RULE_NAMES 32

struct named {
	const char *text;
	struct place at;
};

struct rule {
	struct rule *next;
	enum rule_kind kind;
	struct place at;
	const char *text;
	bool of_slot;                /* of one instance; the text's rule names them all */
	uint64_t lines;
	unsigned count;
	struct named who[RULE_NAMES];
};

struct built {
	struct spec spec;
	const char *name, *path;     /* of the assembly; of the text's file */
	struct place at, ram_at;
	uint64_t machine_ram;        /* 0: not said */
	uint32_t machine_cores;
	const char *type[SPEC_COMPONENTS_MAX];
	struct place component_at[SPEC_COMPONENTS_MAX];
	struct place object_at[SPEC_OBJECTS_MAX];                /* guests, devices and slots */
	const char *streams[SPEC_OBJECTS_MAX];                   /* of a device's DMA at the board's IOMMU, "0x1, 0x2"; null: none */
	const struct connection *made_by[SPEC_OBJECTS_MAX];      /* null: a component or a guest has it */
	struct connection *connections;
	struct rule *rules;
	struct image image[SPEC_COMPONENTS_MAX];                 /* without segments: not known */
};

/* Ends with an error if root would refuse the spec, or the notes are of another one. */
struct built *built_open(const struct source *spec, const struct source *notes);

/* Opens the components' images, files of FOLDER. Without it they are not counted. */
void built_images(struct built *b, const char *folder);

/* What parameter KEY (a string of the spec) of a component says, 0 if it is not set; the vCPUs of a guest. */
uint64_t built_number(const struct spec *s, uint32_t component, const char *key);
uint32_t built_vcpus(const struct spec *s, uint32_t guest);

/* The memory is a guest's. */
bool built_in_guest(const struct spec *s, uint32_t object);

/* The numbers of those connected to a socket hub are right; else an error at the connection. */
void check_sockets(const struct built *b);

/* What does not fit into the machine is an error that says how much is missing, for whom. */
void check_memory(const struct built *b);

/* MiB of RAM that the system takes besides that of the guests that have parameters, and the kernel: for ./skerry boot. */
unsigned long long memory_beside(const struct built *b);

#endif
