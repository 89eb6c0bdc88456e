/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability slots and the derivation tree.
 *
 * A slot is 64 bytes. The first word says what the capability is:
 *
 *   63      56 55      48 47                        6 5       0
 *   [  type   ][ rights  ][ object address (or 0)    ][ holder ]
 *
 * so that one mask and one comparison check type and right together. `holder`
 * says what the slot is part of: a cnode, or a fixed place in an object.
 *
 * The tree. Children hang in a list between `first` and `last`; the ends of the
 * list point back to the parent (LINK_UP set), so that adding, removing a slot
 * and putting its children in its place, and moving it are all O(1):
 *
 *        parent --first--> A <--next/prev--> B <--last-- parent
 *           ^--prev|UP-----'                 '--next|UP---^
 *
 * Slots change under the kernel lock only. `cap` and `badge` are also read
 * without it, on the paths of IPC and signals: the writer makes `seq` odd,
 * writes, makes it even; a reader that saw an odd or a changed seq reads again.
 */
#pragma once

#include "object.h"

enum holder {
	HOLD_CNODE = 0,
	/* a thread's, as enum thread_slot */
	HOLD_THREAD_CNODE = 1, HOLD_THREAD_SPACE = 2, HOLD_THREAD_FAULT = 3, HOLD_THREAD_EVENT = 4, HOLD_THREAD_VCPU = 5,
	HOLD_VCPU_SPACE = 6, HOLD_IRQ_TARGET = 7,
};

struct slot {
	_Atomic uint64_t cap;
	_Atomic uint64_t badge;  /* endpoint, notification; untyped, memory: physical base | enum mem_flags */
	_Atomic uint32_t seq;
	ref_t first, last;       /* children */
	ref_t next, prev;        /* siblings, or LINK_UP | parent at the ends; 0: no parent */
	uint32_t pages;          /* untyped, memory: size */
	uint32_t cleared;        /* memory: pages from its start known to be unmapped since the last map or protect */
	ref_t space;             /* memory: where it is mapped, 0 nowhere */
	uint64_t ipa;            /* memory: where offset 0 lies there; untyped: bytes used */
	ref_t map_next, map_prev;/* memory: the space's list of mapped capabilities */
};
_Static_assert(sizeof(struct slot) == REF_UNIT, "a slot is one unit");

/* Low bits of `badge` of untyped and memory (the base is page aligned). */
enum mem_flags {
	MEM_USER = 1,            /* untyped: user kind */
	MEM_DEVICE = 2,          /* registers, not RAM */
	MEM_CACHE_SHIFT = 4,     /* memory: enum sk_cache, 2 bits */
};

#define LINK_UP      0x80000000u
#define CAP_TYPE(c)   ((unsigned)((c) >> 56))
#define CAP_RIGHTS(c) ((unsigned)((c) >> 48) & 0xffu)
#define CAP_HOLDER(c) ((enum holder)((c) & (REF_UNIT - 1)))
#define CAP_OBJECT(c) ((void *)(uintptr_t)((c) & 0x0000ffffffffffc0ul))
#define CAP(type, rights, object, holder) \
	((uint64_t)(type) << 56 | (uint64_t)(rights) << 48 | (uint64_t)(uintptr_t)(object) | (uint64_t)(holder))

/* Under the kernel lock, which orders them. */
static inline __attribute__((always_inline)) uint64_t slot_cap(const struct slot *slot)
{
	return atomic_load_explicit(&slot->cap, memory_order_relaxed);
}

static inline uint64_t slot_badge(const struct slot *slot)
{
	return atomic_load_explicit(&slot->badge, memory_order_relaxed);
}

/* Whether a capability is of that type, with that right. */
static inline bool cap_is(uint64_t cap, unsigned type, unsigned right)
{
	return (cap & CAP(0xff, right, 0, 0)) == CAP(type, right, 0, 0);
}

static inline bool slot_empty(const struct slot *slot)
{
	return slot_cap(slot) == 0;
}

static inline paddr_t badge_base(uint64_t badge)
{
	return (paddr_t){ badge & ~(SK_PAGE - 1) };
}

static inline paddr_t slot_base(const struct slot *slot)
{
	return badge_base(slot_badge(slot));
}

static inline uint64_t slot_bytes(const struct slot *slot)
{
	return (uint64_t)slot->pages << SK_PAGE_BITS;
}

static inline unsigned slot_mem_flags(const struct slot *slot)
{
	return (unsigned)(slot_badge(slot) & (SK_PAGE - 1));
}

/*
 * Reads type, rights, object and badge together, without the lock. The object
 * stays there until this core leaves the kernel (grace period, reap.c).
 * Pairs with slot_write.
 */
static inline __attribute__((always_inline)) uint64_t slot_read(const struct slot *slot, uint64_t *badge)
{
	uint32_t seq;
	uint64_t cap;

	do {
		seq = atomic_load_explicit(&slot->seq, memory_order_acquire);
		cap = atomic_load_explicit(&slot->cap, memory_order_relaxed);
		*badge = atomic_load_explicit(&slot->badge, memory_order_relaxed);
		atomic_thread_fence(memory_order_acquire);
	} while ((seq & 1) || seq != atomic_load_explicit(&slot->seq, memory_order_relaxed));
	return cap;
}

/* All below: kernel lock. */

/* Makes an empty slot hold a capability with no relatives; counts the reference. */
void slot_set(struct slot *slot, uint64_t cap, uint64_t badge);

/* Hangs `child` (no relatives) under `parent`. */
void slot_adopt(struct slot *parent, struct slot *child);

/* A copy of `from` in the empty slot `to`, as its child. */
void slot_derive(struct slot *from, struct slot *to, unsigned rights, uint64_t badge, enum holder holder);

/* Moves the capability with all its relations to the empty slot `to` (same holder kind). */
void slot_move(struct slot *from, struct slot *to);

/*
 * One step of emptying a slot: SK_OK when it is empty, STATUS_RESTART when there
 * is more to do, SK_PINNED when it is held. Children take its place in the tree.
 */
status_t slot_delete_step(struct slot *slot);

static inline struct slot *slot_first_child(const struct slot *slot)
{
	return ref_to(slot->first);
}
