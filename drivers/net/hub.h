/* SPDX-License-Identifier: BSD-2-Clause */
/* The switch at work: its ports, whom of them it looks at, and when. */
#ifndef NET_HUB_H
#define NET_HUB_H

#include "forward.h"
#include "port.h"

/* Sets of ports have a bit for each: the one that its signals have in the switch's notification. */
struct hub {
	struct port port[FORWARD_PORTS];
	unsigned ports;
	struct forward table;
	uint32_t due;            /* to be looked at: they signalled, or there was more than a turn takes */
	uint32_t limited;        /* those that have sent too much; they are due at their rate's time */
	uint32_t asking;         /* may want to be woken after NET_POKE_US */
	uint32_t sent, released; /* those to which a frame went, or from which one was taken, since they were signalled */
	uint64_t poke_at;        /* when those that ask are woken; SK_NEVER: none asks */
	uint64_t poke_ticks;
};

/* Never returns. EVENT: the notification's slot. */
_Noreturn void hub_run(struct hub *hub, uint32_t event);

#endif
