/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects for tests: each call takes fresh slots of root's cnode, or ends the test. */
#ifndef MAKE_H
#define MAKE_H

#include <stdint.h>
#include "abi/skerry.h"

/* The next COUNT empty slots. */
uint32_t make_slots(uint32_t count);

/* An object of object memory, in a slot of its own. SIZE, ATTRIBUTE as in enum sk_type. */
uint32_t make(enum sk_type type, uint64_t size, uint64_t attribute);

/* Slot of the largest untyped of free RAM. */
uint32_t make_ram(void);

/* Memory with all rights, normal cacheability, out of make_ram(). */
uint32_t make_memory(uint64_t bytes);

/* A notification or endpoint capability with this badge. */
uint32_t make_badge(uint32_t slot, uint64_t badge);

/* Runs ENTRY(ARG) in a thread of the test's own space on CORE at PRIORITY. At most 12 a program. */
uint32_t make_thread(void (*entry)(void *), void *arg, uint32_t core, uint32_t priority);

/* The same with a fault handler, a bound notification, another space (0: none). */
struct make_thread {
	void (*entry)(void *);
	void *arg;
	uint32_t core, priority;
	uint32_t fault, notification;
	uint32_t space;          /* 0: the test's own */
};
uint32_t make_thread_with(const struct make_thread *t);

/* Sleeps so long: lets threads of lower priority run. */
void make_time(uint64_t microseconds);

/* Waits until THREAD is in this state; after twenty seconds the test ends as failed. */
void make_state(uint32_t thread, enum sk_thread_state state);

/* Waits at most twenty seconds for the flag to become nonzero; its value. */
uint32_t make_wait(const _Atomic uint32_t *flag);

#endif
