/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "boot.h"

static const struct elf kernel = {
	.entry = KERNEL_VA, .low = KERNEL_VA, .high = KERNEL_VA + 0x30000, .segments = 1,
	.segment = {{.va = KERNEL_VA, .size = 0x30000, .rights = SK_RIGHT_READ | SK_RIGHT_EXEC}},
};

static const struct elf root = {
	.entry = 0x10000000, .low = 0x10000000, .high = 0x10008000, .segments = 2,
	.segment = {{.va = 0x10000000, .size = 0x5000, .rights = SK_RIGHT_READ | SK_RIGHT_EXEC},
		    {.va = 0x10005000, .size = 0x3000, .rights = SK_RIGHT_READ | SK_RIGHT_WRITE}},
};

bool boot(struct boot *b, const void *blob, size_t size)
{
	struct range uart;
	int node;

	memset(b, 0, sizeof(*b));
	b->kernel = kernel;
	b->root = root;
	b->claims.image = (struct range){IMAGE_AT, IMAGE_AT + IMAGE_SIZE};
	b->claims.archive = (struct range){b->claims.image.end, b->claims.image.end + ARCHIVE_SIZE};
	b->claims.dtb = (struct range){DTB_AT, DTB_AT + size};
	return dt_open(&b->dt, blob, size, &b->report) &&
	       machine_console(&b->dt, &node, &uart, &b->report) != REG_BAD &&
	       machine_read(&b->machine, &b->dt, 0x80000000, &b->report) &&
	       claims_make(&b->claims, &b->machine, 40, &b->report) &&
	       layout_plan(&b->layout, &b->claims, &b->machine, &b->kernel, &b->root, dt_used_bytes(blob),
			   &b->report) &&
	       rootinfo_fill(&b->info, &b->dt, &b->machine, &b->claims, &b->layout, 62500000, &b->report);
}
