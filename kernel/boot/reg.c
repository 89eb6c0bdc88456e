/* SPDX-License-Identifier: BSD-2-Clause */
#include "reg.h"

#define ADDRESS_LIMIT (1ul << 48)
#define PCI_KIND      0x03000000u
#define PCI_MEMORY_32 0x02000000u

static uint64_t cells(const void *value, uint32_t first, uint32_t count)
{
	uint64_t number = 0;

	for (uint32_t i = 0; i < count; i++)
		number = number << 32 | dt_cell(value, first + i);
	return number;
}

/* Cell counts that a bus gives its children (DTSpec 2.3.5: 2 and 1 where absent). */
static uint32_t address_cells(const struct dt *dt, int bus)
{
	return dt_number(dt, bus, DT_ADDRESS_CELLS, 2);
}

static uint32_t size_cells(const struct dt *dt, int bus)
{
	return dt_number(dt, bus, DT_SIZE_CELLS, 1);
}

/*
 * Takes a range of the children of BUS to the address space that BUS itself
 * stands in (DTSpec 2.3.8): no `ranges`: no way; an empty one: the same numbers.
 */
static enum reg_result translate(const struct dt *dt, int bus, struct range *range, struct report *report)
{
	uint32_t length, child = address_cells(dt, bus), size = size_cells(dt, bus);
	uint32_t parent = address_cells(dt, dt->node[bus].parent), entry = (child + parent + size) * 4;
	const char *map = dt_value(dt, bus, DT_RANGES, &length);

	if (!map)
		return REG_NONE;
	if (!length)
		return REG_OK;
	if (child < 1 || child > 2 || parent < 1 || parent > 2 || size < 1 || size > 2)
		return REG_NONE;
	if (length % entry) {
		refuse(report, "%s: ranges has %u bytes, no multiple of %u", dt_name(dt, bus), length, entry);
		return REG_BAD;
	}
	for (; length; length -= entry, map += entry) {
		uint64_t from = cells(map, 0, child), to = cells(map, child, parent);
		uint64_t bytes = cells(map, child + parent, size);

		if (range->start < from || range->start - from >= bytes || range->end - from > bytes)
			continue;
		range->end = to + (range->end - from);
		range->start = to + (range->start - from);
		return REG_OK;
	}
	return REG_NONE;
}

/* Do all buses above translate? What stands on others (I2C, flash partitions) has no physical address. */
static bool visible(const struct dt *dt, int bus)
{
	for (; bus > 0; bus = dt->node[bus].parent)
		if (!dt->node[bus].property[DT_RANGES].offset)
			return false;
	return true;
}

/* Through all buses from BUS up; as far as the range is one. */
static enum reg_result to_physical(const struct dt *dt, int bus, struct range *range, struct report *report)
{
	for (; bus > 0 && range->end > range->start; bus = dt->node[bus].parent) {
		enum reg_result result = translate(dt, bus, range, report);

		if (result != REG_OK)
			return result;
	}
	return REG_OK;
}

enum reg_result reg_read(const struct dt *dt, int node, uint32_t index, struct range *range,
			 struct report *report)
{
	int bus = dt->node[node].parent;
	uint32_t length, address, size, entry;
	const char *reg = dt_value(dt, node, DT_REG, &length);
	enum reg_result result;
	uint64_t bytes;

	if (!reg || bus < 0 || !visible(dt, bus))
		return REG_NONE;
	address = address_cells(dt, bus);
	size = size_cells(dt, bus);
	if (address < 1 || address > 2 || size < 1 || size > 2)
		return REG_NONE;
	entry = (address + size) * 4;
	if (!length || length % entry) {
		refuse(report, "%s: reg has %u bytes, no multiple of %u", dt_name(dt, node), length, entry);
		return REG_BAD;
	}
	if (index >= length / entry)
		return REG_NONE;
	reg += index * entry;
	range->start = cells(reg, 0, address);
	bytes = cells(reg, address, size);
	range->end = range->start + bytes;
	result = bytes ? to_physical(dt, bus, range, report) : REG_OK;
	if (result != REG_OK)
		return result;
	if (!bytes || range->end <= range->start || range->end > ADDRESS_LIMIT) {
		refuse(report, "%s: reg entry %u, address 0x%lx size 0x%lx, is empty or beyond 48 bits",
		       dt_name(dt, node), index, range->start, bytes);
		return REG_BAD;
	}
	return REG_OK;
}

/* Entries of three cells (kind, PCI address), the address above, two cells of size (IEEE 1275 PCI Bus Binding 2.1, 2.2.1). */
enum reg_result pci_window_read(const struct dt *dt, int node, struct range *range, struct report *report)
{
	uint32_t length, up = address_cells(dt, dt->node[node].parent), entry = (3 + up + 2) * 4;
	const char *map = dt_value(dt, node, DT_RANGES, &length);

	if (!map || up < 1 || up > 2 || length % entry)
		return REG_NONE;
	for (; length; length -= entry, map += entry) {
		if ((dt_cell(map, 0) & PCI_KIND) != PCI_MEMORY_32)
			continue;
		range->start = cells(map, 3, up);
		range->end = range->start + cells(map, 3 + up, 2);
		if (range->end > range->start && range->end <= ADDRESS_LIMIT)
			return to_physical(dt, dt->node[node].parent, range, report);
	}
	return REG_NONE;
}

bool reg_need(const struct dt *dt, int node, uint32_t index, const char *what, struct range *range,
	      struct report *report)
{
	enum reg_result result = reg_read(dt, node, index, range, report);

	if (result == REG_NONE)
		return refuse(report, "%s: reg has no usable entry %u (%s)", dt_name(dt, node), index, what);
	return result == REG_OK;
}

/* The phandle that a node's `interrupts` go to: its own or the nearest one above. */
static uint32_t interrupt_parent(const struct dt *dt, int node)
{
	for (; node >= 0; node = dt->node[node].parent)
		if (dt->node[node].property[DT_INTERRUPT_PARENT].offset)
			return dt_number(dt, node, DT_INTERRUPT_PARENT, 0);
	return 0;
}

/* The GIC's interrupt specifier: type, number, flags. */
static enum reg_result decode(const struct dt *dt, int node, const void *specifier,
			      struct interrupt *interrupt, struct report *report)
{
	uint32_t type = dt_cell(specifier, 0), number = dt_cell(specifier, 1), flags = dt_cell(specifier, 2);

	if (type > 1 || (type == 0 && number > 987) || (type == 1 && number > 15)) {
		refuse(report,
		       "%s: interrupts: type %u number %u is no SPI (0, 0..987) and no PPI (1, 0..15)",
		       dt_name(dt, node), type, number);
		return REG_BAD;
	}
	interrupt->intid = number + (type == 0 ? 32 : 16);
	interrupt->edge = (flags & 3) != 0;
	return REG_OK;
}

enum reg_result interrupt_read(const struct dt *dt, int node, int gic, uint32_t index,
			       struct interrupt *interrupt, struct report *report)
{
	uint32_t length, wide = dt_number(dt, gic, DT_INTERRUPT_CELLS, 0),
			 phandle = dt_number(dt, gic, DT_PHANDLE, 0);
	const char *list = dt_value(dt, node, DT_INTERRUPTS_EXTENDED, &length);
	uint32_t head = 4;

	if (!list) {
		head = 0;
		list = dt_value(dt, node, DT_INTERRUPTS, &length);
		/* A GIC without phandle: it is the root of interrupts, and its own node has no parent. */
		if (!list || (interrupt_parent(dt, node) != phandle && node != gic))
			return REG_NONE;
	}
	if (wide < 3 || wide > 4 || length < head + wide * 4)
		return REG_NONE;
	if (head &&
	    index) /* entries of several controllers may differ in width: only the first is looked at */
		return REG_NONE;
	if (!head && length % (wide * 4)) {
		refuse(report, "%s: interrupts has %u bytes, no multiple of %u", dt_name(dt, node), length,
		       wide * 4);
		return REG_BAD;
	}
	if (index >= length / (head + wide * 4))
		return REG_NONE;
	list += index * (head + wide * 4);
	if (head && dt_cell(list, 0) != phandle)
		return REG_NONE;
	return decode(dt, node, list + head, interrupt, report);
}
