/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/start.h"

#include <stdlib.h>
#include <string.h>
#include "skerry/fail.h"

static const struct sk_start_name *find(const char *name, enum sk_start_kind kind)
{
	const struct sk_start *s = sk_start();

	for (uint32_t i = 0; i < s->names && i < SK_START_NAMES; i++) {
		if (s->name[i].kind == kind && strcmp(s->name[i].name, name) == 0)
			return &s->name[i];
	}
	return NULL;
}

uint32_t sk_slot(const char *name)
{
	const struct sk_start_name *n = find(name, SK_START_SLOT);

	return n ? (uint32_t)n->a : 0;
}

void *sk_region(const char *name, size_t *size)
{
	const struct sk_start_name *n = find(name, SK_START_REGION);

	if (size)
		*size = n ? n->b : 0;
	return n ? (void *)(uintptr_t)n->a : NULL;
}

uint64_t sk_region_physical(const char *name)
{
	const struct sk_start_name *n = find(name, SK_START_REGION);

	return n ? n->c : 0;
}

const char *sk_param(const char *name, const char *fallback)
{
	const struct sk_start_name *n = find(name, SK_START_PARAM);

	return n ? sk_start()->text + n->a : fallback;
}

uint64_t sk_param_number(const char *name, uint64_t fallback)
{
	const char *text = sk_param(name, NULL);
	char *end;
	uint64_t value;

	if (!text)
		return fallback;
	value = strtoull(text, &end, 0);
	if (end != text && *end && strchr("KMG", *end))
		value <<= *end++ == 'K' ? 10 : end[-1] == 'M' ? 20 : 30;
	if (end == text || *end)
		sk_fail("parameter %s=%s: a number was expected (decimal or 0x..., K, M or G may follow)", name, text);
	return value;
}

uint32_t sk_need_slot(const char *name)
{
	uint32_t slot = sk_slot(name);

	if (!slot)
		sk_fail("the system spec gives this component no capability \"%s\"", name);
	return slot;
}

void *sk_need_region(const char *name, size_t *size)
{
	void *region = sk_region(name, size);

	if (!region)
		sk_fail("the system spec gives this component no region \"%s\"", name);
	return region;
}
