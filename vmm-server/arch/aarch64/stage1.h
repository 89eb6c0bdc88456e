/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's own address translation, walked in software. */
#ifndef VMM_STAGE1_H
#define VMM_STAGE1_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ram.h"

struct stage1 {
	uint64_t sctlr, tcr, ttbr0, ttbr1;   /* the _EL1 registers */
};

/*
 * Translates a virtual address. Rights are not looked at: the hardware has let
 * the guest use the address already. Returns null and *at, or why not: a
 * constant string.
 */
const char *stage1_translate(const struct guest_ram *ram, const struct stage1 *s, uint64_t address, gpa_t *at);

#endif
