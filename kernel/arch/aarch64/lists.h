/* SPDX-License-Identifier: BSD-2-Clause */
/* The GIC's list registers and its virtual interface (Arm IHI 0069H, 12.4). */
#ifndef SKERRY_LISTS_H
#define SKERRY_LISTS_H

#include "arch_types.h"

/* Register n < the number that the core has. */
uint64_t lists_read(unsigned n);
void lists_write(unsigned n, uint64_t value);

/* Active-priority registers: group 0 or 1, n < the number that the core has. */
uint64_t lists_read_ap(unsigned group, unsigned n);
void lists_write_ap(unsigned group, unsigned n, uint64_t value);

#endif
