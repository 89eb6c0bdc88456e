/* SPDX-License-Identifier: BSD-2-Clause */
/* TCR_EL2, MAIR_EL2: Arm ARM DDI 0487 K.a, D24.2.192, D24.2.120. */
#include "bootinfo.h"
#include "cpu.h"
#include "identity.h"
#include "layout.h"
#include "start.h"

#define TABLE_PAGES 32

#define TCR_RES1    (1ul << 31 | 1ul << 23)
#define TCR_T0SZ    16ul        /* 48 bits */
#define TCR_WALKS   (1ul << 8 | 1ul << 10 | 3ul << 12) /* write-back write-allocate, inner shareable */
#define TCR_PS_SHIFT 16

static _Alignas(4096) uint64_t pages[TABLE_PAGES][512];
static struct tables tables;

uint64_t identity_mair(void)
{
	return KERNEL_MAIR;
}

uint64_t identity_tcr(void)
{
	uint64_t range = READ_SYSREG(id_aa64mmfr0_el1) & 15;

	return TCR_RES1 | TCR_T0SZ | TCR_WALKS | (range < 5 ? range : 5) << TCR_PS_SHIFT;
}

uint64_t identity_ttbr(void)
{
	return (uint64_t)tables.root;
}

void identity_begin(struct range image)
{
	tables = (struct tables){
		.root = pages[0],
		.next = (uint64_t)pages[1],
		.end = (uint64_t)pages[TABLE_PAGES],
		.block_bits = 30,
	};
	tables_map(&tables, image.start, image.start, image.end - image.start, MAP_LOADER);
	cache_invalidate(image);
	mmu_on(identity_mair(), identity_tcr(), identity_ttbr(), SCTLR_LOADER);
}

bool identity_map(struct range range, enum map_kind kind, struct report *report)
{
	uint64_t start = align_down(range.start, PAGE);

	if (range.end > LOADER_LIMIT)
		return refuse(report, "0x%lx is above 512 GiB: the loader cannot reach it", range.end - 1);
	if (!tables_map(&tables, start, start, align_up(range.end, PAGE) - start, kind))
		return refuse(report, "the loader's %u table pages do not suffice for 0x%lx", TABLE_PAGES,
			      range.start);
	tables_barrier();
	return true;
}

void identity_share(const uint64_t *kernel_root)
{
	for (uint64_t va = KERNEL_VA; va <= DEVICE_VA; va += LOADER_LIMIT)
		tables.root[va >> 39] = kernel_root[va >> 39];
	tables_barrier();
}
