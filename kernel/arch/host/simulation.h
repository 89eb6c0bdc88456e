/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the host architecture share. Tests see machine.h only. */
#pragma once

#include "types.h"

struct core;

/* While the kernel starts: the boot core waits, the next core starts. */
bool host_booting(void);
void host_boot_next(void);

void host_tlb_init(struct core *core);
void host_tlb_end(void);

/* The core takes another core's interrupt, if one was sent. */
void host_take_ipi(struct core *core);

/* The way out of the kernel: the current thread, or its guest, is what runs now. */
void host_resume(struct core *core);

/* A trap: the guest, if it ran, does not any more. */
void host_trap(struct core *core);

/* The memory behind a physical address, null if there is none that user level may see. */
uint64_t *host_memory(uint64_t pa);
