/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities: the calls on cnodes, and the derivation tree against a model of it. */
#include "kit.h"

static void test_null(void **state)
{
	struct result r = SYS(SK_NULL, 0);

	(void)state;
	assert_ok(r);
	assert_int_equal(r.w[0], SK_ABI_MAJOR << 16 | SK_ABI_MINOR);
	assert_int_equal(r.w[1], 0);
	assert_status(SK_NO_CALL, SYS(SK_CALLS, 0));
	assert_status(SK_NO_CALL, SYS(~0u, 0));
}

static void test_debug_and_power(void **state)
{
	(void)state;
	/* what debug kernels have: kernel/debug is not linked here */
	assert_status(SK_NO_CALL, SYS(SK_DEBUG_PUT, 0, 'k'));
	assert_status(SK_NO_CALL, SYS(SK_DEBUG_TRACE, 0));
	assert_status(SK_NO_CALL, SYS(SK_DEBUG_CHECK, 0));
	assert_status(SK_NO_CAP, SYS(SK_POWER, 0, SK_POWER_OFF));
	assert_status(SK_WRONG_TYPE, SYS(SK_POWER, SK_ROOT_CNODE, SK_POWER_OFF));
	assert_status(SK_NO_RIGHT, SYS(SK_POWER, kit_copy(SK_ROOT_POWER, SK_RIGHT_READ), SK_POWER_OFF));
	assert_status(SK_BAD_ARG, SYS(SK_POWER, SK_ROOT_POWER, 2));
	assert_int_equal(host.power, 0);
	SYS(SK_POWER, SK_ROOT_POWER, SK_POWER_RESET); /* returns: this machine cannot */
	assert_int_equal(host.power, 1 + SK_POWER_RESET);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, FIRST_FREE)); /* the copy is not the pool's */
}

static void test_copy(void **state)
{
	unsigned n = kit_make(SK_TYPE_NOTIFICATION, 0, 0), to = kit_slots(1);
	unsigned weak = kit_copy(SK_ROOT_CNODE, SK_RIGHT_READ), blind = kit_copy(SK_ROOT_CNODE, SK_RIGHT_WRITE);
	unsigned endpoint = kit_make(SK_TYPE_ENDPOINT, 0, 0), untyped = kit_make(SK_TYPE_UNTYPED, SK_PAGE, 0);
	struct result r;

	(void)state;
	assert_ok(SYS(SK_COPY, SK_ROOT_CNODE, to, SK_ROOT_CNODE, n, SK_RIGHT_SIGNAL | ~127ul));
	r = SYS(SK_INSPECT, SK_ROOT_CNODE, to);
	assert_int_equal(r.w[0], SK_TYPE_NOTIFICATION);
	assert_int_equal(r.w[1], SK_RIGHT_SIGNAL);
	assert_int_equal(((struct object *)kit_object(n))->refs, 2);
	/* each argument wrong */
	assert_status(SK_OCCUPIED, SYS(SK_COPY, SK_ROOT_CNODE, to, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_NO_CAP, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, SK_ROOT_CNODE, to + 101, SK_RIGHTS_ALL));
	assert_status(SK_NO_CAP, SYS(SK_COPY, 0, to + 100, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_NO_CAP, SYS(SK_COPY, SK_ROOT_CNODE_SLOTS, to + 100, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_NO_CAP, SYS(SK_COPY, ~0ul, to + 100, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_NO_CAP, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, to + 100, n, SK_RIGHTS_ALL));
	assert_status(SK_WRONG_TYPE, SYS(SK_COPY, n, to + 100, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_WRONG_TYPE, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, n, n, SK_RIGHTS_ALL));
	assert_status(SK_NO_RIGHT, SYS(SK_COPY, weak, to + 100, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_NO_RIGHT, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, blind, n, SK_RIGHTS_ALL));
	assert_status(SK_BAD_ARG, SYS(SK_COPY, SK_ROOT_CNODE, 0, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_BAD_ARG, SYS(SK_COPY, SK_ROOT_CNODE, SK_ROOT_CNODE_SLOTS, SK_ROOT_CNODE, n, SK_RIGHTS_ALL));
	assert_status(SK_BAD_ARG, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, SK_ROOT_CNODE, 0, SK_RIGHTS_ALL));
	assert_status(SK_BAD_ARG, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, SK_ROOT_CNODE, 1ul << 40, SK_RIGHTS_ALL));
	assert_status(SK_WRONG_TYPE, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, SK_ROOT_CNODE, untyped, SK_RIGHTS_ALL));
	assert_status(SK_WRONG_TYPE, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, SK_ROOT_CNODE, ROOT_IRQ, SK_RIGHTS_ALL));
	assert_status(SK_WRONG_TYPE, SYS(SK_COPY, SK_ROOT_CNODE, to + 100, SK_ROOT_CNODE, SK_ROOT_IOMMU, SK_RIGHTS_ALL));
	assert_true(slot_empty(&root->cnode->slot[to + 100]));
	assert_ok(SYS(SK_COPY, blind, to + 100, weak, endpoint, SK_RIGHTS_ALL));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, weak));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, blind));
}

static void test_mint(void **state)
{
	unsigned e = kit_make(SK_TYPE_ENDPOINT, 0, 0), t = kit_make(SK_TYPE_THREAD, 0, 0), to = kit_slots(8);
	unsigned memory = kit_memory(4 * SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE);
	struct result r;

	(void)state;
	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, to, SK_ROOT_CNODE, e, SK_RIGHT_CALL, 77));
	r = SYS(SK_INSPECT, SK_ROOT_CNODE, to);
	assert_int_equal(r.w[1], SK_RIGHT_CALL);
	assert_int_equal(r.w[2], 77);
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 1, SK_ROOT_CNODE, to, SK_RIGHT_CALL, 78));
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 1, SK_ROOT_CNODE, e, SK_RIGHT_CALL, SK_WAITER));
	assert_status(SK_WRONG_TYPE, SYS(SK_MINT, SK_ROOT_CNODE, to + 1, SK_ROOT_CNODE, t, SK_RIGHTS_ALL, 1));
	assert_status(SK_OCCUPIED, SYS(SK_MINT, SK_ROOT_CNODE, to, SK_ROOT_CNODE, e, SK_RIGHT_CALL, 1));
	/* part of a memory capability */
	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, to + 2, SK_ROOT_CNODE, memory, SK_RIGHT_READ, SK_PAGE, 2 * SK_PAGE));
	r = SYS(SK_INSPECT, SK_ROOT_CNODE, to + 2);
	assert_int_equal(r.w[1], SK_RIGHT_READ);
	assert_int_equal(r.w[2], 0); /* no physical address */
	assert_int_equal(r.w[4], 2 * SK_PAGE);
	assert_int_equal(slot_base(&root->cnode->slot[to + 2]).a, slot_base(&root->cnode->slot[memory]).a + SK_PAGE);
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 3, SK_ROOT_CNODE, memory, 1, 0, 0));
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 3, SK_ROOT_CNODE, memory, 1, 0, 5 * SK_PAGE));
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 3, SK_ROOT_CNODE, memory, 1, 4 * SK_PAGE, SK_PAGE));
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 3, SK_ROOT_CNODE, memory, 1, SK_PAGE, ~0ul << 12));
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 3, SK_ROOT_CNODE, memory, 1, ~0ul << 12, SK_PAGE));
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 3, SK_ROOT_CNODE, memory, 1, 1, SK_PAGE));
	assert_status(SK_BAD_ARG, SYS(SK_MINT, SK_ROOT_CNODE, to + 3, SK_ROOT_CNODE, memory, 1, SK_PAGE, 1));
}

static void test_move(void **state)
{
	unsigned n = kit_make(SK_TYPE_NOTIFICATION, 0, 0), to = kit_slots(2);
	unsigned child = kit_copy(n, SK_RIGHT_WAIT), weak = kit_copy(SK_ROOT_CNODE, SK_RIGHT_READ);
	struct notification *object = kit_object(n);

	(void)state;
	assert_ok(SYS(SK_MOVE, SK_ROOT_CNODE, to, SK_ROOT_CNODE, n));
	assert_true(slot_empty(&root->cnode->slot[n]));
	assert_ptr_equal(kit_object(to), object);
	assert_int_equal(object->o.refs, 2);
	assert_ptr_equal(slot_first_child(&root->cnode->slot[to]), &root->cnode->slot[child]);
	kit_check();
	assert_status(SK_NO_CAP, SYS(SK_MOVE, SK_ROOT_CNODE, to + 1, SK_ROOT_CNODE, n));
	assert_status(SK_OCCUPIED, SYS(SK_MOVE, SK_ROOT_CNODE, child, SK_ROOT_CNODE, to));
	assert_status(SK_OCCUPIED, SYS(SK_MOVE, SK_ROOT_CNODE, to, SK_ROOT_CNODE, to));
	assert_status(SK_NO_RIGHT, SYS(SK_MOVE, SK_ROOT_CNODE, to + 1, weak, to));
	/* an untyped moves, with all below it */
	assert_ok(SYS(SK_MOVE, SK_ROOT_CNODE, n, SK_ROOT_CNODE, POOL));
	kit_check();
	assert_ok(SYS(SK_MOVE, SK_ROOT_CNODE, POOL, SK_ROOT_CNODE, n));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, weak));
}

/* One without a parent: its children have none then. */
static void test_delete_of_a_root(void **state)
{
	unsigned child[3];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(child); i++)
		child[i] = kit_copy(SK_ROOT_IRQ_CONTROL, SK_RIGHTS_ALL);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, SK_ROOT_IRQ_CONTROL));
	kit_check();
	for (unsigned i = 0; i < ARRAY_SIZE(child); i++) {
		assert_int_equal(root->cnode->slot[child[i]].prev, 0);
		assert_int_equal(root->cnode->slot[child[i]].next, 0);
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, child[i]));
	}
}

static void test_delete_gives_children_to_parent(void **state)
{
	unsigned n = kit_make(SK_TYPE_NOTIFICATION, 0, 0), a = kit_copy(n, SK_RIGHTS_ALL);
	unsigned b = kit_copy(a, SK_RIGHTS_ALL), c = kit_copy(a, SK_RIGHTS_ALL);
	struct notification *object = kit_object(n);

	(void)state;
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, a));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, a)); /* an empty one: fine */
	kit_check();
	assert_int_equal(object->o.refs, 3);
	assert_ptr_equal(slot_first_child(&root->cnode->slot[n]), &root->cnode->slot[b]);
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, n));
	assert_true(slot_empty(&root->cnode->slot[b]));
	assert_true(slot_empty(&root->cnode->slot[c]));
	assert_int_equal(object->o.refs, 1);
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, n));
	assert_status(SK_NO_CAP, SYS(SK_REVOKE, SK_ROOT_CNODE, b));
	assert_status(SK_BAD_ARG, SYS(SK_REVOKE, SK_ROOT_CNODE, 0));
	assert_status(SK_BAD_ARG, SYS(SK_DELETE, SK_ROOT_CNODE, SK_ROOT_CNODE_SLOTS));
	assert_status(SK_WRONG_TYPE, SYS(SK_DELETE, n, 1));
	assert_status(SK_WRONG_TYPE, SYS(SK_REVOKE, n, 1));
}

static void test_rights_to_delete(void **state)
{
	unsigned weak = kit_copy(SK_ROOT_CNODE, SK_RIGHT_READ), n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	unsigned blind = kit_copy(SK_ROOT_CNODE, SK_RIGHT_WRITE);

	(void)state;
	assert_status(SK_NO_RIGHT, SYS(SK_DELETE, weak, n));
	assert_status(SK_NO_RIGHT, SYS(SK_REVOKE, weak, n));
	assert_status(SK_NO_RIGHT, SYS(SK_INSPECT, blind, n));
	assert_ok(SYS(SK_INSPECT, weak, n));
	assert_ok(SYS(SK_DELETE, blind, weak));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, blind));
}

static void test_inspect(void **state)
{
	unsigned cnode = kit_make(SK_TYPE_CNODE, 16, 0), id, thread_slot;
	struct thread *thread = kit_thread(0, 5, &thread_slot);
	struct result r = SYS(SK_INSPECT, SK_ROOT_CNODE, cnode);

	(void)state;
	assert_int_equal(r.w[0], SK_TYPE_CNODE);
	assert_int_equal(r.w[1], SK_RIGHTS_ALL);
	assert_int_equal(r.w[4], 16);
	id = (unsigned)r.w[3];
	r = SYS(SK_INSPECT, cnode, 3);
	for (unsigned i = 0; i < SK_WORDS; i++)
		assert_int_equal(r.w[i], 0);
	r = SYS(SK_INSPECT, SK_ROOT_CNODE, thread_slot);
	assert_true(r.w[3] > id);
	assert_int_equal(r.w[5], SK_THREAD_READY);
	assert_int_equal(r.w[5], thread->state);
	r = SYS(SK_INSPECT, SK_ROOT_CNODE, POOL);
	assert_int_equal(r.w[0], SK_TYPE_UNTYPED);
	assert_int_equal(r.w[2], 0);
	assert_int_equal(r.w[4], POOL_BYTES);
	assert_true(r.w[5] >= sizeof(struct cnode) + 16 * sizeof(struct slot));
	r = SYS(SK_INSPECT, SK_ROOT_CNODE, DEVICE);
	assert_int_equal(r.w[6], MEM_USER | MEM_DEVICE);
	assert_status(SK_BAD_ARG, SYS(SK_INSPECT, cnode, 16));
	assert_status(SK_BAD_ARG, SYS(SK_INSPECT, cnode, 0));
}

/* --- random sequences against a model ------------------------------------------ */

enum { SLOTS = 48, STEPS = 3000 };

/* Slot -> its parent slot in the model; objects are numbered. 0: empty / the untyped. */
static struct { unsigned object, parent; } model[SLOTS];
static unsigned first, seed = 12345;

static unsigned rnd(unsigned below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 8) % below;
}

static bool model_descends(unsigned slot, unsigned ancestor)
{
	while (model[slot].object && model[slot].parent) {
		slot = model[slot].parent;
		if (slot == ancestor)
			return true;
	}
	return false;
}

static void model_delete(unsigned slot)
{
	for (unsigned i = 1; i < SLOTS; i++) {
		if (model[i].object && model[i].parent == slot)
			model[i].parent = model[slot].parent;
	}
	model[slot].object = 0;
}

static void model_check(void)
{
	for (unsigned i = 1; i < SLOTS; i++) {
		struct slot *slot = &root->cnode->slot[first + i], *at = slot;

		assert_int_equal(model[i].object != 0, !slot_empty(slot));
		if (!model[i].object)
			continue;
		/* the parent: follow the siblings up */
		while (!(at->next & LINK_UP))
			at = ref_to(at->next);
		at = ref_to(at->next & ~LINK_UP);
		assert_ptr_equal(at, model[i].parent ? &root->cnode->slot[first + model[i].parent] :
						       &root->cnode->slot[POOL]);
		for (unsigned j = 1; j < i; j++) {
			if (model[j].object)
				assert_int_equal(model[i].object == model[j].object,
						 kit_object(first + i) == kit_object(first + j));
		}
	}
	kit_check();
}

static void step(unsigned *next_object)
{
	unsigned a = 1 + rnd(SLOTS - 1), b = 1 + rnd(SLOTS - 1);

	switch (rnd(8)) {
	case 0:
		if (model[a].object)
			break;
		assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, first + a, 1));
		model[a].object = ++*next_object;
		model[a].parent = 0;
		break;
	case 1:
	case 2:
	case 3:
		if (!model[a].object || model[b].object)
			break;
		assert_ok(SYS(SK_COPY, SK_ROOT_CNODE, first + b, SK_ROOT_CNODE, first + a, SK_RIGHTS_ALL));
		model[b].object = model[a].object;
		model[b].parent = a;
		break;
	case 4:
		if (!model[a].object || model[b].object)
			break;
		assert_ok(SYS(SK_MOVE, SK_ROOT_CNODE, first + b, SK_ROOT_CNODE, first + a));
		for (unsigned i = 1; i < SLOTS; i++) {
			if (model[i].parent == a)
				model[i].parent = b;
		}
		model[b] = model[a];
		model[a].object = 0;
		break;
	case 5:
	case 6:
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, first + a));
		model_delete(a);
		break;
	default:
		if (!model[a].object || rnd(4))
			break;
		assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, first + a));
		for (unsigned i = 1; i < SLOTS; i++) {
			if (model_descends(i, a))
				model[i].object |= 1u << 31;
		}
		for (unsigned i = 1; i < SLOTS; i++) {
			if (model[i].object >> 31)
				model[i].object = 0;
		}
		break;
	}
}

static void test_random_derivation(void **state)
{
	unsigned objects = 0;

	(void)state;
	first = kit_slots(SLOTS);
	for (unsigned i = 0; i < STEPS; i++) {
		step(&objects);
		if (i % 25 == 0)
			model_check();
	}
	model_check();
	assert_true(objects > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_null),
		TEST_ONE(test_debug_and_power),
		TEST_ONE(test_copy), TEST_ONE(test_delete_of_a_root),
		TEST_ONE(test_mint),
		TEST_ONE(test_move),
		TEST_ONE(test_delete_gives_children_to_parent),
		TEST_ONE(test_rights_to_delete),
		TEST_ONE(test_inspect),
		TEST_ONE(test_random_derivation),
		TEST_TWO(test_random_derivation),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
