/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BOOT_CORES_H
#define BOOT_CORES_H

#include "layout.h"

/* What each core takes with it into the kernel. */
struct handover {
	uint64_t root_pt;  /* physical */
	uint64_t entry, stub, bootinfo, stacks; /* kernel addresses; stacks: of core 0's guard page */
};

/*
 * Starts cores 1.. by PSCI and waits until all are there, each on its boot
 * stack; they wait in turn for cores_go. False: one could not be started.
 */
bool cores_start(const struct machine *m, const struct layout *l, const struct handover *h,
		 struct report *report);

/* All enter the kernel, the caller as core 0. */
_Noreturn void cores_go(const struct handover *h);

#endif
