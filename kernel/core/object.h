/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The header of every kernel object, and references inside the window.
 *
 * An object lives as long as a capability names it: `refs` counts them, the
 * slots inside other objects included (a thread's cnode, an irq's notification:
 * every reference from object to object is a capability in a slot, so the
 * derivation tree finds it). When the last one goes the object is put on the
 * list of the dying and taken apart step by step (reap.c).
 */
#pragma once

#include "types.h"
#include "abi/skerry.h"
#include "arch_types.h"

/*
 * A place in the window in units of 64 bytes: objects, slots and table pages
 * are all aligned to that. 0 is none (the window begins with kernel text).
 */
typedef uint32_t ref_t;
#define REF_UNIT 64u

/* Of something that is not null. */
static inline ref_t ref_at(const void *p)
{
	return (ref_t)(((uintptr_t)p - ARCH_WINDOW) / REF_UNIT);
}

static inline ref_t ref_of(const void *p)
{
	return p ? ref_at(p) : 0;
}

static inline void *ref_to(ref_t ref)
{
	return ref ? (void *)(ARCH_WINDOW + (uintptr_t)ref * REF_UNIT) : NULL;
}

struct object {
	uint8_t type;        /* enum sk_type */
	uint16_t home;       /* core that alone touches its running state */
	uint32_t refs;       /* capabilities to it; kernel lock */
	uint32_t id;         /* never used twice; what SK_INSPECT tells */
	ref_t next_dying;
	uint32_t cursor;     /* of the reaper, or of another preemptible perform */
	uint32_t mark;       /* kernel/debug: where it stands in the list of the check that runs */
};

/* What is particular to a type of objects. */
struct object_type {
	uint16_t bytes;          /* of the object, 0: there are none of this type */
	uint16_t each;           /* and of each of `size`, which is from min to max; 0: it has no size */
	uint16_t align;
	uint8_t min;
	bool homed;              /* `attribute` is its home core */
	bool single;             /* one a call, and there is more to check (untyped.c) */
	uint32_t max;
	void (*init)(void *object, uint64_t size, uint64_t attribute); /* null: the header and zeroes will do */
	status_t (*reap)(struct core *core, void *object); /* a step: OK when nothing of it is left in use; RESTART, PINNED */
};
extern const struct object_type object_types[SK_TYPE_IRQ + 1];

/* Makes an object of zeroed memory, with a fresh id. Kernel lock. */
void object_make(void *at, enum sk_type type, uint64_t size, uint64_t attribute);
