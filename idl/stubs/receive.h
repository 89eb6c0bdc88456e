/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that come with calls, for component.c of a server that takes them.
 * One slot of the component's own cnode is named in each wait; what comes into it
 * belongs to the method that is called, which gives it back with component_drop().
 * If no slot is free, a call that brings one ends with NO_RECEIVE_SLOT. One thread.
 */
#ifndef STUBS_RECEIVE_H
#define STUBS_RECEIVE_H

#include "skerry/calls.h"
#include "skerry/slots.h"
#include "skerry/start.h"

#define RECEIVE_MOST 64u

static struct sk_slots receive_slots;
static uint32_t receive_named;  /* in the next wait, 0: none */
static uint32_t receive_got;    /* came with this call; 0: nothing, or the method has it */

static void receive_start(void)
{
	static uint64_t map[SK_SLOTS_WORDS(RECEIVE_MOST)];
	uint32_t count = (uint32_t)sk_param_number("receive.count", 0);

	sk_slots_init(&receive_slots, map, (uint32_t)sk_param_number("receive.first", 0),
		      count < RECEIVE_MOST ? count : RECEIVE_MOST);
}

static uint32_t receive_slot(void)
{
	if (!receive_named)
		receive_named = sk_slots_take(&receive_slots, 1);
	return receive_named;
}

static void receive_note(uint64_t extra)
{
	if (!(extra & SK_CAP_RECEIVED))
		return;
	receive_got = receive_named;
	receive_named = 0;
}

void component_drop(uint32_t capability)
{
	sk_delete(sk_slot("cnode"), capability);
	sk_slots_give(&receive_slots, capability, 1);
}

/* A refused call, or a method that takes none, leaves nothing behind. */
static void receive_end(void)
{
	if (receive_got)
		component_drop(receive_got);
	receive_got = 0;
}

#endif
