/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regions of device registers for root. Pages are the unit of protection:
 * nodes whose registers share a page (QEMU's virtio-mmio slots) become one
 * region under the name and interrupt of the first of them; root finds the
 * others in the device tree that it gets.
 */
#include <string.h>

#include "rootinfo.h"

/* What the kernel keeps, or what is no device: the GIC, cpus and memory, with everything below. */
static bool hidden(const struct dt *dt, const struct machine *m, int node)
{
	for (; node > 0; node = dt->node[node].parent) {
		if (node == m->gic || dt_is(dt, node, DT_DEVICE_TYPE, "memory"))
			return true;
		if (dt->node[node].parent == 0 && (!strcmp(dt->node[node].name, "reserved-memory") ||
						   !strcmp(dt->node[node].name, "cpus")))
			return true;
	}
	return false;
}

static bool keeps_apart(const struct dt *dt, const struct machine *m, int node, struct range pages,
			struct report *report)
{
	bool gic = range_meets(m->gicd, pages);

	for (uint32_t i = 0; i < m->gicr_regions; i++)
		gic = gic || range_meets(m->gicr[i], pages);
	if (gic)
		return refuse(report, "%s: reg 0x%lx..0x%lx overlaps the GIC's", dt_name(dt, node),
			      pages.start, pages.end - 1);
	if (ranges_meet(&m->ram, pages))
		return refuse(report, "%s: reg 0x%lx..0x%lx overlaps RAM", dt_name(dt, node), pages.start,
			      pages.end - 1);
	return true;
}

/* The region that has pages of RANGE, from FIRST on; null if there is none. */
static struct sk_region *sharing(struct sk_root_info *info, uint32_t first, struct range range)
{
	for (uint32_t i = first; i < info->regions; i++) {
		struct sk_region *r = &info->region[i];

		if (range_meets((struct range){r->pa, r->pa + r->size}, range))
			return r;
	}
	return NULL;
}

/*
 * Takes out the regions that have a page of *PAGES, which grows to cover them.
 * *KEPT becomes the first of them. False: there are none.
 */
static bool absorb(struct sk_root_info *info, uint32_t first, struct range *pages, struct sk_region *kept)
{
	struct sk_region *r;
	bool any = false;

	while ((r = sharing(info, first, *pages))) {
		if (!any)
			*kept = *r;
		any = true;
		if (r->pa < pages->start)
			pages->start = r->pa;
		if (r->pa + r->size > pages->end)
			pages->end = r->pa + r->size;
		*r = info->region[--info->regions];
	}
	return any;
}

static bool describe(struct sk_region *r, const struct dt *dt, const struct machine *m, int node,
		     struct range range, struct report *report)
{
	struct interrupt interrupt = {0, false};

	if (interrupt_read(dt, node, m->gic, 0, &interrupt, report) == REG_BAD)
		return false;
	*r = (struct sk_region){.pa = range.start, .kind = SK_REGION_DEVICE, .irq = interrupt.intid,
				.irq_edge = interrupt.edge ? SK_TRIGGER_EDGE : SK_TRIGGER_LEVEL};
	dt_path(dt, node, r->name, sizeof(r->name));
	return true;
}

static bool add(struct sk_root_info *info, const struct dt *dt, const struct machine *m, int node,
		uint32_t first, struct range range, struct report *report)
{
	struct range pages = {align_down(range.start, PAGE), align_up(range.end, PAGE)};
	struct sk_region kept, *r;
	uint64_t contents;

	if (!keeps_apart(dt, m, node, pages, report))
		return false;
	if (!absorb(info, first, &pages, &kept) && !describe(&kept, dt, m, node, range, report))
		return false;
	contents = kept.pa + kept.offset;
	r = rootinfo_add(info, pages, SK_REGION_DEVICE, kept.name, report);
	if (!r)
		return false;
	r->offset = (uint32_t)(contents - pages.start);
	r->irq = kept.irq;
	r->irq_edge = kept.irq_edge;
	return true;
}

/* The memory in which functions behind a PCI host bridge have their registers: a region of the bridge's name. */
static bool add_window(struct sk_root_info *info, const struct dt *dt, const struct machine *m, int node,
		       uint32_t first, struct report *report)
{
	struct range range;
	enum reg_result result = REG_NONE;

	if (dt_compatible(dt, node, "pci-host-ecam-generic"))
		result = pci_window_read(dt, node, &range, report);
	return result == REG_OK ? add(info, dt, m, node, first, range, report) : result == REG_NONE;
}

bool devices_add(struct sk_root_info *info, const struct dt *dt, const struct machine *m,
		 struct report *report)
{
	uint32_t first = info->regions;

	for (int node = 1; node < dt->nodes; node++) {
		struct range range;
		enum reg_result result = REG_NONE;

		if (!dt->node[node].property[DT_REG].offset || hidden(dt, m, node) || !dt_enabled(dt, node))
			continue;
		for (uint32_t i = 0; (result = reg_read(dt, node, i, &range, report)) == REG_OK; i++)
			if (!add(info, dt, m, node, first, range, report))
				return false;
		if (result == REG_BAD || !add_window(info, dt, m, node, first, report))
			return false;
	}
	return true;
}
