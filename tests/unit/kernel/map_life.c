/* SPDX-License-Identifier: BSD-2-Clause */
#include "map_life.h"

#include "map_model.h"

/* Threads that do nothing but touch memory, two on each core. */
static struct user {
	struct thread *thread;
	unsigned slot;
} users[MODEL_THREADS];

void map_begin(void)
{
	for (unsigned i = 0; i < MODEL_THREADS; i++) {
		users[i].slot = kit_make(SK_TYPE_THREAD, 0, i % core_count);
		users[i].thread = kit_object(users[i].slot);
		assert_ok(SYS(SK_THREAD_CONFIGURE, users[i].slot, SK_ROOT_CNODE, 0, 0, 0, CAPS_PRIORITY | SK_SET_PRIORITY));
	}
}

struct slot *map_thread_slot(unsigned thread)
{
	return &users[thread].thread->slot[THREAD_SPACE];
}

/* --- comparing ---------------------------------------------------------------------------- */

static struct space *kernel_space(unsigned object)
{
	for (int i = 0; i < MODEL_ALL; i++) {
		if (model[i].type == SK_TYPE_SPACE && model[i].object == object)
			return CAP_OBJECT(slot_cap(caps_kernel_slot(i)));
	}
	fail();
	return NULL;
}

/* A translation of a whole region, or of a page. */
static bool same(const struct model_space *space, const struct host_translation *t)
{
	const struct model_region *region = &space->region[(t->ipa - MODEL_IPA) / SK_BLOCK];
	const struct model_page *want = &region->page[t->ipa % SK_BLOCK / SK_PAGE];
	static const struct model_page none;

	if (t->bytes == SK_BLOCK)
		want = region->kind == REGION_BLOCK ? &region->block : &none;
	else if (t->bytes != SK_PAGE || region->kind != REGION_TABLE)
		want = &none;
	return t->rights == want->rights && (!want->rights || t->pa == want->pa);
}

static bool inside(const struct host_translation *t)
{
	return t->bytes <= SK_BLOCK && t->ipa >= MODEL_IPA && t->ipa < MODEL_IPA + MODEL_REGIONS * SK_BLOCK;
}

/* The kernel's tables, as table walks see them. */
static bool same_walks(const struct model_space *space)
{
	uint64_t table = kernel_space(space->object)->root_pa.a;

	for (uint64_t ipa = 0, bytes; ipa < 1ul << SK_IPA_BITS; ipa += bytes) {
		struct host_translation t = host_walk(table, ipa);

		bytes = t.bytes;
		if (inside(&t) ? !same(space, &t) : t.rights != 0)
			return false;
	}
	/* what the model has, walks come to, as a block or page by page */
	for (unsigned i = 0; i < MODEL_REGIONS; i++) {
		struct host_translation t = host_walk(table, MODEL_IPA + i * SK_BLOCK);

		if (space->region[i].kind != REGION_EMPTY && t.bytes != (space->region[i].kind == REGION_BLOCK ? SK_BLOCK : SK_PAGE))
			return false;
	}
	return true;
}

/* A TLB has nothing but of root's Space, and what the model has. */
static bool same_tlb(unsigned core)
{
	struct host_translation t;

	for (unsigned n = 0; host_tlb_entry(core, n, &t); n++) {
		const struct model_space *space = NULL;

		for (unsigned i = 0; i < MODEL_SPACES && !space; i++) {
			if (model_spaces[i].object && kernel_space(model_spaces[i].object)->vmid == t.vmid)
				space = &model_spaces[i];
		}
		if (space ? !inside(&t) || !same(space, &t) : t.vmid != root->space->vmid)
			return false;
	}
	return true;
}

const char *map_difference(void)
{
	for (unsigned i = 0; i < MODEL_SPACES; i++) {
		if (model_spaces[i].object && !same_walks(&model_spaces[i]))
			return "a table";
	}
	for (unsigned core = 0; core < core_count; core++) {
		if (!same_tlb(core))
			return "a TLB";
	}
	for (unsigned i = 0; i < MODEL_THREADS; i++) {
		if (model[MODEL_SLOTS + i].type == SK_TYPE_NONE && users[i].thread->state != SK_THREAD_STOPPED)
			return "a thread without a Space";
	}
	return NULL;
}

/* --- calls ---------------------------------------------------------------------------------- */

/* Pages, or blocks; sometimes none, or no multiple. */
static uint64_t a_length(uint64_t bytes)
{
	switch (caps_rnd(8)) {
	case 0:
		return caps_rnd(10) * SK_PAGE;
	case 1:
		return SK_BLOCK;
	case 2:
		return caps_rnd(4) ? SK_PAGE : caps_rnd(5000);
	default:
		return bytes;
	}
}

static uint64_t an_offset(const struct model_cap *cap)
{
	uint64_t pages = cap->bytes / SK_PAGE;

	if (pages == 0 || caps_rnd(2))
		return 0;
	return caps_rnd(4) ? caps_rnd((uint32_t)pages) * SK_PAGE : caps_rnd(3) * SK_BLOCK;
}

/* Of what is left behind the offset, or any. */
static uint64_t a_part(const struct model_cap *cap, uint64_t *offset)
{
	*offset = an_offset(cap);
	return a_length(caps_rnd(4) && cap->bytes > *offset ? cap->bytes - *offset : cap->bytes);
}

static unsigned a_mapping_right(const struct model_cap *cap)
{
	return caps_rnd(4) ? caps_rnd(2) && (cap->rights & 3) == 3 ? 3 : cap->rights & 1 ? 1 : cap->rights & 5 : caps_rnd(10);
}

/* Another capability to some of it that is mapped. */
static const struct model_cap *a_relative(const struct model_cap *cap)
{
	int from = (int)caps_rnd(MODEL_SLOTS);

	for (int i = 0; i < MODEL_SLOTS; i++) {
		const struct model_cap *other = &model[(from + i) % MODEL_SLOTS];

		if (other != cap && other->type == SK_TYPE_MEMORY && other->used && other->pa < cap->pa + cap->bytes &&
		    cap->pa < other->pa + other->bytes)
			return other;
	}
	return NULL;
}

/* Where all of it fits; mostly so that blocks can be used. */
static uint64_t an_address(const struct model_cap *cap)
{
	uint64_t room = MODEL_REGIONS * SK_BLOCK - cap->bytes, at = caps_rnd(MODEL_REGIONS) * SK_BLOCK;

	if (cap->used && caps_rnd(8))
		return cap->ipa;
	at += caps_rnd(3) ? cap->pa % SK_BLOCK : caps_rnd(4) * SK_PAGE;
	switch (caps_rnd(40)) {
	case 0:
		return MODEL_IPA + 8;
	case 1:
		return (1ul << SK_IPA_BITS) - cap->bytes + SK_PAGE; /* a page too far */
	default:
		return MODEL_IPA + (at <= room ? at : 0);
	}
}

/* Just where a relative has the same memory. False: that is outside of what is looked at. */
static bool join(const struct model_cap *cap, const struct model_cap *relative, uint64_t *ipa, int *space)
{
	*ipa = relative->ipa + cap->pa - relative->pa;
	for (int i = 0; i < MODEL_PER_CNODE; i++) {
		if (model[i].type == SK_TYPE_SPACE && model[i].object == relative->space)
			*space = i;
	}
	return *ipa >= MODEL_IPA && *ipa + cap->bytes <= MODEL_IPA + MODEL_REGIONS * SK_BLOCK;
}

static void choose_map(struct caps_call *c)
{
	int memory = caps_pick(SK_TYPE_MEMORY, caps_rnd(3) ? 0 : 1), space = caps_pick(SK_TYPE_SPACE, CAPS_ANY);
	const struct model_cap *cap = &model[memory], *relative = caps_rnd(2) && !cap->used ? a_relative(cap) : NULL;
	uint64_t offset, length = a_part(cap, &offset), ipa;
	unsigned rights = a_mapping_right(cap);

	if (!relative || !join(cap, relative, &ipa, &space))
		ipa = an_address(cap);
	*c = (struct caps_call){ .number = SK_MAP, .slot = caps_window(memory), .memory = memory, .space = space,
				 .w = { caps_window(space), ipa, offset, length, rights } };
}

void map_choose(struct caps_call *c)
{
	uint32_t what = caps_rnd(6);
	int memory;

	if (what < 3) {
		choose_map(c);
		return;
	}
	memory = caps_pick(SK_TYPE_MEMORY, caps_rnd(8) ? 1 : 0);
	*c = (struct caps_call){ .number = what == 3 ? SK_UNMAP : SK_PROTECT, .slot = caps_window(memory), .memory = memory };
	c->w[1] = a_part(&model[memory], &c->w[0]);
	c->w[2] = a_mapping_right(&model[memory]);
}

/* --- threads ----------------------------------------------------------------------------------- */

static void another_space(unsigned i)
{
	int space = caps_pick(SK_TYPE_SPACE, CAPS_ANY);

	assert_ok(SYS(SK_THREAD_STOP, users[i].slot));
	assert_status(model_configure(i, space), SYS(SK_THREAD_CONFIGURE, users[i].slot, 0, caps_window(space)));
	if (model[MODEL_SLOTS + i].type == SK_TYPE_SPACE)
		assert_ok(SYS(SK_THREAD_START, users[i].slot));
}

/* Mostly where something is mapped. */
static void touch(unsigned i)
{
	const struct model_cap *cap = &model[caps_pick(SK_TYPE_MEMORY, 1)];
	uint64_t pa;

	if (model[MODEL_SLOTS + i].type == SK_TYPE_NONE)
		return;
	caps_run(users[i].thread);
	for (unsigned n = 0; n < 4; n++) {
		uint64_t at = MODEL_IPA + caps_rnd(MODEL_REGIONS * MODEL_PAGES) * SK_PAGE;

		if (cap->used && caps_rnd(4))
			at = cap->ipa + caps_rnd(caps_rnd(2) ? 3 : (uint32_t)(cap->bytes / SK_PAGE)) * SK_PAGE;
		host_translate(users[i].thread->o.home, at, &pa);
	}
}

void map_step(void)
{
	unsigned i = caps_rnd(MODEL_THREADS);

	if (caps_rnd(4))
		touch(i);
	else
		another_space(i);
}
