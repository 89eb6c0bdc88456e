/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes capabilities: uses one and gives it back, or keeps as many as it can. */
#include "component.h"

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
