/* SPDX-License-Identifier: BSD-2-Clause */
/* What the loader takes from the device tree. */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include "loader/rootinfo.h"
#include "bootinfo.h"
#include "reg.h"

#define GICR_REGIONS 8

#define MPIDR_AFFINITY 0xff00fffffful

struct machine {
	struct ranges ram;       /* whole pages of all memory nodes */
	struct ranges reserved;  /* whole pages of what others keep */
	uint32_t cores;          /* core 0 is the boot core */
	uint64_t mpidr[BOOTINFO_CORES];
	bool psci_hvc;
	int gic;                 /* nodes; -1: none */
	int console, status;
	struct range gicd;
	uint32_t gicr_regions;
	struct range gicr[GICR_REGIONS];
	uint64_t gicr_stride;    /* bytes from frame to frame; 0: told by each frame's GICR_TYPER.VLPIS */
	uint32_t timer_virtual, timer_hyp, gic_maintenance; /* INTIDs */
	struct range initrd;     /* end 0: none */
	uint64_t pool;           /* skerry.pool, 0: not given */
	uint8_t seed[SK_ROOT_SEED]; /* from /chosen rng-seed; 0: not given */
};

/*
 * The console's registers, so that what follows can be said aloud: the enabled
 * arm,pl011 that /chosen/stdout-path names. REG_BAD with a usable *uart: the
 * path is wrong and *uart is another PL011, good for saying so.
 */
enum reg_result machine_console(const struct dt *dt, int *node, struct range *uart, struct report *report);

/* PSCI's way in, for stopping: 0 smc, 1 hvc, -1 unknown. */
int machine_psci(const struct dt *dt);

/* Everything; BOOT_MPIDR is the MPIDR_EL1 of the core that asks. */
bool machine_read(struct machine *m, const struct dt *dt, uint64_t boot_mpidr, struct report *report);

/* The parts, in this order. */
bool machine_memory(struct machine *m, const struct dt *dt, struct report *report);
bool machine_reserved(struct machine *m, const struct dt *dt, struct report *report);
bool machine_gic(struct machine *m, const struct dt *dt, struct report *report);
bool machine_timer(struct machine *m, const struct dt *dt, struct report *report);
bool machine_cores(struct machine *m, const struct dt *dt, uint64_t boot_mpidr, struct report *report);
bool machine_chosen(struct machine *m, const struct dt *dt, struct report *report);

#endif
