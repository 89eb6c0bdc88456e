/* SPDX-License-Identifier: BSD-2-Clause */
#include "connections.h"

#include <string.h>

_Static_assert(CONNECTIONS_MOST < 65535, "indices are 16 bits");

void connections_init(struct connections *t)
{
	memset(t, 0, sizeof(*t));
	for (unsigned i = CONNECTIONS_MOST; i > 0; i--) {
		t->at[i - 1].next = t->free;
		t->free = (uint16_t)i;
	}
}

/* The same from either end (the multiplier: Knuth, 6.4). */
static uint16_t *chain_of(struct connections *t, struct connection_end a, struct connection_end b)
{
	uint64_t sum = ((uint64_t)a.port << 32 | a.number) * 0x9e3779b97f4a7c15ul +
		       ((uint64_t)b.port << 32 | b.number) * 0x9e3779b97f4a7c15ul;

	return &t->chain[(sum ^ sum >> 32) >> 16 & (CONNECTION_CHAINS - 1)];
}

static struct connection_end end_of(const struct connection *c, unsigned side)
{
	return (struct connection_end){ c->port[side], c->number[side] };
}

static bool is(const struct connection *c, unsigned side, struct connection_end e)
{
	return c->port[side] == e.port && c->number[side] == e.number;
}

struct connection *connections_find(struct connections *t, struct connection_end a, struct connection_end b)
{
	for (unsigned i = *chain_of(t, a, b); i; i = t->at[i - 1].next) {
		struct connection *c = &t->at[i - 1];

		if ((is(c, 0, a) && is(c, 1, b)) || (is(c, 0, b) && is(c, 1, a)))
			return c;
	}
	return NULL;
}

struct connection *connections_add(struct connections *t, struct connection_end from, struct connection_end to,
				   uint16_t type)
{
	uint16_t *chain = chain_of(t, from, to), index = t->free;
	struct connection *c;

	if (t->opened[from.port] == CONNECTIONS_EACH || index == 0)
		return NULL;
	c = &t->at[index - 1];
	t->free = c->next;
	*c = (struct connection){ .number = { from.number, to.number }, .port = { (uint8_t)from.port, (uint8_t)to.port },
				  .next = *chain, .type = type, .used = true };
	*chain = index;
	t->opened[from.port]++;
	t->joined[from.port]++;
	t->joined[to.port]++;
	return c;
}

void connections_remove(struct connections *t, struct connection *c)
{
	uint16_t *link = chain_of(t, end_of(c, 0), end_of(c, 1)), index = (uint16_t)(c - t->at + 1);

	while (*link != index)
		link = &t->at[*link - 1].next;
	*link = c->next;
	t->opened[c->port[0]]--;
	t->joined[c->port[0]]--;
	t->joined[c->port[1]]--;
	*c = (struct connection){ .next = t->free };
	t->free = index;
}

static void owe(struct connections *t, struct connection *c, unsigned side)
{
	c->dead = true;
	c->owed |= (uint8_t)(1u << side);
	t->owed[c->port[side]]++;
}

void connections_kill(struct connections *t, struct connection *c)
{
	if (c->dead)
		return;
	owe(t, c, 0);
	owe(t, c, 1);
}

void connections_told(struct connections *t, struct connection *c, unsigned side)
{
	c->owed &= (uint8_t)~(1u << side);
	t->owed[c->port[side]]--;
	if (!c->owed)
		connections_remove(t, c);
}

void connections_drop(struct connections *t, unsigned port)
{
	for (unsigned i = 0; i < CONNECTIONS_MOST && t->joined[port] > 0; i++) {
		struct connection *c = &t->at[i];
		unsigned side = c->port[0] == port ? 0 : 1;

		if (!c->used || c->port[side] != port)
			continue;
		if (!c->dead)
			owe(t, c, side ^ 1);
		else if (c->owed & 1u << side)
			connections_told(t, c, side);
	}
}

struct connection *connections_owed(struct connections *t, unsigned port, unsigned *side)
{
	for (unsigned i = 0; i < CONNECTIONS_MOST && t->owed[port] > 0; i++) {
		for (*side = 0; *side < 2; ++*side) {
			if (t->at[i].port[*side] == port && (t->at[i].owed & 1u << *side))
				return &t->at[i];
		}
	}
	return NULL;
}
