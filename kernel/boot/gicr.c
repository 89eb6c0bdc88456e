/* SPDX-License-Identifier: BSD-2-Clause */
/* GICv3 redistributors. Arm IHI 0069H, 12.11.37 (GICR_TYPER), 12.10 (frames). */
#include "gicr.h"

#define GICR_TYPER      8
#define TYPER_VLPIS     (1ul << 1) /* two more 64 KiB frames */
#define TYPER_LAST      (1ul << 4)
#define TYPER_AFFINITY  32
#define FRAMES_PLAIN    0x20000ul
#define FRAMES_VLPIS    0x40000ul

/* MPIDR's affinity as GICR_TYPER holds it: four bytes in a row. */
static uint64_t affinity(uint64_t mpidr)
{
	return (mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24;
}

/* Notes the frame at ADDRESS for the core that it belongs to, if that is one of ours. */
static void note(const struct machine *m, uint64_t *frame, uint64_t typer, uint64_t address)
{
	for (uint32_t core = 0; core < m->cores; core++)
		if (affinity(m->mpidr[core]) == typer >> TYPER_AFFINITY && !frame[core])
			frame[core] = address;
}

static void search_region(const struct machine *m, struct range region, uint64_t *frame)
{
	while (region.end - region.start >= FRAMES_PLAIN) {
		uint64_t typer = *(const volatile uint64_t *)(uintptr_t)(region.start + GICR_TYPER);
		uint64_t step = typer & TYPER_VLPIS ? FRAMES_VLPIS : FRAMES_PLAIN;

		if (m->gicr_stride)
			step = m->gicr_stride;
		note(m, frame, typer, region.start);
		if ((typer & TYPER_LAST) || step > region.end - region.start)
			return;
		region.start += step;
	}
}

bool gicr_find(const struct machine *m, uint64_t *frame, struct report *report)
{
	for (uint32_t core = 0; core < m->cores; core++)
		frame[core] = 0;
	for (uint32_t i = 0; i < m->gicr_regions; i++)
		search_region(m, m->gicr[i], frame);
	for (uint32_t core = 0; core < m->cores; core++)
		if (!frame[core])
			return refuse(
				report,
				"GICv3: no redistributor in its reg belongs to the core with MPIDR 0x%lx",
				m->mpidr[core]);
	return true;
}
