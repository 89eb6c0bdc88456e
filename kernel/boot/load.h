/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling the window and root's pages. Both are mapped at their physical addresses. */
#ifndef BOOT_LOAD_H
#define BOOT_LOAD_H

#include "layout.h"

struct image {
	const void *file;
	struct elf elf;
};

/* The object pool, tables, stacks and bootinfo zero, the kernel and the stub in place. */
void load_window(const struct layout *l, const struct image *kernel);

/* Root's segments in place, everything else on its side zero; the device tree's copy made. */
void load_root(const struct layout *l, const struct image *root, const struct dt *dt, uint32_t dtb_bytes);

/* Root's pages are written for good: also for those whose caches are off, and for instruction fetch. */
void load_publish(const struct layout *l);

/*
 * The kernel's translation tables, as bootinfo.h describes them, and the
 * virtual addresses of the devices. Returns the root table's address, 0 if the
 * plan's table pages did not suffice.
 */
uint64_t load_tables(const struct layout *l, const struct elf *kernel, const struct machine *m,
		     const uint64_t *gicr, uint64_t uart, struct bootinfo *boot);

/* Everything in bootinfo but the devices' addresses. */
void load_bootinfo(struct bootinfo *boot, const struct layout *l, const struct machine *m,
		   const struct elf *root, const struct sk_root_info *info);

#endif
