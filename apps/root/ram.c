/* SPDX-License-Identifier: BSD-2-Clause */
#include "ram.h"

#include <string.h>
#include "pool.h"
#include "root.h"
#include "skerry/calls.h"
#include "skerry/memory.h"

#define LARGE  (16 * SK_BLOCK)
#define RIGHTS (SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC)

static struct pool pool;
static uint32_t window[MEMORY_PIECES];  /* copies of the pieces' capabilities, mapped in root */

void ram_open(void)
{
	const struct sk_root_info *info = sk_root_info();

	for (uint32_t i = 0; i < info->regions; i++) {
		if (info->region[i].kind == SK_REGION_RAM)
			pool_add(&pool, info->region[i].pa, info->region[i].size, SK_ROOT_REGIONS + i);
	}
}

uint64_t ram_free(void)
{
	return pool_free(&pool);
}

/* What lies in front of an aligned place becomes a piece of its own. */
static void skip(struct pool_piece *piece, uint64_t pad)
{
	uint32_t slot = root_slots(1);

	root_check(sk_retype(piece->slot, SK_TYPE_UNTYPED, pad, SK_ROOT_CNODE, slot, 1, 0), "dividing", "RAM");
	pool_add(&pool, piece->pa + piece->used, pad, slot);
	piece->used += pad;
}

static void take(const char *name, const struct pool_place *place, uint64_t bytes, uint32_t cache,
		 struct memory *memory)
{
	struct memory_piece *to = &memory->piece[memory->pieces++];
	struct pool_piece *from = place->piece;

	if (place->pad)
		skip(from, place->pad);
	*to = (struct memory_piece){ from->pa + from->used, bytes, root_slots(1) };
	root_check(sk_retype(from->slot, SK_TYPE_MEMORY, bytes, SK_ROOT_CNODE, to->slot, 1, RIGHTS | cache << 8),
		   "taking memory for", name);
	from->used += bytes;
	memory->bytes += bytes;
}

_Noreturn static void short_of(const char *name, uint64_t bytes)
{
	struct pool_place place;
	uint64_t largest = pool_largest(&pool, SK_PAGE, &place);

	root_fail(ROOT_EXIT_USER,
		  "not enough RAM for %s: %llu KiB needed, %llu KiB free, %llu KiB of them in one piece; "
		  "give the machine more memory, or the guest less",
		  name, (unsigned long long)bytes >> 10, (unsigned long long)pool_free(&pool) >> 10,
		  (unsigned long long)largest >> 10);
}

/* Of whole blocks, the last one perhaps shorter. */
static void take_pieces(const char *name, uint64_t bytes, uint32_t cache, struct memory *memory)
{
	while (memory->bytes < bytes) {
		struct pool_place place;
		uint64_t most = pool_largest(&pool, SK_BLOCK, &place);
		uint64_t rest = bytes - memory->bytes;

		if (most == 0 || memory->pieces == MEMORY_PIECES)
			short_of(name, bytes);
		take(name, &place, most < rest ? most : rest, cache, memory);
	}
}

void ram_take(const char *name, uint64_t bytes, uint32_t cache, struct memory *memory)
{
	struct pool_place place;

	*memory = (struct memory){ 0 };
	if (pool_find(&pool, bytes, bytes < SK_BLOCK ? SK_PAGE : SK_BLOCK, &place))
		take(name, &place, bytes, cache, memory);
	else if (bytes >= LARGE && pool_free(&pool) >= bytes)
		take_pieces(name, bytes, cache, memory);
	else if (pool_find(&pool, bytes, SK_PAGE, &place))
		take(name, &place, bytes, cache, memory);
	else
		short_of(name, bytes);
}

void *ram_open_window(const struct memory *memory)
{
	uint64_t ipa = ROOT_SCRATCH + memory->piece[0].pa % SK_BLOCK;
	uint64_t at = ipa;

	for (uint32_t i = 0; i < memory->pieces; at += memory->piece[i++].bytes) {
		if (!window[i])
			window[i] = root_slots(1);
		root_check(sk_copy(SK_ROOT_CNODE, window[i], SK_ROOT_CNODE, memory->piece[i].slot, RIGHTS), "opening",
			   "memory");
		root_check(sk_map_all(window[i], SK_ROOT_SPACE, at, 0, memory->piece[i].bytes,
				      SK_RIGHT_READ | SK_RIGHT_WRITE), "opening", "memory");
	}
	return (void *)ipa;
}

void ram_close_window(const struct memory *memory)
{
	sk_memory_clean((void *)(ROOT_SCRATCH + memory->piece[0].pa % SK_BLOCK), memory->bytes);
	for (uint32_t i = 0; i < memory->pieces; i++) {
		root_check(sk_unmap_all(window[i], 0, memory->piece[i].bytes), "closing", "memory");
		root_check(sk_delete(SK_ROOT_CNODE, window[i]), "closing", "memory");
	}
}

void ram_clear(const struct memory *memory)
{
	memset(ram_open_window(memory), 0, memory->bytes);
	ram_close_window(memory);
}
