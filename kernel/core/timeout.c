/* SPDX-License-Identifier: BSD-2-Clause */
#include "timeout.h"

static int height(const struct timeout *node)
{
	return node ? node->height : 0;
}

static void measure(struct timeout *node)
{
	int sooner = height(node->child[0]), later = height(node->child[1]);

	node->height = (int8_t)(1 + (sooner > later ? sooner : later));
}

/* Puts `by` (or nothing) where `node` hangs. */
static void replace(struct timeout_queue *queue, struct timeout *node, struct timeout *by)
{
	struct timeout *parent = node->parent;

	*(parent ? &parent->child[parent->child[1] == node] : &queue->root) = by;
	if (by)
		by->parent = parent;
}

/*
 * Side 1, and its mirror image:
 *
 *       node           up
 *      /    \          / \
 *     up     c  --->  a   node
 *    / \                 /    \
 *   a   b               b      c
 */
static struct timeout *rotate(struct timeout_queue *queue, struct timeout *node, unsigned side)
{
	struct timeout *up = node->child[!side], *b = up->child[side];

	replace(queue, node, up);
	node->child[!side] = b;
	if (b)
		b->parent = node;
	up->child[side] = node;
	node->parent = up;
	measure(node);
	measure(up);
	return up;
}

/* Restores heights and balance from a changed place up to the root: at most one double rotation a level. */
static void rebalance(struct timeout_queue *queue, struct timeout *node)
{
	for (; node; node = node->parent) {
		int lean = height(node->child[1]) - height(node->child[0]);
		unsigned high = lean > 0;
		struct timeout *child = node->child[high];

		measure(node);
		if (lean >= -1 && lean <= 1)
			continue;
		if (height(child->child[!high]) > height(child->child[high]))
			rotate(queue, child, high);
		node = rotate(queue, node, !high);
	}
}

static struct timeout *soonest(struct timeout *node)
{
	while (node->child[0])
		node = node->child[0];
	return node;
}

void timeout_insert(struct timeout_queue *queue, struct timeout *node)
{
	struct timeout *parent = NULL, **link = &queue->root;

	while (*link) {
		parent = *link;
		/* equal is later: behind those that came before */
		link = &parent->child[node->deadline >= parent->deadline];
	}
	*link = node;
	node->parent = parent;
	node->child[0] = node->child[1] = NULL;
	if (!queue->first || node->deadline < queue->first->deadline)
		queue->first = node;
	rebalance(queue, node);
}

struct timeout *timeout_next(const struct timeout *node)
{
	if (node->child[1])
		return soonest(node->child[1]);
	while (node->parent && node->parent->child[1] == node)
		node = node->parent;
	return node->parent;
}

void timeout_remove(struct timeout_queue *queue, struct timeout *node)
{
	struct timeout *from;

	if (node->height == 0)
		return;
	if (queue->root == node && !node->child[0] && !node->child[1]) {
		queue->root = queue->first = NULL;
		node->height = 0;
		return;
	}
	if (queue->first == node)
		queue->first = timeout_next(node);
	if (node->child[0] && node->child[1]) {
		struct timeout *next = soonest(node->child[1]);

		/* the next in order takes its place; what changes height lies from where that one was */
		from = next->parent == node ? next : next->parent;
		if (next->parent != node) {
			replace(queue, next, next->child[1]);
			next->child[1] = node->child[1];
			next->child[1]->parent = next;
		}
		next->child[0] = node->child[0];
		next->child[0]->parent = next;
		replace(queue, node, next);
	} else {
		from = node->parent;
		replace(queue, node, node->child[0] ? node->child[0] : node->child[1]);
	}
	node->parent = node->child[0] = node->child[1] = NULL;
	node->height = 0;
	rebalance(queue, from);
}
