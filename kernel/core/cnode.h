/* SPDX-License-Identifier: BSD-2-Clause */
/* A cnode: a flat table of capability slots. Its size never changes. */
#pragma once

#include "slot.h"
#include "thread.h"

struct cnode {
	struct object o;
	uint32_t size;      /* slots */
	uint32_t reserved[9];
	struct slot slot[];
};
_Static_assert(sizeof(struct cnode) == REF_UNIT, "slots follow the header");

void cnode_init(void *object, uint64_t size, uint64_t attribute);

/* The slot at an index, null if the index is out of range or 0. */
static inline struct slot *cnode_slot(struct cnode *cnode, uint64_t index)
{
	return index - 1 < cnode->size - 1 ? &cnode->slot[index] : NULL;
}

/* The same to look what is there: slot 0, which is always empty, if there is no such. */
static inline struct slot *cnode_at(struct cnode *cnode, uint64_t index)
{
	return &cnode->slot[index < cnode->size ? index : 0];
}

/* What is wrong with a capability (0: none) that is not of the type, or lacks the right. */
status_t cap_error(uint64_t cap, unsigned type);

/*
 * Slot `index` of the thread's cnode if it holds a capability of that type with that right,
 * else null: cap_missing says why. Kernel lock.
 */
static inline struct slot *cap_find(struct thread *thread, uint64_t index, unsigned type, unsigned right)
{
	struct cnode *cnode = thread->cnode;

	return index < cnode->size && cap_is(slot_cap(&cnode->slot[index]), type, right) ? &cnode->slot[index] : NULL;
}

status_t cap_missing(struct thread *thread, uint64_t index, unsigned type);

/* Both together. *out = the slot. */
status_t cap_lookup(struct thread *thread, uint64_t index, unsigned type, unsigned right, struct slot **out);

/* Types of which a second capability may exist. */
bool cap_copyable(unsigned type);

/* Empties part of the dying cnode. */
status_t cnode_reap(struct core *core, void *object);

/* System calls (SK_COPY ... SK_INSPECT): decode from the frame, perform. Kernel lock. */
kernel_call cnode_copy, cnode_mint, cnode_move, cnode_delete, cnode_revoke, cnode_inspect;
