/* SPDX-License-Identifier: BSD-2-Clause */
#include "cnode.h"

#include "arch.h"
#include "core.h"
#include "reap.h"
#include "thread.h"

void cnode_init(struct cnode *cnode, uint32_t slots)
{
	object_init(&cnode->o, SK_TYPE_CNODE, 0);
	cnode->size = slots;
}

status_t cap_error(struct thread *thread, uint64_t index, enum sk_type type)
{
	struct slot *slot = cnode_slot(thread->cnode, index);

	if (!slot || slot_empty(slot))
		return SK_NO_CAP;
	return CAP_TYPE(slot_cap(slot)) != type ? SK_WRONG_TYPE : SK_NO_RIGHT;
}

status_t cap_lookup(struct thread *thread, uint64_t index, enum sk_type type, unsigned right, struct slot **out)
{
	return cap_find(thread, index, type, right, out);
}

/* A slot named by a cnode capability and an index in that cnode. */
static inline status_t find(struct thread *thread, uint64_t cnode_index, uint64_t index, unsigned right,
			    struct slot **out)
{
	struct slot *holder;
	status_t status = cap_find(thread, cnode_index, SK_TYPE_CNODE, right, &holder);

	if (status != SK_OK)
		return status;
	*out = cnode_slot(CAP_OBJECT(slot_cap(holder)), index);
	return *out ? SK_OK : SK_BAD_ARG;
}

/* Source and destination of copy, mint and move. */
static status_t find_pair(struct thread *thread, unsigned source_right, struct slot **from, struct slot **to)
{
	struct arch_frame *f = &thread->frame;
	status_t status = find(thread, frame_slot(f), frame_word(f, 0), SK_RIGHT_WRITE, to);

	if (status == SK_OK)
		status = find(thread, frame_word(f, 1), frame_word(f, 2), source_right, from);
	if (status != SK_OK)
		return status;
	if (slot_empty(*from))
		return SK_NO_CAP;
	if (!slot_empty(*to))
		return SK_OCCUPIED;
	return SK_OK;
}

bool cap_copyable(unsigned type)
{
	switch (type) {
	case SK_TYPE_CNODE:
	case SK_TYPE_MEMORY:
	case SK_TYPE_SPACE:
	case SK_TYPE_THREAD:
	case SK_TYPE_ENDPOINT:
	case SK_TYPE_NOTIFICATION:
	case SK_TYPE_VCPU:
	case SK_TYPE_POWER:
	case SK_TYPE_IRQ_CONTROL:
		return true;
	default:
		return false;
	}
}

status_t cnode_copy(struct core *core, struct thread *thread)
{
	struct slot *from, *to;
	status_t status = find_pair(thread, SK_RIGHT_READ, &from, &to);

	(void)core;
	if (status != SK_OK)
		return status;
	if (!cap_copyable(CAP_TYPE(slot_cap(from))))
		return SK_WRONG_TYPE;
	/* decoded */
	slot_derive(from, to, (unsigned)frame_word(&thread->frame, 3) & SK_RIGHTS_ALL,
		    atomic_load(&from->badge), HOLD_CNODE);
	return SK_OK;
}

/* The sub-range of a memory capability that mint asks for. */
static status_t check_range(const struct slot *from, uint64_t offset, uint64_t length)
{
	uint64_t bytes = (uint64_t)from->pages << SK_PAGE_BITS;

	if (!aligned(offset, SK_PAGE) || !aligned(length, SK_PAGE) || length == 0)
		return SK_BAD_ARG;
	return offset < bytes && length <= bytes - offset ? SK_OK : SK_BAD_ARG;
}

status_t cnode_mint(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	uint64_t badge = frame_word(f, 4);
	struct slot *from, *to;
	status_t status = find_pair(thread, SK_RIGHT_READ, &from, &to);
	unsigned type, rights = (unsigned)frame_word(f, 3) & SK_RIGHTS_ALL;

	(void)core;
	if (status != SK_OK)
		return status;
	type = CAP_TYPE(slot_cap(from));
	if (type == SK_TYPE_MEMORY) {
		status = check_range(from, badge, frame_word(f, 5));
		if (status != SK_OK)
			return status;
		/* decoded */
		slot_derive(from, to, rights, atomic_load(&from->badge) + badge, HOLD_CNODE);
		to->pages = (uint32_t)(frame_word(f, 5) >> SK_PAGE_BITS);
		return SK_OK;
	}
	if (type != SK_TYPE_ENDPOINT && type != SK_TYPE_NOTIFICATION)
		return SK_WRONG_TYPE;
	if (atomic_load(&from->badge) != 0 || (badge & SK_WAITER))
		return SK_BAD_ARG;
	/* decoded */
	slot_derive(from, to, rights, badge, HOLD_CNODE);
	return SK_OK;
}

status_t cnode_move(struct core *core, struct thread *thread)
{
	struct slot *from, *to;
	status_t status = find_pair(thread, SK_RIGHT_WRITE, &from, &to);

	(void)core;
	if (status != SK_OK)
		return status;
	/* decoded */
	slot_move(from, to);
	return SK_OK;
}

status_t cnode_delete(struct core *core, struct thread *thread)
{
	struct slot *slot;
	status_t status = find(thread, frame_slot(&thread->frame), frame_word(&thread->frame, 0),
			       SK_RIGHT_WRITE, &slot);

	if (status != SK_OK)
		return status;
	/* decoded; from here on it stops only between steps and is decoded again */
	do {
		status = slot_delete_step(slot);
		if (status == STATUS_RESTART && core_should_yield(core))
			return status;
	} while (status == STATUS_RESTART);
	return status == SK_OK ? reap_all(core) : status;
}

status_t cnode_revoke(struct core *core, struct thread *thread)
{
	struct slot *slot;
	status_t status = find(thread, frame_slot(&thread->frame), frame_word(&thread->frame, 0),
			       SK_RIGHT_WRITE, &slot);

	if (status != SK_OK)
		return status;
	if (slot_empty(slot))
		return SK_NO_CAP;
	/* decoded */
	do {
		status = slot_revoke_step(slot);
		if (status == STATUS_RESTART && core_should_yield(core))
			return status;
	} while (status == STATUS_RESTART);
	return status == SK_OK ? reap_all(core) : status;
}

/* Type-specific words of SK_INSPECT. */
static void inspect_details(struct arch_frame *f, const struct slot *slot, uint64_t cap)
{
	void *object = CAP_OBJECT(cap);

	switch (CAP_TYPE(cap)) {
	case SK_TYPE_UNTYPED:
		frame_word(f, 2) = 0;
		frame_word(f, 4) = (uint64_t)slot->pages << SK_PAGE_BITS;
		frame_word(f, 5) = slot->ipa;
		frame_word(f, 6) = slot_mem_flags(slot);
		break;
	case SK_TYPE_MEMORY:
		frame_word(f, 2) = 0;
		frame_word(f, 4) = (uint64_t)slot->pages << SK_PAGE_BITS;
		frame_word(f, 5) = slot->space != 0;
		frame_word(f, 6) = slot->ipa;
		break;
	case SK_TYPE_CNODE:
		frame_word(f, 4) = ((struct cnode *)object)->size;
		break;
	case SK_TYPE_THREAD:
		frame_word(f, 5) = ((struct thread *)object)->state;
		break;
	default:
		break;
	}
}

status_t cnode_inspect(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	struct slot *slot;
	struct object *object;
	uint64_t cap;
	status_t status = find(thread, frame_slot(f), frame_word(f, 0), SK_RIGHT_READ, &slot);

	(void)core;
	if (status != SK_OK)
		return status;
	/* decoded */
	cap = slot_cap(slot);
	object = CAP_OBJECT(cap);
	frame_word(f, 0) = CAP_TYPE(cap);
	frame_word(f, 1) = CAP_RIGHTS(cap);
	frame_word(f, 2) = atomic_load(&slot->badge);
	frame_word(f, 3) = object ? object->id : 0;
	for (unsigned i = 4; i < SK_WORDS; i++)
		frame_word(f, i) = 0;
	inspect_details(f, slot, cap);
	return SK_OK;
}

status_t cnode_reap(struct cnode *cnode)
{
	/* A few slots a step: the caller looks for interrupts in between. */
	for (unsigned n = 0; n < 16; n++) {
		status_t status;

		if (cnode->o.cursor == cnode->size)
			return SK_OK;
		status = slot_delete_step(&cnode->slot[cnode->o.cursor]);
		if (status == STATUS_RESTART)
			return status;
		if (status != SK_OK)
			return status;
		cnode->o.cursor++;
	}
	return STATUS_RESTART;
}
