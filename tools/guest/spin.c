/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spins for ever, when nothing else wants the processor: so the machine never sleeps. Under
 * icount the clock of one that sleeps leaps to its next timer, and the longer the host takes
 * for a request, the more timers the guest serves. The loop stands at an address of its
 * own, at which tools/trace/count.c counts its instructions, to be taken off. For QEMU a
 * yield is a long instruction: the host's other threads get their turn.
 */
#include "linux.h"

enum { SCHED_IDLE = 5 };

_Noreturn void _start(void);
_Noreturn void spin(void);
__asm__(".pushsection .spin, \"ax\", %progbits\n"
	"spin: yield\n\tyield\n\tyield\n\tyield\n\tb spin\n"
	".popsection");

_Noreturn void _start(void)
{
	uint32_t priority = 0;

	call6(SYS_SCHED_SETSCHEDULER, 0, SCHED_IDLE, (long)&priority, 0, 0, 0);
	spin();
}
