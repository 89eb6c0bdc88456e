/* SPDX-License-Identifier: BSD-2-Clause */
/* The information page for root, and the same regions for the kernel. */
#ifndef BOOT_ROOTINFO_H
#define BOOT_ROOTINFO_H

#include "layout.h"

/*
 * INFO must be filled with zeros. SYSTEM and INITRD (size 0: none) are the
 * checked archives; COUNTER_HZ the frequency of the physical counter.
 */
bool rootinfo_fill(struct sk_root_info *info, const struct dt *dt, const struct machine *m,
		   const struct claims *c, const struct layout *l, uint64_t counter_hz,
		   struct report *report);

/* The next unused entry of region[], null if there is none (reported). */
struct sk_region *rootinfo_add(struct sk_root_info *info, struct range range, uint32_t kind, const char *name,
			       struct report *report);

/* Adds a DEVICE region for each register range of an enabled node (devices.c). */
bool devices_add(struct sk_root_info *info, const struct dt *dt, const struct machine *m,
		 struct report *report);

#endif
