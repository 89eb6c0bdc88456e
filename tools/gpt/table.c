/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include <string.h>

#define ENTRY       128u
#define ENTRIES_AT  (2u * TABLE_SECTOR)
#define HEADER      92u

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

uint32_t table_crc(const void *bytes, uint64_t count)
{
	uint32_t crc = ~0u;

	for (uint64_t i = 0; i < count; i++) {
		crc ^= ((const uint8_t *)bytes)[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* A version 4 GUID; splitmix64 (Steele, Lea, Flood 2014) spreads the seed. */
static void guid(uint8_t *at, uint64_t *seed)
{
	for (unsigned i = 0; i < 2; i++) {
		uint64_t z = *seed += 0x9e3779b97f4a7c15ul;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ul;
		z = (z ^ z >> 27) * 0x94d049bb133111ebul;
		put(at + 8 * i, z ^ z >> 31, 8);
	}
	at[7] = (uint8_t)((at[7] & 0x0f) | 0x40);
	at[8] = (uint8_t)((at[8] & 0x3f) | 0x80);
}

/* 5.2.3: one record over the whole disk, so that nobody who knows only MBRs takes it for empty. */
static void mbr(uint8_t *at, uint64_t sectors)
{
	static const uint8_t record[8] = { 0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff };

	memcpy(at + 446, record, sizeof(record));
	put(at + 454, 1, 4);
	put(at + 458, sectors - 1 < 0xffffffff ? sectors - 1 : 0xffffffff, 4);
	put(at + 510, 0xaa55, 2);
}

static void header(uint8_t *at, uint64_t self, uint64_t other, uint64_t entries, uint64_t sectors, const uint8_t *disk,
		   uint32_t entries_crc)
{
	memcpy(at, "EFI PART", 8);
	put(at + 8, 0x00010000, 4);
	put(at + 12, HEADER, 4);
	put(at + 24, self, 8);
	put(at + 32, other, 8);
	put(at + 40, TABLE_SECTORS, 8);
	put(at + 48, sectors - TABLE_SECTORS, 8);
	memcpy(at + 56, disk, 16);
	put(at + 72, entries, 8);
	put(at + 80, TABLE_ENTRIES, 4);
	put(at + 84, ENTRY, 4);
	put(at + 88, entries_crc, 4);
	put(at + 16, table_crc(at, HEADER), 4);
}

static void entry(uint8_t *at, const struct table_part *part, uint64_t *seed)
{
	/* Linux file system data, 0fc63daf-8483-4772-8e79-3d69d8477de4 */
	static const uint8_t type[16] = { 0xaf, 0x3d, 0xc6, 0x0f, 0x83, 0x84, 0x72, 0x47,
					  0x8e, 0x79, 0x3d, 0x69, 0xd8, 0x47, 0x7d, 0xe4 };

	memcpy(at, type, sizeof(type));
	guid(at + 16, seed);
	put(at + 32, part->first, 8);
	put(at + 40, part->last, 8);
	for (unsigned i = 0; i < 36 && part->name[i]; i++)
		put(at + 56 + 2 * i, (uint8_t)part->name[i], 2);
}

void table_make(uint8_t *start, uint8_t *end, uint64_t sectors, const struct table_part *part, unsigned parts,
		uint64_t seed)
{
	uint8_t *entries = start + ENTRIES_AT, disk[16];
	uint64_t bytes = TABLE_ENTRIES * ENTRY;
	uint32_t crc;

	memset(start, 0, TABLE_SECTORS * TABLE_SECTOR);
	memset(end, 0, (TABLE_SECTORS - 1) * TABLE_SECTOR);
	guid(disk, &seed);
	for (unsigned i = 0; i < parts; i++)
		entry(entries + i * ENTRY, &part[i], &seed);
	crc = table_crc(entries, bytes);
	mbr(start, sectors);
	header(start + TABLE_SECTOR, 1, sectors - 1, 2, sectors, disk, crc);
	memcpy(end, entries, bytes);
	header(end + bytes, sectors - 1, 1, sectors - (TABLE_SECTORS - 1), sectors, disk, crc);
}
