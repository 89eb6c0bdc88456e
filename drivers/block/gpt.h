/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The partitions of a disk, by its GUID partition table. Whoever wrote the disk may
 * have been anybody, also a guest: nothing is believed that was not checked, and a
 * table with one wrong entry is no table.
 *
 * Reference
 *   [UEFI] Unified Extensible Firmware Interface Specification 2.10, 5.2.3 protective
 *          MBR, 5.3 GUID partition table.
 */
#ifndef BLOCK_GPT_H
#define BLOCK_GPT_H

#include <stdbool.h>
#include <stdint.h>

#define GPT_SECTOR     512u
#define GPT_PARTITIONS 128u
#define GPT_NAME       37u   /* with the null */

struct gpt_partition {
	uint64_t first, sectors;
	char name[GPT_NAME];     /* a character that is not ASCII is a '?' */
};

struct gpt {
	unsigned count;
	bool backup;             /* the first table was damaged, the one at the disk's end is whole */
	const char *error;       /* if there is no table: why */
	struct gpt_partition partition[GPT_PARTITIONS];
};

/* Reads one sector of the disk. False: it could not be. */
typedef bool gpt_read(void *context, uint64_t sector, void *to);

/* Reads the table of a disk of SECTORS. False: there is none, gpt->error says why. */
bool gpt_load(struct gpt *gpt, uint64_t sectors, gpt_read *read, void *context);

/* The partition of this name; null: there is none, or *twice = true: more than one. */
const struct gpt_partition *gpt_find(const struct gpt *gpt, const char *name, bool *twice);

#endif
