/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock between the vCPU threads of one VM, for what several of them touch and
 * for a short time only. With one vCPU it costs a load and a branch.
 *
 * The threads have equal priority. Two may share a core, so whoever waits yields:
 * the holder gets its turn. The same vCPU may take it again (depth).
 * Order: the devices' lock (struct vm) before the virtual GIC's.
 */
#ifndef VMM_LOCK_H
#define VMM_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct lock {
	_Atomic uint32_t held; /* 1 + number of the vCPU that holds it, 0: nobody */
	uint32_t depth;        /* how often again; the holder's */
	bool shared;           /* more than one vCPU */
};

/* The same as lock_take and lock_drop, of a shared lock. lock.c */
void lock_take_shared(struct lock *lock, unsigned me);
void lock_drop_shared(struct lock *lock);

/* Lets another thread run: the caller waits for what that one does. lock_pause.c */
void lock_pause(void);

static inline void lock_init(struct lock *lock, bool shared)
{
	*lock = (struct lock){ .shared = shared };
}

/* By the thread of vCPU ME. */
static inline void lock_take(struct lock *lock, unsigned me)
{
	if (__builtin_expect(lock->shared, 0))
		lock_take_shared(lock, me);
}

static inline void lock_drop(struct lock *lock)
{
	if (__builtin_expect(lock->shared, 0))
		lock_drop_shared(lock);
}

/* The vCPU that holds the lock, asked by its thread; 0 with one vCPU, or before the others run. */
static inline unsigned lock_holder(const struct lock *lock)
{
	uint32_t held = atomic_load_explicit(&lock->held, memory_order_relaxed);

	return held ? held - 1 : 0;
}

#endif
