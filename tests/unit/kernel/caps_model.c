/* SPDX-License-Identifier: BSD-2-Clause */
#include "caps_model.h"

#include "map_model.h"

#include <string.h>

struct model_cap model[MODEL_ALL];
unsigned model_objects;

void model_clear(void)
{
	memset(model, 0, sizeof(model));
	memset(model_spaces, 0, sizeof(model_spaces));
	model_objects = 0;
}

/* The cnode capability and the index. */
static unsigned place(struct model_place at, unsigned right)
{
	if (at.status != SK_OK)
		return at.status;
	if (!(at.rights & right))
		return SK_NO_RIGHT;
	return at.slot < 0 ? SK_BAD_ARG : SK_OK;
}

static unsigned places(struct model_place to, struct model_place from, unsigned from_right)
{
	unsigned status = place(to, SK_RIGHT_WRITE);

	if (status == SK_OK)
		status = place(from, from_right);
	if (status != SK_OK)
		return status;
	if (model[from.slot].type == SK_TYPE_NONE)
		return SK_NO_CAP;
	return model[to.slot].type == SK_TYPE_NONE ? SK_OK : SK_OCCUPIED;
}

static void derive(int to, int from, unsigned mask)
{
	model[to] = model[from];
	model[to].rights &= mask;
	model[to].parent = from;
	if (model[to].type == SK_TYPE_MEMORY)
		model[to].used = model[to].space = 0; /* a copy is not mapped */
}

unsigned model_copy(struct model_place to, struct model_place from, unsigned mask)
{
	unsigned status = places(to, from, SK_RIGHT_READ);

	if (status != SK_OK)
		return status;
	if (model[from.slot].type == SK_TYPE_UNTYPED)
		return SK_WRONG_TYPE;
	derive(to.slot, from.slot, mask);
	return SK_OK;
}

unsigned model_mint(struct model_place to, struct model_place from, unsigned mask, uint64_t w4, uint64_t w5)
{
	unsigned status = places(to, from, SK_RIGHT_READ);
	const struct model_cap *cap = &model[from.slot < 0 ? 0 : from.slot];

	if (status != SK_OK)
		return status;
	if (cap->type == SK_TYPE_MEMORY) {
		if (w4 % SK_PAGE || w5 % SK_PAGE || w5 == 0 || w4 + w5 < w4 || w4 + w5 > cap->bytes)
			return SK_BAD_ARG;
		derive(to.slot, from.slot, mask);
		model[to.slot].bytes = w5;
		model[to.slot].pa += w4;
		return SK_OK;
	}
	if (cap->type != SK_TYPE_ENDPOINT && cap->type != SK_TYPE_NOTIFICATION)
		return SK_WRONG_TYPE;
	if (cap->badge != 0 || w4 >> 63)
		return SK_BAD_ARG;
	derive(to.slot, from.slot, mask);
	model[to.slot].badge = w4;
	return SK_OK;
}

unsigned model_move(struct model_place to, struct model_place from)
{
	unsigned status = places(to, from, SK_RIGHT_WRITE);

	if (status != SK_OK)
		return status;
	model[to.slot] = model[from.slot];
	memset(&model[from.slot], 0, sizeof(model[0]));
	for (int i = 0; i < MODEL_ALL; i++) {
		if (model[i].type != SK_TYPE_NONE && model[i].parent == from.slot)
			model[i].parent = to.slot;
	}
	return SK_OK;
}

/* A Space goes with its last capability: what is mapped there is bound to nothing any more. */
static void bury(unsigned object)
{
	for (int i = 0; i < MODEL_ALL; i++) {
		if (model[i].type == SK_TYPE_SPACE && model[i].object == object)
			return;
	}
	for (int i = 0; i < MODEL_ALL; i++) {
		if (model[i].type == SK_TYPE_MEMORY && model[i].used && model[i].space == object)
			model[i].used = model[i].space = 0;
	}
	memset(model_space(object), 0, sizeof(model_spaces[0]));
}

/* What a capability that goes has for a consequence. */
static void empty(int slot)
{
	struct model_cap gone = model[slot];

	if (gone.type == SK_TYPE_MEMORY)
		model_unmap_all(&gone);
	memset(&model[slot], 0, sizeof(model[0]));
	if (gone.type == SK_TYPE_SPACE)
		bury(gone.object);
}

static void drop(int slot)
{
	int parent = model[slot].parent;

	if (model[slot].type == SK_TYPE_NONE)
		return;
	empty(slot);
	for (int i = 0; i < MODEL_ALL; i++) {
		if (model[i].type != SK_TYPE_NONE && model[i].parent == slot)
			model[i].parent = parent;
	}
}

unsigned model_delete(struct model_place at)
{
	unsigned status = place(at, SK_RIGHT_WRITE);

	if (status == SK_OK)
		drop(at.slot);
	return status;
}

static bool has_children(int slot)
{
	for (int i = 0; i < MODEL_ALL; i++) {
		if (model[i].type != SK_TYPE_NONE && model[i].parent == slot)
			return true;
	}
	return false;
}

static bool descends(int slot, int from)
{
	for (int at = slot; at != MODEL_OUTSIDE; at = model[at].parent) {
		if (at == from)
			return at != slot || model[slot].parent == from;
	}
	return false;
}

unsigned model_revoke(struct model_place at)
{
	unsigned status = place(at, SK_RIGHT_WRITE);
	bool gone[MODEL_ALL];

	if (status != SK_OK)
		return status;
	if (model[at.slot].type == SK_TYPE_NONE)
		return SK_NO_CAP;
	for (int i = 0; i < MODEL_ALL; i++)
		gone[i] = i != at.slot && model[i].type != SK_TYPE_NONE && descends(i, at.slot);
	for (int i = 0; i < MODEL_ALL; i++) {
		if (gone[i])
			empty(i);
	}
	return SK_OK;
}

unsigned model_named(int slot, unsigned type, unsigned right)
{
	if (model[slot].type != type)
		return model[slot].type == SK_TYPE_NONE ? SK_NO_CAP : SK_WRONG_TYPE;
	return model[slot].rights & right || !right ? SK_OK : SK_NO_RIGHT;
}

unsigned model_send(int from, int to)
{
	if (from < 0 || model[from].type == SK_TYPE_NONE)
		return SK_NO_CAP;
	if (model[from].type == SK_TYPE_UNTYPED)
		return SK_WRONG_TYPE;
	if (to < 0)
		return SK_NO_RECEIVE_SLOT;
	if (model[to].type != SK_TYPE_NONE)
		return SK_OCCUPIED;
	derive(to, from, SK_RIGHTS_ALL);
	return SK_OK;
}

unsigned model_configure(unsigned thread, int from)
{
	int to = MODEL_SLOTS + (int)thread;
	unsigned status = model_named(from, SK_TYPE_SPACE, SK_RIGHT_WRITE), before = model[to].object;

	if (status != SK_OK)
		return status;
	if (model_space(model[from].object)->kind != SK_SPACE_COMPONENT)
		return SK_BAD_ARG;
	memset(&model[to], 0, sizeof(model[0]));
	derive(to, from, SK_RIGHTS_ALL);
	if (before)
		bury(before);
	return SK_OK;
}

/* Bytes of one piece and what it is aligned to; 0: the type has no such size. */
static uint64_t piece(unsigned type, uint64_t size, uint64_t *align)
{
	*align = 64;
	if (type == SK_TYPE_ENDPOINT || type == SK_TYPE_NOTIFICATION)
		return 64;
	*align = SK_PAGE;
	if (type == SK_TYPE_SPACE)
		return size > 64 ? 0 : (2 + size) * SK_PAGE;
	return size % SK_PAGE ? 0 : size;
}

static unsigned check_retype(int untyped, unsigned type, uint64_t bytes, struct model_place to, unsigned count)
{
	bool object = type != SK_TYPE_MEMORY && type != SK_TYPE_UNTYPED;

	if (type == SK_TYPE_MEMORY && !model[untyped].user)
		return SK_WRONG_TYPE;
	if (bytes == 0)
		return SK_BAD_ARG;
	if (object && model[untyped].user)
		return SK_WRONG_TYPE;
	if (to.slot < 0 || count == 0 || count > 64 ||
	    to.slot / MODEL_PER_CNODE != (to.slot + (int)count - 1) / MODEL_PER_CNODE)
		return SK_BAD_ARG;
	for (unsigned i = 0; i < count; i++) {
		if (model[to.slot + (int)i].type != SK_TYPE_NONE)
			return SK_OCCUPIED;
	}
	return type == SK_TYPE_SPACE && count != 1 ? SK_BAD_ARG : SK_OK;
}

unsigned model_retype(int untyped, unsigned type, uint64_t size, struct model_place to, unsigned count, uint64_t attribute)
{
	struct model_cap *from = &model[untyped];
	uint64_t align, bytes = piece(type, size, &align), start;
	unsigned status;

	if (from->type != SK_TYPE_UNTYPED)
		return from->type == SK_TYPE_NONE ? SK_NO_CAP : SK_WRONG_TYPE;
	if (to.status != SK_OK)
		return to.status;
	if (!(to.rights & SK_RIGHT_WRITE))
		return SK_NO_RIGHT;
	status = check_retype(untyped, type, bytes, to, count);
	if (status != SK_OK)
		return status;
	if (!has_children(untyped))
		from->used = 0; /* it starts again, whether it is enough or not */
	start = (from->used + align - 1) / align * align;
	if (start + bytes * count > from->bytes)
		return SK_NO_MEMORY;
	from->used = start + bytes * count;
	for (unsigned i = 0; i < count; i++) {
		struct model_cap *cap = &model[to.slot + (int)i];

		*cap = (struct model_cap){ .type = type, .rights = SK_RIGHTS_ALL, .parent = untyped };
		if (type == SK_TYPE_MEMORY)
			cap->rights = (unsigned)attribute & 7u;
		if (type == SK_TYPE_MEMORY || type == SK_TYPE_UNTYPED)
			cap->bytes = bytes;
		else
			cap->object = ++model_objects;
		if (from->user)
			cap->pa = from->pa + start + i * bytes;
		if (type == SK_TYPE_SPACE)
			model_space_make(cap->object, (unsigned)attribute, (unsigned)size);
		cap->user = type == SK_TYPE_UNTYPED && from->user;
	}
	return SK_OK;
}
