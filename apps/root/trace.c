/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trace of debug kernels, on the status port: who the threads are, which interrupts there
 * are, and what each core did last, in lines that tools/trace/events makes a text of:
 *
 *   trace begin HZ                                   ticks of the counter a second
 *   trace thread ID NAME COMPONENT IMAGE             object id, as the events name it
 *   trace line INTID NAME
 *   trace CORE TIME KIND thread ID pc PC: A B C      as the kernel itself prints it (kernel/debug/ring.c)
 *   trace end
 */
#include "supervise.h"

#include <stdarg.h>
#include <stdio.h>
#include "skerry/calls.h"
#include "system.h"

#define LINE 200

static struct memory memory;                       /* none: this is no debug kernel */
static uint64_t (*const event)[SK_WORDS] = (void *)ROOT_TRACE; /* as SK_DEBUG_TRACE gives it, but for w0: its core */

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	char text[LINE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sk_root_status(text);
}

static void say_thread(uint32_t slot, const char *name, const char *owner, const char *image)
{
	struct sk_inspection found;

	if (slot && sk_inspect(SK_ROOT_CNODE, slot, &found) == SK_OK && found.type == SK_TYPE_THREAD)
		say("trace thread %lu %s %s %s", (unsigned long)found.object, name, owner, image);
}

static void say_own(void)
{
	char name[24];

	say_thread(supervise_thread(), "root", "root", "root");
	for (uint32_t core = 0; core < sk_root_info()->cores; core++) {
		snprintf(name, sizeof(name), "root.watcher%u", core);
		say_thread(watch_thread(core), name, "root", "root");
	}
}

static void say_names(void)
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		const struct object *o = &object[i];
		const struct component *c = o->spec->owner == SPEC_NONE ? NULL : &component[o->spec->owner];

		if (o->spec->kind == SPEC_THREAD && c && object_exists(o))
			say_thread(o->slot, o->name, c->name, spec_string(&spec, c->spec->image));
		if (o->spec->kind == SPEC_IRQ && object_exists(o))
			say("trace line %u %s", sk_root_info()->region[object[o->spec->ref].region].irq, o->name);
	}
}

static const char *kind_name(uint64_t kind)
{
	static const char *const name[] = {
		[SK_TRACE_CALL] = "call", [SK_TRACE_FAULT] = "fault", [SK_TRACE_INTERRUPT] = "interrupt",
		[SK_TRACE_EXIT] = "exit", [SK_TRACE_THREAD] = "thread", [SK_TRACE_GUEST] = "guest", [SK_TRACE_IPC] = "ipc",
	};

	return kind < sizeof(name) / sizeof(name[0]) && name[kind] ? name[kind] : "?";
}

static void say_event(const uint64_t w[SK_WORDS])
{
	say("trace %lu %lu %s thread %lu pc %lx: %lx %lx %lx", (unsigned long)w[0], (unsigned long)w[1], kind_name(w[2]),
	    (unsigned long)w[3], (unsigned long)w[4], (unsigned long)w[5], (unsigned long)w[6], (unsigned long)w[7]);
}

/* The last COUNT events of a core, from place AT on; what is written over meanwhile is left out. Returns the place behind. */
static uint32_t read_core(uint32_t core, uint32_t count, uint32_t at)
{
	uint64_t end = 0, now, w[SK_WORDS];

	sk_debug_trace(core, SK_NEVER, &end, w);
	for (uint64_t n = end > count ? end - count : 0; n < end; n++) {
		if (sk_debug_trace(core, n, &now, event[at]) == SK_OK)
			event[at++][0] = core;
	}
	return at;
}

enum sk_status trace_report(uint32_t count)
{
	uint32_t cores = sk_root_info()->cores, read = 0;

	if (count == 0 || count > TRACE_MOST)
		return SK_BAD_ARG;
	if (memory.bytes == 0)
		return SK_NO_CALL;
	/* all is read before anything is printed: the other cores go on */
	for (uint32_t core = 0; core < cores; core++)
		read = read_core(core, count, read);
	say("trace begin %lu", (unsigned long)sk_root_info()->counter_hz);
	say_own();
	say_names();
	for (uint32_t i = 0; i < read; i++)
		say_event(event[i]);
	sk_root_status("trace end");
	return SK_OK;
}

static uint32_t asked_irq; /* slot */

void trace_open(void)
{
	const struct sk_root_info *info = sk_root_info();
	const uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE;
	uint32_t asked;
	uint64_t now, w[SK_WORDS];

	if (sk_debug_trace(0, 0, &now, w) == SK_NO_CALL)
		return;
	ram_take("the trace", round_up(sizeof(*event) * TRACE_MOST * info->cores, SK_PAGE), SK_CACHE_NORMAL, &memory);
	root_check(sk_map_all(memory.piece[0].slot, SK_ROOT_SPACE, ROOT_TRACE, 0, memory.bytes, rights), "mapping", "the trace");
	if (info->status >= info->regions || !info->region[info->status].irq)
		return;
	asked_irq = root_slots(1);
	asked = root_slots(1);
	root_check(sk_retype(SK_ROOT_OBJECTS, SK_TYPE_IRQ, info->region[info->status].irq, SK_ROOT_CNODE, asked_irq, 1,
			     SK_ROOT_IRQ_CONTROL | (uint64_t)info->region[info->status].irq_edge << 32), "making", "the status port's interrupt");
	root_check(sk_mint(SK_ROOT_CNODE, asked, SK_ROOT_CNODE, supervise_slot(), SK_RIGHT_SIGNAL, EVENT_ASKED), "binding",
		   "the status port's interrupt");
	root_check(sk_irq_bind(asked_irq, asked), "binding", "the status port's interrupt");
	sk_root_listen();
}

void trace_asked(void)
{
	sk_root_heard();
	trace_report(TRACE_USUAL);
	root_check(sk_irq_ack(asked_irq), "hearing", "the status port");
}
