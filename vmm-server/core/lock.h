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

/* Waits until it may be free. lock.c */
void lock_pause(void);

static inline void lock_init(struct lock *lock, bool shared)
{
	*lock = (struct lock){ .shared = shared };
}

/* By the thread of vCPU ME. */
static inline void lock_take(struct lock *lock, unsigned me)
{
	uint32_t nobody = 0;

	if (__builtin_expect(!lock->shared, 1))
		return;
	/* acquire: pairs with the release in lock_drop */
	while (!atomic_compare_exchange_weak_explicit(&lock->held, &nobody, me + 1, memory_order_acquire,
						      memory_order_relaxed)) {
		if (nobody == me + 1) {
			lock->depth++;
			return;
		}
		if (nobody != 0)
			lock_pause();
		nobody = 0;
	}
}

static inline void lock_drop(struct lock *lock)
{
	if (__builtin_expect(!lock->shared, 1))
		return;
	if (lock->depth > 0)
		lock->depth--;
	else
		atomic_store_explicit(&lock->held, 0, memory_order_release);
}

/* The vCPU that holds the lock, asked by its thread; 0 with one vCPU, or before the others run. */
static inline unsigned lock_holder(const struct lock *lock)
{
	uint32_t held = atomic_load_explicit(&lock->held, memory_order_relaxed);

	return held ? held - 1 : 0;
}

#endif
