/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invariants of proofs-notes/invariants.md, checked: in the debug kernel
 * (every.c says when), and by the unit tests and the fuzzer on the simulated machine.
 *
 * All that root's cnode leads to is looked at: the caller sees to it that nothing
 * changes meanwhile, and that no object is dying (kernel_tickets.dying is 0). Memory besides a
 * list of objects is not needed; the time is linear in slots, objects and table entries,
 * but for a Space's memory capabilities, which are looked through for each of its leaves.
 */
#ifndef SKERRY_DEBUG_CHECK_H
#define SKERRY_DEBUG_CHECK_H

#include "core.h"
#include "slot.h"
#include "thread.h"

/* More than there are in any test; in a larger system nothing is checked. */
#define CHECK_OBJECTS 4096u

/* Checks everything that can be found from this thread. False: there are too many objects. */
bool check_all(struct thread *root);

/* An invariant, by its row in invariants.md, does not hold. The embedder's: says so and does not return. */
_Noreturn void check_broken(const char *row, const char *what, const void *where);

/* To be used in the checks alone: `row` is grepped for by tests/unit/docs/check-invariants.sh. */
#define HOLDS(row, condition, where) check_holds(row, condition, #condition, where)

static inline void check_holds(const char *row, bool holds, const char *what, const void *where)
{
	if (!holds)
		check_broken(row, what, where);
}

/* --- between the files of the checker -------------------------------------------- */

/* The objects found: all of them, when the first check runs. */
unsigned check_count(void);
struct object *check_object(unsigned index);
bool check_lives(const struct object *object);

/* The slots that are part of an object; 0: no more. */
struct slot *check_slot(struct object *object, unsigned index);

/* check_tree.c */
void check_tree(void);
/* check_objects.c */
void check_objects(void);
/* check_spaces.c */
void check_space(const struct space *space);
/* aarch64/, host/check_arch.c */
void check_arch(void);
/* check_threads.c */
void check_threads(void);

#endif
