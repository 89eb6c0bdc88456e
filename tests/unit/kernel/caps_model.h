/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reference model of capabilities and mappings, written from docs/kernel-calls.md and the ABI
 * header alone: a table of slots, each with what it holds and the slot that it was derived from.
 * A call's status is predicted, and what the slots hold afterwards. It knows nothing of
 * the kernel's structures: children are found by looking through all slots.
 *
 * Modelled: COPY, MINT, MOVE, DELETE, REVOKE, RETYPE of untyped, memory, Spaces, endpoints and
 * notifications; a thread's Space (CONFIGURE); what is mapped in Spaces (map_model.h); calls and
 * replies, and the capabilities that go with them (ipc_model.h).
 */
#ifndef SKERRY_CAPS_MODEL_H
#define SKERRY_CAPS_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/skerry.h"

enum {
	MODEL_PER_CNODE = 20,
	MODEL_SLOTS = 2 * MODEL_PER_CNODE,
	MODEL_THREADS = 4,                       /* behind them: the Space slots of threads */
	MODEL_ALL = MODEL_SLOTS + MODEL_THREADS,
	MODEL_OUTSIDE = -1,
};

struct model_cap {
	unsigned type, rights;
	uint64_t badge, bytes;
	uint64_t used;            /* untyped: bytes; memory: 1 if it is bound to a Space */
	bool user;                /* untyped: kind */
	unsigned object;          /* a number of its own, 0: none */
	int parent;               /* slot, or MODEL_OUTSIDE */
	uint64_t pa;              /* user untyped, memory: where it begins */
	unsigned space;           /* memory that is bound: the Space's object, */
	uint64_t ipa, cleared;    /* where it begins there, and how much from its start on is unmapped */
};

extern struct model_cap model[MODEL_ALL];
extern unsigned model_objects;            /* the last number given to one */

/* A slot as a call names it: by a cnode capability and an index there. */
struct model_place {
	unsigned status;          /* of finding the cnode capability's slot: OK, NO_CAP, WRONG_TYPE */
	unsigned rights;          /* of that capability */
	int slot;                 /* below 0: the index is none of that cnode */
};

void model_clear(void);

/* Each returns the status; if it is OK the model is what must be found. */
unsigned model_copy(struct model_place to, struct model_place from, unsigned mask);
unsigned model_mint(struct model_place to, struct model_place from, unsigned mask, uint64_t w4, uint64_t w5);
unsigned model_move(struct model_place to, struct model_place from);
unsigned model_delete(struct model_place at);
unsigned model_revoke(struct model_place at);

/* A capability of that type with that right in a slot of the caller's own cnode. */
unsigned model_named(int slot, unsigned type, unsigned right);

/* A stopped thread's Space slot gets a copy. */
unsigned model_configure(unsigned thread, int from);

/* A message's capability: from a slot to the one that the receiver named. Below 0: no such slot, none named. */
unsigned model_send(int from, int to);

/* UNTYPED: the slot named by x8. COUNT pieces from TO on, all in that cnode. */
unsigned model_retype(int untyped, unsigned type, uint64_t size, struct model_place to, unsigned count, uint64_t attribute);

#endif
