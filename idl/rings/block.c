/* SPDX-License-Identifier: BSD-2-Clause */
/* The block ring; block.h has the protocol. */
#include "rings/block.h"

#include <stdatomic.h>

_Static_assert(BLOCK_SLOTS == 64, "in_flight is one word; a power of two");

/* Returns whether the consumer asked to be told. As in the console ring. */
static bool put(struct block_ring *ring, uint32_t *own, uint32_t entry)
{
	atomic_store_explicit(&ring->entry[*own % BLOCK_SLOTS], entry, memory_order_relaxed);
	/* Pairs with the acquire in waiting: entry (and slot, and data), then head. */
	atomic_store_explicit(&ring->head, ++*own, memory_order_release);
	/* Pairs with the fence in want: we see `wanted`, or the consumer sees our head. */
	atomic_thread_fence(memory_order_seq_cst);
	if (!atomic_load_explicit(&ring->wanted, memory_order_relaxed))
		return false;
	atomic_store_explicit(&ring->wanted, 0, memory_order_relaxed);
	return true;
}

/* Whether there are entries; more than can be is none. */
static bool waiting(const struct block_ring *ring, uint32_t taken)
{
	/* Pairs with the release in put. */
	uint32_t count = atomic_load_explicit(&ring->head, memory_order_acquire) - taken;

	return count - 1 < BLOCK_SLOTS;
}

static uint32_t get(const struct block_ring *ring, uint32_t *taken)
{
	return atomic_load_explicit(&ring->entry[(*taken)++ % BLOCK_SLOTS], memory_order_relaxed);
}

static bool want(struct block_ring *ring, uint32_t taken)
{
	atomic_store_explicit(&ring->wanted, 1, memory_order_relaxed);
	/* Pairs with the fence in put. */
	atomic_thread_fence(memory_order_seq_cst);
	return waiting(ring, taken);
}

static uint64_t bit(unsigned slot)
{
	return 1ul << slot;
}

/* --- client --------------------------------------------------------------------- */

void block_client_init(struct block_client *c, struct block_shared *shared, uint64_t data_bytes)
{
	*c = (struct block_client){ .shared = shared, .data_bytes = data_bytes };
}

enum block_state block_client_info(const struct block_client *c, uint32_t *features, uint64_t *sectors)
{
	const struct block_info *info = &c->shared->info;
	/* Pairs with the release in block_server_ready. */
	uint32_t state = atomic_load_explicit(&info->state, memory_order_acquire);

	*features = __atomic_load_n(&info->features, __ATOMIC_RELAXED);
	*sectors = __atomic_load_n(&info->sectors, __ATOMIC_RELAXED);
	return state == BLOCK_STARTING || state == BLOCK_READY ? (enum block_state)state : BLOCK_ABSENT;
}

/* The number that was asked for last may have been granted to somebody before us. */
static void ask(struct block_client *c, uint32_t epoch)
{
	struct block_ask *a = &c->shared->ask;
	uint32_t number = (uint32_t)atomic_load_explicit(&a->session, memory_order_relaxed) + 1;

	c->epoch = epoch;
	c->session = (uint64_t)epoch << 32 | number;
	c->head = c->taken = 0;
	atomic_store_explicit(&c->shared->submit.head, 0, memory_order_relaxed);
	/* Pairs with the acquire in grant: an empty ring, then the session. */
	atomic_store_explicit(&a->session, c->session, memory_order_release);
}

enum block_link block_client_link(struct block_client *c, bool *signal)
{
	struct block_info *info = &c->shared->info;
	/* Pairs with the release in block_server_ready. */
	uint32_t state = atomic_load_explicit(&info->state, memory_order_acquire);
	uint32_t epoch = atomic_load_explicit(&info->epoch, memory_order_relaxed);

	*signal = false;
	if (epoch == c->epoch && c->up)
		return BLOCK_UP;
	if (state == BLOCK_READY && epoch != c->epoch) {
		c->up = false;
		ask(c, epoch);
		*signal = true;
	}
	/* Pairs with the release in grant: an empty ring of what is done, then the session. */
	if (epoch != c->epoch || c->epoch == 0 ||
	    atomic_load_explicit(&info->session, memory_order_acquire) != c->session)
		return BLOCK_DOWN;
	c->up = true;
	return BLOCK_NEW;
}

void block_client_forget(struct block_client *c, unsigned slot)
{
	c->in_flight &= ~bit(slot);
}

unsigned block_client_slot(const struct block_client *c, unsigned limit)
{
	unsigned slot = c->up && ~c->in_flight ? (unsigned)__builtin_ctzl(~c->in_flight) : BLOCK_SLOTS;

	return slot < limit ? slot : BLOCK_SLOTS;
}

bool block_submit(struct block_client *c, unsigned slot)
{
	c->in_flight |= bit(slot);
	return put(&c->shared->submit, &c->head, slot);
}

bool block_client_done(struct block_client *c, unsigned *slot, enum block_result *result)
{
	for (unsigned i = 0; c->up && i < BLOCK_SLOTS && waiting(&c->shared->done, c->taken); i++) {
		uint32_t entry = get(&c->shared->done, &c->taken);

		*slot = entry & 0xffff;
		if (*slot >= BLOCK_SLOTS || !(c->in_flight & bit(*slot)))
			continue;
		c->in_flight &= ~bit(*slot);
		*result = entry >> 16 <= BLOCK_UNSUPPORTED ? (enum block_result)(entry >> 16) : BLOCK_IO_ERROR;
		return true;
	}
	return false;
}

bool block_client_want(struct block_client *c)
{
	return want(&c->shared->done, c->taken) && c->up;
}

/* --- server --------------------------------------------------------------------- */

void block_server_init(struct block_server *s, struct block_shared *shared, uint64_t data_bytes)
{
	uint32_t epoch = atomic_load_explicit(&shared->info.epoch, memory_order_relaxed) + 1;

	*s = (struct block_server){ .shared = shared, .data_bytes = data_bytes, .epoch = epoch ? epoch : 1 };
	atomic_store_explicit(&shared->info.state, BLOCK_STARTING, memory_order_relaxed);
}

void block_server_ready(struct block_server *s, enum block_state state, uint32_t features, uint64_t sectors)
{
	struct block_info *info = &s->shared->info;

	s->features = features;
	s->sectors = sectors;
	info->features = features;
	info->sectors = sectors;
	atomic_store_explicit(&info->epoch, s->epoch, memory_order_relaxed);
	/* Pairs with the acquire in block_client_info and _link. */
	atomic_store_explicit(&info->state, state, memory_order_release);
}

/* Copies the segments and checks that they lie in the data region. Returns their bytes, 0 if not. */
static uint64_t take_segments(const struct block_server *s, const struct block_slot *slot, struct block_request *r)
{
	uint64_t total = 0;

	r->segments = __atomic_load_n(&slot->segments, __ATOMIC_RELAXED);
	if (r->segments > BLOCK_SEGMENTS)
		return 0;
	for (unsigned i = 0; i < r->segments; i++) {
		uint64_t offset = __atomic_load_n(&slot->segment[i].offset, __ATOMIC_RELAXED);
		uint32_t bytes = __atomic_load_n(&slot->segment[i].bytes, __ATOMIC_RELAXED);

		if (bytes == 0 || offset > s->data_bytes || bytes > s->data_bytes - offset)
			return 0;
		r->segment[i] = (struct block_segment){ .offset = offset, .bytes = bytes };
		total += bytes;
	}
	return total;
}

static bool in_medium(const struct block_server *s, const struct block_request *r)
{
	return r->sectors > 0 && r->sector <= s->sectors && r->sectors <= s->sectors - r->sector;
}

static enum block_result take(const struct block_server *s, struct block_request *r)
{
	const struct block_slot *slot = &s->shared->slot[r->slot];
	uint32_t op = __atomic_load_n(&slot->op, __ATOMIC_RELAXED);
	uint64_t bytes;

	r->op = (enum block_op)op;
	r->sector = __atomic_load_n(&slot->sector, __ATOMIC_RELAXED);
	r->segments = 0;
	r->sectors = 0;
	if (op >= BLOCK_OPS)
		return BLOCK_UNSUPPORTED;
	if (op != BLOCK_READ && op != BLOCK_FLUSH && (s->features & BLOCK_READ_ONLY))
		return BLOCK_BAD_REQUEST;
	switch (r->op) {
	case BLOCK_READ:
	case BLOCK_WRITE:
		bytes = take_segments(s, slot, r);
		r->sectors = bytes / BLOCK_SECTOR;
		return bytes % BLOCK_SECTOR || !in_medium(s, r) ? BLOCK_BAD_REQUEST : BLOCK_OK;
	case BLOCK_FLUSH:
		return BLOCK_OK;
	default:
		r->sectors = __atomic_load_n(&slot->sectors, __ATOMIC_RELAXED);
		return in_medium(s, r) ? BLOCK_OK : BLOCK_BAD_REQUEST;
	}
}

/* Nothing is in flight: the rings begin anew. */
static void grant(struct block_server *s, uint64_t session)
{
	s->session = session;
	s->taken = s->head = 0;
	atomic_store_explicit(&s->shared->done.head, 0, memory_order_relaxed);
	/* Pairs with the acquire in block_client_link. */
	atomic_store_explicit(&s->shared->info.session, session, memory_order_release);
}

/* Whether the ring may be looked at: not if another session is asked for and cannot be granted yet. */
static bool in_session(struct block_server *s, bool *signal)
{
	/* Pairs with the release in ask. */
	uint64_t asked = atomic_load_explicit(&s->shared->ask.session, memory_order_acquire);

	if (asked == s->session)
		return asked != 0;
	if (asked >> 32 != s->epoch || s->in_flight)
		return false;
	grant(s, asked);
	*signal = true;
	return true;
}

bool block_server_next(struct block_server *s, struct block_request *r, bool *signal)
{
	*signal = false;
	if (!in_session(s, signal))
		return false;
	/* A client that only sends nonsense gets no more than a ring of it looked at in a row. */
	for (unsigned i = 0; i < BLOCK_SLOTS && waiting(&s->shared->submit, s->taken); i++) {
		enum block_result result;

		r->slot = get(&s->shared->submit, &s->taken);
		if (r->slot >= BLOCK_SLOTS || (s->in_flight & bit(r->slot)))
			continue;
		s->in_flight |= bit(r->slot);
		result = take(s, r);
		if (result == BLOCK_OK)
			return true;
		*signal |= block_complete(s, r->slot, result);
	}
	return false;
}

bool block_complete(struct block_server *s, unsigned slot, enum block_result result)
{
	s->in_flight &= ~bit(slot);
	return put(&s->shared->done, &s->head, slot | (uint32_t)result << 16);
}

bool block_server_want(struct block_server *s)
{
	uint64_t asked = atomic_load_explicit(&s->shared->ask.session, memory_order_relaxed);
	bool waits = want(&s->shared->submit, s->taken);

	/* In another session the ring is not ours; if it is to be granted when something is done, that is looked at then. */
	return asked == s->session ? waits && asked : asked >> 32 == s->epoch && !s->in_flight;
}
