/* SPDX-License-Identifier: BSD-2-Clause */
/* Simulated cores: which one executes, and what happens while it spins. */
#include <stdio.h>
#include <stdlib.h>

#include "arch.h"
#include "cnode.h"
#include "core.h"
#include "entry.h"
#include "fast.h"
#include "machine.h"
#include "notification.h"
#include "shared.h"
#include "simulation.h"
#include "thread.h"

struct core *host_here;

struct core *host_switch(unsigned core)
{
	struct core *before = host_here;

	host_here = &cores[core];
	return before;
}

void arch_core_init(struct core *core, const struct bootinfo *boot)
{
	(void)boot;
	core->arch.timer = SK_NEVER;
	host_tlb_init(core);
}

/*
 * The others serve the requests addressed to them, as cores do that spin in the
 * kernel, or take the interrupt, as cores do that run user level.
 */
void arch_relax(void)
{
	struct core *spinning = host_here;

	if (host_booting()) {
		host_boot_next();
		return;
	}
	if (host.on_relax && host.on_relax())
		return;
	for (unsigned i = 0; i < core_count; i++) {
		if (&cores[i] == spinning)
			continue;
		host_here = &cores[i];
		if (host.relax_takes_interrupts) {
			host_take_ipi(&cores[i]);
		} else if (atomic_load(&cores[i].request) != REQUEST_NONE) {
			host_trap(&cores[i]); /* to be in the kernel it left its guest */
			core_serve(&cores[i]);
		}
	}
	host_here = spinning;
}

/*
 * SK_SIGNAL to a notification where somebody waits, as the entry code of a real architecture does it. False:
 * nothing was done.
 */
static bool fast_signal(struct core *core)
{
	struct arch_frame *f = &core->current->frame;
	const struct cnode *cnode = core->current->cnode;
	uint64_t badge, cap = frame_slot(f) < cnode->size ? slot_read(&cnode->slot[frame_slot(f)], &badge) : 0;
	struct notification *n = CAP_OBJECT(cap);

	if (CAP_TYPE(cap) != SK_TYPE_NOTIFICATION || !(CAP_RIGHTS(cap) & SK_RIGHT_SIGNAL) ||
	    !(atomic_load_explicit(&n->word, memory_order_acquire) & SK_WAITER) ||
	    fast_signal_waiter(core, n, badge) == FAST_NOT)
		return false;
	frame_slot(f) = SK_OK;
	frame_extra(f) = 0;
	return true;
}

void host_syscall(unsigned number, uint64_t call)
{
	struct core *core = &cores[number], *before = host_switch(number);

	core->current->frame.reg[SK_REG_PC] += ARCH_CALL_BYTES;
	if (call != SK_SIGNAL || host.slow_signals || !fast_signal(core))
		kernel_syscall(core, call);
	host_resume(core);
	host_here = before;
}

void host_shared(void)
{
	if (host.on_shared)
		host.on_shared();
}

void arch_halt(void)
{
	fprintf(stderr, "kernel halted\n");
	abort();
}

bool arch_interrupt_pending(void)
{
	host.looks++;
	if (host.on_look)
		host.on_look();
	return host.preempt_every && host.looks % host.preempt_every == 0;
}
