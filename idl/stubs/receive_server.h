/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that come with calls, for a server. One slot is named in each wait; if none
 * is free, a call that brings one ends with NO_RECEIVE_SLOT.
 */
#ifndef STUBS_RECEIVE_SERVER_H
#define STUBS_RECEIVE_SERVER_H

#include "stubs/receive.h"

static uint32_t receive_named;  /* in the next wait, 0: none */
static uint32_t receive_got;    /* came with this call; 0: nothing, or the method has it */

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

/* A refused call, or a method that takes none, leaves nothing behind. */
static void receive_end(void)
{
	if (receive_got)
		component_drop(receive_got);
	receive_got = 0;
}

#endif
