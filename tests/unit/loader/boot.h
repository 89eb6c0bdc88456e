/* SPDX-License-Identifier: BSD-2-Clause */
/* What the loader does with a device tree, in its order, on a machine of the test's making. */
#ifndef TEST_BOOT_H
#define TEST_BOOT_H

#include "rootinfo.h"

#define IMAGE_AT   0x40200000ul
#define IMAGE_SIZE 0x50000ul
#define ARCHIVE_SIZE 0x100000ul
#define DTB_AT     0x44000000ul

struct boot {
	struct dt dt;
	struct machine machine;
	struct claims claims;
	struct layout layout;
	struct elf kernel, root;
	struct sk_root_info info;
	struct report report;
};

/* All of it; false with a report where the loader would stop. */
bool boot(struct boot *b, const void *blob, size_t size);

#endif
