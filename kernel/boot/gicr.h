/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BOOT_GICR_H
#define BOOT_GICR_H

#include "machine.h"

/*
 * Finds the redistributor of each core of M by GICR_TYPER.Affinity_Value, and
 * writes its physical address to FRAME[core]. The regions must be mapped at
 * their physical addresses.
 */
bool gicr_find(const struct machine *m, uint64_t *frame, struct report *report);

#endif
