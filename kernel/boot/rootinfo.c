/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "rootinfo.h"

struct sk_region *rootinfo_add(struct sk_root_info *info, struct range range, uint32_t kind, const char *name,
			       struct report *report)
{
	struct sk_region *r = &info->region[info->regions];

	if (info->regions == SK_ROOT_MAX_REGIONS) {
		refuse(report, "%s: more than %u regions of RAM and devices", name, SK_ROOT_MAX_REGIONS);
		return NULL;
	}
	info->regions++;
	r->pa = align_down(range.start, PAGE);
	r->size = align_up(range.end, PAGE) - r->pa;
	r->kind = kind;
	r->offset = (uint32_t)(range.start - r->pa);
	format(r->name, sizeof(r->name), "%s", name);
	return r;
}

static bool add_memory(struct sk_root_info *info, const struct machine *m, const struct claims *c,
		       const struct layout *l, struct report *report)
{
	struct range dtb = {l->dtb, l->dtb + l->dtb_size};

	for (uint32_t i = 0; i < c->free.count; i++)
		if (!rootinfo_add(info, c->free.at[i], SK_REGION_RAM, "ram", report))
			return false;
	if (!rootinfo_add(info, c->archive, SK_REGION_ARCHIVE, "system", report))
		return false;
	if (m->initrd.end && !rootinfo_add(info, m->initrd, SK_REGION_ARCHIVE, "initrd", report))
		return false;
	return rootinfo_add(info, dtb, SK_REGION_DTB, "dtb", report) != NULL;
}

/* Index of the region that holds a node's registers, ~0 if there is none. */
static uint32_t region_of(const struct sk_root_info *info, const struct dt *dt, int node,
			  struct report *report)
{
	struct range r;

	if (node >= 0 && reg_read(dt, node, 0, &r, report) == REG_OK)
		for (uint32_t i = 0; i < info->regions; i++)
			if (info->region[i].kind == SK_REGION_DEVICE && info->region[i].pa <= r.start &&
			    r.start - info->region[i].pa < info->region[i].size)
				return i;
	return ~0u;
}

bool rootinfo_fill(struct sk_root_info *info, const struct dt *dt, const struct machine *m,
		   const struct claims *c, const struct layout *l, uint64_t counter_hz, struct report *report)
{
	info->magic = SK_ROOT_INFO_MAGIC;
	info->version = SK_ROOT_INFO_VERSION;
	info->cores = m->cores;
	info->abi = SK_ABI_MAJOR << 16 | SK_ABI_MINOR;
	info->counter_hz = counter_hz;
	memcpy(info->seed, m->seed, sizeof(info->seed));
	info->object_bytes = l->window.end - l->window.start - l->pool;
	if (!add_memory(info, m, c, l, report) || !devices_add(info, dt, m, report))
		return false;
	info->console = region_of(info, dt, m->console, report);
	info->status = region_of(info, dt, m->status, report);
	return true;
}
