/* SPDX-License-Identifier: BSD-2-Clause */
#include "cores.h"
#include "cpu.h"
#include "identity.h"
#include "psci.h"
#include "start.h"

#define PATIENCE_SECONDS 5

static struct core_start starts[BOOTINFO_CORES];
static struct handover handover;
static uint32_t arrived[BOOTINFO_CORES]; /* set by each core, release: pairs with wait_for's acquire */
static uint32_t go;                      /* set by core 0, release: pairs with secondary_main's acquire */

static _Noreturn void enter(const struct handover *h, uint64_t core)
{
	stub_call(h->bootinfo, core, h->stacks + (core + 1) * (BOOT_STACK + PAGE), h->root_pt, h->entry,
		  h->stub);
}

_Noreturn void secondary_main(const struct core_start *start)
{
	__atomic_store_n(&arrived[start->core], 1, __ATOMIC_RELEASE);
	send_event();
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		wait_event();
	enter(&handover, start->core);
}

static bool wait_for(uint32_t core, uint64_t mpidr, struct report *report)
{
	uint64_t end = counter_now() + PATIENCE_SECONDS * counter_hz();

	while (!__atomic_load_n(&arrived[core], __ATOMIC_ACQUIRE))
		if (counter_now() > end)
			return refuse(report, "core %u (MPIDR 0x%lx) did not come up in %u s", core, mpidr,
				      PATIENCE_SECONDS);
	return true;
}

static bool start(const struct machine *m, uint32_t core, uint64_t stack, struct report *report)
{
	struct core_start *s = &starts[core];
	int64_t error;

	*s = (struct core_start){identity_mair(), identity_tcr(), identity_ttbr(), SCTLR_LOADER, stack, core};
	cache_clean((struct range){(uint64_t)s, (uint64_t)(s + 1)});
	error = psci_cpu_on(m->psci_hvc, m->mpidr[core], (uint64_t)secondary_entry, (uint64_t)s);
	if (error)
		return refuse(report, "/cpus: PSCI CPU_ON of core %u (MPIDR 0x%lx) failed with -%lu", core,
			      m->mpidr[core], (unsigned long)-error);
	return wait_for(core, m->mpidr[core], report);
}

bool cores_start(const struct machine *m, const struct layout *l, const struct handover *h,
		 struct report *report)
{
	handover = *h;
	for (uint32_t core = 1; core < m->cores; core++)
		if (!start(m, core, l->window.start + layout_stack_top(l, core), report))
			return false;
	return true;
}

_Noreturn void cores_go(const struct handover *h)
{
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	send_event();
	enter(h, 0);
}
