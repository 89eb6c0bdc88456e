/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "cpu.h"
#include "load.h"
#include "start.h"

static void copy_segment(uint64_t to, const struct elf_segment *s, const void *file)
{
	memcpy((char *)to + s->skip, (const char *)file + s->offset, s->bytes);
}

void load_window(const struct layout *l, const struct image *kernel)
{
	memory_zero(l->window);
	for (uint32_t i = 0; i < kernel->elf.segments; i++) {
		const struct elf_segment *s = &kernel->elf.segment[i];

		copy_segment(l->window.start + (s->va - KERNEL_VA), s, kernel->file);
	}
	memcpy((void *)(l->window.start + l->stub), stub_begin, (size_t)(stub_end - stub_begin));
	cache_clean((struct range){l->window.start, l->window.start + l->stacks});
	cache_publish_code();
}

/* A blob that ends where its contents end, not where totalsize said. */
static void copy_dtb(uint64_t to, const struct dt *dt, uint32_t bytes)
{
	unsigned char *copy = (unsigned char *)to;

	memcpy(copy, dt->blob, bytes);
	for (unsigned i = 0; i < 4; i++) /* struct fdt_header.totalsize, big endian at byte 4 */
		copy[4 + i] = (unsigned char)(bytes >> (24 - 8 * i));
}

void load_root(const struct layout *l, const struct image *root, const struct dt *dt, uint32_t dtb_bytes)
{
	memory_zero(l->root);
	for (uint32_t i = 0; i < root->elf.segments; i++)
		copy_segment(l->segment[i], &root->elf.segment[i], root->file);
	copy_dtb(l->dtb, dt, dtb_bytes);
}

void load_publish(const struct layout *l)
{
	cache_clean(l->root);
	cache_publish_code();
}

static void regions(struct bootinfo *boot, const struct sk_root_info *info)
{
	boot->regions = info->regions;
	for (uint32_t i = 0; i < info->regions; i++) {
		boot->region[i].pa = info->region[i].pa;
		boot->region[i].size = info->region[i].size;
		boot->region[i].kind = info->region[i].kind;
	}
}

void load_bootinfo(struct bootinfo *boot, const struct layout *l, const struct machine *m,
		   const struct elf *root, const struct sk_root_info *info)
{
	boot->magic = BOOTINFO_MAGIC;
	boot->version = BOOTINFO_VERSION;
	boot->cores = m->cores;
	boot->window_va = KERNEL_VA;
	boot->window_pa = l->window.start;
	boot->window_size = l->window.end - l->window.start;
	boot->pool_va = KERNEL_VA + l->pool;
	boot->pool_size = boot->window_size - l->pool;
	for (uint32_t i = 0; i < m->cores; i++)
		boot->mpidr[i] = m->mpidr[i];
	boot->timer_hyp = m->timer_hyp;
	boot->gic_maintenance = m->gic_maintenance;
	boot->psci_hvc = m->psci_hvc;
	for (uint32_t i = 0; i < root->segments; i++)
		boot->root[i] = (struct boot_segment){root->segment[i].va, l->segment[i],
						      root->segment[i].size, root->segment[i].rights};
	boot->root_entry = root->entry;
	boot->root_stack = (struct boot_segment){SK_ROOT_STACK_TOP - SK_ROOT_STACK_SIZE, l->stack,
						 SK_ROOT_STACK_SIZE, SK_RIGHT_READ | SK_RIGHT_WRITE};
	boot->root_info =
		(struct boot_segment){SK_ROOT_INFO_IPA, l->info, SK_ROOT_INFO_PAGES * PAGE, SK_RIGHT_READ};
	regions(boot, info);
}
