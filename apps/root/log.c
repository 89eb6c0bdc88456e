/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Root's reports on the system's console: the ring that the spec calls root's log
 * (connection Ring NAME(from system.log, to CONSOLE.client)). Root waits for nobody: what does
 * not fit is lost there, and stands on the status port.
 */
#include "supervise.h"

#include <string.h>
#include "rings/console.h"
#include "skerry/calls.h"
#include "system.h"

static struct object *ring_object(void)
{
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (spec.object[i].kind == SPEC_MEMORY && spec.object[i].flags & SPEC_LOG)
			return &object[i];
	}
	return NULL;
}

void log_report(const char *text)
{
	static uint32_t signal_slot;
	static uint32_t own;            /* index: the ring is new when root begins to use it */
	const struct object *o = ring_object();
	struct console_shared *shared;
	bool wanted;

	if (!o)
		return;
	shared = ram_open_window(&o->memory);
	console_ring_write(&shared->to_console, &own, "root: ", 6, &wanted);
	console_ring_write(&shared->to_console, &own, text, strlen(text), &wanted);
	console_ring_write(&shared->to_console, &own, "\n", 1, &wanted);
	ram_close_window(&o->memory);
	if (!signal_slot) {
		signal_slot = root_slots(1);
		root_check(sk_mint(SK_ROOT_CNODE, signal_slot, SK_ROOT_CNODE, object[o->spec->ref].slot, SK_RIGHT_SIGNAL,
				   o->spec->badge), "giving away", o->name);
	}
	sk_signal(signal_slot); /* unasked: `wanted` may have been of the lines before */
}
