/* SPDX-License-Identifier: BSD-2-Clause */
#include "layout.h"

#define MIB (1ul << 20)

static struct range pages(struct range r)
{
	return (struct range){align_down(r.start, PAGE), align_up(r.end, PAGE)};
}

/* The parts that were given to us must not lie about each other. */
static bool check_apart(const struct claims *c, const struct machine *m, struct report *report)
{
	struct range all = {c->image.start, c->archive.end};

	if (!ranges_cover(&m->ram, all))
		return refuse(report, "/memory: the system image at 0x%lx..0x%lx is not in RAM", all.start,
			      all.end - 1);
	if (ranges_meet(&m->reserved, all))
		return refuse(report,
			      "/reserved-memory: the system image at 0x%lx..0x%lx overlaps a reserved range",
			      all.start, all.end - 1);
	if (range_meets(c->dtb, all))
		return refuse(report, "device tree: it overlaps the system image at 0x%lx..0x%lx", all.start,
			      all.end - 1);
	if (m->initrd.end && range_meets(m->initrd, all))
		return refuse(
			report,
			"/chosen: linux,initrd-start: the initrd overlaps the system image at 0x%lx..0x%lx",
			all.start, all.end - 1);
	if (m->initrd.end && range_meets(m->initrd, c->dtb))
		return refuse(report, "/chosen: linux,initrd-start: the initrd overlaps the device tree");
	if (all.end > LOADER_LIMIT || m->initrd.end > LOADER_LIMIT)
		return refuse(report, "system image and initrd must be loaded below 512 GiB");
	return true;
}

static bool take_reserved(struct ranges *set, const struct ranges *reserved)
{
	for (uint32_t i = 0; i < reserved->count; i++)
		if (!ranges_remove(set, reserved->at[i]))
			return false;
	return true;
}

bool claims_make(struct claims *c, const struct machine *m, unsigned pa_bits, struct report *report)
{
	struct range last = m->ram.at[m->ram.count - 1];
	bool fits;

	if (last.end > 1ul << pa_bits)
		return refuse(report, "/memory: RAM up to 0x%lx, but the CPU has %u address bits",
			      last.end - 1, pa_bits);
	if (!check_apart(c, m, report))
		return false;
	c->free = m->ram;
	fits = take_reserved(&c->free, &m->reserved) && ranges_remove(&c->free, pages(c->archive)) &&
	       ranges_remove(&c->free, pages(m->initrd));
	c->usable = c->free;
	fits = fits && ranges_remove(&c->usable, pages(c->image)) &&
	       ranges_remove(&c->usable, pages(c->dtb)) &&
	       ranges_remove(&c->usable, (struct range){LOADER_LIMIT, ~0ul});
	return fits ? true
		    : refuse(report, "/memory: memory and reserved memory break into more than %u ranges",
			     RANGES);
}

static uint64_t pool_bytes(const struct machine *m)
{
	uint64_t share = ranges_bytes(&m->ram) / 64;

	if (m->pool)
		return m->pool;
	return share < 8 * MIB ? 8 * MIB : share;
}

/* Offsets in the window; its size becomes window.end - window.start. */
static uint64_t plan_window(struct layout *l, const struct machine *m, const struct elf *kernel)
{
	uint64_t image = kernel->high - KERNEL_VA, pool = pool_bytes(m), count;

	/*
	 * Root, two first-level, three for devices, one second-level a GiB, one
	 * third-level for each 2 MiB that is mapped by pages.
	 */
	count = 8 + (image + pool) / (1ul << 30) + image / BLOCK;
	l->tables = image;
	l->tables_end = l->stub = l->tables + count * PAGE;
	l->stacks = l->stub + PAGE;
	l->bootinfo = l->stacks + m->cores * (BOOT_STACK + PAGE);
	l->pool = l->bootinfo + align_up(sizeof(struct bootinfo), PAGE);
	return align_up(l->pool + pool, BLOCK);
}

/* Addresses relative to root.start. */
static uint64_t plan_root(struct layout *l, const struct elf *root, uint64_t dtb_bytes)
{
	uint64_t at = 0;

	for (uint32_t i = 0; i < root->segments; i++) {
		l->segment[i] = at;
		at += root->segment[i].size;
	}
	l->stack = at;
	l->info = l->stack + SK_ROOT_STACK_SIZE;
	l->dtb = l->info + SK_ROOT_INFO_PAGES * PAGE;
	l->dtb_size = align_up(dtb_bytes, PAGE);
	return l->dtb + l->dtb_size;
}

static bool take(struct claims *c, const char *what, uint64_t size, uint64_t align, struct range *found,
		 struct report *report)
{
	struct range largest = ranges_largest(&c->usable);

	if (!ranges_find(&c->usable, size, align, found))
		return refuse(report,
			      "/memory: %s needs %lu KiB in one piece, the largest free range has %lu KiB",
			      what, size >> 10, (largest.end - largest.start) >> 10);
	if (!ranges_remove(&c->usable, *found) || !ranges_remove(&c->free, *found))
		return refuse(report, "/memory: RAM breaks into more than %u ranges", RANGES);
	return true;
}

bool layout_plan(struct layout *l, struct claims *c, const struct machine *m, const struct elf *kernel,
		 const struct elf *root, uint64_t dtb_bytes, struct report *report)
{
	uint64_t size = plan_window(l, m, kernel);

	if (!take(c, "the kernel with its object pool (skerry.pool=)", size, BLOCK, &l->window, report))
		return false;
	size = plan_root(l, root, dtb_bytes);
	if (!take(c, "root", size, PAGE, &l->root, report))
		return false;
	for (uint32_t i = 0; i < root->segments; i++)
		l->segment[i] += l->root.start;
	l->stack += l->root.start;
	l->info += l->root.start;
	l->dtb += l->root.start;
	return true;
}
