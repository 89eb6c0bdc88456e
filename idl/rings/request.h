/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rings have in common: a peer that sleeps has asked for a signal, in a word of the shared memory. */
#ifndef RINGS_REQUEST_H
#define RINGS_REQUEST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Takes a request of the peer's, once; true: it is to be signalled. The own index stands in the
 * ring already. It is taken before the signal is sent: a request made again in between gets a
 * signal too many, never one too few.
 */
static inline bool ring_take_request(_Atomic uint32_t *request)
{
	/* Pairs with the fence of the peer that asks: it sees our index, or we see its request. */
	atomic_thread_fence(memory_order_seq_cst);
	if (!atomic_load_explicit(request, memory_order_relaxed))
		return false;
	atomic_store_explicit(request, 0, memory_order_relaxed);
	return true;
}

#endif
