/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mappings: what user level can reach through TLBs that forget nothing, after
 * each map, unmap, protect, delete and revoke; and that this file would notice a
 * missing invalidation or barrier.
 */
#include "kit.h"

#define RW  (SK_RIGHT_READ | SK_RIGHT_WRITE)
#define ALL (SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC)
#define AT  0x20000000ul          /* 2 MiB aligned */

/* A fresh Space with table pages, and a thread that runs in it. */
static unsigned space;
static struct thread *user;

static void setup_space(unsigned core, unsigned tables)
{
	unsigned s;

	space = kit_make(SK_TYPE_SPACE, tables, SK_SPACE_COMPONENT);
	user = kit_thread_stopped(core, 50, &s);
	assert_ok(SYS(SK_THREAD_CONFIGURE, s, 0, space));
	assert_ok(SYS(SK_THREAD_START, s));
	kit_run(user);
	if (core == 0)
		kit_run(root);
}

static bool loads(uint64_t ipa)
{
	uint64_t value;

	kit_run(user);
	return host_load(user->o.home, ipa, &value);
}

static bool stores(uint64_t ipa, uint64_t value)
{
	kit_run(user);
	return host_store(user->o.home, ipa, value);
}

/* Calls until all is done, as the ABI asks. */
static unsigned map(unsigned memory, uint64_t ipa, uint64_t offset, uint64_t length, unsigned rights)
{
	while (length > 0) {
		struct result r = SYS(SK_MAP, memory, space, ipa, offset, length, rights);

		if (r.status != SK_OK)
			return r.status;
		assert_true(r.w[0] > 0 && r.w[0] <= length);
		offset += r.w[0];
		length -= r.w[0];
	}
	return SK_OK;
}

static unsigned unmap(unsigned memory, uint64_t offset, uint64_t length)
{
	while (length > 0) {
		struct result r = SYS(SK_UNMAP, memory, offset, length);

		if (r.status != SK_OK)
			return r.status;
		assert_true(r.w[0] > 0 && r.w[0] <= length);
		offset += r.w[0];
		length -= r.w[0];
	}
	return SK_OK;
}

/* *done = bytes before it stopped. */
static unsigned protect_part(unsigned memory, uint64_t offset, uint64_t length, unsigned rights, uint64_t *done)
{
	for (*done = 0; *done < length;) {
		struct result r = SYS(SK_PROTECT, memory, offset + *done, length - *done, rights);

		if (r.status != SK_OK)
			return r.status;
		*done += r.w[0];
	}
	return SK_OK;
}

static unsigned protect(unsigned memory, uint64_t offset, uint64_t length, unsigned rights)
{
	uint64_t done;

	return protect_part(memory, offset, length, rights, &done);
}

static unsigned level_of(uint64_t ipa)
{
	struct space *s = kit_object(space);
	const pte_t *middle = pa_to_va(pte_address(s->root[ipa >> 30]));

	return pte_is_table(middle[ipa >> 21 & 511]) ? 0 : 1;
}

static void test_map_and_unmap_pages(void **state)
{
	unsigned m;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(4 * SK_PAGE, RW);
	assert_false(loads(AT));
	assert_int_equal(map(m, AT, 0, 4 * SK_PAGE, RW), SK_OK);
	for (unsigned i = 0; i < 4; i++)
		assert_true(stores(AT + i * SK_PAGE, 100 + i));
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(host.ram[i * 512], 100 + i);
	assert_false(loads(AT + 4 * SK_PAGE));
	assert_false(loads(AT - 8));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, m).w[6], AT);
	assert_int_equal(unmap(m, SK_PAGE, SK_PAGE), SK_OK);
	assert_true(loads(AT));
	assert_false(loads(AT + SK_PAGE));
	assert_true(loads(AT + 2 * SK_PAGE));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, m).w[5], 1);
	assert_int_equal(unmap(m, 0, 4 * SK_PAGE), SK_OK);
	assert_false(loads(AT));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, m).w[5], 0);
	/* bound to nothing any more: may go elsewhere */
	assert_int_equal(map(m, AT + SK_BLOCK, 0, SK_PAGE, SK_RIGHT_READ), SK_OK);
	assert_true(loads(AT + SK_BLOCK));
	assert_false(stores(AT + SK_BLOCK, 1));
}

static void test_map_errors(void **state)
{
	unsigned m, other, weak, guest, blind;

	(void)state;
	setup_space(0, 8);
	m = kit_memory(4 * SK_PAGE, RW);
	other = kit_memory(2 * SK_PAGE, ALL);
	weak = kit_copy(other, SK_RIGHT_READ);
	guest = kit_make(SK_TYPE_SPACE, 4, SK_SPACE_GUEST);
	blind = kit_copy(space, SK_RIGHT_READ);
	assert_status(SK_NO_CAP, SYS(SK_MAP, 0, space, AT, 0, SK_PAGE, RW));
	assert_status(SK_WRONG_TYPE, SYS(SK_MAP, space, space, AT, 0, SK_PAGE, RW));
	assert_status(SK_WRONG_TYPE, SYS(SK_MAP, m, m, AT, 0, SK_PAGE, RW));
	assert_status(SK_NO_RIGHT, SYS(SK_MAP, m, blind, AT, 0, SK_PAGE, RW));
	assert_status(SK_NO_RIGHT, SYS(SK_MAP, m, space, AT, 0, SK_PAGE, ALL));
	assert_status(SK_NO_RIGHT, SYS(SK_MAP, weak, space, AT, 0, SK_PAGE, RW));
	assert_status(SK_NO_RIGHT, SYS(SK_MAP, m, space, AT, 0, SK_PAGE, SK_RIGHT_WRITE));
	assert_status(SK_NO_RIGHT, SYS(SK_MAP, m, space, AT, 0, SK_PAGE, 0));
	assert_status(SK_NO_RIGHT, SYS(SK_MAP, m, space, AT, 0, SK_PAGE, 8 | SK_RIGHT_READ));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, AT + 8, 0, SK_PAGE, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, AT, 8, SK_PAGE, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, AT, 0, 0, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, AT, 0, 5 * SK_PAGE, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, AT, 4 * SK_PAGE, SK_PAGE, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, AT, ~0ul << 12, SK_PAGE, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, 1ul << SK_IPA_BITS, 0, SK_PAGE, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, (1ul << SK_IPA_BITS) - SK_PAGE, 0, SK_PAGE, RW));
	assert_status(SK_BAD_ARG, SYS(SK_MAP, m, space, ~0ul << 12, 0, SK_PAGE, RW));
	assert_ok(SYS(SK_MAP, m, space, AT, 0, 2 * SK_PAGE, RW));
	assert_status(SK_MAPPED, SYS(SK_MAP, m, space, AT, 0, SK_PAGE, RW));
	assert_status(SK_MAPPED, SYS(SK_MAP, m, space, AT + SK_PAGE, SK_PAGE, SK_PAGE, RW));
	assert_status(SK_MAPPED, SYS(SK_MAP, m, guest, AT, 2 * SK_PAGE, SK_PAGE, RW));
	assert_status(SK_MAPPED, SYS(SK_MAP, other, space, AT, 0, SK_PAGE, RW));
	assert_ok(SYS(SK_MAP, other, guest, AT, 0, SK_PAGE, RW));
	/* up to what is mapped there: one page of two */
	assert_int_equal(SYS(SK_MAP, weak, space, AT - SK_PAGE, 0, 2 * SK_PAGE, SK_RIGHT_READ).w[0], SK_PAGE);
	/* unmap and protect */
	assert_status(SK_BAD_ARG, SYS(SK_UNMAP, m, 1, SK_PAGE));
	assert_status(SK_BAD_ARG, SYS(SK_UNMAP, m, 0, 0));
	assert_status(SK_BAD_ARG, SYS(SK_UNMAP, m, 0, ~0ul << 12));
	assert_status(SK_WRONG_TYPE, SYS(SK_UNMAP, space, 0, SK_PAGE));
	assert_status(SK_BAD_ARG, SYS(SK_PROTECT, m, 0, 5 * SK_PAGE, SK_RIGHT_READ));
	assert_status(SK_NO_RIGHT, SYS(SK_PROTECT, m, 0, SK_PAGE, ALL));
	assert_status(SK_NO_RIGHT, SYS(SK_PROTECT, m, 0, SK_PAGE, 0));
	assert_status(SK_NO_CAP, SYS(SK_PROTECT, 0, 0, SK_PAGE, SK_RIGHT_READ));
	assert_ok(SYS(SK_UNMAP, kit_memory(SK_PAGE, RW), 0, SK_PAGE));
	assert_status(SK_NOT_MAPPED, SYS(SK_PROTECT, kit_memory(SK_PAGE, RW), 0, SK_PAGE, SK_RIGHT_READ));
}

static void test_blocks(void **state)
{
	unsigned m;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(3 * SK_BLOCK, ALL);
	assert_int_equal(slot_base(&root->cnode->slot[m]).a % SK_BLOCK, 0);
	assert_int_equal(map(m, AT, 0, 3 * SK_BLOCK, RW), SK_OK);
	assert_int_equal(level_of(AT), 1);
	for (unsigned i = 0; i < 3; i++)
		assert_true(stores(AT + i * SK_BLOCK + 0x5008, i));
	/* a page out of the middle block: split, its neighbours stay */
	assert_int_equal(unmap(m, SK_BLOCK + 5 * SK_PAGE, SK_PAGE), SK_OK);
	assert_int_equal(level_of(AT), 1);
	assert_int_equal(level_of(AT + SK_BLOCK), 0);
	assert_false(loads(AT + SK_BLOCK + 0x5008));
	assert_true(loads(AT + SK_BLOCK + 0x4008));
	assert_true(loads(AT + SK_BLOCK + 0x6008));
	assert_true(loads(AT + SK_BLOCK + 511 * SK_PAGE));
	assert_true(loads(AT + 0x5008));
	/* rights of part of a block */
	assert_int_equal(protect(m, 2 * SK_BLOCK + SK_PAGE, SK_PAGE, SK_RIGHT_READ), SK_OK);
	assert_false(stores(AT + 2 * SK_BLOCK + SK_PAGE, 1));
	assert_true(loads(AT + 2 * SK_BLOCK + SK_PAGE));
	assert_true(stores(AT + 2 * SK_BLOCK, 1));
	/* of a whole one: no split */
	assert_int_equal(protect(m, 0, SK_BLOCK, SK_RIGHT_READ), SK_OK);
	assert_int_equal(level_of(AT), 1);
	assert_false(stores(AT, 1));
	assert_int_equal(unmap(m, 0, 3 * SK_BLOCK), SK_OK);
	for (unsigned i = 0; i < 3; i++)
		assert_false(loads(AT + i * SK_BLOCK + 0x4008));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, m).w[5], 0);
}

static void test_unmap_of_512_pages(void **state)
{
	unsigned m, skew;

	(void)state;
	setup_space(core_count - 1, 8);
	skew = kit_memory(SK_PAGE, RW); /* so that the next is not 2 MiB aligned */
	m = kit_memory(SK_BLOCK, RW);
	assert_int_equal(map(m, AT, 0, SK_BLOCK, RW), SK_OK);
	assert_int_equal(level_of(AT), 0);
	for (unsigned i = 0; i < 512; i += 37)
		assert_true(loads(AT + i * SK_PAGE));
	assert_int_equal(unmap(m, 0, SK_BLOCK), SK_OK);
	for (unsigned i = 0; i < 512; i++)
		assert_false(loads(AT + i * SK_PAGE));
	/* an emptied table stays: a block no longer fits, pages do */
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, skew));
	assert_int_equal(map(m, AT, 0, SK_BLOCK, RW), SK_OK);
}

static void test_tables_run_out(void **state)
{
	unsigned m, pool, big;
	struct result r;

	(void)state;
	pool = kit_make(SK_TYPE_UNTYPED, 8 * SK_PAGE, 0);
	space = kit_slots(1);
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_SPACE, 1, SK_ROOT_CNODE, space, 1, SK_SPACE_GUEST));
	big = kit_memory(2 * SK_BLOCK, RW);
	m = kit_memory(SK_PAGE, RW);
	assert_status(SK_NO_TABLES, SYS(SK_MAP, m, space, AT, 0, SK_PAGE, RW));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, m).w[5], 0);
	assert_status(SK_BAD_ARG, SYS(SK_SPACE_DONATE, space, pool, 0));
	assert_status(SK_BAD_ARG, SYS(SK_SPACE_DONATE, space, pool, 65));
	assert_status(SK_WRONG_TYPE, SYS(SK_SPACE_DONATE, pool, pool, 1));
	assert_status(SK_WRONG_TYPE, SYS(SK_SPACE_DONATE, space, space, 1));
	assert_status(SK_BAD_ARG, SYS(SK_SPACE_DONATE, space, RAM, 1)); /* not what it was made from */
	assert_status(SK_NO_RIGHT, SYS(SK_SPACE_DONATE, kit_copy(space, SK_RIGHT_READ), pool, 1));
	assert_ok(SYS(SK_SPACE_DONATE, space, pool, 1));
	assert_ok(SYS(SK_MAP, m, space, AT, 0, SK_PAGE, RW));
	/* a block needs no table of its own, splitting it does */
	r = SYS(SK_MAP, big, space, AT + SK_BLOCK, 0, 2 * SK_BLOCK, RW);
	assert_ok(r);
	assert_int_equal(r.w[0], 2 * SK_BLOCK);
	assert_status(SK_NO_TABLES, SYS(SK_UNMAP, big, SK_PAGE, SK_PAGE));
	assert_status(SK_NO_TABLES, SYS(SK_PROTECT, big, SK_PAGE, SK_PAGE, SK_RIGHT_READ));
	assert_ok(SYS(SK_SPACE_DONATE, space, pool, 1));
	assert_ok(SYS(SK_UNMAP, big, SK_PAGE, SK_PAGE));
	assert_status(SK_NO_MEMORY, SYS(SK_SPACE_DONATE, space, pool, 8));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, big));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, m).w[5], 0); /* the Space is gone */
}

static void test_parts_of_a_capability(void **state)
{
	unsigned m, part = kit_slots(3);

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(8 * SK_PAGE, RW);
	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, part, SK_ROOT_CNODE, m, SK_RIGHT_READ, 2 * SK_PAGE, 2 * SK_PAGE));
	assert_int_equal(map(part, AT, 0, 2 * SK_PAGE, SK_RIGHT_READ), SK_OK);
	assert_int_equal(map(m, AT + SK_BLOCK, 0, 8 * SK_PAGE, RW), SK_OK);
	host.ram[2 * 512] = 42;
	assert_true(loads(AT));
	assert_false(stores(AT, 1));
	assert_true(stores(AT + SK_BLOCK + 2 * SK_PAGE, 43));
	/* the part goes with its parent's revocation, the parent's own mapping stays */
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, m));
	assert_false(loads(AT));
	assert_true(loads(AT + SK_BLOCK + 2 * SK_PAGE));
	/* and what the parent maps is not undone through a part that is bound elsewhere */
	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, part, SK_ROOT_CNODE, m, SK_RIGHT_READ, 0, SK_PAGE));
	assert_ok(SYS(SK_UNMAP, part, 0, SK_PAGE));
	assert_true(loads(AT + SK_BLOCK));
}

static void test_delete_and_revoke_unmap(void **state)
{
	unsigned m, copy;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(2 * SK_BLOCK, RW);
	copy = kit_copy(m, RW);
	assert_int_equal(map(copy, AT, 0, 2 * SK_BLOCK, RW), SK_OK);
	assert_true(loads(AT + SK_BLOCK));
	assert_ok(SYS(SK_MOVE, SK_ROOT_CNODE, copy + 100, SK_ROOT_CNODE, copy));
	kit_check();
	assert_true(loads(AT));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, copy + 100));
	assert_false(loads(AT));
	assert_false(loads(AT + SK_BLOCK));
	assert_int_equal(map(m, AT, 0, 2 * SK_BLOCK, RW), SK_OK);
	assert_true(loads(AT));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, RAM));
	assert_false(loads(AT));
	assert_false(loads(AT + SK_BLOCK));
}

/* Many tables' worth: goes in steps. */
static void test_delete_in_steps(void **state)
{
	unsigned skew, m;

	(void)state;
	setup_space(core_count - 1, 12);
	skew = kit_memory(SK_PAGE, RW); /* so that the next is mapped by pages */
	m = kit_memory(5 * SK_BLOCK, RW);
	assert_int_equal(map(m, AT, 0, 5 * SK_BLOCK, RW), SK_OK);
	for (unsigned i = 0; i < 5; i++)
		assert_true(loads(AT + i * SK_BLOCK));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, m));
	assert_true(slot_empty(&root->cnode->slot[m]));
	for (unsigned i = 0; i < 5; i++)
		assert_false(loads(AT + i * SK_BLOCK));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, skew));
}

/* Unmapped and mapped again in part: what is bound follows what is mapped. */
static void test_bound_until_all_is_unmapped(void **state)
{
	unsigned m;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(2 * SK_PAGE, RW);
	assert_int_equal(map(m, AT, 0, 2 * SK_PAGE, RW), SK_OK);
	assert_int_equal(unmap(m, 0, SK_PAGE), SK_OK);
	assert_int_equal(map(m, AT, 0, SK_PAGE, RW), SK_OK);
	assert_int_equal(unmap(m, SK_PAGE, SK_PAGE), SK_OK);
	kit_check();
	assert_true(loads(AT));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, m).w[5], 1);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, m));
	assert_false(loads(AT));
}

static void test_dead_space_leaves_no_translation(void **state)
{
	unsigned m, again = kit_slots(1);
	uint64_t value;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(SK_PAGE, RW);
	assert_int_equal(map(m, AT, 0, SK_PAGE, RW), SK_OK);
	assert_true(loads(AT));
	/* the thread stops with its Space */
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, space));
	assert_int_equal(user->state, SK_THREAD_STOPPED);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, space));
	assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_SPACE, 4, SK_ROOT_CNODE, again, 1, SK_SPACE_COMPONENT));
	space = again;
	user = kit_thread_stopped(core_count - 1, 50, &again);
	assert_ok(SYS(SK_THREAD_CONFIGURE, again, 0, space));
	assert_ok(SYS(SK_THREAD_START, again));
	kit_run(user);
	assert_false(host_load(user->o.home, AT, &value));
}

/* --- more Spaces than VMIDs ------------------------------------------------------------- */

enum { SPACES = ARCH_VMIDS + 20 };

/* Space I has a page of its own at AT, which holds 1000 + I. */
static unsigned many[SPACES], runner;

static void setup_many(void)
{
	unsigned pages = kit_memory(SPACES * SK_PAGE, RW), page = kit_slots(SPACES);

	user = kit_thread_stopped(core_count - 1, 50, &runner);
	for (unsigned i = 0; i < SPACES; i++) {
		many[i] = space = kit_make(SK_TYPE_SPACE, 2, SK_SPACE_COMPONENT);
		assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, page + i, SK_ROOT_CNODE, pages, RW, i * SK_PAGE, SK_PAGE));
		assert_int_equal(map(page + i, AT, 0, SK_PAGE, RW), SK_OK);
	}
}

static void go_to(unsigned i)
{
	assert_ok(SYS(SK_THREAD_STOP, runner));
	assert_ok(SYS(SK_THREAD_CONFIGURE, runner, 0, many[i]));
	assert_ok(SYS(SK_THREAD_START, runner));
	kit_run(user);
}

static uint64_t load_in(unsigned i)
{
	uint64_t value = 0;

	go_to(i);
	assert_true(host_load(user->o.home, AT, &value));
	kit_run(root);
	return value;
}

static void store_in(unsigned i, uint64_t value)
{
	go_to(i);
	assert_true(host_store(user->o.home, AT, value));
	kit_run(root);
}

static void test_more_spaces_than_vmids(void **state)
{
	unsigned pin = kit_slots(1), vmid;

	(void)state;
	setup_many();
	assert_ok(SYS(SK_SPACE_PIN, many[1], SK_ROOT_IOMMU, SK_ROOT_CNODE, pin, 1));
	vmid = ((const struct space *)kit_object(many[1]))->vmid;
	for (unsigned i = 0; i < SPACES; i++)
		store_in(i, 1000 + i);
	for (unsigned i = 0; i < SPACES; i++)
		assert_int_equal(load_in(i), 1000 + i);
	kit_check();
	for (unsigned i = SPACES; i-- > 0; i -= i ? 1 : 0)
		assert_int_equal(load_in(i), 1000 + i);
	/* those that die give theirs back */
	for (unsigned i = 0; i < SPACES; i += 3)
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, many[i]));
	for (unsigned i = 1; i < SPACES; i += 3)
		assert_int_equal(load_in(i), 1000 + i);
	kit_check();
	assert_int_equal(((const struct space *)kit_object(many[1]))->vmid, vmid);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, pin));
}

/* The Space that the other core runs in may lose its VMID like any other, and runs on. */
static void test_a_loaded_space_keeps_running(void **state)
{
	unsigned s;
	struct thread *other;
	uint64_t value;

	(void)state;
	setup_many();
	other = kit_thread_stopped(0, 50, &s);
	assert_ok(SYS(SK_THREAD_CONFIGURE, s, 0, many[SPACES - 1]));
	assert_ok(SYS(SK_THREAD_START, s));
	for (unsigned i = 0; i < SPACES - 1; i++) {
		kit_run(other);
		assert_true(host_store(0, AT, 77 + i));
		assert_true(host_load(0, AT, &value));
		assert_int_equal(value, 77 + i);
		kit_run(root);
		load_in(i);
	}
	kit_check();
}

static void test_missing_flush_of_a_vmid_is_noticed(void **state)
{
	unsigned i;

	(void)state;
	setup_many();
	store_in(0, 1000);
	host.omit = HOST_OMIT_FLUSH;
	for (i = 1; i < SPACES && load_in(i) != 1000; i++)
		;
	assert_in_range(i, 1, SPACES - 1); /* one saw what is Space 0's */
	host.omit = 0;
	for (unsigned vmid = 1; vmid < ARCH_VMIDS; vmid++)
		arch_vmid_flush(vmid); /* or kit_end would find what is left */
}

static void test_instruction_cache(void **state)
{
	unsigned m, text;
	uint64_t value;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(SK_PAGE, ALL);
	text = kit_copy(m, SK_RIGHT_READ | SK_RIGHT_EXEC);
	assert_int_equal(map(m, AT, 0, SK_PAGE, RW), SK_OK);
	assert_int_equal(map(text, AT + SK_BLOCK, 0, SK_PAGE, SK_RIGHT_EXEC), SK_OK);
	assert_true(stores(AT, 1));
	assert_true(host_fetch(user->o.home, AT + SK_BLOCK, &value));
	assert_false(host_fetch(user->o.home, AT, &value));
	assert_true(stores(AT, 2));
	/* mapped anew as executable: the new contents */
	kit_run(root);
	assert_int_equal(unmap(text, 0, SK_PAGE), SK_OK);
	assert_int_equal(map(text, AT + SK_BLOCK, 0, SK_PAGE, SK_RIGHT_EXEC), SK_OK);
	kit_run(user);
	assert_true(host_fetch(user->o.home, AT + SK_BLOCK, &value));
	assert_int_equal(value, 2);
}

/* --- would these tests notice? ------------------------------------------------------- */

static void test_missing_flush_is_noticed(void **state)
{
	unsigned m;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(SK_PAGE, RW);
	assert_int_equal(map(m, AT, 0, SK_PAGE, RW), SK_OK);
	assert_true(loads(AT));
	host.omit = HOST_OMIT_FLUSH;
	assert_int_equal(unmap(m, 0, SK_PAGE), SK_OK);
	assert_true(loads(AT));        /* what must not be */
	host.omit = 0;
	assert_int_equal(map(m, AT, 0, SK_PAGE, RW), SK_OK);
	assert_int_equal(unmap(m, 0, SK_PAGE), SK_OK);
	assert_false(loads(AT));
}

static void test_missing_barrier_is_noticed(void **state)
{
	unsigned m;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(SK_PAGE, RW);
	host.omit = HOST_OMIT_PUBLISH;
	assert_int_equal(map(m, AT, 0, SK_PAGE, RW), SK_OK);
	assert_false(loads(AT));       /* what must not be */
	host.omit = 0;
	assert_int_equal(unmap(m, 0, SK_PAGE), SK_OK);
	assert_int_equal(map(m, AT, 0, SK_PAGE, RW), SK_OK);
	assert_true(loads(AT));
}

static void test_missing_icache_invalidation_is_noticed(void **state)
{
	unsigned m;
	uint64_t value;

	(void)state;
	setup_space(core_count - 1, 8);
	m = kit_memory(SK_PAGE, ALL);
	assert_int_equal(map(m, AT, 0, SK_PAGE, ALL), SK_OK);
	kit_run(user);
	host.ram[0] = 1;
	assert_true(host_fetch(user->o.home, AT, &value));
	host.ram[0] = 2;
	kit_run(root);
	host.omit = HOST_OMIT_ICACHE;
	assert_int_equal(unmap(m, 0, SK_PAGE), SK_OK);
	assert_int_equal(map(m, AT, 0, SK_PAGE, ALL), SK_OK);
	kit_run(user);
	assert_true(host_fetch(user->o.home, AT, &value));
	assert_int_equal(value, 1);    /* what must not be */
	host.omit = 0;
}

/* --- random mappings against a model ---------------------------------------------------- */

enum { CAPS = 3, PAGES = 1200, STEPS = 400 }; /* each a little over two blocks */

static unsigned char model[CAPS][PAGES]; /* rights of each page, 0: not mapped */

static unsigned seed = 777;

static unsigned rnd(unsigned below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 8) % below;
}

static void check_model(const unsigned *caps)
{
	kit_run(user);
	for (unsigned c = 0; c < CAPS; c++) {
		for (unsigned i = 0; i < PAGES; i += 1 + rnd(9)) {
			uint64_t pa = 0, base = slot_base(&root->cnode->slot[caps[c]]).a;
			unsigned rights = host_translate(user->o.home, AT + c * 4 * SK_BLOCK + i * SK_PAGE, &pa);

			assert_int_equal(rights, model[c][i]);
			if (rights)
				assert_int_equal(pa, base + i * SK_PAGE);
		}
	}
}

static bool mapped_anywhere(unsigned c, unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++) {
		if (model[c][i])
			return true;
	}
	return false;
}

static void test_random_mappings(void **state)
{
	unsigned caps[CAPS];

	(void)state;
	setup_space(core_count - 1, 40);
	for (unsigned c = 0; c < CAPS; c++)
		caps[c] = kit_memory(PAGES * SK_PAGE, RW);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned c = rnd(CAPS), from = rnd(2) ? rnd(PAGES) : rnd(2) * 512, rights = rnd(2) ? RW : SK_RIGHT_READ;
		unsigned count = 1 + rnd(PAGES - from), what = rnd(4);

		if (what < 2 && !mapped_anywhere(c, from, count)) {
			assert_int_equal(map(caps[c], AT + c * 4 * SK_BLOCK, from * SK_PAGE, count * SK_PAGE, rights), SK_OK);
			memset(&model[c][from], (int)rights, count);
		} else if (what == 2) {
			assert_int_equal(unmap(caps[c], from * SK_PAGE, count * SK_PAGE), SK_OK);
			memset(&model[c][from], 0, count);
		} else if (what == 3) {
			uint64_t done;
			unsigned status = protect_part(caps[c], from * SK_PAGE, count * SK_PAGE, rights, &done);

			/* NOT_MAPPED: came to an area in which nothing is mapped */
			assert_true(status == SK_OK || status == SK_NOT_MAPPED);
			for (unsigned i = from; i < from + done / SK_PAGE; i++)
				model[c][i] = model[c][i] ? (unsigned char)rights : 0;
		}
		check_model(caps);
		if (step % 10 == 0)
			kit_check();
	}
}

/*
 * Two capabilities to the same memory at the same place: one was unmapped there up to the middle of what
 * the other then maps as a block. It can go though there is no table to split the block with.
 */
static void test_delete_half_unmapped(void **state)
{
	unsigned one, two;

	(void)state;
	setup_space(core_count - 1, 1);
	one = kit_memory(3 * SK_BLOCK, RW);
	two = kit_copy(one, SK_RIGHTS_ALL);
	assert_ok(SYS(SK_MAP, one, space, AT, 2 * SK_BLOCK, SK_BLOCK, RW));
	assert_int_equal(SYS(SK_UNMAP, one, 0, 5 * SK_PAGE).w[0], 5 * SK_PAGE);
	assert_ok(SYS(SK_MAP, two, space, AT, 0, SK_BLOCK, RW));
	assert_true(loads(AT + 6 * SK_PAGE));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, one));
	assert_false(loads(AT + 6 * SK_PAGE));
	assert_false(loads(AT + 2 * SK_BLOCK));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, two).w[5], 1);
}

/* A part of a block is unmapped by one that reaches out of the block: it was not mapped by that one, and stays whole. */
static void test_block_of_another(void **state)
{
	unsigned whole, part = kit_slots(1);

	(void)state;
	setup_space(core_count - 1, 8);
	whole = kit_memory(2 * SK_BLOCK, RW);
	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, part, SK_ROOT_CNODE, whole, SK_RIGHTS_ALL, SK_BLOCK - 2 * SK_PAGE, 4 * SK_PAGE));
	assert_ok(SYS(SK_MAP, part, space, AT + SK_BLOCK - 2 * SK_PAGE, 2 * SK_PAGE, SK_PAGE, RW));
	assert_ok(SYS(SK_MAP, whole, space, AT, 0, SK_BLOCK, RW));
	assert_int_equal(level_of(AT), 1);
	assert_int_equal(unmap(part, 0, 2 * SK_PAGE), SK_OK);
	assert_int_equal(level_of(AT), 1);
	assert_true(loads(AT + SK_BLOCK - SK_PAGE));
	assert_true(loads(AT + SK_BLOCK));
}

/* What a capability has given more rights to, though another has mapped it, loses them when it goes. */
static void test_protected_for_another(void **state)
{
	unsigned strong, weak;

	(void)state;
	setup_space(core_count - 1, 8);
	strong = kit_memory(2 * SK_BLOCK, RW);
	weak = kit_copy(strong, SK_RIGHT_READ);
	assert_int_equal(map(strong, AT, 0, 2 * SK_BLOCK, RW), SK_OK);
	assert_int_equal(unmap(strong, 0, SK_BLOCK), SK_OK);
	assert_int_equal(map(weak, AT, 0, SK_PAGE, SK_RIGHT_READ), SK_OK);
	assert_false(stores(AT, 1));
	assert_int_equal(protect(strong, 0, SK_PAGE, RW), SK_OK);
	assert_true(stores(AT, 1));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, strong));
	assert_false(stores(AT, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_map_and_unmap_pages), TEST_TWO(test_map_and_unmap_pages),
		TEST_ONE(test_map_errors),
		TEST_ONE(test_blocks), TEST_TWO(test_blocks), TEST_TWO(test_delete_half_unmapped),
		TEST_ONE(test_block_of_another), TEST_ONE(test_protected_for_another), TEST_TWO(test_protected_for_another),
		TEST_ONE(test_unmap_of_512_pages), TEST_TWO(test_unmap_of_512_pages),
		TEST_ONE(test_tables_run_out),
		TEST_ONE(test_parts_of_a_capability), TEST_TWO(test_parts_of_a_capability),
		TEST_ONE(test_delete_and_revoke_unmap), TEST_TWO(test_delete_and_revoke_unmap),
		TEST_ONE(test_delete_in_steps), TEST_TWO(test_delete_in_steps),
		TEST_ONE(test_bound_until_all_is_unmapped), TEST_TWO(test_bound_until_all_is_unmapped),
		TEST_ONE(test_dead_space_leaves_no_translation), TEST_TWO(test_dead_space_leaves_no_translation),
		TEST_ONE(test_more_spaces_than_vmids), TEST_TWO(test_more_spaces_than_vmids),
		TEST_TWO(test_a_loaded_space_keeps_running),
		TEST_ONE(test_missing_flush_of_a_vmid_is_noticed), TEST_TWO(test_missing_flush_of_a_vmid_is_noticed),
		TEST_ONE(test_instruction_cache), TEST_TWO(test_instruction_cache),
		TEST_ONE(test_missing_flush_is_noticed), TEST_TWO(test_missing_flush_is_noticed),
		TEST_ONE(test_missing_barrier_is_noticed),
		TEST_ONE(test_missing_icache_invalidation_is_noticed),
		TEST_ONE(test_random_mappings), TEST_TWO(test_random_mappings),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
