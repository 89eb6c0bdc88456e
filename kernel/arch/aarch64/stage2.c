/* SPDX-License-Identifier: BSD-2-Clause */
/* Stage 2: which table a core translates by, and TLB maintenance ([ARM] D8.16, D8.17). */
#include "kernel.h"
#include "cpu.h"
#include "guest.h"
#include "sysreg.h"

/* More pages than this: dropping all of the VMID is cheaper than one by one. */
#define FLUSH_SINGLE_MAX 16u

/* Where no Space is loaded: VMID 0, nothing mapped. (A walk may be speculative at any time.) */
static _Alignas(ARCH_ROOT_BYTES) pte_t nothing[ARCH_ROOT_BYTES / sizeof(pte_t)];

static uint64_t vttbr_of(const struct space *space)
{
	return space ? space->hardware.vttbr : va_to_pa(nothing).a;
}

void arch_space_set(struct space *space)
{
	space->hardware.vttbr = space->vmid ? (uint64_t)space->vmid << VTTBR_VMID_SHIFT | space->root_pa.a :
					      vttbr_of(NULL);
}

void arch_space_load(struct core *core, struct space *space)
{
	core->space = space;
	WRITE_SYSREG(vttbr_el2, vttbr_of(space));
	/* the eret to whoever uses it synchronises */
}

/* Unless CTR_EL0.DIC is 1 instruction caches may hold what was there before. */
void stage2_publish_code(void)
{
	if (!(READ_SYSREG(ctr_el0) >> 29 & 1))
		__asm__ volatile("dsb ish\n\tic ialluis\n\tdsb ish" : : : "memory");
}

/*
 * TLB maintenance by IPA or by VMID acts on the VMID of VTTBR_EL2: it is set for
 * the operation. HCR_EL2.TGE is 1 here, which makes the stage 1 forms act on EL2's
 * own regime in some revisions; so TGE is cleared around it ([ARM] D8.17.5).
 */
static void begin(uint64_t vttbr)
{
	dsb(ishst);
	WRITE_SYSREG(vttbr_el2, vttbr);
	WRITE_SYSREG(hcr_el2, HCR_COMPONENT & ~HCR_TGE);
	isb();
}

static void end(void)
{
	struct core *core = core_here();

	dsb(ish);
	WRITE_SYSREG(vttbr_el2, vttbr_of(core->space));
	WRITE_SYSREG(hcr_el2, HCR_COMPONENT);
	/* the eret synchronises */
}

void arch_space_flush(const struct space *space, ipa_t ipa, uint64_t pages)
{
	/* (2 MiB are 512 pages as well as one block: one operation would drop the block only.) */
	if (pages > FLUSH_SINGLE_MAX) {
		arch_vmid_flush(space->vmid);
		return;
	}
	begin(space->hardware.vttbr);
	do
		__asm__ volatile("tlbi ipas2e1is, %0" : : "r"((ipa.a >> SK_PAGE_BITS) + --pages));
	while (pages > 0);
	/* stage 1 combined entries of that VMID go too */
	__asm__ volatile("dsb ish\n\ttlbi vmalle1is" : : : "memory");
	end();
}

void stage2_flush_local(const struct space *space)
{
	begin(vttbr_of(space));
	__asm__ volatile("tlbi vmalle1\n\tdsb nsh" : : : "memory");
	end();
}

void arch_vmid_flush(unsigned vmid)
{
	begin((uint64_t)vmid << VTTBR_VMID_SHIFT | vttbr_of(NULL));
	__asm__ volatile("tlbi vmalls12e1is" : : : "memory");
	end();
}
