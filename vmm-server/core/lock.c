/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lock.h"

void lock_take_shared(struct lock *lock, unsigned me)
{
	uint32_t holder = 0;

	/* acquire: pairs with the release in lock_drop_shared */
	while (!atomic_compare_exchange_weak_explicit(&lock->held, &holder, me + 1, memory_order_acquire,
						      memory_order_relaxed)) {
		if (holder == me + 1) {
			lock->depth++;
			return;
		}
		if (holder != 0)
			lock_pause();
		holder = 0;
	}
}

void lock_drop_shared(struct lock *lock)
{
	if (lock->depth > 0)
		lock->depth--;
	else
		atomic_store_explicit(&lock->held, 0, memory_order_release);
}
