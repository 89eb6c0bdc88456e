/* SPDX-License-Identifier: BSD-2-Clause */
#include "root.h"

#include <stdarg.h>
#include <stdio.h>

#include "skerry/log.h"
#include "skerry/slots.h"

#define FIRST_SLOT (SK_ROOT_REGIONS + SK_ROOT_MAX_REGIONS)

void root_fail(int code, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sk_log("root: %s\n", text);
	sk_root_exit(code, text);
}

void root_check(enum sk_status status, const char *doing, const char *what)
{
	if (status != SK_OK)
		root_fail(ROOT_EXIT_OWN, "%s %s: %s", doing, what, sk_status_text(status));
}

static struct sk_slots slots;

uint32_t root_slots_free(void)
{
	return slots.free;
}

uint32_t root_slots(uint32_t n)
{
	static uint64_t map[SK_SLOTS_WORDS(SK_ROOT_RUNTIME_SLOTS - FIRST_SLOT)];
	uint32_t slot;

	if (!slots.map)
		sk_slots_init(&slots, map, FIRST_SLOT, SK_ROOT_RUNTIME_SLOTS - FIRST_SLOT);
	slot = sk_slots_take(&slots, n);
	if (!slot)
		root_fail(ROOT_EXIT_OWN, "the system needs more than root's %d capability slots", SK_ROOT_CNODE_SLOTS);
	return slot;
}
