/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a GUID partition table ([UEFI] 2.10, 5.3), for disk images and for the tests of who reads one. */
#ifndef GPT_TABLE_H
#define GPT_TABLE_H

#include <stdint.h>

#define TABLE_SECTOR  512u
#define TABLE_ENTRIES 128u
#define TABLE_SECTORS 34u  /* at the disk's start: MBR, header, entries; at its end one less */

struct table_part {
	uint64_t first, last;  /* sectors */
	char name[37];         /* ASCII */
};

/*
 * Makes what stands at a disk's start (TABLE_SECTORS) and end (TABLE_SECTORS - 1
 * sectors), of a disk of SECTORS. SEED: the disk's and the partitions' GUIDs come of it.
 */
void table_make(uint8_t *start, uint8_t *end, uint64_t sectors, const struct table_part *part, unsigned parts,
		uint64_t seed);

uint32_t table_crc(const void *bytes, uint64_t count);

#endif
