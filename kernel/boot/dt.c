/* SPDX-License-Identifier: BSD-2-Clause */
#include <libfdt.h>
#include <string.h>

#include "dt.h"

#define DT_DEPTH 16

static const char names[DT_NAMES][24] = { /* arrays, not pointers: the image is not relocated */
	[DT_REG] = "reg",
	[DT_RANGES] = "ranges",
	[DT_COMPATIBLE] = "compatible",
	[DT_STATUS] = "status",
	[DT_DEVICE_TYPE] = "device_type",
	[DT_ADDRESS_CELLS] = "#address-cells",
	[DT_SIZE_CELLS] = "#size-cells",
	[DT_INTERRUPTS] = "interrupts",
	[DT_INTERRUPTS_EXTENDED] = "interrupts-extended",
	[DT_INTERRUPT_PARENT] = "interrupt-parent",
	[DT_INTERRUPT_CELLS] = "#interrupt-cells",
	[DT_PHANDLE] = "phandle",
	[DT_METHOD] = "method",
	[DT_ENABLE_METHOD] = "enable-method",
};

/* The property at OFFSET, whose size fdt_next_tag has checked. */
static bool index_property(struct dt *dt, struct dt_node *node, int offset, struct report *report)
{
	const struct fdt_property *p = fdt_offset_ptr(dt->blob, offset, sizeof(*p));
	const char *name = p ? fdt_get_string(dt->blob, (int)fdt32_to_cpu(p->nameoff), NULL) : NULL;

	if (!name)
		return refuse(report, "device tree: a property of node %s has no name", node->name);
	for (unsigned i = 0; i < DT_NAMES; i++) {
		if (name[0] != names[i][0] || strcmp(name, names[i]))
			continue;
		node->property[i].offset = (uint32_t)((const char *)p->data - (const char *)dt->blob);
		node->property[i].length = fdt32_to_cpu(p->len);
		break;
	}
	return true;
}

static bool index_node(struct dt *dt, int offset, int parent, struct report *report)
{
	struct dt_node *node = &dt->node[dt->nodes];

	if (dt->nodes == DT_NODES)
		return refuse(report, "device tree: more than %u nodes", DT_NODES);
	memset(node, 0, sizeof(*node));
	node->name = fdt_offset_ptr(dt->blob, offset + FDT_TAGSIZE, 1); /* fdt_next_tag has seen its NUL */
	if (!node->name)
		return refuse(report, "device tree: node %u has no name", (unsigned)dt->nodes);
	node->offset = offset;
	node->parent = parent;
	dt->nodes++;
	return true;
}

/*
 * One pass over the structure block. fdt_next_tag checks each tag against the
 * block's bounds; what is left to check is the order of tags (DTSpec 5.4.2):
 * one root, properties before children, every node ended.
 */
static bool index_tags(struct dt *dt, struct report *report)
{
	int node = -1, offset = 0, next;
	unsigned depth = 0;

	dt->nodes = 0;
	for (;; offset = next) {
		uint32_t tag = fdt_next_tag(dt->blob, offset, &next);

		if (tag == FDT_END && next >= 0 && dt->nodes && node < 0)
			return true;
		if (tag == FDT_NOP)
			continue;
		if (tag == FDT_BEGIN_NODE && (node >= 0 || !dt->nodes)) {
			if (++depth >= DT_DEPTH)
				return refuse(report, "device tree: nodes are nested deeper than %u",
					      DT_DEPTH - 1);
			if (!index_node(dt, offset, node, report))
				return false;
			node = dt->nodes - 1;
		} else if (tag == FDT_PROP && node >= 0 && node == dt->nodes - 1) {
			if (!index_property(dt, &dt->node[node], offset, report))
				return false;
		} else if (tag == FDT_END_NODE && node >= 0) {
			node = dt->node[node].parent;
			depth--;
		} else {
			return refuse(report, "device tree: broken structure at byte %u of its block",
				      (unsigned)offset);
		}
	}
}

bool dt_open(struct dt *dt, const void *blob, uint64_t room, struct report *report)
{
	int error;

	dt->nodes = 0;
	if (room < sizeof(struct fdt_header) || fdt_magic(blob) != FDT_MAGIC)
		return refuse(report,
			      "device tree: bad magic, x0 must hold the address of a flattened device tree");
	if (fdt_totalsize(blob) > room)
		return refuse(report, "device tree: totalsize is %u bytes, at most %lu are possible",
			      fdt_totalsize(blob), room);
	if (fdt_version(blob) < 16)
		return refuse(report, "device tree: version %u, 16 or later is needed", fdt_version(blob));
	/* DTSpec 5.6; libfdt reads them as they are. */
	if (fdt_off_dt_struct(blob) % 4 || fdt_off_mem_rsvmap(blob) % 8)
		return refuse(report, "device tree: off_dt_struct or off_mem_rsvmap is not aligned");
	error = fdt_check_header(blob);
	if (!error && fdt_num_mem_rsv(blob) < 0)
		error = -FDT_ERR_TRUNCATED;
	if (error)
		return refuse(report, "device tree: bad header (libfdt error %u)", (unsigned)-error);
	dt->blob = blob;
	return index_tags(dt, report);
}

uint32_t dt_used_bytes(const void *blob)
{
	uint32_t structs = fdt_off_dt_struct(blob) + fdt_size_dt_struct(blob);
	uint32_t strings = fdt_off_dt_strings(blob) + fdt_size_dt_strings(blob);
	uint32_t reserve = fdt_off_mem_rsvmap(blob) + ((uint32_t)fdt_num_mem_rsv(blob) + 1) * 16;
	uint32_t used = structs > strings ? structs : strings;

	return used > reserve ? used : reserve;
}

const void *dt_value(const struct dt *dt, int node, enum dt_name name, uint32_t *length)
{
	const struct dt_property *p = &dt->node[node].property[name];

	*length = p->length;
	return p->offset ? (const char *)dt->blob + p->offset : NULL;
}

uint32_t dt_cell(const void *value, uint32_t index)
{
	const unsigned char *b = (const unsigned char *)value + 4 * index;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint32_t dt_number(const struct dt *dt, int node, enum dt_name name, uint32_t fallback)
{
	uint32_t length;
	const void *value = dt_value(dt, node, name, &length);

	return value && length == 4 ? dt_cell(value, 0) : fallback;
}

/* The unit address may be left out (DTSpec 2.2.3). */
static int child_named(const struct dt *dt, int parent, const char *name, size_t n)
{
	for (int i = parent + 1; i < dt->nodes; i++) {
		const char *full = dt->node[i].name;

		if (dt->node[i].parent == parent && !strncmp(full, name, n) &&
		    (full[n] == 0 || full[n] == '@'))
			return i;
	}
	return -1;
}

int dt_child(const struct dt *dt, int parent, const char *name)
{
	return child_named(dt, parent, name, strlen(name));
}

/* TEXT is one of the NUL-separated strings of LENGTH bytes at LIST. */
static bool lists(const char *list, uint32_t length, const char *text)
{
	size_t n = strlen(text) + 1;

	while (length) {
		uint32_t one = (uint32_t)strnlen(list, length) + 1;

		if (one > length)
			return false;
		if (one == n && !memcmp(list, text, n))
			return true;
		list += one;
		length -= one;
	}
	return false;
}

bool dt_compatible(const struct dt *dt, int node, const char *text)
{
	uint32_t length;
	const char *list = dt_value(dt, node, DT_COMPATIBLE, &length);

	return list && lists(list, length, text);
}

int dt_compatible_next(const struct dt *dt, int after, const char *text)
{
	for (int i = after + 1; i < dt->nodes; i++)
		if (dt_compatible(dt, i, text))
			return i;
	return -1;
}

bool dt_is(const struct dt *dt, int node, enum dt_name name, const char *text)
{
	uint32_t length;
	const char *value = dt_value(dt, node, name, &length);

	return value && length == strlen(text) + 1 && !memcmp(value, text, length);
}

bool dt_enabled(const struct dt *dt, int node)
{
	for (; node >= 0; node = dt->node[node].parent)
		if (dt->node[node].property[DT_STATUS].offset &&
		    !dt_is(dt, node, DT_STATUS, "okay") && !dt_is(dt, node, DT_STATUS, "ok"))
			return false;
	return true;
}

int dt_find(const struct dt *dt, const char *path, size_t length)
{
	const char *end = path + length;
	int node = 0;

	while (path < end && node >= 0) {
		const char *name = path + 1;
		size_t n = 0;

		if (*path != '/')
			return -1;
		while (name + n < end && name[n] != '/')
			n++;
		node = n ? child_named(dt, node, name, n) : node;
		path = name + n;
	}
	return node;
}

const char *dt_path(const struct dt *dt, int node, char *path, size_t room)
{
	int chain[DT_DEPTH];
	int depth = 0;
	size_t at = 0;

	for (; node > 0 && depth < DT_DEPTH; node = dt->node[node].parent)
		chain[depth++] = node;
	if (!depth)
		at = format(path, room, "/");
	while (depth)
		at += format(path + at, room - at, "/%s", dt->node[chain[--depth]].name);
	return path;
}

const char *dt_name(const struct dt *dt, int node)
{
	static char ring[2][DT_PATH];
	static unsigned next;

	next = (next + 1) % 2;
	return dt_path(dt, node, ring[next], DT_PATH);
}
