/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's timer of a core: the EL2 physical timer, compared with the
 * physical counter (Arm ARM DDI 0487 K.a, chapter "The Generic Timer in
 * AArch64 state"). Guests have the virtual one.
 */
#include "kernel.h"
#include "sysreg.h"

#define CTL_ENABLE 1u

uint64_t arch_now(void)
{
	isb(); /* not earlier than the program order says */
	return READ_SYSREG(cntpct_el0);
}

uint64_t arch_counter_hz(void)
{
	return READ_SYSREG(cntfrq_el0);
}

void arch_timer_set(uint64_t deadline)
{
	struct arch_core *arch = &core_here()->arch;
	uint64_t last = arch->timer_deadline;

	/* the scheduler sets it on nearly every way out: the same again costs no register */
	if (deadline == last)
		return;
	arch->timer_deadline = deadline;
	if (deadline == SK_NEVER) {
		WRITE_SYSREG(cnthp_ctl_el2, 0);
	} else {
		WRITE_SYSREG(cnthp_cval_el2, deadline);
		if (last == SK_NEVER)
			WRITE_SYSREG(cnthp_ctl_el2, CTL_ENABLE);
	}
	isb(); /* in force before the core sleeps or the interrupt is deactivated */
}
