/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical GICv3 (Arm IHI 0069H), driven from EL2. Everything is in group 1
 * and of one priority; an interrupt is dropped and deactivated in two steps
 * (EOImode 1) because the virtual timer's stays active until the guest ends it.
 */
#pragma once

#include "types.h"
#include "abi/skerry.h"

struct bootinfo;
struct core;

/*
 * Every core, on itself, the boot core before the others: its redistributor and CPU interface. The boot core's
 * keeps what it needs of boot, and masks all shared interrupts.
 */
void gic_init_core(struct core *core, const struct bootinfo *boot);

/*
 * State of a private interrupt (16..31) at a core's redistributor. Any core;
 * for the active state the guest that may end it must not be running.
 */
bool gic_ppi_active(unsigned core, unsigned intid);
void gic_ppi_set_active(unsigned core, unsigned intid, bool active);
void gic_ppi_enable(unsigned core, unsigned intid, bool enable);

/* Of each core: the value of ICC_SGI1R_EL1 that sends it the kernel's SGI, which is SGI 0. */
extern uint64_t gic_sgi1r[SK_MAX_CORES];

/*
 * An interrupt that was acknowledged already (INTID; special ones are nothing). May exit from the guest: gate_exit.
 * Else what waits traps again: the eret, or the isb in core_idle, is between the drop and the next acknowledge.
 */
void gic_take(struct core *core, unsigned intid);
