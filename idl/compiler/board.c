/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References: Devicetree Specification 0.4; Linux 6.12, Documentation/devicetree/
 * bindings: interrupt-controller/arm,gic-v3.yaml, iommu/iommu.txt.
 */
#include "board_pci.h"

#include <libfdt.h>
#include <string.h>
#include "abi/skerry.h"

#define NEAR 3u       /* names that an error suggests */

static const void *fdt;
static const char *board;    /* as messages show it */

void board_open(const char *path)
{
	struct source *file = source_open(path);

	if (!file)
		error_out("%s: cannot be read", path);
	if (fdt_check_full(file->text, file->size) != 0)
		error_out("%s: is no flattened device tree", path);
	file->binary = true;
	path = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	board_use(file->text, idl_copy(path, strcspn(path, ".")));
}

void board_use(const void *tree, const char *name)
{
	fdt = tree;
	board = name;
}

/* --- what the tree says ----------------------------------------------------------- */

static uint64_t number(const fdt32_t *cell, int cells)
{
	uint64_t value = 0;

	while (cells-- > 0)
		value = value << 32 | fdt32_to_cpu(*cell++);
	return value;
}

const uint32_t *board_cells(const void *tree, int node, const char *name, int *cells)
{
	const uint32_t *value = fdt_getprop(tree, node, name, cells);

	*cells = value ? *cells / 4 : 0;
	return value;
}

static bool enabled(int node)
{
	const char *status = fdt_getprop(fdt, node, "status", NULL);

	return !status || same(status, "okay") || same(status, "ok");
}

/* Through the ranges of the buses above; false: the processor does not see it. */
static bool translate(int bus, uint64_t *address)
{
	int parent = fdt_parent_offset(fdt, bus), cells, i;
	int a = fdt_address_cells(fdt, bus), up = fdt_address_cells(fdt, parent), s = fdt_size_cells(fdt, bus);
	const fdt32_t *r = board_cells(fdt, bus, "ranges", &cells);

	if (bus == 0)
		return true;
	if (!r || a < 1 || a > 2 || up < 1 || up > 2 || s < 1 || s > 2)
		return false;
	for (i = 0; i + a + up + s <= cells; i += a + up + s) {
		uint64_t from = number(r + i, a);

		if (*address >= from && *address - from < number(r + i + a + up, s)) {
			*address = *address - from + number(r + i + a, up);
			break;
		}
	}
	return (cells == 0 || i + a + up + s <= cells) && translate(parent, address);
}

static void find_registers(int node, struct board_device *d)
{
	int bus = fdt_parent_offset(fdt, node), cells;
	int a = fdt_address_cells(fdt, bus), s = fdt_size_cells(fdt, bus);
	const fdt32_t *reg = board_cells(fdt, node, "reg", &cells);

	if (a < 1 || a > 2 || s < 1 || s > 2 || cells < a + s)
		return;
	d->base = number(reg, a);
	if (translate(bus, &d->base))
		d->bytes = number(reg + a, s);
}

static int gic(void)
{
	return fdt_node_offset_by_compatible(fdt, -1, "arm,gic-v3");
}

/* The controller that NODE's interrupts go to is named by it, or by what it stands in. */
static uint32_t controller(int node)
{
	for (; node >= 0; node = fdt_parent_offset(fdt, node)) {
		const fdt32_t *parent = fdt_getprop(fdt, node, "interrupt-parent", NULL);

		if (parent)
			return fdt32_to_cpu(*parent);
	}
	return 0;
}

/* Kind (0: SPI, 1: PPI), number, flags. Other controllers' are not the kernel's to give away. */
static void find_interrupt(int node, struct board_device *d)
{
	int cells, first = 0;
	const fdt32_t *at = board_cells(fdt, node, "interrupts-extended", &cells);
	uint32_t parent = at && cells ? fdt32_to_cpu(at[0]) : controller(node);

	if (at)
		first = 1;
	else
		at = board_cells(fdt, node, "interrupts", &cells);
	if (cells < first + 3 || fdt_node_offset_by_phandle(fdt, parent) != gic())
		return;
	d->irq = fdt32_to_cpu(at[first + 1]) + (fdt32_to_cpu(at[first]) ? 16 : 32);
	d->edge = fdt32_to_cpu(at[first + 2]) & 3;
}

/* Pairs of IOMMU and stream. */
static void find_streams(int node, struct board_device *d)
{
	int cells;
	const fdt32_t *at = board_cells(fdt, node, "iommus", &cells);

	for (int i = 1; i < cells && d->streams < BOARD_STREAMS; i += 2)
		d->stream[d->streams++] = fdt32_to_cpu(at[i]);
}

/* --- looking it up ------------------------------------------------------------------ */

/* How many letters of the longer one are left between what is alike at the beginning and at the end. */
static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), least = n < m ? n : m, head = 0, tail = 0;

	while (head < least && a[head] == b[head])
		head++;
	while (tail < least - head && a[n - 1 - tail] == b[m - 1 - tail])
		tail++;
	return (n > m ? n : m) - head - tail;
}

/* The kernel's own, memory, and what is no device at all. */
static bool kernels(const char *path, int node)
{
	const char *type = fdt_getprop(fdt, node, "device_type", NULL);
	int top = node;

	for (int up = node; up > 0; up = fdt_parent_offset(fdt, up)) {
		if (up == gic())
			return true;
		top = up;
	}
	return (type && same(type, "memory")) || strncmp(path, "/cpus/", 6) == 0 ||
	       same(fdt_get_name(fdt, top, NULL), "reserved-memory");
}

static const char *near_names(const char *path)
{
	const char *list = "", *name[NEAR] = { "", "", "" };
	size_t far[NEAR] = { SIZE_MAX, SIZE_MAX, SIZE_MAX };
	char text[256];

	for (int node = fdt_next_node(fdt, 0, NULL); node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		size_t i = NEAR, off;

		if (!fdt_getprop(fdt, node, "reg", NULL) || fdt_get_path(fdt, node, text, sizeof(text)) != 0 || kernels(text, node))
			continue;
		for (off = distance(path, text); i > 0 && off < far[i - 1]; i--) {
			if (i < NEAR)
				far[i] = far[i - 1], name[i] = name[i - 1];
		}
		if (i < NEAR)
			far[i] = off, name[i] = idl_text("%s", text);
	}
	for (unsigned i = 0; i < NEAR; i++)
		list = idl_text("%s%s%s", list, *list && *name[i] ? ", " : "", name[i]);
	return list;
}

/* "console" is what /chosen names, with options behind a colon. */
static const char *path_of(const struct device *d)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	const char *path = chosen < 0 ? NULL : fdt_getprop(fdt, chosen, "stdout-path", NULL);

	if (!same(d->where, "console"))
		return d->where;
	if (!path)
		error_at(d->where_at, "board \"%s\" names no console (/chosen, stdout-path)", board);
	path = idl_copy(path, strcspn(path, ":"));
	return *path == '/' ? path : fdt_get_alias(fdt, path);
}

bool board_on_pci(const struct device *d)
{
	unsigned device, function;

	return board_pci_path(d->where, &device, &function);
}

static void look_up_pci(struct device *d)
{
	const char *wrong;

	d->found = NEW(struct board_device);
	wrong = board_pci_look_up(fdt, d->where, gic(), d->found);
	if (wrong)
		error_at(d->where_at, "board \"%s\" has no \"%s\": %s", board, d->where, wrong);
	if (d->mmio && !d->pci)
		error_at(d->where_at, "\"%s\" is on PCI, and nobody sets it up; expected a connection HwPCI from a PciHost, say, to it",
			 d->name.text);
	if (d->irq && d->found->irq == 0)
		error_at(d->where_at, "the interrupt of \"%s\" does not go to the interrupt controller", d->where);
}

static void look_up(struct device *d)
{
	const char *path = path_of(d);
	int node = path ? fdt_path_offset(fdt, path) : -1;
	char full[256];

	if (node < 0)
		error_at(d->where_at, "board \"%s\" has no device \"%s\"; near: %s", board, path ? path : d->where,
			 near_names(path ? path : d->where));
	if (!enabled(node))
		error_at(d->where_at, "\"%s\" is disabled on board \"%s\"", path, board);
	if (node == 0 || kernels(path, node))
		error_at(d->where_at, "\"%s\" is no device for a component: memory, processors and the interrupt controller are the kernel's",
			 path);
	d->found = NEW(struct board_device);
	if (fdt_get_path(fdt, node, full, sizeof(full)) == 0)
		d->found->path = idl_text("%s", full);
	find_registers(node, d->found);
	find_interrupt(node, d->found);
	find_streams(node, d->found);
	if (d->mmio && d->found->bytes == 0)
		error_at(d->where_at, "\"%s\" has no registers, but connection \"%s\" gives them away", path, d->mmio->name);
	if (d->irq && d->found->irq == 0)
		error_at(d->where_at, "\"%s\" has no interrupt, but connection \"%s\" gives it away", path, d->irq->name);
}

const void *board_property(const struct device *d, const char *name, int *bytes)
{
	const void *value = d->found ? fdt_getprop(fdt, fdt_path_offset(fdt, d->found->path), name, bytes) : NULL;

	*bytes = value ? *bytes : 0;
	return value;
}

/* --- pages are the unit of protection --------------------------------------------------- */

static bool meet(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
	return a_bytes && b_bytes && a / SK_PAGE <= (b + b_bytes - 1) / SK_PAGE && b / SK_PAGE <= (a + a_bytes - 1) / SK_PAGE;
}

static bool share_page(const struct board_device *a, const struct board_device *b)
{
	return meet(a->base, a->bytes, b->base, b->bytes) || (a->config && meet(a->config, SK_PAGE, b->base, b->bytes)) ||
	       (b->config && meet(b->config, SK_PAGE, a->base, a->bytes));
}

/* Functions on PCI have four lines among them; to share one they would have to share the driver's notification, too. */
static void check_line(const struct system *system, const struct device *d)
{
	for (const struct device *o = system->devices; o != d && d->irq; o = o->next) {
		if (!o->irq || o->found->irq != d->found->irq || (!o->found->config && !d->found->config))
			continue;
		also_at(o->where_at, "\"%s\" has it", o->name.text);
		error_at(d->where_at, "\"%s\" has the interrupt of \"%s\", %u, and a line belongs to one component; the lines go round by "
			 "the device's number, modulo 4", d->where, o->where, d->found->irq);
	}
}

static void check_pages(const struct system *system, const struct device *d)
{
	for (const struct device *o = system->devices; o != d; o = o->next) {
		if (!share_page(o->found, d->found))
			continue;
		also_at(o->where_at, "\"%s\" has the page", o->name.text);
		error_at(d->where_at, "the registers of \"%s\" (0x%llx) and \"%s\" (0x%llx) lie in one page, and a page belongs to one component",
			 d->name.text, (unsigned long long)d->found->base, o->name.text, (unsigned long long)o->found->base);
	}
}

/* A page that several nodes have registers in is given away under the name of the first one. */
static void check_first(const struct device *d)
{
	char text[256];

	for (int node = fdt_next_node(fdt, 0, NULL); node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		struct board_device other = { 0 };

		if (!fdt_getprop(fdt, node, "reg", NULL) || !enabled(node) || fdt_get_path(fdt, node, text, sizeof(text)) != 0)
			continue;
		if (same(text, d->found->path))
			return;
		find_registers(node, &other);
		if (share_page(d->found, &other))
			error_at(d->where_at, "the registers of \"%s\" share their page with \"%s\"; a page is given away whole, under the name of its first device",
				 d->found->path, text);
	}
}

void board_check(struct system *system)
{
	for (struct device *d = system->devices; d; d = d->next) {
		if (!fdt && board_on_pci(d))
			error_at(d->where_at, "what is on PCI takes a board (-b)");
		if (!fdt)
			continue;
		(board_on_pci(d) ? look_up_pci : look_up)(d);
		check_pages(system, d);
		check_line(system, d);
		if (d->mmio && !d->found->config)
			check_first(d);
	}
}
