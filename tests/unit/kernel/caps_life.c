/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on capabilities, by numbers from anywhere; after each the kernel's slots are compared with the model. */
#include "caps_life.h"

#include "caps_model.h"

enum { OBJECT_BYTES = 24 * SK_PAGE, USER_BYTES = 40 * SK_PAGE, OBJECTS_MAX = 100000 };

/* Root's capabilities of the two cnodes with all rights, read, write; something else; nothing. */
static unsigned names[2][3], other_type, nothing, window, second, source[2];
static uint64_t ids[OBJECTS_MAX]; /* object id by the model's number */

static uint32_t rnd(uint32_t below)
{
	return life.random() % below;
}

static struct slot *kernel_slot(int slot)
{
	struct cnode *cnode = slot < MODEL_PER_CNODE ? root->cnode : kit_object(second);

	return &cnode->slot[slot < MODEL_PER_CNODE ? window + (unsigned)slot : 1 + (unsigned)slot - MODEL_PER_CNODE];
}

/* Of the kernel: whose child this is. */
static int kernel_parent(int slot)
{
	const struct slot *at = kernel_slot(slot);

	if (!at->next)
		return MODEL_OUTSIDE;
	while (!(at->next & LINK_UP))
		at = ref_to(at->next);
	at = ref_to(at->next & ~LINK_UP);
	for (int i = 0; i < MODEL_SLOTS; i++) {
		if (kernel_slot(i) == at)
			return i;
	}
	return MODEL_OUTSIDE;
}

static void compare_object(const struct model_cap *want, uint64_t id)
{
	assert_int_equal(want->object == 0, id == 0);
	if (!want->object)
		return;
	assert_true(want->object < OBJECTS_MAX);
	if (!ids[want->object])
		ids[want->object] = id;
	assert_int_equal(ids[want->object], id);
}

static void compare(int slot)
{
	const struct model_cap *want = &model[slot];
	bool root_has_it = slot < MODEL_PER_CNODE;
	struct result r = SYS(SK_INSPECT, root_has_it ? SK_ROOT_CNODE : second,
			      root_has_it ? window + (unsigned)slot : 1 + (unsigned)slot - MODEL_PER_CNODE);

	assert_ok(r);
	assert_int_equal(r.w[0], want->type);
	if (want->type == SK_TYPE_NONE)
		return;
	assert_int_equal(r.w[1], want->rights);
	assert_int_equal(r.w[2], want->badge);
	assert_int_equal(r.w[4], want->bytes);
	assert_int_equal(r.w[5], want->used);
	compare_object(want, r.w[3]);
	assert_int_equal(kernel_parent(slot), want->parent);
}

/* Any slot, mostly of the two windows, by any capability. */
static struct model_place any(unsigned *name, uint64_t *index)
{
	unsigned cnode = rnd(2), rights = rnd(10), i = rnd(MODEL_PER_CNODE);
	struct model_place at = { SK_OK, SK_RIGHTS_ALL, (int)(cnode * MODEL_PER_CNODE + i) };

	*index = cnode ? 1 + i : window + i;
	*name = names[cnode][rights < 8 ? 0 : rights - 7];
	at.rights = rights < 8 ? SK_RIGHTS_ALL : rights == 8 ? SK_RIGHT_READ : SK_RIGHT_WRITE;
	switch (rnd(40)) {
	case 0:
		*name = nothing;
		at.status = SK_NO_CAP;
		break;
	case 1:
		*name = other_type;
		at.status = SK_WRONG_TYPE;
		break;
	case 2:
		*index = rnd(2) ? 0 : SK_ROOT_CNODE_SLOTS + i;
		at.slot = -1;
		break;
	default:
		break;
	}
	return at;
}

static void retype(void)
{
	static const unsigned types[] = { SK_TYPE_UNTYPED, SK_TYPE_MEMORY, SK_TYPE_ENDPOINT, SK_TYPE_NOTIFICATION };
	unsigned from = rnd(3) ? rnd(2) : rnd(MODEL_PER_CNODE), type = types[rnd(4)], count = rnd(5), name, want;
	uint64_t size = rnd(20) ? rnd(6) * SK_PAGE : 100, attribute = type == SK_TYPE_MEMORY ? rnd(8) : 0, first;
	struct model_place to = any(&name, &first);

	/* behind the window root's cnode goes on */
	if (to.slot >= 0 && to.slot < MODEL_PER_CNODE && to.slot + (int)count > MODEL_PER_CNODE)
		count = 1;
	want = model_retype((int)from, type, size, to, count, attribute);
	assert_status(want, SYS(SK_RETYPE, window + from, type, size, name, first, count, attribute));
}

static void pair(unsigned number)
{
	unsigned to_name, from_name, mask = rnd(3) ? SK_RIGHTS_ALL : rnd(128), want;
	uint64_t to_index, from_index, w4 = rnd(2) ? rnd(4) * SK_PAGE : rnd(100), w5 = rnd(5) * SK_PAGE;
	struct model_place to = any(&to_name, &to_index), from = any(&from_name, &from_index);

	if (rnd(30) == 0)
		w4 = 1ul << 63;
	if (number == SK_COPY)
		want = model_copy(to, from, mask);
	else if (number == SK_MINT)
		want = model_mint(to, from, mask, w4, w5);
	else
		want = model_move(to, from);
	assert_status(want, SYS(number, to_name, to_index, from_name, from_index, mask, w4, w5));
}

static void one(unsigned number)
{
	unsigned name;
	uint64_t index;
	struct model_place at = any(&name, &index);
	unsigned want = number == SK_DELETE ? model_delete(at) : model_revoke(at);

	assert_status(want, SYS(number, name, index));
}

/* The two untypeds that all is made of: slots 0 and 1 of the window. */
static void start_again(void)
{
	for (unsigned i = 0; i < 2; i++) {
		assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, source[i]));
		assert_ok(SYS(SK_RETYPE, source[i], SK_TYPE_UNTYPED, i ? USER_BYTES : OBJECT_BYTES, SK_ROOT_CNODE, window + i, 1));
	}
	model_clear();
	memset(ids, 0, sizeof(ids));
	for (unsigned i = 0; i < 2; i++)
		model[i] = (struct model_cap){ .type = SK_TYPE_UNTYPED, .rights = SK_RIGHTS_ALL, .user = i == 1,
					       .bytes = i ? USER_BYTES : OBJECT_BYTES, .parent = MODEL_OUTSIDE };
}

static void begin(void)
{
	second = kit_make(SK_TYPE_CNODE, MODEL_PER_CNODE + 1, 0);
	window = kit_slots(MODEL_PER_CNODE);
	nothing = kit_slots(1);
	other_type = ROOT_NOTE;
	for (unsigned cnode = 0; cnode < 2; cnode++) {
		names[cnode][0] = cnode ? second : SK_ROOT_CNODE;
		names[cnode][1] = kit_copy(names[cnode][0], SK_RIGHT_READ);
		names[cnode][2] = kit_copy(names[cnode][0], SK_RIGHT_WRITE);
	}
	source[0] = kit_make(SK_TYPE_UNTYPED, OBJECT_BYTES, 0);
	source[1] = kit_slots(1);
	assert_ok(SYS(SK_RETYPE, RAM, SK_TYPE_UNTYPED, USER_BYTES, SK_ROOT_CNODE, source[1], 1));
	start_again();
}

void caps_life(unsigned steps)
{
	static const uint8_t often[] = {
		SK_RETYPE, SK_RETYPE, SK_RETYPE, SK_COPY, SK_COPY, SK_MINT, SK_MINT, SK_MOVE, SK_DELETE, SK_REVOKE,
	};

	begin();
	for (unsigned step = 0; step < steps && (!life.more || life.more()); step++) {
		unsigned number = often[rnd(ARRAY_SIZE(often))];

		if (number == SK_RETYPE)
			retype();
		else if (number == SK_DELETE || number == SK_REVOKE)
			one(number);
		else
			pair(number);
		for (int slot = 0; slot < MODEL_SLOTS; slot++)
			compare(slot);
		if (step % 200 == 199)
			start_again();
		if (step % life.check_every == 0)
			kit_check();
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, names[0][1 + i]));
		assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, source[i]));
	}
}
