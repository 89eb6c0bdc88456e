/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's capabilities and mappings against the reference model (caps_model.h, map_model.h). */
#ifndef SKERRY_CAPS_LIFE_H
#define SKERRY_CAPS_LIFE_H

#include "caps_model.h"
#include "life.h"

/*
 * Calls by root and by a thread of each other core, chosen by life.random; each status, all slots, tables and
 * TLBs are as the model says. The machine is there.
 */
void caps_life(unsigned steps);

/* --- for its parts ------------------------------------------------------------------------ */

enum { CAPS_PRIORITY = 50 };

uint32_t caps_rnd(uint32_t below);

/* Who makes the next call. All have root's cnode. */
struct thread *caps_caller(void);

/* The one of a core. */
struct thread *caps_caller_of(unsigned core);

/* Objects with higher numbers are not there after all. */
void caps_forget_objects(unsigned last);

/* A thread of CAPS_PRIORITY becomes the current one of its core. */
void caps_run(struct thread *thread);

/* A slot of the first cnode that holds the type, mostly; memory: one that is bound (1), or is not (0). */
enum { CAPS_ANY = -1 };
int caps_pick(unsigned type, int bound);

/* A call that takes the lock, as the kernel and as the model are told of it. */
struct caps_call {
	unsigned number;
	uint64_t slot, w[SK_WORDS];
	struct model_place to, from;
	int memory, space;            /* slots of the caller's own cnode; memory: also the untyped of a retype */
};

/* One of those on capabilities. */
void caps_choose(struct caps_call *c);
/* Its status, and the model is as it leaves things. W0: what it has returned, if it says OK. */
unsigned caps_predict(const struct caps_call *c, uint64_t w0);
struct result caps_make(struct thread *caller, const struct caps_call *c);

/* What in the kernel is not as the model says; null: nothing. */
const char *caps_difference(void);

/* Where the kernel has a slot of the model; the index that a caller names one of the first cnode's by. */
struct slot *caps_kernel_slot(int slot);
uint64_t caps_window(int slot);

#endif
