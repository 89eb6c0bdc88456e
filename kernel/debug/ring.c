/* SPDX-License-Identifier: BSD-2-Clause */
#include "debug.h"

#include "thread.h"

enum { EVENTS = 512 }; /* a power of two */

static struct ring {
	struct debug_event event[EVENTS];
	_Atomic uint64_t next;       /* events since boot */
} rings[SK_MAX_CORES];

void debug_record(struct core *core, enum sk_trace kind, uint64_t pc, uint64_t a, uint64_t b, uint64_t c)
{
	struct ring *ring = &rings[core->number];
	uint64_t next = atomic_load_explicit(&ring->next, memory_order_relaxed);

	ring->event[next % EVENTS] = (struct debug_event){
		arch_now(), kind, core->current ? core->current->o.id : 0, pc, a, b, c,
	};
	/* release: the event before its number; pairs with debug_events */
	atomic_store_explicit(&ring->next, next + 1, memory_order_release);
}

uint64_t debug_events(unsigned core)
{
	return atomic_load_explicit(&rings[core].next, memory_order_acquire);
}

bool debug_event(unsigned core, uint64_t number, struct debug_event *out)
{
	if (number >= debug_events(core))
		return false;
	*out = rings[core].event[number % EVENTS];
	/* it may have been written over meanwhile: the one that is being written now is not whole */
	return number + EVENTS > debug_events(core);
}

static const char *name_of(uint32_t kind)
{
	static const char *const name[] = {
		[SK_TRACE_CALL] = "call", [SK_TRACE_FAULT] = "fault", [SK_TRACE_INTERRUPT] = "interrupt",
		[SK_TRACE_EXIT] = "exit", [SK_TRACE_THREAD] = "thread", [SK_TRACE_GUEST] = "guest", [SK_TRACE_IPC] = "ipc",
	};

	return kind < ARRAY_SIZE(name) && name[kind] ? name[kind] : "?";
}

/* One line an event. Thread: its object's id; a, b, c by kind (SK_DEBUG_TRACE). */
static void print_event(unsigned core, uint64_t number)
{
	struct debug_event e;

	if (debug_event(core, number, &e))
		debug_print("trace %u %u %s thread %u pc %x: %x %x %x\n", (uint64_t)core, e.time, name_of(e.kind), (uint64_t)e.thread,
			    e.pc, e.a, e.b, e.c);
}

void debug_print_trace(unsigned count)
{
	for (unsigned core = 0; core < core_count; core++) {
		uint64_t end = debug_events(core);

		for (uint64_t i = end > count ? end - count : 0; i < end; i++)
			print_event(core, i);
	}
}
