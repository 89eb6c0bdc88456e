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

unsigned block_client_slot(const struct block_client *c, unsigned limit)
{
	unsigned slot = ~c->in_flight ? (unsigned)__builtin_ctzl(~c->in_flight) : BLOCK_SLOTS;

	return slot < limit ? slot : BLOCK_SLOTS;
}

bool block_submit(struct block_client *c, unsigned slot)
{
	c->in_flight |= bit(slot);
	return put(&c->shared->submit, &c->head, slot);
}

bool block_client_done(struct block_client *c, unsigned *slot, enum block_result *result)
{
	for (unsigned i = 0; i < BLOCK_SLOTS && waiting(&c->shared->done, c->taken); i++) {
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
	return want(&c->shared->done, c->taken);
}

/* --- server --------------------------------------------------------------------- */

void block_server_init(struct block_server *s, struct block_shared *shared, uint64_t data_bytes)
{
	*s = (struct block_server){ .shared = shared, .data_bytes = data_bytes };
}

void block_server_ready(struct block_server *s, enum block_state state, uint32_t features, uint64_t sectors)
{
	struct block_info *info = &s->shared->info;

	s->features = features;
	s->sectors = sectors;
	info->features = features;
	info->sectors = sectors;
	/* Pairs with the acquire in block_client_info. */
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

bool block_server_next(struct block_server *s, struct block_request *r, bool *signal)
{
	*signal = false;
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
	return want(&s->shared->submit, s->taken);
}
