/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Untyped memory: a physical range from which everything else is made. It is
 * handed out from its base upwards; when all that was made of it is gone (the
 * capability has no children) it starts again.
 *
 * Object kind lies in the window; what of it is not handed out is all zero, so
 * that making an object never takes long: the zeroes are written when it starts
 * again, in steps. User kind is never seen by the kernel.
 *
 * There is one capability to an untyped: it can be moved, not copied.
 */
#pragma once

#include "slot.h"

#define UNTYPED_MAX_COUNT 64u

/* Whether count pieces of size bytes (aligned) still fit; *pa = the first one's address. */
bool untyped_fits(const struct slot *untyped, uint64_t size, uint64_t align, uint64_t count, paddr_t *pa);

/* Marks [pa, pa + bytes) and all below as handed out. */
void untyped_take(struct slot *untyped, paddr_t pa, uint64_t bytes);

/* Whether the address lies in this untyped's range. */
bool untyped_holds(const struct slot *untyped, paddr_t pa);

/* Puts an untyped capability over a range into an empty slot (boot only). */
void untyped_set(struct slot *slot, paddr_t base, uint64_t bytes, unsigned flags);

/* SK_RETYPE. Kernel lock. */
kernel_call untyped_retype;
