/* SPDX-License-Identifier: BSD-2-Clause */
#include "gpt.h"

#include <stddef.h>
#include <string.h>

#define REVISION    0x00010000u
#define ENTRY_BYTES 128u    /* the least, and the only size in use */
#define MBR_TYPE    0xeeu

/* 5.3.2 */
struct header {
	uint8_t signature[8];
	uint32_t revision, bytes, crc, reserved;
	uint64_t self, other;
	uint64_t first_usable, last_usable;
	uint8_t disk[16];
	uint64_t entries;
	uint32_t entry_count, entry_bytes, entries_crc;
	uint32_t pad;
};
#define HEADER_BYTES offsetof(struct header, pad)
_Static_assert(HEADER_BYTES == 92, "header layout");

/* 5.3.3 */
struct entry {
	uint8_t type[16], id[16];
	uint64_t first, last;
	uint64_t attributes;
	uint16_t name[36];
};
_Static_assert(sizeof(struct entry) == ENTRY_BYTES, "entry layout");

/* The CRC of ISO 3309, as [UEFI] 4.2.1 asks: bit by bit, it is short and runs once. */
static uint32_t crc_step(uint32_t crc, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		crc ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

static bool protective(const uint8_t *mbr)
{
	bool found = false;

	for (unsigned i = 0; i < 4; i++)
		found |= mbr[446 + 16 * i + 4] == MBR_TYPE;
	return found && mbr[510] == 0x55 && mbr[511] == 0xaa;
}

static uint32_t header_crc(const uint8_t *sector, const struct header *h)
{
	static const uint8_t zero[4];
	uint32_t crc = crc_step(~0u, sector, offsetof(struct header, crc));

	crc = crc_step(crc, zero, sizeof(zero));
	return ~crc_step(crc, sector + offsetof(struct header, reserved), h->bytes - offsetof(struct header, reserved));
}

/* Sectors that the entries take. */
static uint64_t table_sectors(const struct header *h)
{
	return (h->entry_count * ENTRY_BYTES + GPT_SECTOR - 1) / GPT_SECTOR;
}

/* Both tables lie outside what partitions may use; the one at hand is where its header says. */
static bool in_place(const struct header *h, uint64_t at, uint64_t sectors)
{
	uint64_t table = table_sectors(h), last = sectors - 1;

	if (h->self != at || h->other != (at == 1 ? last : 1) || h->last_usable >= last ||
	    h->first_usable > h->last_usable || h->first_usable < 2)
		return false;
	if (at == 1)
		return h->entries >= 2 && h->entries <= h->first_usable && table <= h->first_usable - h->entries;
	return h->entries > h->last_usable && h->entries < last && table <= last - h->entries;
}

static const char *check_header(const uint8_t *sector, struct header *h, uint64_t at, uint64_t sectors)
{
	memcpy(h, sector, HEADER_BYTES);
	if (memcmp(h->signature, "EFI PART", 8) != 0)
		return "no header";
	if (h->revision != REVISION || h->bytes < HEADER_BYTES || h->bytes > GPT_SECTOR)
		return "a header of an unknown revision";
	if (header_crc(sector, h) != h->crc)
		return "a header whose checksum is wrong";
	if (h->entry_bytes != ENTRY_BYTES || h->entry_count == 0 || h->entry_count > GPT_PARTITIONS)
		return "more than 128 entries, or entries of another size than 128 bytes";
	if (!in_place(h, at, sectors))
		return "a header whose places are not on this disk, or overlap";
	return NULL;
}

static bool used(const struct entry *e)
{
	static const uint8_t none[16];

	return memcmp(e->type, none, sizeof(none)) != 0;
}

static const char *add(struct gpt *gpt, const struct header *h, const struct entry *e)
{
	struct gpt_partition *new = &gpt->partition[gpt->count];

	if (e->first < h->first_usable || e->last > h->last_usable || e->first > e->last)
		return "a partition outside the usable part of the disk";
	for (unsigned i = 0; i < gpt->count; i++) {
		const struct gpt_partition *p = &gpt->partition[i];

		if (e->first < p->first + p->sectors && p->first <= e->last)
			return "two partitions that overlap";
	}
	new->first = e->first;
	new->sectors = e->last - e->first + 1;
	memset(new->name, 0, sizeof(new->name));
	for (unsigned i = 0; i < GPT_NAME - 1 && e->name[i]; i++)
		new->name[i] = e->name[i] >= 0x20 && e->name[i] < 0x7f ? (char)e->name[i] : '?';
	gpt->count++;
	return NULL;
}

/* Each sector is read once: what is checked is what is used. */
static const char *load_entries(struct gpt *gpt, const struct header *h, gpt_read *read, void *context)
{
	struct entry entry[GPT_SECTOR / ENTRY_BYTES];
	uint32_t crc = ~0u, left = h->entry_count;
	const char *error = NULL;

	for (uint64_t s = 0; left > 0; s++) {
		uint32_t n = left < GPT_SECTOR / ENTRY_BYTES ? left : GPT_SECTOR / ENTRY_BYTES;

		if (!read(context, h->entries + s, entry))
			return "entries that cannot be read";
		crc = crc_step(crc, (const uint8_t *)entry, n * ENTRY_BYTES);
		for (uint32_t i = 0; i < n && !error; i++)
			error = used(&entry[i]) ? add(gpt, h, &entry[i]) : NULL;
		left -= n;
	}
	return ~crc != h->entries_crc ? "entries whose checksum is wrong" : error;
}

static const char *load_table(struct gpt *gpt, uint64_t at, uint64_t sectors, gpt_read *read, void *context)
{
	uint8_t sector[GPT_SECTOR];
	struct header h = { .pad = 0 };
	const char *error;

	gpt->count = 0;
	if (!read(context, at, sector))
		return "a header that cannot be read";
	error = check_header(sector, &h, at, sectors);
	return error ? error : load_entries(gpt, &h, read, context);
}

bool gpt_load(struct gpt *gpt, uint64_t sectors, gpt_read *read, void *context)
{
	uint8_t mbr[GPT_SECTOR];

	memset(gpt, 0, sizeof(*gpt));
	/* An MBR, two headers, and somewhere an entry each. */
	if (sectors < 6) {
		gpt->error = "no room for one";
		return false;
	}
	if (!read(context, 0, mbr) || !protective(mbr)) {
		gpt->error = "no protective MBR";
		return false;
	}
	gpt->error = load_table(gpt, 1, sectors, read, context);
	if (!gpt->error)
		return true;
	gpt->backup = true;
	if (!load_table(gpt, sectors - 1, sectors, read, context)) {
		gpt->error = NULL;
		return true;
	}
	gpt->count = 0;
	return false;
}

const struct gpt_partition *gpt_find(const struct gpt *gpt, const char *name, bool *twice)
{
	const struct gpt_partition *found = NULL;

	*twice = false;
	for (unsigned i = 0; i < gpt->count; i++) {
		if (strcmp(gpt->partition[i].name, name) != 0)
			continue;
		*twice |= found != NULL;
		found = &gpt->partition[i];
	}
	return *twice ? NULL : found;
}
