/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on capabilities, by numbers from anywhere; after each the kernel's slots are compared with the model. */
#include "caps_life.h"

#include "ipc_life.h"
#include "map_life.h"
#include "map_model.h"
#include "pair_life.h"

#include <stdio.h>

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

struct thread *caps_caller_of(unsigned core)
{
	return callers[core];
}

void caps_forget_objects(unsigned last)
{
	model_objects = last;
	memset(&ids[last + 1], 0, (OBJECTS_MAX - last - 1) * sizeof(ids[0]));
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

static bool same_object(const struct model_cap *want, uint64_t id)
{
	assert_true(want->object < OBJECTS_MAX);
	if (want->object && !ids[want->object])
		ids[want->object] = id;
	return want->object ? ids[want->object] == id : id == 0;
}

static bool same(int slot)
{
	const struct model_cap *want = &model[slot];
	bool root_has_it = slot < MODEL_PER_CNODE;
	struct result r = SYS(SK_INSPECT, root_has_it ? SK_ROOT_CNODE : second,
			      root_has_it ? window + (unsigned)slot : 1 + (unsigned)slot - MODEL_PER_CNODE);

	assert_ok(r);
	if (r.w[0] != want->type || want->type == SK_TYPE_NONE)
		return r.w[0] == want->type;
	if (want->type == SK_TYPE_MEMORY && r.w[6] != (want->used ? want->ipa : 0))
		return false;
	return r.w[1] == want->rights && r.w[2] == want->badge && r.w[4] == want->bytes && r.w[5] == want->used &&
	       same_object(want, r.w[3]) && kernel_parent(slot) == want->parent;
}

/* Of a slot inside an object, which no call tells of. */
static bool same_inside(int slot)
{
	const struct slot *at = caps_kernel_slot(slot);
	const struct model_cap *want = &model[slot];
	uint64_t cap = slot_cap(at);

	if (CAP_TYPE(cap) != want->type || want->type == SK_TYPE_NONE)
		return CAP_TYPE(cap) == want->type;
	return CAP_RIGHTS(cap) == want->rights && same_object(want, ((const struct object *)CAP_OBJECT(cap))->id) &&
	       kernel_parent(slot) == want->parent;
}

const char *caps_difference(void)
{
	static char what[40];

	for (int slot = 0; slot < MODEL_ALL; slot++) {
		if (slot < MODEL_SLOTS ? same(slot) : same_inside(slot))
			continue;
		snprintf(what, sizeof(what), "slot %d of the model", slot);
		return what;
	}
	return map_difference();
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

static void choose_retype(struct caps_call *c)
{
	/* of user kind, of object kind */
	static const unsigned types[2][4] = {
		{ SK_TYPE_MEMORY, SK_TYPE_MEMORY, SK_TYPE_MEMORY, SK_TYPE_UNTYPED },
		{ SK_TYPE_SPACE, SK_TYPE_ENDPOINT, SK_TYPE_NOTIFICATION, SK_TYPE_UNTYPED },
	};
	unsigned from = (unsigned)caps_pick(SK_TYPE_UNTYPED, CAPS_ANY), user = model[from].user, type = types[rnd(15) ? !user : user][rnd(4)];
	unsigned count = rnd(5), name;
	uint64_t size, attribute = type == SK_TYPE_MEMORY ? rnd(3) ? 7 : rnd(8) : 0, first;
	struct model_place to = any(false, &name, &first);

	if (type == SK_TYPE_SPACE) {
		if (model_spaces_free() < 2) /* another call may be on its way */
			type = SK_TYPE_NOTIFICATION;
		count = rnd(10) ? 1 : count;
		attribute = rnd(8) == 0;
	}
	size = a_size(type, model[from].user);
	/* behind the window the cnode goes on */
	if (to.slot >= 0 && to.slot % MODEL_PER_CNODE + (int)count > MODEL_PER_CNODE)
		count = 1;
	*c = (struct caps_call){ .number = SK_RETYPE, .slot = window + from, .memory = (int)from, .to = to,
				 .w = { type, size, name, first, count, attribute } };
}

static void choose_pair(unsigned number, struct caps_call *c)
{
	unsigned to_name, from_name, mask = rnd(3) ? SK_RIGHTS_ALL : rnd(128);
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
	*c = (struct caps_call){ .number = number, .slot = to_name, .to = to, .from = from,
				 .w = { to_index, from_name, from_index, mask, w4, w5 } };
}

static void choose_one(unsigned number, struct caps_call *c)
{
	unsigned name;
	uint64_t index;
	struct model_place at = any(true, &name, &index);

	/* what all is made of goes seldom */
	for (unsigned i = 0; i < 4 && at.slot >= 0 && model[at.slot].type == SK_TYPE_UNTYPED; i++)
		at = any(true, &name, &index);
	*c = (struct caps_call){ .number = number, .slot = name, .to = at, .w = { index } };
}

void caps_choose(struct caps_call *c)
{
	static const uint8_t often[] = { SK_RETYPE, SK_RETYPE, SK_RETYPE, SK_COPY, SK_MINT, SK_MOVE, SK_DELETE };
	unsigned number = rnd(50) ? often[rnd(ARRAY_SIZE(often))] : SK_REVOKE;

	if (number == SK_RETYPE)
		choose_retype(c);
	else if (number == SK_DELETE || number == SK_REVOKE)
		choose_one(number, c);
	else
		choose_pair(number, c);
}

unsigned caps_predict(const struct caps_call *c, uint64_t w0)
{
	switch (c->number) {
	case SK_RETYPE:
		return model_retype(c->memory, (unsigned)c->w[0], c->w[1], c->to, (unsigned)c->w[4], c->w[5]);
	case SK_COPY:
		return model_copy(c->to, c->from, (unsigned)c->w[3]);
	case SK_MINT:
		return model_mint(c->to, c->from, (unsigned)c->w[3], c->w[4], c->w[5]);
	case SK_MOVE:
		return model_move(c->to, c->from);
	case SK_DELETE:
		return model_delete(c->to);
	case SK_REVOKE:
		return model_revoke(c->to);
	case SK_MAP:
		return model_map(c->memory, c->space, c->w[1], c->w[2], c->w[3], c->w[4], w0);
	case SK_UNMAP:
		return model_unmap(c->memory, c->w[0], c->w[1], w0);
	default:
		return model_protect(c->memory, c->w[0], c->w[1], c->w[2], w0);
	}
}

struct result caps_make(struct thread *caller, const struct caps_call *c)
{
	struct result r = kit_call(caller, c->number, c->slot, c->w, 0);

	life.done[c->number] += r.status == SK_OK;
	return r;
}

static void alone(const struct caps_call *c)
{
	struct result r = caps_make(caps_caller(), c);

	assert_int_equal(caps_predict(c, r.w[0]), r.status);
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

static void a_step(void)
{
	uint32_t what = rnd(9);
	struct caps_call c = { 0 };

	if (what < 3)
		map_choose(&c);
	else if (what < 6)
		caps_choose(&c);
	if (what < 6)
		alone(&c);
	else if (what == 6)
		map_step();
	else
		ipc_step();
}

void caps_life(unsigned steps)
{
	const char *difference;

	begin();
	for (unsigned step = 0; step < steps && (!life.more || life.more()); step++) {
		if (core_count > 1 && life.pairs && rnd(2))
			pair_step();
		else
			a_step();
		difference = caps_difference();
		if (difference)
			print_error("%s is not as it should be\n", difference);
		assert_null(difference);
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
