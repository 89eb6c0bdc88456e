/* SPDX-License-Identifier: BSD-2-Clause */
#include "timeout.h"

static int height(const struct timeout *node)
{
	return node ? node->height : 0;
}

static int lean(const struct timeout *node)
{
	return height(node->left) - height(node->right);
}

static void measure(struct timeout *node)
{
	int left = height(node->left), right = height(node->right);

	node->height = (int8_t)(1 + (left > right ? left : right));
}

/* Puts `by` (or nothing) where `node` hangs. */
static void replace(struct timeout_queue *queue, struct timeout *node, struct timeout *by)
{
	struct timeout *parent = node->parent;

	if (!parent)
		queue->root = by;
	else if (parent->left == node)
		parent->left = by;
	else
		parent->right = by;
	if (by)
		by->parent = parent;
}

/*
 *       node            l
 *      /    \          / \
 *     l      c  --->  a   node
 *    / \                 /    \
 *   a   b               b      c        and its mirror image below
 */
static struct timeout *rotate_right(struct timeout_queue *queue, struct timeout *node)
{
	struct timeout *l = node->left;

	replace(queue, node, l);
	node->left = l->right;
	if (node->left)
		node->left->parent = node;
	l->right = node;
	node->parent = l;
	measure(node);
	measure(l);
	return l;
}

static struct timeout *rotate_left(struct timeout_queue *queue, struct timeout *node)
{
	struct timeout *r = node->right;

	replace(queue, node, r);
	node->right = r->left;
	if (node->right)
		node->right->parent = node;
	r->left = node;
	node->parent = r;
	measure(node);
	measure(r);
	return r;
}

/* Restores heights and balance from a changed place up to the root: at most one double rotation a level. */
static void rebalance(struct timeout_queue *queue, struct timeout *node)
{
	while (node) {
		measure(node);
		if (lean(node) > 1) {
			if (lean(node->left) < 0)
				rotate_left(queue, node->left);
			node = rotate_right(queue, node);
		} else if (lean(node) < -1) {
			if (lean(node->right) > 0)
				rotate_right(queue, node->right);
			node = rotate_left(queue, node);
		}
		node = node->parent;
	}
}

static struct timeout *leftmost(struct timeout *node)
{
	while (node->left)
		node = node->left;
	return node;
}

void timeout_insert(struct timeout_queue *queue, struct timeout *node)
{
	struct timeout *parent = NULL, **link = &queue->root;

	while (*link) {
		parent = *link;
		/* equal goes right: behind those that came before */
		link = node->deadline < parent->deadline ? &parent->left : &parent->right;
	}
	*link = node;
	node->parent = parent;
	node->left = node->right = NULL;
	if (!queue->first || node->deadline < queue->first->deadline)
		queue->first = node;
	rebalance(queue, node);
}

struct timeout *timeout_next(const struct timeout *node)
{
	if (node->right)
		return leftmost(node->right);
	while (node->parent && node->parent->right == node)
		node = node->parent;
	return node->parent;
}

void timeout_remove(struct timeout_queue *queue, struct timeout *node)
{
	struct timeout *from;

	if (node->height == 0)
		return;
	if (queue->root == node && !node->left && !node->right) {
		queue->root = queue->first = NULL;
		node->height = 0;
		return;
	}
	if (queue->first == node)
		queue->first = timeout_next(node);
	if (node->left && node->right) {
		struct timeout *next = leftmost(node->right);

		/* the next in order takes its place; what changes height lies from where that one was */
		from = next->parent == node ? next : next->parent;
		if (next->parent != node) {
			replace(queue, next, next->right);
			next->right = node->right;
			next->right->parent = next;
		}
		next->left = node->left;
		next->left->parent = next;
		replace(queue, node, next);
	} else {
		from = node->parent;
		replace(queue, node, node->left ? node->left : node->right);
	}
	node->parent = node->left = node->right = NULL;
	node->height = 0;
	rebalance(queue, from);
}
