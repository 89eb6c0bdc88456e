/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree, indexed once: an array of nodes with the properties that
 * the loader asks for, so that nothing walks the blob a second time.
 *
 * References: Devicetree Specification v0.4 (DTSpec), sections given in dt.c.
 */
#ifndef BOOT_DT_H
#define BOOT_DT_H

#include "memory.h"
#include "report.h"

#define DT_NODES     1024
#define DT_MAX_BYTES (1ul << 21) /* Linux booting.rst: a blob of at most 2 MiB */
#define DT_PATH      128

enum dt_name {
	DT_REG, DT_RANGES, DT_COMPATIBLE, DT_STATUS, DT_DEVICE_TYPE, DT_ADDRESS_CELLS, DT_SIZE_CELLS,
	DT_INTERRUPTS, DT_INTERRUPTS_EXTENDED, DT_INTERRUPT_PARENT, DT_INTERRUPT_CELLS, DT_PHANDLE,
	DT_METHOD, DT_ENABLE_METHOD,
	DT_NAMES,
};

struct dt_property {
	uint32_t offset, length; /* of the value in the blob; offset 0: the node lacks it */
};

struct dt_node {
	const char *name; /* "" for the root */
	int offset;       /* libfdt's */
	int parent;       /* index; -1 for the root, which is node 0 */
	struct dt_property property[DT_NAMES];
};

struct dt {
	const void *blob;
	int nodes;
	struct dt_node node[DT_NODES];
};

/* ROOM: bytes that may be read at BLOB. Checks the whole blob's structure. */
bool dt_open(struct dt *dt, const void *blob, uint64_t room, struct report *report);

/* Bytes of the blob that mean something (totalsize may be far larger). */
uint32_t dt_used_bytes(const void *blob);

/* Value of an indexed property, with *length in bytes; null if the node lacks it. */
const void *dt_value(const struct dt *dt, int node, enum dt_name name, uint32_t *length);

/* Cell INDEX of a value: 32 bits, big endian in the blob. */
uint32_t dt_cell(const void *value, uint32_t index);

/* A property of exactly one cell, or FALLBACK. */
uint32_t dt_number(const struct dt *dt, int node, enum dt_name name, uint32_t fallback);

/* First child of PARENT called NAME, with or without a unit address; -1: none. */
int dt_child(const struct dt *dt, int parent, const char *name);

/* The node that LENGTH bytes of PATH lead to, from the root on; -1: none. */
int dt_find(const struct dt *dt, const char *path, size_t length);

/* Next node behind AFTER (-1: from the start) whose `compatible` lists TEXT; -1: none. */
int dt_compatible_next(const struct dt *dt, int after, const char *text);
bool dt_compatible(const struct dt *dt, int node, const char *text);

/* Does the string property equal TEXT? */
bool dt_is(const struct dt *dt, int node, enum dt_name name, const char *text);

/* Neither the node nor one above it has a `status` other than "okay" (DTSpec 2.3.4). */
bool dt_enabled(const struct dt *dt, int node);

/* Writes the node's path, cut to ROOM bytes. Returns PATH. */
const char *dt_path(const struct dt *dt, int node, char *path, size_t room);

/* The same into a ring of static buffers: for messages. */
const char *dt_name(const struct dt *dt, int node);

#endif
