/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory capabilities: a physical range of RAM or device registers, with rights
 * and cacheability fixed at retype. One capability, one mapping: the first map
 * binds the capability to one Space and one base address and puts it on that
 * Space's list. It is unbound when all of its range has been unmapped from start
 * to end with no map or protect in between, which `cleared` follows: a count of mapped pages
 * would be wrong where two capabilities to the same page meet. Kernel lock.
 */
#pragma once

#include "slot.h"

/* SK_MAP, SK_UNMAP, SK_PROTECT. */
kernel_call memory_map, memory_unmap, memory_protect;

/* Boot only: maps all of it. False: it does not fit. */
bool memory_map_boot(struct slot *slot, struct space *space, ipa_t ipa, unsigned rights);

/* Unmaps at most one table's worth: SK_OK when nothing is mapped any more, SK_PINNED. */
status_t memory_unmap_step(struct slot *slot);

/* SK_PINNED, and in word 0 the badge of the pin that holds the memory's mapping. */
status_t memory_pinned(struct arch_frame *frame, const struct slot *memory);

/* `from` was copied to `to`: the Space's list points there now. */
void memory_moved(struct slot *from, struct slot *to);

/* The space dies: the capability is not mapped any more. */
void memory_forget(struct slot *slot);
