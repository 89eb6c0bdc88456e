/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the invariants are checked on the machine: on the way into the kernel, so that
 * what the entry before has left is looked at, whatever it was (the hot paths included),
 * and nothing is under way yet. At every entry at first, then for a ninth of the time at
 * most, so that a long test ends however slow the machine is; not where the lock is
 * somebody's, or something is dying.
 */
#include "check.h"
#include "debug.h"

#include "reap.h"

/*
 * Checks at every entry: where the cores have to wait for each other a check may take
 * a host's time slice. Then: times as long as the last took, until the next.
 */
enum { FIRST = 400, FIRST_OF_MANY = 40, PAUSE = 8 };

static struct thread *root;
static _Atomic uint64_t checks;
static _Atomic uint64_t every;
static _Atomic uint64_t entries;
static _Atomic uint64_t not_before;

void debug_check_from(struct thread *thread)
{
	root = thread;
}

uint64_t debug_check_every(uint64_t n)
{
	atomic_store_explicit(&every, n, memory_order_relaxed);
	return atomic_load_explicit(&checks, memory_order_relaxed);
}

void check_broken(const char *row, const char *what, const void *where)
{
	debug_print("\nskerry: invariant %s does not hold: %s, at %x (proofs-notes/invariants.md)\n", row, what,
		    (uint64_t)(uintptr_t)where);
	debug_print_trace(32);
	arch_halt();
}

static bool is_time(void)
{
	uint64_t n = atomic_load_explicit(&every, memory_order_relaxed);

	if (n == 0)
		return false;
	if (atomic_load_explicit(&checks, memory_order_relaxed) >= (core_count == 1 ? FIRST : FIRST_OF_MANY) &&
	    arch_now() < atomic_load_explicit(&not_before, memory_order_relaxed))
		return false;
	return atomic_fetch_add_explicit(&entries, 1, memory_order_relaxed) % n == 0;
}

void debug_check(struct core *core)
{
	uint64_t start, now;

	if (!is_time())
		return;
	start = arch_now();
	if (!debug_stop_others(core))
		return;
	/* root itself may have gone: then nothing is known to begin with */
	if (kernel_tickets.dying == 0 && root->o.type == SK_TYPE_THREAD && root->o.refs && root->cnode && check_all(root))
		atomic_fetch_add_explicit(&checks, 1, memory_order_relaxed);
	now = arch_now();
	atomic_store_explicit(&not_before, now + PAUSE * (now - start), memory_order_relaxed);
	debug_release_others();
}
