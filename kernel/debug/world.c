/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holding the other cores up. Whoever does it has the kernel lock, so there is one
 * at a time, and those that spin for the lock wait already: they say so from
 * arch_relax. The others take the IPI when they are out of the kernel, so no
 * lock-free path is cut off half way, and stand before they have done anything: after
 * it was acknowledged, so that one that is sent while they stand comes again.
 */
#include "debug.h"

static _Atomic uint32_t stop;                /* 1 + core that wants the others to stand */
static _Atomic uint32_t standing;            /* how many do */

void __real_arch_relax(void);
void __wrap_arch_relax(void);
void __real_kernel_ipi(struct core *core);
void __wrap_kernel_ipi(struct core *core);

static void may_stop(struct core *core)
{
	uint32_t by = atomic_load_explicit(&stop, memory_order_acquire);

	if (by == 0 || by == core->number + 1)
		return;
	/* release: what this core did is seen by the one that waits; pairs with debug_stop_others */
	atomic_fetch_add_explicit(&standing, 1, memory_order_release);
	while (atomic_load_explicit(&stop, memory_order_acquire) == by)
		__real_arch_relax();
	atomic_fetch_sub_explicit(&standing, 1, memory_order_release);
}

void __wrap_arch_relax(void)
{
	may_stop(core_here());
	__real_arch_relax();
}

void __wrap_kernel_ipi(struct core *core)
{
	may_stop(core);
	__real_kernel_ipi(core);
}

/* As the lock is taken, if it is nobody's and nobody waits for it. */
static bool try_lock(void)
{
	uint32_t ticket = atomic_load_explicit(&kernel_tickets.owner, memory_order_relaxed);

	/* acquire: pairs with the release in kernel_unlock */
	if (!atomic_compare_exchange_strong_explicit(&kernel_tickets.next, &ticket, ticket + 1, memory_order_acquire,
						     memory_order_relaxed))
		return false;
	/* the ticket drawn was the one that may enter: nobody else can have drawn it */
	return true;
}

bool debug_stop_others(struct core *core)
{
	if (!try_lock())
		return false;
	/* those that were held up before must have gone on */
	while (atomic_load_explicit(&standing, memory_order_acquire) != 0)
		__real_arch_relax();
	atomic_store_explicit(&stop, core->number + 1, memory_order_release);
	for (unsigned i = 0; i < core_count; i++) {
		if (i != core->number)
			arch_ipi(i);
	}
	while (atomic_load_explicit(&standing, memory_order_acquire) != core_count - 1)
		__real_arch_relax();
	return true;
}

void debug_release_others(void)
{
	atomic_store_explicit(&stop, 0, memory_order_release);
	kernel_unlock();
}
