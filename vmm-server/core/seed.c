/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VMM's generator: seeds in the guest's device tree, TRNG calls, and the entropy device where
 * no component gives numbers. It is made from what the entropy component gives (a ring "rng"),
 * guest.entropy (text from whoever starts the system) and a counter reading, which alone is
 * guessable by whoever knows the machine; with guest.seed, from that alone.
 */
#include "core/seed.h"

#include <string.h>

#include <skerry/calls.h>
#include <skerry/start.h>

#include "core/log.h"
#include "rings/random.h"

#define PATIENCE 5u  /* seconds that the component has to start */
#define BYTES    32u

/* Whatever else is signalled meanwhile: each device looks at its ring when it is made. */
static size_t read_random(struct console_ring *ring, uint32_t event, uint8_t bytes[BYTES])
{
	uint64_t end = sk_counter() + PATIENCE * sk_start()->counter_hz, signalled;
	uint32_t taken = console_ring_taken(ring);
	size_t have = 0;

	while (have < BYTES && sk_counter() < end) {
		have += console_ring_read(ring, &taken, bytes + have, BYTES - have);
		if (have < BYTES && !console_ring_want(ring, taken))
			sk_wait(event, end, &signalled);
	}
	return have;
}

static void add_random(struct vm *vm)
{
	struct random_shared *shared = sk_region("rng", NULL);
	uint8_t bytes[BYTES];
	size_t have;

	if (!shared)
		return;
	have = read_random(&shared->to_user, vm->vcpu[0].event, bytes);
	if (have < BYTES)
		vm_log("the entropy component does not answer: the guest's seeds are weak");
	entropy_add(&vm->entropy, bytes, have);
	memset(bytes, 0, sizeof(bytes));
	if (console_ring_space_wanted(&shared->to_user))
		sk_signal(sk_need_slot("rng.signal"));
}

void seed_entropy(struct vm *vm)
{
	const char *seed = sk_param("guest.seed", NULL), *more = sk_param("guest.entropy", "");
	uint64_t now = sk_counter();

	if (seed) {
		entropy_init(&vm->entropy, seed, strlen(seed));
		return;
	}
	entropy_init(&vm->entropy, &now, sizeof(now));
	entropy_add(&vm->entropy, more, strlen(more));
	add_random(vm);
}
