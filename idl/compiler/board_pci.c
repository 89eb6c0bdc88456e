/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A function behind a PCI host bridge, named as Open Firmware does: /pcie@10000000/1,0 is
 * device 1, function 0 (hexadecimal) on the bridge's first bus. The tree has no node for
 * it; what it takes of the machine follows from the bridge's: a page of configuration
 * space, a part of the memory window for its registers, the line of its pin INTA.
 *
 * References: IEEE 1275 PCI Bus Binding 2.1, 2.2.1 (addresses, ranges); Devicetree
 * Specification 0.4, 2.4.3 (interrupt-map); PCI Express Base Specification 5.0, 7.2.2 (ECAM).
 */
#include "board_pci.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include "abi/skerry.h"

#define KIND      0x03000000u
#define MEMORY_32 0x02000000u
#define INTA      1u
#define ROOM      0x10000u   /* of the window, for each function there may be */

static uint32_t cell(const fdt32_t *at, int index)
{
	return fdt32_to_cpu(at[index]);
}

static uint64_t wide(const fdt32_t *at, int index)
{
	return (uint64_t)cell(at, index) << 32 | cell(at, index + 1);
}

bool board_pci_path(const char *path, unsigned *device, unsigned *function)
{
	const char *last = strrchr(path, '/');
	char *end;

	if (!last || strspn(last + 1, "0123456789abcdef") == 0)
		return false;
	*device = (unsigned)strtoul(last + 1, &end, 16);
	if (*end != ',' || strspn(end + 1, "01234567") != 1 || end[2])
		return false;
	*function = (unsigned)(end[1] - '0');
	return true;
}

/* The part of the 32-bit memory window that is for function DEVFN; bridges with other windows have none. */
static bool find_window(const void *fdt, int bridge, unsigned devfn, struct board_device *d)
{
	int cells, up = fdt_address_cells(fdt, fdt_parent_offset(fdt, bridge));
	const fdt32_t *r = board_cells(fdt, bridge, "ranges", &cells);

	for (int i = 0; up == 2 && i + 7 <= cells; i += 7) {
		uint64_t skip = (uint64_t)devfn * ROOM;

		if ((cell(r, i) & KIND) != MEMORY_32 || skip + ROOM > wide(r, i + 5))
			continue;
		d->bus = wide(r, i + 1) + skip;
		d->base = wide(r, i + 3) + skip;
		d->bytes = ROOM;
		return d->base % SK_PAGE == 0 && d->bus >> 32 == 0;
	}
	return false;
}

/* Of each entry: the function and its pin, the controller, what that calls the interrupt. */
static void find_line(const void *fdt, int bridge, unsigned devfn, int gic, struct board_device *d)
{
	int cells, masks, step = 5 + fdt_address_cells(fdt, gic) + 3;
	const fdt32_t *map = board_cells(fdt, bridge, "interrupt-map", &cells);
	const fdt32_t *mask = board_cells(fdt, bridge, "interrupt-map-mask", &masks);

	for (int i = 0; masks == 4 && i + step <= cells; i += step) {
		const fdt32_t *to = map + i + step - 3;

		if (((cell(map, i) ^ devfn << 8) & cell(mask, 0)) || ((cell(map, i + 3) ^ INTA) & cell(mask, 3)))
			continue;
		if (fdt_node_offset_by_phandle(fdt, cell(map, i + 4)) == gic && cell(to, 0) == 0)
			d->irq = cell(to, 1) + 32;
		return;
	}
}

/* Entries: requester, IOMMU, stream, how many. */
static void find_stream(const void *fdt, int bridge, unsigned devfn, struct board_device *d)
{
	int cells;
	const fdt32_t *map = board_cells(fdt, bridge, "iommu-map", &cells);

	for (int i = 0; i + 4 <= cells; i += 4) {
		if (devfn >= cell(map, i) && devfn - cell(map, i) < cell(map, i + 3))
			d->stream[d->streams++] = cell(map, i + 2) + devfn - cell(map, i);
		if (d->streams)
			return;
	}
}

const char *board_pci_look_up(const void *fdt, const char *path, int gic, struct board_device *d)
{
	unsigned device = 0, function = 0, devfn;
	int cells, bridge = fdt_path_offset_namelen(fdt, path, (int)(strrchr(path, '/') - path));
	const fdt32_t *reg;
	char full[256];

	board_pci_path(path, &device, &function);
	devfn = device << 3 | function;
	if (bridge < 0 || fdt_node_check_compatible(fdt, bridge, "pci-host-ecam-generic") != 0)
		return "the node above is no PCI host bridge (pci-host-ecam-generic)";
	if (device > 31)
		return "a bus has devices 0 to 1f";
	reg = board_cells(fdt, bridge, "reg", &cells);
	if (cells < 4 || fdt_address_cells(fdt, fdt_parent_offset(fdt, bridge)) != 2 ||
	    ((uint64_t)devfn + 1) * SK_PAGE > wide(reg, 2))
		return "the host bridge has no configuration space for it";
	if (!find_window(fdt, bridge, devfn, d))
		return "the host bridge's 32-bit memory window has no room for it";
	d->config = wide(reg, 0) + (uint64_t)devfn * SK_PAGE;
	find_line(fdt, bridge, devfn, gic, d);
	find_stream(fdt, bridge, devfn, d);
	d->path = fdt_get_path(fdt, bridge, full, sizeof(full)) == 0 ? idl_text("%s", full) : path;
	return NULL;
}
