/* SPDX-License-Identifier: BSD-2-Clause */
#include "make.h"

#include <stdatomic.h>
#include "check.h"
#include "skerry/calls.h"
#include "skerry/root.h"
#include "skerry/start.h"
#include "skerry/thread.h"

#define FIRST_SLOT  512u /* behind root's regions */
#define THREADS     12u
#define STACK_BYTES 8192u
#define TRIES       60000u /* a millisecond each: a minute, for a host that is slow */

_Static_assert(FIRST_SLOT >= SK_ROOT_REGIONS + SK_ROOT_MAX_REGIONS, "free slots lie behind the regions");

static _Alignas(16) char stacks[THREADS][STACK_BYTES];
static _Alignas(16) char tls[THREADS][SK_THREAD_TLS_BYTES];

uint32_t make_slots(uint32_t count)
{
	static uint32_t next = FIRST_SLOT;
	uint32_t slot = next;

	next += count;
	return slot;
}

uint32_t make(enum sk_type type, uint64_t size, uint64_t attribute)
{
	uint32_t slot = make_slots(1);

	must("retype", sk_retype(SK_ROOT_OBJECTS, type, size, SK_ROOT_CNODE, slot, 1, attribute));
	return slot;
}

uint32_t make_ram(void)
{
	const struct sk_root_info *info = sk_root_info();
	uint32_t best = info->regions;

	for (uint32_t i = 0; i < info->regions; i++)
		if (info->region[i].kind == SK_REGION_RAM &&
		    (best == info->regions || info->region[i].size > info->region[best].size))
			best = i;
	if (best == info->regions)
		must("free RAM", SK_NO_MEMORY);
	return SK_ROOT_REGIONS + best;
}

uint32_t make_memory(uint64_t bytes)
{
	uint32_t slot = make_slots(1);

	must("retype memory", sk_retype(make_ram(), SK_TYPE_MEMORY, bytes, SK_ROOT_CNODE, slot, 1,
					SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC | SK_CACHE_NORMAL << 8));
	return slot;
}

uint32_t make_badge(uint32_t slot, uint64_t badge)
{
	uint32_t minted = make_slots(1);

	must("mint", sk_mint(SK_ROOT_CNODE, minted, SK_ROOT_CNODE, slot, SK_RIGHTS_ALL, badge));
	return minted;
}

uint32_t make_thread_with(const struct make_thread *t)
{
	static uint32_t used;
	uint32_t n = used++;
	uint32_t thread = make(SK_TYPE_THREAD, 0, t->core);
	struct sk_thread_config config = {
		.cnode = SK_ROOT_CNODE,
		.space = t->space ? t->space : SK_ROOT_SPACE,
		.fault = t->fault,
		.notification = t->notification,
		.priorities = SK_PRIORITY(t->priority, t->priority),
	};

	if (n >= THREADS)
		must("threads of a test", SK_NO_MEMORY);
	must("configure", sk_thread_configure(thread, &config));
	must("spawn", sk_thread_spawn(thread, t->entry, t->arg, stacks[n], STACK_BYTES, tls[n]));
	return thread;
}

uint32_t make_thread(void (*entry)(void *), void *arg, uint32_t core, uint32_t priority)
{
	return make_thread_with(&(struct make_thread){ entry, arg, core, priority, 0, 0, 0 });
}

void make_time(uint64_t microseconds)
{
	static uint32_t alarm;
	uint64_t bits;

	if (!alarm)
		alarm = make(SK_TYPE_NOTIFICATION, 0, 0);
	sk_wait(alarm, sk_counter() + sk_start()->counter_hz / 1000000 * microseconds, &bits);
}

uint32_t make_wait(const _Atomic uint32_t *flag)
{
	for (unsigned i = 0; i < TRIES && !atomic_load(flag); i++)
		make_time(1000);
	return atomic_load(flag);
}

void make_state(uint32_t thread, enum sk_thread_state state)
{
	struct sk_inspection i;

	for (unsigned tries = 0; tries < TRIES; tries++) {
		must("inspect a thread", sk_inspect(SK_ROOT_CNODE, thread, &i));
		if (i.used == state)
			return;
		make_time(1000);
	}
	check_value("state of a thread", i.used, state);
	check_done();
}
