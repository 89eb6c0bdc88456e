/* SPDX-License-Identifier: BSD-2-Clause */
/* A cnode: a flat table of capability slots. Its size never changes. */
#ifndef SKERRY_CNODE_H
#define SKERRY_CNODE_H

#include "slot.h"
#include "thread.h"

struct cnode {
	struct object o;
	uint32_t size;      /* slots */
	uint32_t reserved[9];
	struct slot slot[];
};
_Static_assert(sizeof(struct cnode) == REF_UNIT, "slots follow the header");

#define CNODE_MIN 2u
#define CNODE_MAX 65536u

struct core;

static inline uint64_t cnode_bytes(uint64_t slots)
{
	return sizeof(struct cnode) + slots * sizeof(struct slot);
}

void cnode_init(struct cnode *cnode, uint32_t slots);

/* The slot at an index, null if the index is out of range or 0. */
static inline struct slot *cnode_slot(struct cnode *cnode, uint64_t index)
{
	return index - 1 < cnode->size - 1 ? &cnode->slot[index] : NULL;
}

/*
 * The slot `index` of the thread's cnode if it holds a capability of that type with
 * that right, else null: cap_error says why. Kernel lock.
 */
static inline struct slot *cap_find(struct thread *thread, uint64_t index, enum sk_type type, unsigned right)
{
	const uint64_t mask = CAP(0xff, right, 0, 0), wanted = CAP(type, right, 0, 0);
	struct cnode *cnode = thread->cnode;

	/* (slot 0 is there, and empty) */
	if (index >= cnode->size || (slot_cap(&cnode->slot[index]) & mask) != wanted)
		return NULL;
	return &cnode->slot[index];
}

/* What is wrong with slot `index` for one who looks for that type and found nothing that fits. */
status_t cap_error(struct thread *thread, uint64_t index, enum sk_type type);

/* Both together. *out = the slot. */
status_t cap_lookup(struct thread *thread, uint64_t index, enum sk_type type, unsigned right, struct slot **out);

/* Types of which a second capability may exist. */
bool cap_copyable(unsigned type);

/* Empties part of the dying cnode: SK_OK when all is empty. */
status_t cnode_reap(struct cnode *cnode);

/* System calls (SK_COPY ... SK_INSPECT): decode from the frame, perform. Kernel lock. */
status_t cnode_copy(struct core *core, struct thread *thread);
status_t cnode_mint(struct core *core, struct thread *thread);
status_t cnode_move(struct core *core, struct thread *thread);
status_t cnode_delete(struct core *core, struct thread *thread);
status_t cnode_revoke(struct core *core, struct thread *thread);
status_t cnode_inspect(struct core *core, struct thread *thread);

#endif
