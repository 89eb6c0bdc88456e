/* SPDX-License-Identifier: BSD-2-Clause */
#include "layout.h"

#include "abi/skerry.h"

uint64_t layout_room(const struct spec_object *o)
{
	uint64_t bytes = o->bytes, least = 0;

	if (o->kind == SPEC_FILE && !bytes)
		bytes = LAYOUT_FILE_ROOM;
	else if (o->kind == SPEC_DEVICE)
		least = LAYOUT_DEVICE_ROOM;
	else if (o->kind == SPEC_MEMORY && o->text)
		least = LAYOUT_PARAM_ROOM;
	bytes = bytes > least ? bytes : least;
	return bytes < SK_BLOCK ? bytes : (bytes + 2 * SK_BLOCK - 1) & ~(SK_BLOCK - 1);
}

bool layout_choose(const struct spec_object *object, struct spec_map *map, uint32_t maps, struct spec_cap *cap,
		   uint32_t caps, uint32_t component)
{
	uint64_t small = LAYOUT_SMALL, large = LAYOUT_LARGE;
	uint32_t slot = 1;

	for (uint32_t i = 0; i < maps; i++) {
		uint64_t room = map[i].guest == SPEC_NONE ? layout_room(&object[map[i].object]) : 0;
		uint64_t *next = room < SK_BLOCK ? &small : &large;

		if (map[i].guest != SPEC_NONE || map[i].component != component)
			continue;
		if (map[i].address == 0)
			map[i].address = *next;
		*next = map[i].address + room + (room < SK_BLOCK ? SK_PAGE : SK_BLOCK);
		if (small > LAYOUT_STACK_TOP - SPEC_STACK_MAX || large > 1ul << SK_IPA_BITS)
			return false;
	}
	for (uint32_t i = 0; i < caps; i++) {
		if (cap[i].component != component)
			continue;
		if (cap[i].slot == 0)
			cap[i].slot = slot;
		slot = cap[i].slot + 1;
	}
	return true;
}

bool layout_lives(const struct spec_object *o)
{
	return o->owner != SPEC_NONE && (o->kind == SPEC_THREAD || o->kind == SPEC_VCPU || o->kind == SPEC_GUEST ||
					 o->kind == SPEC_ENDPOINT);
}

uint64_t layout_space_bytes(uint32_t tables)
{
	return 2 * 8192 + tables * SK_PAGE;
}

uint64_t layout_cnode_bytes(uint32_t slots)
{
	return 64 * (uint64_t)slots + 64;
}

uint64_t layout_object_bytes(const struct spec_object *o)
{
	switch (o->kind) {
	case SPEC_NOTIFICATION:
	case SPEC_ENDPOINT:
		return 64;
	case SPEC_THREAD:
		return 2 * 2048;
	case SPEC_VCPU:
		return 2 * 4096;
	case SPEC_IRQ:
		return 2 * 256;
	default:
		return 0;
	}
}
