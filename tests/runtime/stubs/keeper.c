/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes capabilities: uses one and gives it back, or keeps as many as it can. Gives its own. */
#include "component.h"

#include <string.h>

#include "skerry/start.h"

static uint32_t kept[64], count;

uint32_t keys_use(uint32_t key, uint32_t n)
{
	enum sk_status status = sk_signal(key);

	component_drop(key);
	return status == SK_OK ? n + 1 : 0;
}

void keys_keep(uint32_t n, uint32_t key)
{
	(void)n;
	if (count < sizeof(kept) / sizeof(kept[0]))
		kept[count++] = key;
	else
		component_drop(key);
}

uint32_t keys_drop_all(void)
{
	uint32_t n = count;

	while (count > 0)
		component_drop(kept[--count]);
	return n;
}

/* 0: its ping; 1: none; 2: an empty slot; 3: one that cannot be given, for it is none. */
uint32_t keys_lease(uint32_t what, uint32_t *key, char *name)
{
	const uint32_t given[] = { ping_slot, 0, 15, 1u << 20 };

	*key = what < sizeof(given) / sizeof(given[0]) ? given[what] : 0;
	strcpy(name, "ping");
	return what + 1;
}
