/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How root learns of ends and faults.
 *
 * One notification, on which root's own thread sleeps. Component i has four bits
 * of it, from 4 * i on: SPEC_OFF, SPEC_CRASH and SPEC_RESET are signalled by the
 * component (through capabilities that the spec gives it), the fourth by a
 * watcher: a thread of root on each core that has component threads, with the
 * endpoint that the kernel sends their faults to.
 */
#ifndef ROOT_SUPERVISE_H
#define ROOT_SUPERVISE_H

#include <stdint.h>
#include "abi/skerry.h"

#define EVENT_FAULT 3u   /* besides enum spec_outcome */

static inline uint64_t event_bit(uint32_t index, uint32_t event)
{
	return 1ul << (4 * index + event);
}

/* What a watcher saw. */
struct fault {
	uint64_t kind;      /* enum sk_fault */
	uint64_t address, pc, access, syndrome;
	uint32_t thread;    /* object */
};

/* Makes the notification. First of all. */
void supervise_open(void);

/* Root's slot of the notification, all rights. */
uint32_t supervise_slot(void);

/* The slot of a capability to be the fault handler of thread OBJECT (homed on CORE); starts the core's watcher. */
uint32_t watch_handler(uint32_t core, uint32_t object);

/* The last fault of component INDEX. Valid once its fault bit was seen. */
const struct fault *watch_fault(uint32_t index);

#endif
