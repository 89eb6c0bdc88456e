/* SPDX-License-Identifier: BSD-2-Clause */
/* SK_RETYPE: every type and argument, exhaustion, starting again, and destruction of object graphs. */
#include "kit.h"

static struct result retype(unsigned from, enum sk_type type, uint64_t size, unsigned to, uint64_t count,
			    uint64_t attribute)
{
	return SYS(SK_RETYPE, from, type, size, SK_ROOT_CNODE, to, count, attribute);
}

static void test_arguments(void **state)
{
	unsigned to = kit_slots(70), pool = kit_make(SK_TYPE_UNTYPED, 0x40000, 0), taken = kit_make(SK_TYPE_CNODE, 2, 0);
	unsigned weak = kit_slots(1);

	(void)state;
	assert_status(SK_NO_CAP, retype(to, SK_TYPE_CNODE, 2, to, 1, 0));
	assert_status(SK_WRONG_TYPE, retype(taken, SK_TYPE_CNODE, 2, to, 1, 0));
	assert_status(SK_NO_CAP, SYS(SK_RETYPE, pool, SK_TYPE_CNODE, 2, to, to, 1, 0));
	assert_status(SK_WRONG_TYPE, SYS(SK_RETYPE, pool, SK_TYPE_CNODE, 2, pool, to, 1, 0));
	assert_ok(SYS(SK_COPY, SK_ROOT_CNODE, weak, SK_ROOT_CNODE, SK_ROOT_CNODE, SK_RIGHT_READ));
	assert_status(SK_NO_RIGHT, SYS(SK_RETYPE, pool, SK_TYPE_CNODE, 2, weak, to, 1, 0));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, weak));
	/* types that are not made */
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_NONE, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_PIN, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_POWER, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_IRQ_CONTROL, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_IOMMU, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPES, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, SYS(SK_RETYPE, pool, 1ul << 32 | SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, to, 1, 0));
	/* kinds of memory */
	assert_status(SK_WRONG_TYPE, retype(pool, SK_TYPE_MEMORY, SK_PAGE, to, 1, SK_RIGHT_READ));
	assert_status(SK_WRONG_TYPE, retype(RAM, SK_TYPE_CNODE, 2, to, 1, 0));
	assert_status(SK_WRONG_TYPE, retype(RAM, SK_TYPE_NOTIFICATION, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(DEVICE, SK_TYPE_MEMORY, SK_PAGE, to, 1, SK_RIGHT_READ)); /* normal memory */
	assert_status(SK_BAD_ARG, retype(RAM, SK_TYPE_MEMORY, SK_PAGE, to, 1, 3ul << 8 | SK_RIGHT_READ));
	assert_ok(retype(DEVICE, SK_TYPE_MEMORY, SK_PAGE, to, 1, SK_CACHE_DEVICE << 8 | SK_RIGHT_READ));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, to));
	/* sizes */
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_UNTYPED, 0, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_UNTYPED, SK_PAGE + 64, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(RAM, SK_TYPE_MEMORY, 0, to, 1, SK_RIGHT_READ));
	assert_status(SK_BAD_ARG, retype(RAM, SK_TYPE_MEMORY, 100, to, 1, SK_RIGHT_READ));
	assert_status(SK_BAD_ARG, retype(RAM, SK_TYPE_MEMORY, ~0ul << 12, to, 1, SK_RIGHT_READ));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_CNODE, 1, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_CNODE, 65537, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_SPACE, 65, to, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_SPACE, 1, to, 1, 2));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_THREAD, 0, to, 1, core_count));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_ENDPOINT, 0, to, 1, core_count));
	/* slots */
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_NOTIFICATION, 0, 0, 1, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_NOTIFICATION, 0, to, 0, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_NOTIFICATION, 0, to, 65, 0));
	assert_status(SK_BAD_ARG, retype(pool, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE_SLOTS - 1, 2, 0));
	assert_status(SK_BAD_ARG, SYS(SK_RETYPE, pool, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, ~0ul, 2, 0));
	assert_ok(retype(pool, SK_TYPE_NOTIFICATION, 0, to + 63, 1, 0));
	assert_status(SK_OCCUPIED, retype(pool, SK_TYPE_NOTIFICATION, 0, to, 64, 0));
	assert_true(slot_empty(&root->cnode->slot[to]));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, to + 63));
	assert_ok(retype(pool, SK_TYPE_NOTIFICATION, 0, to, 64, 0));
	kit_check();
}

static void test_irq_arguments(void **state)
{
	unsigned to = kit_slots(4);

	(void)state;
	assert_status(SK_BAD_ARG, retype(POOL, SK_TYPE_IRQ, 31, to, 1, SK_ROOT_IRQ_CONTROL));
	assert_status(SK_BAD_ARG, retype(POOL, SK_TYPE_IRQ, ARCH_LINES, to, 1, SK_ROOT_IRQ_CONTROL));
	assert_status(SK_BAD_ARG, retype(POOL, SK_TYPE_IRQ, 40, to, 2, SK_ROOT_IRQ_CONTROL));
	assert_status(SK_BAD_ARG, retype(POOL, SK_TYPE_IRQ, 40, to, 1, 2ul << 32 | SK_ROOT_IRQ_CONTROL));
	assert_status(SK_NO_CAP, retype(POOL, SK_TYPE_IRQ, 40, to, 1, 0));
	assert_status(SK_WRONG_TYPE, retype(POOL, SK_TYPE_IRQ, 40, to, 1, SK_ROOT_CNODE));
	assert_ok(retype(POOL, SK_TYPE_IRQ, 40, to, 1, SK_ROOT_IRQ_CONTROL));
	assert_status(SK_BUSY, retype(POOL, SK_TYPE_IRQ, 40, to + 1, 1, SK_ROOT_IRQ_CONTROL));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, to));
	assert_ok(retype(POOL, SK_TYPE_IRQ, 40, to + 1, 1, SK_ROOT_IRQ_CONTROL));
}

static void test_exhaustion_and_start_again(void **state)
{
	unsigned pool = kit_make(SK_TYPE_UNTYPED, 2 * SK_PAGE, 0), to = kit_slots(130);
	uint64_t *page = pa_to_va(slot_base(&root->cnode->slot[pool]));
	struct result r;

	(void)state;
	assert_ok(retype(pool, SK_TYPE_NOTIFICATION, 0, to, 64, 0));
	assert_ok(retype(pool, SK_TYPE_NOTIFICATION, 0, to + 64, 63, 0));
	r = retype(pool, SK_TYPE_NOTIFICATION, 0, to + 127, 2, 0);
	assert_status(SK_NO_MEMORY, r);
	assert_int_equal(r.w[0], 2 * sizeof(struct notification));
	assert_true(slot_empty(&root->cnode->slot[to + 127]));
	assert_ok(retype(pool, SK_TYPE_NOTIFICATION, 0, to + 127, 1, 0));
	assert_status(SK_NO_MEMORY, retype(pool, SK_TYPE_NOTIFICATION, 0, to + 128, 1, 0));
	/* one capability left: still full */
	for (unsigned i = 0; i < 127; i++)
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, to + i));
	assert_status(SK_NO_MEMORY, retype(pool, SK_TYPE_NOTIFICATION, 0, to, 1, 0));
	/* a copy elsewhere counts too */
	assert_ok(SYS(SK_COPY, SK_ROOT_CNODE, to, SK_ROOT_CNODE, to + 127, SK_RIGHTS_ALL));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, to + 127));
	assert_status(SK_NO_MEMORY, retype(pool, SK_TYPE_NOTIFICATION, 0, to + 1, 1, 0));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, to));
	/* nothing left: from the base, of zeroes */
	r = retype(pool, SK_TYPE_UNTYPED, 2 * SK_PAGE, to, 1, 0);
	assert_ok(r);
	for (unsigned i = 0; i < 2 * SK_PAGE / sizeof(*page); i++)
		assert_int_equal(page[i], 0);
}

static void test_user_memory_is_not_touched(void **state)
{
	unsigned pool = kit_slots(2);

	(void)state;
	host.ram[0] = 0x1234;
	assert_ok(retype(RAM, SK_TYPE_UNTYPED, SK_PAGE, pool, 1, 0));
	assert_ok(retype(pool, SK_TYPE_MEMORY, SK_PAGE, pool + 1, 1, SK_RIGHT_READ));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	assert_ok(retype(pool, SK_TYPE_MEMORY, SK_PAGE, pool + 1, 1, SK_RIGHT_READ));
	assert_int_equal(host.ram[0], 0x1234);
}

static void test_grace_before_memory_is_used_anew(void **state)
{
	unsigned pool = kit_make(SK_TYPE_UNTYPED, SK_PAGE, 0), to = kit_slots(2), before;

	(void)state;
	assert_ok(retype(pool, SK_TYPE_NOTIFICATION, 0, to, 1, 0));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, to));
	before = host.ipis;
	assert_ok(retype(pool, SK_TYPE_NOTIFICATION, 0, to, 1, 0));
	assert_int_equal(host.ipis, before + 2); /* two rounds of the other core */
	/* nothing died since: no grace period */
	assert_ok(retype(POOL, SK_TYPE_NOTIFICATION, 0, to + 1, 1, 0));
	assert_int_equal(host.ipis, before + 2);
}

/* --- destruction -------------------------------------------------------------------- */

static void test_cnode_in_itself(void **state)
{
	unsigned pool = kit_make(SK_TYPE_UNTYPED, 16 * SK_PAGE, 0), c = kit_slots(2);

	(void)state;
	assert_ok(retype(pool, SK_TYPE_CNODE, 32, c, 1, 0));
	for (unsigned i = 1; i < 32; i++)
		assert_ok(SYS(SK_COPY, c, i, SK_ROOT_CNODE, c, SK_RIGHTS_ALL));
	kit_check();
	/* only its own slots name it now; revoking the untyped finds it all the same */
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, c));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	assert_null(slot_first_child(&root->cnode->slot[pool]));
	assert_ok(retype(pool, SK_TYPE_UNTYPED, 16 * SK_PAGE, c, 1, 0));
}

static void test_thread_whose_cnode_holds_itself(void **state)
{
	unsigned pool = kit_make(SK_TYPE_UNTYPED, 32 * SK_PAGE, 0), s = kit_slots(4);
	struct thread *thread;

	(void)state;
	assert_ok(retype(pool, SK_TYPE_CNODE, 16, s, 1, 0));
	assert_ok(retype(pool, SK_TYPE_THREAD, 0, s + 1, 1, core_count - 1));
	assert_ok(retype(pool, SK_TYPE_SPACE, 2, s + 2, 1, SK_SPACE_COMPONENT));
	thread = kit_object(s + 1);
	assert_ok(SYS(SK_THREAD_CONFIGURE, s + 1, s, s + 2, 0, 0, 7 | SK_SET_PRIORITY));
	assert_ok(SYS(SK_MOVE, s, 1, SK_ROOT_CNODE, s + 1));
	assert_ok(SYS(SK_MOVE, s, 2, SK_ROOT_CNODE, s + 2));
	assert_ok(SYS(SK_COPY, SK_ROOT_CNODE, s + 3, s, 1, SK_RIGHTS_ALL));
	assert_ok(SYS(SK_THREAD_START, s + 3));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, s + 3));
	assert_ok(SYS(SK_MOVE, s, 3, SK_ROOT_CNODE, s));
	kit_check();
	/* nobody but itself knows it; it runs */
	assert_int_equal(thread->state, SK_THREAD_READY);
	assert_ok(CALL(thread, SK_NULL, 0));
	kit_run(root);
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	assert_null(slot_first_child(&root->cnode->slot[pool]));
	for (unsigned i = 0; i < core_count; i++)
		assert_ptr_not_equal(cores[i].current, thread);
	assert_ok(retype(pool, SK_TYPE_UNTYPED, 32 * SK_PAGE, s, 1, 0));
}

static void test_chain_of_cnodes(void **state)
{
	unsigned pool = kit_make(SK_TYPE_UNTYPED, 64 * SK_PAGE, 0), c = kit_slots(21);

	(void)state;
	/* each holds the only capability to the next: one death causes the other */
	for (unsigned i = 0; i < 20; i++)
		assert_ok(retype(pool, SK_TYPE_CNODE, 40, c + i, 1, 0));
	for (unsigned i = 19; i > 0; i--)
		assert_ok(SYS(SK_MOVE, c + i - 1, 1, SK_ROOT_CNODE, c + i));
	kit_check();
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, c));
	assert_null(slot_first_child(&root->cnode->slot[pool]));
	assert_ok(retype(pool, SK_TYPE_UNTYPED, 64 * SK_PAGE, c, 1, 0));
}

static void test_thread_destroys_itself(void **state)
{
	unsigned s, pool = kit_make(SK_TYPE_UNTYPED, 8 * SK_PAGE, 0), cnode = kit_slots(1);
	struct thread *thread = kit_thread_stopped(core_count - 1, 9, &s);
	struct result r;

	(void)state;
	assert_ok(retype(pool, SK_TYPE_CNODE, 16, cnode, 1, 0));
	assert_ok(SYS(SK_COPY, cnode, 1, SK_ROOT_CNODE, cnode, SK_RIGHTS_ALL));
	assert_ok(SYS(SK_THREAD_CONFIGURE, s, cnode));
	assert_ok(SYS(SK_THREAD_START, s));
	/* it revokes the cnode that it finds its capabilities in */
	kit_run(thread);
	assert_ok(CALL(thread, SK_COPY, 1, 2, 1, 1, SK_RIGHTS_ALL));
	r = CALL(thread, SK_REVOKE, 1, 1);
	assert_true(r.status == SK_OK || r.status == KIT_BLOCKED);
	kit_run(root);
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	assert_int_equal(thread->state, SK_THREAD_STOPPED);
	assert_status(SK_STATE, SYS(SK_THREAD_START, s));
	kit_check();
}

static void test_delete_of_own_thread(void **state)
{
	unsigned untyped = kit_make(SK_TYPE_UNTYPED, 4 * SK_PAGE, 0), slot = kit_slots(1);
	struct thread *thread;

	(void)state;
	assert_ok(retype(untyped, SK_TYPE_THREAD, 0, slot, 1, core_count - 1));
	assert_ok(SYS(SK_THREAD_CONFIGURE, slot, SK_ROOT_CNODE, SK_ROOT_SPACE, 0, 0, 8 | SK_SET_PRIORITY));
	assert_ok(SYS(SK_THREAD_START, slot));
	thread = kit_object(slot);
	assert_status(KIT_BLOCKED, CALL(thread, SK_DELETE, SK_ROOT_CNODE, slot));
	kit_run(root);
	assert_ok(retype(untyped, SK_TYPE_UNTYPED, 4 * SK_PAGE, slot, 1, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_arguments),
		TEST_ONE(test_irq_arguments),
		TEST_ONE(test_exhaustion_and_start_again),
		TEST_ONE(test_user_memory_is_not_touched),
		TEST_TWO(test_grace_before_memory_is_used_anew),
		TEST_ONE(test_cnode_in_itself),
		TEST_TWO(test_cnode_in_itself),
		TEST_ONE(test_thread_whose_cnode_holds_itself),
		TEST_TWO(test_thread_whose_cnode_holds_itself),
		TEST_ONE(test_chain_of_cnodes),
		TEST_ONE(test_thread_destroys_itself),
		TEST_TWO(test_thread_destroys_itself),
		TEST_ONE(test_delete_of_own_thread),
		TEST_TWO(test_delete_of_own_thread),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
