/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References: Devicetree Specification 0.4, chapters 2.3, 3 (chosen, memory, cpus).
 */
#include "arch/aarch64/tree.h"

#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "arch/aarch64/machine.h"
#include "core/arch.h"

#define RNG_SEED 32u

/* --- what it says ------------------------------------------------------------------ */

static uint64_t wide(const fdt32_t *cell)
{
	return (uint64_t)fdt32_to_cpu(cell[0]) << 32 | fdt32_to_cpu(cell[1]);
}

/* The cells of property NAME from FIRST on, if it has COUNT of them there. */
static const fdt32_t *cells_at(const void *tree, int node, const char *name, unsigned first, unsigned count)
{
	int length;
	const fdt32_t *cells = node < 0 ? NULL : fdt_getprop(tree, node, name, &length);

	return cells && (unsigned)length / 4 >= first + count ? cells + first : NULL;
}

static bool describe(const void *tree, int node, unsigned n, struct tree_device *device)
{
	const fdt32_t *reg = cells_at(tree, node, "reg", 4 * n, 4);
	const fdt32_t *interrupt = cells_at(tree, node, "interrupts", 0, 3);

	if (!reg)
		return false;
	*device = (struct tree_device){ wide(reg), wide(reg + 2), interrupt ? fdt32_to_cpu(interrupt[1]) : 0 };
	return true;
}

bool tree_find(const void *tree, const char *compatible, unsigned n, struct tree_device *device)
{
	return describe(tree, fdt_node_offset_by_compatible(tree, -1, compatible), n, device);
}

static int virtio_node(const void *tree, const char *label)
{
	return fdt_node_offset_by_prop_value(tree, -1, "label", label, (int)strlen(label) + 1);
}

bool tree_find_virtio(const void *tree, const char *label, struct tree_device *device)
{
	return describe(tree, virtio_node(tree, label), 0, device);
}

static int pci_node(const void *tree)
{
	return fdt_node_offset_by_compatible(tree, -1, "pci-host-ecam-generic");
}

/* Of ranges: flags, address on the bus (2 cells), ours (2), size (2). */
bool tree_find_pci_window(const void *tree, struct tree_device *window)
{
	const fdt32_t *range = cells_at(tree, pci_node(tree), "ranges", 0, 7);

	if (range)
		*window = (struct tree_device){ wide(range + 3), wide(range + 5), 0 };
	return range != NULL;
}

/* Of interrupt-map: device (3 cells), pin, controller and its address (3), kind, number, flags. */
bool tree_find_pci_irq(const void *tree, unsigned d, unsigned *spi)
{
	const fdt32_t *entry = cells_at(tree, pci_node(tree), "interrupt-map", 10 * (d - 1), 10);

	if (entry)
		*spi = fdt32_to_cpu(entry[8]);
	return entry && fdt32_to_cpu(entry[0]) == d << 11;
}

static int memory_node(const void *tree)
{
	return fdt_node_offset_by_prop_value(tree, -1, "device_type", "memory", sizeof("memory"));
}

bool tree_find_ram(const void *tree, uint64_t *base)
{
	struct tree_device ram;

	if (!describe(tree, memory_node(tree), 0, &ram))
		return false;
	*base = ram.base;
	return true;
}

/* --- what is known at boot ----------------------------------------------------------- */

/* An error of any step sticks. */
struct changes {
	void *tree;
	int error;
};

static void note(struct changes *c, int error)
{
	if (!c->error && error < 0)
		c->error = error;
}

static void set_wide(struct changes *c, int node, const char *name, uint64_t value)
{
	note(c, fdt_setprop_u64(c->tree, node, name, value));
}

static void set_chosen(struct changes *c, struct vm *vm, const struct image_placed *placed)
{
	int node = fdt_path_offset(c->tree, "/chosen");
	uint64_t first = placed->initrd.value;
	uint8_t random[RNG_SEED];

	note(c, fdt_setprop_string(c->tree, node, "bootargs", vm->append));
	entropy_get(&vm->entropy, random, sizeof(random));
	note(c, fdt_setprop(c->tree, node, "rng-seed", random, sizeof(random)));
	entropy_get(&vm->entropy, random, 8);
	note(c, fdt_setprop(c->tree, node, "kaslr-seed", random, 8));
	if (placed->initrd_size) {
		set_wide(c, node, "linux,initrd-start", first);
		set_wide(c, node, "linux,initrd-end", first + placed->initrd_size);
	}
}

static void set_memory(struct changes *c, const struct guest_ram *ram)
{
	int node = memory_node(c->tree);

	set_wide(c, node, "reg", ram->base.value);
	note(c, fdt_appendprop_u64(c->tree, node, "reg", ram->size));
}

static void drop(struct changes *c, int node)
{
	if (node >= 0)
		note(c, fdt_del_node(c->tree, node));
}

static void set_cpus(struct changes *c, const struct vm *vm)
{
	struct tree_device distributor = { 0 }, redistributors = { 0 };
	int node = fdt_node_offset_by_compatible(c->tree, -1, "arm,gic-v3");
	char path[32];

	describe(c->tree, node, 0, &distributor);
	describe(c->tree, node, 1, &redistributors);
	set_wide(c, node, "reg", distributor.base);
	note(c, fdt_appendprop_u64(c->tree, node, "reg", distributor.size));
	note(c, fdt_appendprop_u64(c->tree, node, "reg", redistributors.base));
	note(c, fdt_appendprop_u64(c->tree, node, "reg", vm->cpus * GUEST_GICR_BYTES));
	for (unsigned n = vm->cpus; n < VMM_MAX_CPUS; n++) {
		snprintf(path, sizeof(path), "/cpus/cpu@%x", n);
		drop(c, fdt_path_offset(c->tree, path));
	}
}

static bool has(const struct virtio_set *set, const char *label)
{
	for (unsigned n = 0; n < set->count; n++) {
		if (strcmp(set->label[n], label) == 0)
			return true;
	}
	return false;
}

/* Devices stand at their transports, or on the PCI bus: what is not used goes. */
static void set_devices(struct changes *c, const struct virtio_set *set)
{
	int node = fdt_node_offset_by_compatible(c->tree, -1, "virtio,mmio"), before = -1;

	while (node >= 0) {
		const char *label = fdt_getprop(c->tree, node, "label", NULL);

		if (!set->on_pci && label && has(set, label))
			before = node;
		else
			drop(c, node);
		node = fdt_node_offset_by_compatible(c->tree, before, "virtio,mmio");
	}
	if (set->on_pci)
		return;
	drop(c, pci_node(c->tree));
	drop(c, fdt_node_offset_by_compatible(c->tree, -1, "arm,gic-v2m-frame"));
}

size_t arch_device_tree(struct vm *vm, const struct image_placed *placed, void *at, size_t room)
{
	struct changes c = { at, 0 };

	note(&c, fdt_open_into(vm->arch.tree, at, (int)room));
	if (c.error)
		return 0;
	set_chosen(&c, vm, placed);
	set_memory(&c, &vm->ram);
	set_cpus(&c, vm);
	set_devices(&c, &vm->virtio);
	note(&c, fdt_pack(at));
	return c.error ? 0 : fdt_totalsize(at);
}
