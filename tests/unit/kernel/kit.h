/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel's unit tests are written with: a booted simulated machine, root
 * as the one who makes things, and threads whose "program" is the test. Objects
 * change by system calls only; the tests look into them to check.
 *
 * Root (core 0, highest priority) sleeps on a notification whenever another
 * thread of core 0 is to run, and is woken by an interrupt line of its own.
 */
#ifndef SKERRY_KERNEL_KIT_H
#define SKERRY_KERNEL_KIT_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "arch.h"
#include "cnode.h"
#include "core.h"
#include "endpoint.h"
#include "irq.h"
#include "machine.h"
#include "notification.h"
#include "slot.h"
#include "space.h"
#include "thread.h"
#include "untyped.h"
#include "vcpu.h"

/* Statuses beside the ABI's. */
enum {
	KIT_BLOCKED = 0x300,    /* the call waits */
	KIT_IN_GUEST = 0x301,   /* SK_VCPU_RUN: the guest runs, or would if the thread did */
};

struct result {
	unsigned status;
	uint64_t w[SK_WORDS];
	uint64_t extra;
};

enum {
	POOL = 480, /* untyped: what tests make their objects from */
	ROOT_NOTE = 481, ROOT_BADGED = 482, ROOT_IRQ = 483, /* what wakes root */
	RAM = SK_ROOT_REGIONS, DEVICE = SK_ROOT_REGIONS + 1,
	FIRST_FREE = 512,
};

#define POOL_BYTES 0x280000ul

extern struct thread *root;
extern bool kit_manual;         /* nothing is taken (interrupts of other cores, timers) but by the test */

/* Starts the machine; root is there. Group set-up, one process a test. */
int kit_one_core(void **state);
int kit_two_cores(void **state);
/* Checks all invariants, revokes all memory, checks again that nothing is left. */
int kit_end(void **state);

/* Makes a thread the current one of its core; fails the test if that cannot be. */
void kit_run(struct thread *thread);

/* A call by a thread, made until it is not restarted any more. */
struct result kit_call(struct thread *thread, unsigned number, uint64_t slot, const uint64_t w[SK_WORDS],
		       uint64_t extra);
#define CALL(thread, number, slot, ...) kit_call(thread, number, slot, (const uint64_t[SK_WORDS]){ __VA_ARGS__ }, 0)
#define CALLX(thread, number, slot, extra, ...) \
	kit_call(thread, number, slot, (const uint64_t[SK_WORDS]){ __VA_ARGS__ }, extra)
#define SYS(number, slot, ...) CALL(root, number, slot, __VA_ARGS__)

/* How a call that blocked has ended (KIT_BLOCKED: it has not). */
struct result kit_outcome(struct thread *thread);

#define assert_status(expected, result) assert_int_equal(expected, (result).status)
#define assert_ok(result) assert_status(SK_OK, result)

/* `count` consecutive slots of root's cnode that nobody uses. */
unsigned kit_slots(unsigned count);
/* Root makes an object out of the object pool; its slot. */
unsigned kit_make(enum sk_type type, uint64_t size, uint64_t attribute);
/* A memory capability out of RAM. */
unsigned kit_memory(uint64_t bytes, unsigned rights);
/* A copy of a capability in root's cnode with fewer rights. */
unsigned kit_copy(unsigned slot, unsigned rights);
unsigned kit_badge(unsigned slot, uint64_t badge);
/* The object behind a slot of root's cnode. */
void *kit_object(unsigned slot);

/* A thread with root's cnode and Space, started; *slot = its capability. */
struct thread *kit_thread(unsigned core, unsigned priority, unsigned *slot);
/* The same, not started. */
struct thread *kit_thread_stopped(unsigned core, unsigned priority, unsigned *slot);

/* Everything that must hold between any two calls. */
void kit_check(void);

#define TEST_ONE(f) cmocka_unit_test_setup_teardown(f, kit_one_core, kit_end)
#define TEST_TWO(f) cmocka_unit_test_setup_teardown(f, kit_two_cores, kit_end)

/*
 * Runs each test in a process of its own, several times: as is; stopped at every
 * preemption point; with cores that are waited for coming from user level.
 */
int kit_main(const struct CMUnitTest *tests, size_t count);

#endif
