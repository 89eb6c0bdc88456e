/* SPDX-License-Identifier: BSD-2-Clause */
/* A cnode: a flat table of capability slots. Its size never changes. */
#ifndef SKERRY_CNODE_H
#define SKERRY_CNODE_H

#include "slot.h"

struct cnode {
	struct object o;
	uint32_t size;      /* slots */
	uint32_t reserved[9];
	struct slot slot[];
};
_Static_assert(sizeof(struct cnode) == REF_UNIT, "slots follow the header");

#define CNODE_MIN 2u
#define CNODE_MAX 65536u

struct thread;
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
 * The object behind slot `index` of the thread's cnode, checked for type and
 * right. *out = the slot, for those who need more. Kernel lock.
 */
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
