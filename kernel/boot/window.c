/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's translation tables: its image, stacks, tables and pool at KERNEL_VA, devices at DEVICE_VA. */
#include "cpu.h"
#include "load.h"
#include "tables.h"

static enum map_kind kind_of(uint64_t rights)
{
	if (rights & SK_RIGHT_EXEC)
		return MAP_TEXT;
	return rights & SK_RIGHT_WRITE ? MAP_DATA : MAP_CONST;
}

/* A part of the window at its kernel address. */
static bool map_window(struct tables *t, const struct layout *l, uint64_t offset, uint64_t end,
		       enum map_kind kind)
{
	return tables_map(t, KERNEL_VA + offset, l->window.start + offset, end - offset, kind);
}

static bool map_memory(struct tables *t, const struct layout *l, const struct elf *kernel, uint32_t cores)
{
	for (uint32_t i = 0; i < kernel->segments; i++) {
		uint64_t offset = kernel->segment[i].va - KERNEL_VA;

		if (!map_window(t, l, offset, offset + kernel->segment[i].size,
				kind_of(kernel->segment[i].rights)))
			return false;
	}
	for (uint32_t i = 0; i < cores; i++) {
		uint64_t top = layout_stack_top(l, i);

		if (!map_window(t, l, top - BOOT_STACK, top, MAP_DATA))
			return false;
	}
	return map_window(t, l, l->tables, l->tables_end, MAP_DATA) &&
	       map_window(t, l, l->stub, l->stacks, MAP_TEXT) &&
	       map_window(t, l, l->bootinfo, l->window.end - l->window.start, MAP_DATA);
}

#define GICR_BYTES 0x20000ul /* RD and SGI frame */
#define GICD_BYTES 0x10000ul

static bool map_device(struct tables *t, uint64_t *next, uint64_t pa, uint64_t size, uint64_t *va)
{
	uint64_t first = align_down(pa, PAGE), at = *next;

	*va = at + (pa - first);
	*next += align_up(pa + size, PAGE) - first;
	return tables_map(t, at, first, *next - at, MAP_DEVICE);
}

uint64_t load_tables(const struct layout *l, const struct elf *kernel, const struct machine *m,
		     const uint64_t *gicr, uint64_t uart, struct bootinfo *boot)
{
	uint64_t first = l->window.start + l->tables, next = DEVICE_VA;
	struct tables t = {(uint64_t *)first, first + PAGE, l->window.start + l->tables_end, 21};
	bool fits = map_memory(&t, l, kernel, m->cores);

	fits = fits && map_device(&t, &next, m->gicd.start, GICD_BYTES, &boot->gicd_va);
	for (uint32_t i = 0; i < m->cores; i++)
		fits = fits && map_device(&t, &next, gicr[i], GICR_BYTES, &boot->gicr_va[i]);
	if (uart && kernel->noted)
		fits = fits && map_device(&t, &next, uart, PAGE - uart % PAGE, &boot->uart_va);
	cache_clean((struct range){first, t.end});
	return fits ? first : 0;
}
