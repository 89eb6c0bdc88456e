/* SPDX-License-Identifier: BSD-2-Clause */
#include "slot.h"

#include "irq.h"
#include "memory.h"
#include "reap.h"
#include "space.h"
#include "thread.h"
#include "vcpu.h"

static inline void write_words(struct slot *slot, uint64_t cap, uint64_t badge)
{
	uint32_t seq = atomic_load_explicit(&slot->seq, memory_order_relaxed);

	atomic_store_explicit(&slot->seq, seq + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release); /* seq odd before the words: pairs with slot_read */
	atomic_store_explicit(&slot->badge, badge, memory_order_relaxed);
	atomic_store_explicit(&slot->cap, cap, memory_order_release);
	atomic_store_explicit(&slot->seq, seq + 2, memory_order_release);
}

void slot_write(struct slot *slot, uint64_t cap, uint64_t badge)
{
	write_words(slot, cap, badge);
}

static inline void set(struct slot *slot, uint64_t cap, uint64_t badge)
{
	struct object *object = CAP_OBJECT(cap);

	slot->first = slot->last = slot->next = slot->prev = 0;
	slot->pages = slot->cleared = 0;
	slot->space = slot->map_next = slot->map_prev = 0;
	slot->ipa = 0;
	if (object)
		object->refs++;
	write_words(slot, cap, badge);
}

void slot_set(struct slot *slot, uint64_t cap, uint64_t badge)
{
	set(slot, cap, badge);
}

static inline void adopt(struct slot *parent, struct slot *child)
{
	ref_t me = ref_of(child);

	child->next = ref_of(parent) | LINK_UP;
	if (parent->last) {
		struct slot *last = ref_to(parent->last);

		child->prev = parent->last;
		last->next = me;
	} else {
		child->prev = ref_of(parent) | LINK_UP;
		parent->first = me;
	}
	parent->last = me;
}

void slot_adopt(struct slot *parent, struct slot *child)
{
	adopt(parent, child);
}

void slot_derive(struct slot *from, struct slot *to, unsigned rights, uint64_t badge, enum holder holder)
{
	uint64_t cap = slot_cap(from);

	set(to, CAP(CAP_TYPE(cap), CAP_RIGHTS(cap) & rights, CAP_OBJECT(cap), holder), badge);
	to->pages = from->pages;
	adopt(from, to);
}

/* What stands before (after) a slot in its list now points to `ref` instead. */
static void link_before(const struct slot *slot, ref_t ref)
{
	struct slot *neighbour = ref_to(slot->prev & ~LINK_UP);

	if (!neighbour)
		return;
	if (slot->prev & LINK_UP)
		neighbour->first = ref;
	else
		neighbour->next = ref;
}

static void link_after(const struct slot *slot, ref_t ref)
{
	struct slot *neighbour = ref_to(slot->next & ~LINK_UP);

	if (!neighbour)
		return;
	if (slot->next & LINK_UP)
		neighbour->last = ref;
	else
		neighbour->prev = ref;
}

/* Takes a slot without children out of its list. */
static void unlink_leaf(struct slot *slot)
{
	bool only = (slot->prev & LINK_UP) && (slot->next & LINK_UP);

	link_before(slot, only ? 0 : slot->next);
	link_after(slot, only ? 0 : slot->prev);
}

/*
 * Puts a slot's children in its place. Without a parent the children have none
 * either: they are cut apart one by one, so a step may remain (returns false).
 */
static bool unlink(struct slot *slot)
{
	struct slot *first = ref_to(slot->first);
	struct slot *last = ref_to(slot->last);

	if (!first) {
		unlink_leaf(slot);
	} else if (slot->prev) {
		link_before(slot, slot->first);
		link_after(slot, slot->last);
		first->prev = slot->prev;
		last->next = slot->next;
	} else {
		unlink_leaf(first);
		first->next = first->prev = 0;
		return false;
	}
	slot->first = slot->last = slot->next = slot->prev = 0;
	return true;
}

COLD void slot_move(struct slot *from, struct slot *to)
{
	uint64_t cap = slot_cap(from);
	struct slot *child;
	ref_t me = ref_of(to);

	to->first = from->first;
	to->last = from->last;
	to->next = from->next;
	to->prev = from->prev;
	to->pages = from->pages;
	to->cleared = from->cleared;
	to->space = from->space;
	to->ipa = from->ipa;
	to->map_next = from->map_next;
	to->map_prev = from->map_prev;
	link_before(from, me);
	link_after(from, me);
	child = ref_to(from->first);
	if (child)
		child->prev = me | LINK_UP;
	child = ref_to(from->last);
	if (child)
		child->next = me | LINK_UP;
	memory_moved(from, to);
	slot_write(to, cap, slot_badge(from));
	from->first = from->last = from->next = from->prev = 0;
	from->space = from->map_next = from->map_prev = 0;
	slot_write(from, 0, 0);
}

/*
 * What must happen to the object that a slot is part of before the capability
 * in it goes. A cnode's slot needs nothing.
 */
static COLD void release_holder(struct slot *slot, enum holder holder)
{
	switch (holder) {
	case HOLD_CNODE:
		break;
	case HOLD_THREAD_CNODE:
	case HOLD_THREAD_SPACE:
	case HOLD_THREAD_FAULT:
	case HOLD_THREAD_EVENT:
	case HOLD_THREAD_VCPU:
		thread_lose(slot, holder);
		break;
	case HOLD_VCPU_SPACE:
		vcpu_lose_space(slot);
		break;
	case HOLD_IRQ_TARGET:
		irq_lose_target(slot);
		break;
	}
}

status_t slot_delete_step(struct slot *slot)
{
	uint64_t cap = slot_cap(slot);
	struct object *object = CAP_OBJECT(cap);
	status_t status;

	if (!cap)
		return SK_OK;
	if (CAP_TYPE(cap) == SK_TYPE_MEMORY) {
		status = memory_unmap_step(slot);
		if (status != SK_OK)
			return status;
	}
	if (!unlink(slot))
		return STATUS_RESTART;
	if (CAP_TYPE(cap) == SK_TYPE_PIN)
		space_unpin(CAP_OBJECT(cap));
	release_holder(slot, CAP_HOLDER(cap));
	slot_write(slot, 0, 0);
	if (object && --object->refs == 0)
		reap_later(object);
	return SK_OK;
}

COLD status_t slot_revoke_step(struct slot *slot)
{
	struct slot *child = slot_first_child(slot);
	status_t status;

	if (!child)
		return SK_OK;
	status = slot_delete_step(child);
	return status == SK_OK ? STATUS_RESTART : status;
}
