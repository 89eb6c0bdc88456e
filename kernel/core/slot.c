/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

static void slot_write(struct slot *slot, uint64_t cap, uint64_t badge)
{
	uint32_t seq = atomic_load_explicit(&slot->seq, memory_order_relaxed);

	atomic_store_explicit(&slot->seq, seq + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release); /* seq odd before the words: pairs with slot_read */
	atomic_store_explicit(&slot->badge, badge, memory_order_relaxed);
	atomic_store_explicit(&slot->cap, cap, memory_order_release);
	atomic_store_explicit(&slot->seq, seq + 2, memory_order_release);
}

void slot_set(struct slot *slot, uint64_t cap, uint64_t badge)
{
	struct object *object = CAP_OBJECT(cap);

	slot->first = slot->last = slot->next = slot->prev = 0;
	slot->pages = slot->cleared = slot->space = slot->map_next = slot->map_prev = 0;
	slot->ipa = 0;
	if (object)
		object->refs++;
	slot_write(slot, cap, badge);
}

void slot_adopt(struct slot *parent, struct slot *child)
{
	ref_t me = ref_at(child), up = ref_at(parent) | LINK_UP;
	struct slot *last = ref_to(parent->last);

	child->next = up;
	child->prev = last ? parent->last : up;
	*(last ? &last->next : &parent->first) = me;
	parent->last = me;
}

void slot_derive(struct slot *from, struct slot *to, unsigned rights, uint64_t badge, enum holder holder)
{
	uint64_t cap = slot_cap(from);

	slot_set(to, CAP(CAP_TYPE(cap), CAP_RIGHTS(cap) & rights, CAP_OBJECT(cap), holder), badge);
	to->pages = from->pages;
	slot_adopt(from, to);
}

/* What stands before and behind a slot in its parent's list points to these instead. */
static void relink(const struct slot *slot, ref_t first, ref_t last)
{
	struct slot *before = ref_to(slot->prev & ~LINK_UP), *behind = ref_to(slot->next & ~LINK_UP);

	if (!before)
		return; /* it has no parent */
	*(slot->prev & LINK_UP ? &before->first : &before->next) = first;
	*(slot->next & LINK_UP ? &behind->last : &behind->prev) = last;
}

/* Takes a slot without children out of its list. */
static void unlink_leaf(struct slot *slot)
{
	bool only = (slot->prev & LINK_UP) && (slot->next & LINK_UP);

	relink(slot, only ? 0 : slot->next, only ? 0 : slot->prev);
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
		relink(slot, slot->first, slot->last);
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
	ref_t me = ref_at(to);
	struct slot *first, *last;

	to->first = from->first;
	to->last = from->last;
	to->next = from->next;
	to->prev = from->prev;
	to->pages = from->pages;
	to->cleared = from->cleared;
	to->space = from->space;
	to->ipa = from->ipa;
	relink(from, me, me);
	first = ref_to(from->first);
	last = ref_to(from->last);
	if (first) {
		first->prev = me | LINK_UP;
		last->next = me | LINK_UP;
	}
	memory_moved(from, to);
	slot_write(to, slot_cap(from), slot_badge(from));
	from->first = from->last = from->next = from->prev = 0;
	slot_write(from, 0, 0);
}

/*
 * What must happen to the object that a slot is part of before the capability
 * in it goes. A cnode's slot needs nothing.
 */
static COLD void release_holder(struct slot *slot, enum holder holder)
{
	if (holder == HOLD_VCPU_SPACE)
		vcpu_lose_space(slot);
	else if (holder == HOLD_IRQ_TARGET)
		irq_lose_target(slot);
	else if (holder != HOLD_CNODE)
		thread_lose(slot, holder);
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
