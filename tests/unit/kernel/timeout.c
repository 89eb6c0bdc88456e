/* SPDX-License-Identifier: BSD-2-Clause */
/* Random insertions and removals in the deadline tree, against a sorted array. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "timeout.h"

enum { NODES = 200, STEPS = 20000 };

static struct timeout nodes[NODES];
static struct timeout_queue queue;
/* The model: queued nodes, soonest first, equal ones in order of insertion. */
static struct timeout *model[NODES];
static unsigned model_count;

static uint32_t seed;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static void model_insert(struct timeout *node)
{
	unsigned at = model_count++;

	for (; at > 0 && model[at - 1]->deadline > node->deadline; at--)
		model[at] = model[at - 1];
	model[at] = node;
}

static void model_remove(const struct timeout *node)
{
	unsigned at = 0;

	while (model[at] != node)
		at++;
	memmove(&model[at], &model[at + 1], (--model_count - at) * sizeof(model[0]));
}

/* Order, links, heights and balance of a subtree; adds its nodes to seen[]. */
static int check_subtree(struct timeout *node, struct timeout *parent, unsigned *seen)
{
	int left, right;

	if (!node)
		return 0;
	assert_ptr_equal(node->parent, parent);
	left = check_subtree(node->child[0], node, seen);
	assert_ptr_equal(model[*seen], node);
	(*seen)++;
	right = check_subtree(node->child[1], node, seen);
	assert_in_range(left - right + 1, 0, 2);
	assert_int_equal(node->height, 1 + (left > right ? left : right));
	return node->height;
}

static void check(void)
{
	unsigned seen = 0;

	check_subtree(queue.root, NULL, &seen);
	assert_int_equal(seen, model_count);
	assert_ptr_equal(queue.first, model_count ? model[0] : NULL);
}

static void random_steps(uint32_t first_seed, uint32_t deadlines, unsigned percent_insert)
{
	seed = first_seed;
	memset(nodes, 0, sizeof(nodes));
	memset(&queue, 0, sizeof(queue));
	model_count = 0;
	for (unsigned step = 0; step < STEPS; step++) {
		struct timeout *node = &nodes[rnd(NODES)];

		if (node->height) {
			timeout_remove(&queue, node);
			model_remove(node);
			assert_int_equal(node->height, 0);
		} else if (rnd(100) < percent_insert) {
			node->deadline = rnd(deadlines);
			timeout_insert(&queue, node);
			model_insert(node);
		} else {
			timeout_remove(&queue, node); /* not queued: nothing happens */
		}
		if (step % 16 == 0)
			check();
	}
	check();
}

static void test_random(void **state)
{
	(void)state;
	random_steps(1, 1000000, 100);
	random_steps(2, 1000000, 30);
}

static void test_equal_deadlines_keep_order(void **state)
{
	(void)state;
	random_steps(3, 4, 100);
	random_steps(4, 1, 60);
}

static void test_ascending_then_drained_from_first(void **state)
{
	(void)state;
	memset(nodes, 0, sizeof(nodes));
	memset(&queue, 0, sizeof(queue));
	model_count = 0;
	for (unsigned i = 0; i < NODES; i++) {
		nodes[i].deadline = UINT64_MAX - NODES + i;
		timeout_insert(&queue, &nodes[i]);
		model_insert(&nodes[i]);
		check();
	}
	/* 1.44 log2(200) < 12 */
	assert_in_range(queue.root->height, 8, 11);
	for (unsigned i = 0; i < NODES; i++) {
		assert_ptr_equal(queue.first, &nodes[i]);
		timeout_remove(&queue, queue.first);
		model_remove(&nodes[i]);
		check();
	}
	assert_null(queue.root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_equal_deadlines_keep_order),
		cmocka_unit_test(test_ascending_then_drained_from_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
