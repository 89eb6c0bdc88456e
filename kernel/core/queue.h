/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A queue of threads: a circular list through next and prev, *head the first,
 * null when empty. A thread stands in one at most: a ready queue or an
 * endpoint's. Home core only. calls.S makes and takes queues of one thread.
 */
#pragma once

#include "thread.h"

/* Puts a thread that stands in no queue at the end. */
static inline void queue_add(struct thread **head, struct thread *thread)
{
	thread->queued = 1;
	if (!*head) {
		thread->next = thread->prev = thread;
		*head = thread;
		return;
	}
	thread->next = *head;
	thread->prev = (*head)->prev;
	thread->prev->next = thread;
	(*head)->prev = thread;
}

/* Takes a thread out of the queue that it stands in. */
static inline void queue_remove(struct thread **head, struct thread *thread)
{
	thread->queued = 0;
	if (thread->next == thread) {
		*head = NULL;
		return;
	}
	thread->next->prev = thread->prev;
	thread->prev->next = thread->next;
	if (*head == thread)
		*head = thread->next;
}
