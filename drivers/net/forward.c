/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [802.1D] IEEE Std 802.1D-2004, 7.8 learning, 7.12.6 reserved addresses (which
 *            bridges do not forward).
 */
#include "forward.h"

#include <string.h>

#define MANY     (1ul << 40)            /* group bit: the first bit on the wire */
#define RESERVED 0x0180c2000000ul       /* .. 0f */

void forward_init(struct forward *f, unsigned ports)
{
	memset(f, 0, sizeof(*f));
	f->ports = ports;
	for (unsigned i = 0; i < ports; i++)
		f->reach[i] = ((1u << ports) - 1) & ~(1u << i);
}

uint64_t forward_address(const uint8_t *bytes)
{
	uint64_t address = 0;

	for (unsigned i = 0; i < 6; i++)
		address = address << 8 | bytes[i];
	return address;
}

static struct forward_entry *set_of(struct forward *f, uint64_t address)
{
	/* The last bytes differ most; the multiplier spreads them (Knuth, 6.4). */
	return f->entry[(address * 0x9e3779b97f4a7c15ul) >> 58 & (FORWARD_SETS - 1)];
}

static struct forward_entry *find(struct forward *f, uint64_t address)
{
	struct forward_entry *set = set_of(f, address);

	for (unsigned i = 0; i < FORWARD_WAYS; i++) {
		if (set[i].address == address)
			return &set[i];
	}
	return NULL;
}

/* Whom a new sender of PORT replaces: a free entry, else the port's own, else the oldest. */
static struct forward_entry *victim(struct forward *f, uint64_t address, unsigned port)
{
	struct forward_entry *set = set_of(f, address), *oldest = set, *own = NULL;

	for (unsigned i = 0; i < FORWARD_WAYS; i++) {
		if (set[i].address == 0)
			return &set[i];
		if (set[i].port == port && (!own || f->clock - set[i].age > f->clock - own->age))
			own = &set[i];
		if (f->clock - set[i].age > f->clock - oldest->age)
			oldest = &set[i];
	}
	return own ? own : oldest;
}

static void learn(struct forward *f, unsigned port, uint64_t address)
{
	struct forward_entry *e = find(f, address);

	if (!e) {
		e = victim(f, address, port);
		e->address = address;
	}
	e->port = port;
	e->age = ++f->clock;
}

uint32_t forward(struct forward *f, unsigned from, uint64_t to, uint64_t sender)
{
	const struct forward_entry *e;

	if (sender == 0 || (sender & MANY) || (f->locked[from] && f->locked[from] != sender))
		return 0;
	learn(f, from, sender);
	if ((to & ~0xful) == RESERVED)
		return 0;
	e = to & MANY ? NULL : find(f, to);
	return f->reach[from] & (e ? 1u << e->port : ~0u);
}
