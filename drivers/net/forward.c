/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [802.1D] IEEE Std 802.1D-2004, 7.8 learning, 7.12.6 reserved addresses (which
 *            bridges do not forward).
 *   [802.1Q] IEEE Std 802.1Q-2018, 8.6.2 ingress, 8.6.4 egress, 9.6 tags.
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
	f->vlans = 1;
	f->vlan[0].members = (1u << ports) - 1;
}

static struct forward_vlan *vlan_of(struct forward *f, uint32_t number)
{
	for (unsigned i = 0; i < f->vlans; i++) {
		if (f->vlan[i].number == number)
			return &f->vlan[i];
	}
	return NULL;
}

bool forward_member(struct forward *f, unsigned port, uint32_t number)
{
	struct forward_vlan *vlan = vlan_of(f, number);

	if (number > FORWARD_VID || (!vlan && f->vlans == FORWARD_VLANS))
		return false;
	if (!vlan) {
		vlan = &f->vlan[f->vlans++];
		vlan->number = number;
	}
	vlan->members |= 1u << port;
	return true;
}

void forward_trunk(struct forward *f, unsigned port)
{
	f->kind[port] = FORWARD_TRUNK;
	f->vlan[0].members &= ~(1u << port);
}

bool forward_access(struct forward *f, unsigned port, uint32_t number)
{
	f->kind[port] = FORWARD_ACCESS;
	f->access[port] = number;
	f->vlan[0].members &= ~(1u << port);
	return number > 0 && forward_member(f, port, number);
}

/* The VLAN of a frame, null if the port may not send it. */
static const struct forward_vlan *classify(struct forward *f, unsigned from, uint32_t tag)
{
	struct forward_vlan *vlan;

	switch (f->kind[from]) {
	case FORWARD_PLAIN:
		return &f->vlan[0];
	case FORWARD_ACCESS:
		return tag == FORWARD_NO_TAG ? vlan_of(f, f->access[from]) : NULL;
	default:
		vlan = tag == FORWARD_NO_TAG ? &f->vlan[0] : tag == 0 ? NULL : vlan_of(f, tag);
		return vlan && (vlan->members & 1u << from) ? vlan : NULL;
	}
}

uint64_t forward_address(const uint8_t *bytes)
{
	/* In two parts that are each one load and a swap. */
	uint32_t high = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
	uint32_t low = (uint32_t)bytes[4] << 8 | bytes[5];

	return (uint64_t)high << 16 | low;
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

uint32_t forward(struct forward *f, unsigned from, uint64_t to, uint64_t sender, uint32_t tag, uint32_t *vlan)
{
	const struct forward_vlan *v = classify(f, from, tag);
	const struct forward_entry *e;

	if (!v || sender == 0 || (sender & MANY) || (f->locked[from] && f->locked[from] != sender))
		return 0;
	*vlan = v->number;
	learn(f, from, (uint64_t)v->number << 48 | sender);
	if ((to & ~0xful) == RESERVED)
		return 0;
	e = to & MANY ? NULL : find(f, (uint64_t)v->number << 48 | to);
	return f->reach[from] & v->members & (e ? 1u << e->port : ~0u);
}
