/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watchers. A watcher takes a fault, stops the thread for good (which makes
 * its waiting for our reply void), writes down what it was and tells root.
 * It has a stack of its own and nothing else: no errno, no malloc, no output.
 */
#include "supervise.h"

#include <stdatomic.h>
#include "skerry/calls.h"
#include "system.h"

#define STACK_BYTES 4096
#define PRIORITY    SPEC_PRIORITY_ROOT

static struct watcher {
	uint32_t thread, endpoint;  /* slots; 0: none yet */
	_Alignas(16) uint8_t stack[STACK_BYTES];
} watcher[SK_MAX_CORES];
static struct fault fault[SPEC_OBJECTS_MAX]; /* by thread; each written by the watcher of its core */
static uint32_t signal_slot;                 /* notification with EVENT_FAULT */

#define BADGE_OBJECT 16 /* bits */
_Static_assert(SPEC_OBJECTS_MAX < 1u << BADGE_OBJECT, "badge layout");

/*
 * The badge of a fault capability: the thread's object index, and the generation of its
 * component: so a fault of a life that is over is not taken for one of the next.
 */
_Noreturn static void watch(struct watcher *w)
{
	for (;;) {
		struct sk_words m = { { 0 }, 0, 0 };
		uint32_t index;

		if (sk_reply_wait(w->endpoint, &m) != SK_OK)
			continue;
		index = m.extra & ((1u << BADGE_OBJECT) - 1);
		if (m.extra == 0 || index >= spec.objects)
			continue;
		sk_thread_stop(object[index].slot);
		fault[index] = (struct fault){ m.w[0], m.w[1], m.w[2], m.w[3], m.w[4],
					       (uint32_t)(m.extra >> BADGE_OBJECT) };
		atomic_thread_fence(memory_order_release); /* pairs with watch_fault */
		sk_signal(signal_slot);
	}
}

struct fault watch_fault(uint32_t index)
{
	atomic_thread_fence(memory_order_acquire); /* pairs with watch: the signal was seen */
	return fault[index];
}

static void start_watcher(uint32_t core)
{
	struct watcher *w = &watcher[core];
	const struct sk_thread_config config = {
		.cnode = SK_ROOT_CNODE,
		.space = SK_ROOT_SPACE,
		.priorities = SK_PRIORITY(PRIORITY, PRIORITY),
	};
	const uint64_t x0 = (uintptr_t)w;
	const uint64_t rest[2] = { (uintptr_t)(w->stack + STACK_BYTES), (uintptr_t)watch };

	w->endpoint = root_slots(1);
	w->thread = root_slots(1);
	root_check(sk_retype(SK_ROOT_OBJECTS, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, w->endpoint, 1, core), "making",
		   "a watcher");
	root_check(sk_retype(SK_ROOT_OBJECTS, SK_TYPE_THREAD, 0, SK_ROOT_CNODE, w->thread, 1, core), "making",
		   "a watcher");
	root_check(sk_thread_configure(w->thread, &config), "configuring", "a watcher");
	root_check(sk_thread_write(w->thread, SK_REG_X0, 1, &x0), "starting", "a watcher");
	root_check(sk_thread_write(w->thread, SK_REG_SP, 2, rest), "starting", "a watcher");
	root_check(sk_thread_start(w->thread), "starting", "a watcher");
}

uint32_t watch_thread(uint32_t core)
{
	return watcher[core].thread;
}

void watch_handler(uint32_t slot, uint32_t core, uint32_t index)
{
	uint64_t generation = component[object[index].spec->owner].starts;

	if (!watcher[core].thread)
		start_watcher(core);
	if (!signal_slot) {
		signal_slot = root_slots(1);
		root_check(sk_mint(SK_ROOT_CNODE, signal_slot, SK_ROOT_CNODE, supervise_slot(), SK_RIGHT_SIGNAL,
				   EVENT_FAULT), "watching", object[index].name);
	}
	root_check(sk_delete(SK_ROOT_CNODE, slot), "watching", object[index].name);
	root_check(sk_mint(SK_ROOT_CNODE, slot, SK_ROOT_CNODE, watcher[core].endpoint, SK_RIGHT_CALL,
			   generation << BADGE_OBJECT | index), "watching", object[index].name);
}
