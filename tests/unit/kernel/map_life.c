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
static void compare_translation(const struct model_space *space, const struct host_translation *t)
{
	const struct model_region *region = &space->region[(t->ipa - MODEL_IPA) / SK_BLOCK];
	const struct model_page *want = &region->page[t->ipa % SK_BLOCK / SK_PAGE];
	static const struct model_page none;

	assert_in_range(t->ipa, MODEL_IPA, MODEL_IPA + MODEL_REGIONS * SK_BLOCK - 1);
	if (t->bytes == SK_BLOCK)
		want = region->kind == REGION_BLOCK ? &region->block : &none;
	else if (t->bytes != SK_PAGE || region->kind != REGION_TABLE)
		want = &none;
	assert_int_equal(t->rights, want->rights);
	if (want->rights)
		assert_int_equal(t->pa, want->pa);
}

/* Of the kernel's tables, as table walks see them. */
static void compare_walks(const struct model_space *space)
{
	uint64_t table = kernel_space(space->object)->root_pa.a, end = MODEL_IPA + MODEL_REGIONS * SK_BLOCK;

	for (uint64_t ipa = 0, bytes; ipa < 1ul << SK_IPA_BITS; ipa += bytes) {
		struct host_translation t = host_walk(table, ipa);

		bytes = t.bytes;
		if (ipa >= MODEL_IPA && ipa < end && bytes <= SK_BLOCK)
			compare_translation(space, &t);
		else
			assert_int_equal(t.rights, 0);
	}
	/* what the model has and a walk has not: a region with something mapped is walked by its pages or as a block */
	for (unsigned i = 0; i < MODEL_REGIONS; i++) {
		struct host_translation t = host_walk(table, MODEL_IPA + i * SK_BLOCK);

		if (space->region[i].kind != REGION_EMPTY)
			assert_int_equal(t.bytes, space->region[i].kind == REGION_BLOCK ? SK_BLOCK : SK_PAGE);
	}
}

/* Of one TLB: nothing but root's Space, and what the model has. */
static void compare_tlb(unsigned core)
{
	struct host_translation t;

	for (unsigned n = 0; host_tlb_entry(core, n, &t); n++) {
		const struct model_space *space = NULL;

		for (unsigned i = 0; i < MODEL_SPACES && !space; i++) {
			if (model_spaces[i].object && kernel_space(model_spaces[i].object)->vmid == t.vmid)
				space = &model_spaces[i];
		}
		if (space)
			compare_translation(space, &t);
		else
			assert_int_equal(t.vmid, root->space->vmid);
	}
}

void map_compare(void)
{
	for (unsigned i = 0; i < MODEL_SPACES; i++) {
		if (model_spaces[i].object)
			compare_walks(&model_spaces[i]);
	}
	for (unsigned core = 0; core < core_count; core++)
		compare_tlb(core);
	for (unsigned i = 0; i < MODEL_THREADS; i++) {
		if (model[MODEL_SLOTS + i].type == SK_TYPE_NONE)
			assert_int_equal(users[i].thread->state, SK_THREAD_STOPPED);
	}
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

static void map(void)
{
	int memory = caps_pick(SK_TYPE_MEMORY, caps_rnd(3) ? 0 : 1), space = caps_pick(SK_TYPE_SPACE, CAPS_ANY);
	const struct model_cap *cap = &model[memory], *relative = caps_rnd(2) && !cap->used ? a_relative(cap) : NULL;
	uint64_t offset, length = a_part(cap, &offset), ipa;
	unsigned rights = a_mapping_right(cap);
	struct result r;

	if (!relative || !join(cap, relative, &ipa, &space))
		ipa = an_address(cap);
	r = CALL(caps_caller(), SK_MAP, caps_window(memory), caps_window(space), ipa, offset, length, rights);
	assert_int_equal(model_map(memory, space, ipa, offset, length, rights, r.w[0]), r.status);
	life.done[SK_MAP] += r.status == SK_OK;
}

static void unmap(void)
{
	int memory = caps_pick(SK_TYPE_MEMORY, caps_rnd(8) ? 1 : 0);
	uint64_t offset, length = a_part(&model[memory], &offset);
	struct result r = CALL(caps_caller(), SK_UNMAP, caps_window(memory), offset, length);

	assert_int_equal(model_unmap(memory, offset, length, r.w[0]), r.status);
	life.done[SK_UNMAP] += r.status == SK_OK;
}

static void protect(void)
{
	int memory = caps_pick(SK_TYPE_MEMORY, caps_rnd(8) ? 1 : 0);
	uint64_t offset, length = a_part(&model[memory], &offset);
	unsigned rights = a_mapping_right(&model[memory]);
	struct result r = CALL(caps_caller(), SK_PROTECT, caps_window(memory), offset, length, rights);

	assert_int_equal(model_protect(memory, offset, length, rights, r.w[0]), r.status);
	life.done[SK_PROTECT] += r.status == SK_OK;
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

	switch (caps_rnd(10)) {
	case 0:
	case 1:
	case 2:
		map();
		break;
	case 3:
		unmap();
		break;
	case 4:
	case 5:
		protect();
		break;
	case 6:
		another_space(i);
		break;
	default:
		touch(i);
		break;
	}
}
