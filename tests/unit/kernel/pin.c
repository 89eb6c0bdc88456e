/* SPDX-License-Identifier: BSD-2-Clause */
/* Pins: what a pinned Space keeps, what is refused meanwhile and by whose badge, and that all of it goes on behind the pin. */
#include "kit.h"

#define RW    (SK_RIGHT_READ | SK_RIGHT_WRITE)
#define AT    0x20000000ul
#define BADGE 77u

static unsigned pool, space, memory, pin;

static void setup(void)
{
	pool = kit_make(SK_TYPE_UNTYPED, 32 * SK_PAGE, 0);
	space = kit_slots(1);
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_SPACE, 4, SK_ROOT_CNODE, space, 1, SK_SPACE_GUEST));
	memory = kit_memory(4 * SK_PAGE, RW);
	assert_ok(SYS(SK_MAP, memory, space, AT, 0, 4 * SK_PAGE, RW));
	pin = kit_slots(1);
	assert_ok(SYS(SK_SPACE_PIN, space, SK_ROOT_IOMMU, SK_ROOT_CNODE, pin, BADGE));
}

static void assert_pinned(struct result r)
{
	assert_status(SK_PINNED, r);
	assert_int_equal(r.w[0], BADGE);
}

static void unpin(void)
{
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, pin));
}

static void test_mappings_stay(void **state)
{
	unsigned more = kit_memory(SK_PAGE, RW);

	(void)state;
	setup();
	assert_pinned(SYS(SK_UNMAP, memory, 0, SK_PAGE));
	assert_pinned(SYS(SK_PROTECT, memory, 0, SK_PAGE, SK_RIGHT_READ));
	assert_pinned(SYS(SK_DELETE, SK_ROOT_CNODE, memory));
	assert_true(space_allows(kit_object(space), (ipa_t){ AT + 3 * SK_PAGE }, RW));
	/* what is added does not change what is there */
	assert_ok(SYS(SK_MAP, more, space, AT + 4 * SK_PAGE, 0, SK_PAGE, RW));
	assert_pinned(SYS(SK_UNMAP, more, 0, SK_PAGE));
	unpin();
	assert_ok(SYS(SK_UNMAP, more, 0, SK_PAGE));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, memory));
	assert_false(space_allows(kit_object(space), (ipa_t){ AT }, SK_RIGHT_READ));
}

/* All that names the Space goes; it stays, and so does the memory that it was made of, until the pin goes. */
static void test_the_space_stays(void **state)
{
	const struct space *object;
	struct result r;

	(void)state;
	setup();
	object = kit_object(space);
	assert_pinned(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	assert_status(SK_NO_CAP, SYS(SK_REVOKE, SK_ROOT_CNODE, space));
	r = SYS(SK_SPACE_ROOT, pin);
	assert_ok(r);
	assert_int_equal(r.w[0], object->root_pa.a);
	assert_int_equal(r.w[1], object->vmid);
	assert_pinned(SYS(SK_RETYPE, pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, space, 1, 0));
	assert_pinned(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	kit_check();
	unpin();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, pool));
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, space, 1, 0));
	assert_int_equal(SYS(SK_INSPECT, SK_ROOT_CNODE, memory).w[5], 0);
}

/* The memory's only capability is in a cnode that dies: that waits, others do not. */
static void test_a_cnode_that_dies(void **state)
{
	unsigned own = kit_make(SK_TYPE_UNTYPED, 2 * SK_PAGE, 0), cnode = kit_slots(1), other;

	(void)state;
	setup();
	assert_ok(SYS(SK_RETYPE, own, SK_TYPE_CNODE, 8, SK_ROOT_CNODE, cnode, 1, 0));
	assert_ok(SYS(SK_MOVE, cnode, 3, SK_ROOT_CNODE, memory));
	assert_pinned(SYS(SK_REVOKE, SK_ROOT_CNODE, own));
	assert_pinned(SYS(SK_RETYPE, own, SK_TYPE_CNODE, 8, SK_ROOT_CNODE, cnode, 1, 0));
	/* others come and go */
	other = kit_make(SK_TYPE_UNTYPED, SK_PAGE, 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_ok(SYS(SK_RETYPE, other, SK_TYPE_CNODE, 8, SK_ROOT_CNODE, cnode, 1, 0));
		assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, other));
	}
	unpin();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, own));
	assert_ok(SYS(SK_RETYPE, own, SK_TYPE_CNODE, 8, SK_ROOT_CNODE, cnode, 1, 0));
	assert_false(space_allows(kit_object(space), (ipa_t){ AT }, SK_RIGHT_READ));
}

/* The supervisor revokes the IOMMU driver's right. */
static void test_revoking_the_right(void **state)
{
	(void)state;
	setup();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, SK_ROOT_IOMMU));
	assert_status(SK_NO_CAP, SYS(SK_SPACE_ROOT, pin));
	assert_ok(SYS(SK_UNMAP, memory, 0, 4 * SK_PAGE));
}

static void test_arguments(void **state)
{
	unsigned to = kit_slots(1);

	(void)state;
	setup();
	assert_status(SK_BUSY, SYS(SK_SPACE_PIN, space, SK_ROOT_IOMMU, SK_ROOT_CNODE, to, 1));
	unpin();
	assert_status(SK_BAD_ARG, SYS(SK_SPACE_PIN, space, SK_ROOT_IOMMU, SK_ROOT_CNODE, to, 0));
	assert_status(SK_BAD_ARG, SYS(SK_SPACE_PIN, space, SK_ROOT_IOMMU, SK_ROOT_CNODE, to, SK_WAITER));
	assert_status(SK_BAD_ARG, SYS(SK_SPACE_PIN, space, SK_ROOT_IOMMU, SK_ROOT_CNODE, 0, 1));
	assert_status(SK_OCCUPIED, SYS(SK_SPACE_PIN, space, SK_ROOT_IOMMU, SK_ROOT_CNODE, space, 1));
	assert_status(SK_WRONG_TYPE, SYS(SK_SPACE_PIN, space, SK_ROOT_POWER, SK_ROOT_CNODE, to, 1));
	assert_status(SK_WRONG_TYPE, SYS(SK_SPACE_PIN, pool, SK_ROOT_IOMMU, SK_ROOT_CNODE, to, 1));
	assert_status(SK_WRONG_TYPE, SYS(SK_SPACE_PIN, space, SK_ROOT_IOMMU, space, to, 1));
	assert_status(SK_NO_RIGHT, SYS(SK_SPACE_PIN, kit_copy(space, SK_RIGHT_READ), SK_ROOT_IOMMU, SK_ROOT_CNODE, to, 1));
	assert_status(SK_WRONG_TYPE, SYS(SK_SPACE_ROOT, space));
	assert_status(SK_NO_CAP, SYS(SK_SPACE_ROOT, to));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_mappings_stay), TEST_TWO(test_mappings_stay),
		TEST_ONE(test_the_space_stays), TEST_TWO(test_the_space_stays),
		TEST_ONE(test_a_cnode_that_dies), TEST_TWO(test_a_cnode_that_dies),
		TEST_ONE(test_revoking_the_right),
		TEST_ONE(test_arguments),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
