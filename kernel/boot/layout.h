/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where everything goes.
 *
 *   window (object side; mapped by the kernel at KERNEL_VA)
 *   +--------------+--------+------+----------------------+----------+---------------
 *   | kernel image | tables | stub | [guard][stack] x core| bootinfo | object pool
 *   +--------------+--------+------+----------------------+----------+---------------
 *   0, 2 MiB aligned                                                   ends on 2 MiB
 *
 *   root's pages (user side; the kernel does not map them)
 *   segment 0 | .. | stack | sk_root_info | copy of the device tree
 */
#ifndef BOOT_LAYOUT_H
#define BOOT_LAYOUT_H

#include "elf.h"
#include "machine.h"

#define BOOT_STACK   0x2000ul /* per core, with an unmapped page below */
#define LOADER_LIMIT (1ul << 39) /* the loader's identity map ends where KERNEL_VA begins */

struct layout {
	struct range window;
	uint64_t tables, tables_end; /* these and the following: offsets in the window */
	uint64_t stub, stacks, bootinfo, pool;
	struct range root;           /* everything on root's side */
	uint64_t segment[ELF_SEGMENTS]; /* physical addresses */
	uint64_t stack, info, dtb;
	uint64_t dtb_size;           /* whole pages */
};

/* Memory that things were found in, and what is left of it. */
struct claims {
	struct range image;          /* the loader itself */
	struct range archive;        /* the whole room behind it; after the check, the archive */
	struct range dtb;
	struct ranges usable;        /* the loader may place something here */
	struct ranges free;          /* handed on to root */
};

/*
 * Checks that image, archive, initrd and device tree stand in RAM (the last:
 * anywhere), apart from each other and from reserved memory, and makes the two
 * sets. PA_BITS: physical address bits of the CPU.
 */
bool claims_make(struct claims *c, const struct machine *m, unsigned pa_bits, struct report *report);

/* Places the window and root's pages, and takes them out of both sets. */
bool layout_plan(struct layout *l, struct claims *c, const struct machine *m, const struct elf *kernel,
		 const struct elf *root, uint64_t dtb_bytes, struct report *report);

/* Offset of the top of a core's boot stack in the window. */
static inline uint64_t layout_stack_top(const struct layout *l, uint32_t core)
{
	return l->stacks + (core + 1) * (BOOT_STACK + PAGE);
}

#endif
