/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reaper takes objects apart whose last capability went. Kernel lock.
 * An object's own slots are emptied like any others, so one death can cause
 * the next: the list makes that a loop, not a recursion.
 */
#pragma once

#include "object.h"

/* Puts an object without capabilities on the list. */
void reap_later(struct object *object);

/* A pin went: what it held can go. */
void reap_unpinned(void);

/*
 * Takes apart all that is on the list, but what pins hold: SK_OK, or STATUS_RESTART at a preemption
 * point (whoever comes next goes on where it stopped).
 */
status_t reap_all(struct core *core);

/*
 * After reap_all: SK_PINNED, and the badge in word 0, if a pin keeps something in this untyped alive, its Space or a
 * dying cnode with memory that is mapped there. Else SK_OK.
 */
status_t reap_held(struct arch_frame *frame, const struct slot *untyped);

/*
 * Waits until no core can still hold a pointer that it read before now: two
 * rounds of every core passing through its kernel entry. (The first ends paths
 * that were under way, which may have queued a wake-up; the second takes it.)
 * Only needed before memory is used anew; does nothing if nothing died since the
 * last.
 */
void reap_grace(struct core *core);
