/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deadlines of one core, soonest first: a balanced tree (AVL) whose nodes lie
 * in the threads, so that no memory is needed and every operation takes at most
 * 1.44 log2(n) steps. Home core only.
 */
#pragma once

#include "types.h"

struct timeout {
	struct timeout *parent, *child[2]; /* sooner, later */
	uint64_t deadline;       /* ticks; set before timeout_insert, unchanged while queued */
	int8_t height;           /* 0: not queued */
};

struct timeout_queue {
	struct timeout *root;
	struct timeout *first;   /* the soonest, null: empty */
};

/* Queues a node that is not queued. Equal deadlines keep the order of insertion. */
void timeout_insert(struct timeout_queue *queue, struct timeout *node);

/* The node behind a queued one, null: it is the last. At most as many steps. */
struct timeout *timeout_next(const struct timeout *node);

/* Takes a node out; nothing happens if it is not queued. */
void timeout_remove(struct timeout_queue *queue, struct timeout *node);
