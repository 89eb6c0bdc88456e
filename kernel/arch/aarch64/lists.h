/* SPDX-License-Identifier: BSD-2-Clause */
/* The GIC's list registers and its virtual interface (Arm IHI 0069H, 12.4). */
#pragma once

#include "core.h"
#include "cpu.h"
#include "sysreg.h"

/* The first list register is the virtual timer's; a VMM's number n is the hardware's n + 1. */
#define TIMER_LIST 0u
#define FIRST_LIST 1u

#define LIST_WRITABLE (SK_LIST_PENDING | SK_LIST_ACTIVE | SK_LIST_GROUP1 | 0xfful << SK_LIST_PRIORITY_SHIFT | \
		       SK_LIST_EOI | 0xfffful)
#define SPECIAL_FIRST 1020u       /* INTIDs up to LPI_FIRST are special (IHI 0069H, 2.2) */
#define LPI_FIRST     8192u

/* Pending or active. */
static inline bool list_live(uint64_t value)
{
	return value & (SK_LIST_PENDING | SK_LIST_ACTIVE);
}

/*
 * Whether a VMM may put VALUE into a list register of its own, besides that the
 * interrupt must stand in no other: known bits, not linked, not the timer's, no special INTID.
 */
static inline bool list_legal(uint64_t value)
{
	uint64_t intid = value & SK_LIST_INTID;

	if (value & ~LIST_WRITABLE)
		return false;
	return !list_live(value) || (intid != VTIMER_PPI && (intid < SPECIAL_FIRST || intid >= LPI_FIRST));
}

#define LIST_LINKS (1u << 30)     /* reads as "in use" in the complement of ICH_ELRSR_EL2, where no list register is */

/* Whether the interrupt in VALUE is a link's. */
static inline bool list_linked(const struct arch_vcpu *v, uint64_t value)
{
	for (unsigned k = 0; k < ARCH_LINKS; k++) {
		if (v->link[k] && ((v->link[k] ^ value) & SK_LIST_INTID) == 0)
			return true;
	}
	return false;
}

/* struct arch_core's `busy` */
#define LISTS       0xffffu
#define BUSY_RAS_BIT 30u           /* there is a VDISR_EL2 */
#define BUSY_ALWAYS (1u << 31)     /* more active-priority registers than the first of each group */

/* Those that are not empty: there is an interrupt in them, or they tell of its end. */
static inline uint32_t lists_used(const struct core *core)
{
	return core->arch.busy & LISTS & ~(uint32_t)READ_SYSREG(ich_elrsr_el2);
}

/* Register n < the number that the core has. */
uint64_t lists_read(unsigned n);
void lists_write(unsigned n, uint64_t value);

/* Active-priority registers: group 0 or 1, n < the number that the core has. */
uint64_t lists_read_ap(unsigned group, unsigned n);
void lists_write_ap(unsigned group, unsigned n, uint64_t value);
