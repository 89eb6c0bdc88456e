/* SPDX-License-Identifier: BSD-2-Clause */
#include "archive.h"

#include <string.h>
#include "root.h"
#include "skerry/calls.h"

#define ARCHIVES_MAX 4

static struct archive archives[ARCHIVES_MAX];
static const char *names[ARCHIVES_MAX];
static unsigned count;

/* Read-only, at an address that allows 2 MiB blocks. */
static void open_region(uint32_t index, const struct sk_region *region)
{
	struct archive *a = &archives[count];
	uint64_t ipa = ROOT_ARCHIVES * (count + 1) + region->pa % SK_BLOCK;
	char error[160];

	if (count == ARCHIVES_MAX)
		root_fail(ROOT_EXIT_OWN, "more than %d archives", ARCHIVES_MAX);
	a->memory = root_slots(1);
	a->offset = region->offset;
	a->pa = region->pa;
	root_check(sk_retype(SK_ROOT_REGIONS + index, SK_TYPE_MEMORY, region->size, SK_ROOT_CNODE, a->memory, 1,
			     SK_RIGHT_READ), "taking archive", region->name);
	root_check(sk_map_all(a->memory, SK_ROOT_SPACE, ipa, 0, region->size, SK_RIGHT_READ), "mapping archive",
		   region->name);
	a->base = (const uint8_t *)ipa + region->offset;
	a->size = region->size - region->offset;
	if (archive_check(a->base, a->size, error, sizeof(error)) != 0)
		root_fail(ROOT_EXIT_USER, "archive \"%s\": %s", region->name, error);
	names[count++] = region->name;
}

void archives_open(void)
{
	const struct sk_root_info *info = sk_root_info();

	for (uint32_t i = 0; i < info->regions; i++) {
		const struct sk_region *region = &info->region[i];

		if (region->kind == SK_REGION_ARCHIVE && region->offset < region->size)
			open_region(i, region);
	}
}

const struct archive *archive_named(const char *name)
{
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return &archives[i];
	}
	return NULL;
}
