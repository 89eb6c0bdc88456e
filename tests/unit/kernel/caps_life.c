/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on capabilities, by numbers from anywhere; after each the kernel's slots are compared with the model. */
#include "caps_life.h"

#include "ipc_life.h"
#include "map_life.h"
#include "map_model.h"

enum { OBJECT_BYTES = 40 * SK_PAGE, USER_BYTES = 5 * SK_BLOCK, OBJECTS_MAX = 2048 };

/* Root's capabilities of the two cnodes with all rights, read, write; something else; nothing. */
static unsigned names[2][3], other_type, nothing, window, second, source[2];
static uint64_t ids[OBJECTS_MAX]; /* object id by the model's number */
static struct thread *callers[SK_MAX_CORES]; /* of each core */

uint32_t caps_rnd(uint32_t below)
{
	return life.random() % below;
}

#define rnd caps_rnd

struct thread *caps_caller(void)
{
	struct thread *caller = callers[core_count > 1 ? rnd(core_count) : 0];

	caps_run(caller);
	return caller;
}

void caps_run(struct thread *thread)
{
	const struct core *core = &cores[thread->o.home];

	if (thread == root || core->current == root) {
		kit_run(root);
		if (thread != root)
			assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
	}
	for (unsigned i = 0; i < 20 && core->current != thread; i++)
		assert_ok(CALL(core->current, SK_YIELD, 0));
	assert_ptr_equal(core->current, thread);
}

uint64_t caps_window(int slot)
{
	return window + (unsigned)slot;
}

struct slot *caps_kernel_slot(int slot)
{
	struct cnode *cnode = slot < MODEL_PER_CNODE ? root->cnode : kit_object(second);

	if (slot >= MODEL_SLOTS)
		return map_thread_slot((unsigned)(slot - MODEL_SLOTS));
	return &cnode->slot[slot < MODEL_PER_CNODE ? window + (unsigned)slot : 1 + (unsigned)slot - MODEL_PER_CNODE];
}

int caps_pick(unsigned type, int bound)
{
	int from = (int)rnd(MODEL_PER_CNODE);

	if (rnd(30) == 0)
		return from;
	for (int i = 0; i < MODEL_PER_CNODE; i++) {
		int at = (from + i) % MODEL_PER_CNODE;

		if (model[at].type == type && (bound == CAPS_ANY || (int)model[at].used == bound))
			return at;
	}
	return from;
}

/* Of the kernel: whose child this is. */
static int kernel_parent(int slot)
{
	const struct slot *at = caps_kernel_slot(slot);

	if (!at->next)
		return MODEL_OUTSIDE;
	while (!(at->next & LINK_UP))
		at = ref_to(at->next);
	at = ref_to(at->next & ~LINK_UP);
	for (int i = 0; i < MODEL_ALL; i++) {
		if (caps_kernel_slot(i) == at)
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
	if (want->type == SK_TYPE_MEMORY)
		assert_int_equal(r.w[6], want->used ? want->ipa : 0);
	compare_object(want, r.w[3]);
	assert_int_equal(kernel_parent(slot), want->parent);
}

/* Of a slot inside an object, which no call tells of. */
static void compare_inside(int slot)
{
	const struct slot *at = caps_kernel_slot(slot);
	const struct model_cap *want = &model[slot];

	assert_int_equal(CAP_TYPE(slot_cap(at)), want->type);
	if (want->type == SK_TYPE_NONE)
		return;
	assert_int_equal(CAP_RIGHTS(slot_cap(at)), want->rights);
	compare_object(want, ((const struct object *)CAP_OBJECT(slot_cap(at)))->id);
	assert_int_equal(kernel_parent(slot), want->parent);
}

static void compare_all(void)
{
	for (int slot = 0; slot < MODEL_SLOTS; slot++)
		compare(slot);
	for (int slot = MODEL_SLOTS; slot < MODEL_ALL; slot++)
		compare_inside(slot);
	map_compare();
}

/* Any slot, mostly one of the model that is taken, or not, by any capability. */
static struct model_place any(bool taken, unsigned *name, uint64_t *index)
{
	unsigned cnode = rnd(3) == 0, rights = rnd(20), i = rnd(MODEL_PER_CNODE);
	struct model_place at = { .status = SK_OK };

	for (unsigned n = 0; n < 6 && taken != (model[cnode * MODEL_PER_CNODE + i].type != SK_TYPE_NONE); n++)
		i = rnd(MODEL_PER_CNODE);
	at.slot = (int)(cnode * MODEL_PER_CNODE + i);
	*index = cnode ? 1 + i : window + i;
	*name = names[cnode][rights < 18 ? 0 : rights - 17];
	at.rights = rights < 18 ? SK_RIGHTS_ALL : rights == 18 ? SK_RIGHT_READ : SK_RIGHT_WRITE;
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

/* What size the type has. */
static uint64_t a_size(unsigned type, bool user)
{
	if (rnd(20) == 0)
		return 100;
	if (type == SK_TYPE_SPACE)
		return rnd(7);
	return user && rnd(2) ? (1 + rnd(2)) * SK_BLOCK : rnd(6) * SK_PAGE;
}

static void retype(void)
{
	/* of user kind, of object kind */
	static const unsigned types[2][4] = {
		{ SK_TYPE_MEMORY, SK_TYPE_MEMORY, SK_TYPE_MEMORY, SK_TYPE_UNTYPED },
		{ SK_TYPE_SPACE, SK_TYPE_ENDPOINT, SK_TYPE_NOTIFICATION, SK_TYPE_UNTYPED },
	};
	unsigned from = (unsigned)caps_pick(SK_TYPE_UNTYPED, CAPS_ANY), user = model[from].user, type = types[rnd(15) ? !user : user][rnd(4)];
	unsigned count = rnd(5), name, want;
	uint64_t size, attribute = type == SK_TYPE_MEMORY ? rnd(3) ? 7 : rnd(8) : 0, first;
	struct model_place to = any(false, &name, &first);
	struct thread *caller = caps_caller();

	if (type == SK_TYPE_SPACE) {
		if (!model_space(0))
			type = SK_TYPE_NOTIFICATION;
		count = rnd(10) ? 1 : count;
		attribute = rnd(8) == 0;
	}
	size = a_size(type, model[from].user);
	/* behind the window the cnode goes on */
	if (to.slot >= 0 && to.slot % MODEL_PER_CNODE + (int)count > MODEL_PER_CNODE)
		count = 1;
	want = model_retype((int)from, type, size, to, count, attribute);
	assert_status(want, CALL(caller, SK_RETYPE, window + from, type, size, name, first, count, attribute));
}

static void pair(unsigned number)
{
	unsigned to_name, from_name, mask = rnd(3) ? SK_RIGHTS_ALL : rnd(128), want;
	uint64_t to_index, from_index, w4 = rnd(2) ? rnd(4) * SK_PAGE : rnd(100), w5 = rnd(5) * SK_PAGE;
	struct model_place to = any(false, &to_name, &to_index), from = any(true, &from_name, &from_index);

	switch (rnd(30)) {
	case 0:
		w4 = 1ul << 63;
		break;
	case 1:
	case 2:
	case 3:
	case 4:
		w4 = SK_BLOCK - rnd(4) * SK_PAGE; /* across what may become a block's edge */
		break;
	default:
		break;
	}
	if (number == SK_COPY)
		want = model_copy(to, from, mask);
	else if (number == SK_MINT)
		want = model_mint(to, from, mask, w4, w5);
	else
		want = model_move(to, from);
	assert_status(want, CALL(caps_caller(), number, to_name, to_index, from_name, from_index, mask, w4, w5));
}

static void one(unsigned number)
{
	unsigned name, want;
	uint64_t index;
	struct model_place at = any(true, &name, &index);

	/* what all is made of goes seldom */
	for (unsigned i = 0; i < 4 && at.slot >= 0 && model[at.slot].type == SK_TYPE_UNTYPED; i++)
		at = any(true, &name, &index);
	want = number == SK_DELETE ? model_delete(at) : model_revoke(at);

	assert_status(want, CALL(caps_caller(), number, name, index));
}

/* What is mostly there: a Space, memory of pages and of blocks. */
static void some(void)
{
	static const struct { int from; unsigned type; uint64_t size, attribute; } makes[] = {
		{ 0, SK_TYPE_SPACE, 5, 0 }, { 1, SK_TYPE_MEMORY, 2 * SK_BLOCK, 7 }, { 1, SK_TYPE_MEMORY, 4 * SK_PAGE, 3 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(makes); i++) {
		struct model_place to = { SK_OK, SK_RIGHTS_ALL, (int)(2 + i) };

		assert_int_equal(model_retype(makes[i].from, makes[i].type, makes[i].size, to, 1, makes[i].attribute), SK_OK);
		assert_ok(SYS(SK_RETYPE, caps_window(makes[i].from), makes[i].type, makes[i].size, SK_ROOT_CNODE,
			      caps_window(to.slot), 1, makes[i].attribute));
	}
}

/* The two untypeds that all is made of: slots 0 and 1 of the window. */
static void start_again(void)
{
	for (unsigned i = 0; i < 2; i++)
		assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, source[i]));
	for (unsigned i = 0; i < 2; i++)
		assert_ok(SYS(SK_RETYPE, source[i], SK_TYPE_UNTYPED, i ? USER_BYTES : OBJECT_BYTES, SK_ROOT_CNODE, window + i, 1));
	model_clear();
	memset(ids, 0, sizeof(ids));
	for (unsigned i = 0; i < 2; i++)
		model[i] = (struct model_cap){ .type = SK_TYPE_UNTYPED, .rights = SK_RIGHTS_ALL, .user = i == 1,
					       .bytes = i ? USER_BYTES : OBJECT_BYTES, .parent = MODEL_OUTSIDE,
					       .pa = i ? slot_base(&root->cnode->slot[window + i]).a : 0 };
	some();
}

static void begin(void)
{
	unsigned slot;

	callers[0] = root;
	for (unsigned i = 1; i < core_count; i++)
		callers[i] = kit_thread(i, CAPS_PRIORITY, &slot);
	map_begin();
	second = kit_make(SK_TYPE_CNODE, MODEL_PER_CNODE + 1 + IPC_SLOTS, 0);
	ipc_begin(second);
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
	static const uint8_t often[] = { SK_RETYPE, SK_RETYPE, SK_RETYPE, SK_COPY, SK_MINT, SK_MOVE, SK_DELETE };

	begin();
	for (unsigned step = 0; step < steps && (!life.more || life.more()); step++) {
		unsigned number = rnd(3) ? rnd(3) ? SK_MAP : SK_CALL : rnd(50) ? often[rnd(ARRAY_SIZE(often))] : SK_REVOKE;

		if (number == SK_MAP)
			map_step();
		else if (number == SK_CALL)
			ipc_step();
		else if (number == SK_RETYPE)
			retype();
		else if (number == SK_DELETE || number == SK_REVOKE)
			one(number);
		else
			pair(number);
		compare_all();
		if (step % 300 == 299)
			start_again();
		if (step % life.check_every == 0)
			kit_check();
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, names[0][1 + i]));
		assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, source[i]));
	}
}
