/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that come with calls or replies, for component.c of who takes them: into
 * free slots of the component's own cnode. What has come belongs to the component, which
 * gives it up with component_drop(). One thread.
 */
#ifndef STUBS_RECEIVE_H
#define STUBS_RECEIVE_H

#include "skerry/calls.h"
#include "skerry/slots.h"
#include "skerry/start.h"

#define RECEIVE_MOST 64u

static struct sk_slots receive_slots;
static uint32_t receive_room;   /* named in the last call that is to bring one, and not yet the component's; 0: none */

static void receive_start(void)
{
	static uint64_t map[SK_SLOTS_WORDS(RECEIVE_MOST)];
	uint32_t count = (uint32_t)sk_param_number("receive.count", 0);

	sk_slots_init(&receive_slots, map, (uint32_t)sk_param_number("receive.first", 0),
		      count < RECEIVE_MOST ? count : RECEIVE_MOST);
}

void component_drop(uint32_t capability)
{
	sk_delete(sk_slot("cnode"), capability);
	sk_slots_give(&receive_slots, capability, 1);
}

/* An empty slot for what a reply brings; 0: all are full. What came with an answer that was refused goes now. */
uint32_t component_room(void)
{
	if (receive_room)
		sk_delete(sk_slot("cnode"), receive_room);
	else
		receive_room = sk_slots_take(&receive_slots, 1);
	return receive_room;
}

/* The answer is good: what came is the component's. */
uint32_t component_keep(void)
{
	uint32_t capability = receive_room;

	receive_room = 0;
	return capability;
}

#endif
