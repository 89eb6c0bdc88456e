/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

void cnode_init(void *object, uint64_t size, uint64_t attribute)
{
	((struct cnode *)object)->size = (uint32_t)size;
}

COLD status_t cap_error(uint64_t cap, unsigned type)
{
	return !cap ? SK_NO_CAP : CAP_TYPE(cap) != type ? SK_WRONG_TYPE : SK_NO_RIGHT;
}

COLD status_t cap_missing(struct thread *thread, uint64_t index, unsigned type)
{
	return cap_error(slot_cap(cnode_at(thread->cnode, index)), type);
}

COLD status_t cap_lookup(struct thread *thread, uint64_t index, unsigned type, unsigned right, struct slot **out)
{
	*out = cap_find(thread, index, type, right);
	return *out ? SK_OK : cap_missing(thread, index, type);
}

/* Source and destination of copy, mint and move. */
struct pair {
	struct slot *from, *to;
};

static inline status_t find_pair(struct thread *thread, struct cnode *cnode, unsigned source_right, struct pair *pair)
{
	struct arch_frame *f = &thread->frame;
	struct slot *source;

	pair->to = cnode_slot(cnode, frame_word(f, 0));
	pair->from = NULL;
	if (!pair->to)
		return SK_BAD_ARG;
	source = cap_find(thread, frame_word(f, 1), SK_TYPE_CNODE, source_right);
	if (!source)
		return cap_missing(thread, frame_word(f, 1), SK_TYPE_CNODE);
	pair->from = cnode_slot(CAP_OBJECT(slot_cap(source)), frame_word(f, 2));
	if (!pair->from)
		return SK_BAD_ARG;
	if (slot_empty(pair->from))
		return SK_NO_CAP;
	return slot_empty(pair->to) ? SK_OK : SK_OCCUPIED;
}

COLD bool cap_copyable(unsigned type)
{
	const uint32_t single = 1u << SK_TYPE_NONE | 1u << SK_TYPE_UNTYPED | 1u << SK_TYPE_IRQ | 1u << SK_TYPE_PIN | 1u << SK_TYPE_IOMMU;

	return !(single >> type & 1);
}

COLD status_t cnode_copy(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct pair p;
	status_t status = find_pair(thread, object, SK_RIGHT_READ, &p);

	if (status != SK_OK)
		return status;
	if (!cap_copyable(CAP_TYPE(slot_cap(p.from))))
		return SK_WRONG_TYPE;
	/* decoded */
	slot_derive(p.from, p.to, (unsigned)frame_word(&thread->frame, 3) & SK_RIGHTS_ALL, slot_badge(p.from),
		    HOLD_CNODE);
	return SK_OK;
}

/* A sub-range of a memory capability. */
static COLD status_t mint_memory(const struct arch_frame *f, const struct pair *p, unsigned rights)
{
	uint64_t bytes = slot_bytes(p->from);
	uint64_t offset = frame_word(f, 4), length = frame_word(f, 5);

	if (!aligned(offset | length, SK_PAGE) || length == 0 || offset >= bytes || length > bytes - offset)
		return SK_BAD_ARG;
	/* decoded */
	slot_derive(p->from, p->to, rights, slot_badge(p->from) + offset, HOLD_CNODE);
	p->to->pages = (uint32_t)(length >> SK_PAGE_BITS);
	return SK_OK;
}

status_t cnode_mint(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t badge = frame_word(f, 4);
	struct pair p;
	status_t status = find_pair(thread, object, SK_RIGHT_READ, &p);
	unsigned type, rights = (unsigned)frame_word(f, 3) & SK_RIGHTS_ALL;

	if (status != SK_OK)
		return status;
	type = CAP_TYPE(slot_cap(p.from));
	if (type == SK_TYPE_MEMORY)
		return mint_memory(f, &p, rights);
	if (type != SK_TYPE_ENDPOINT && type != SK_TYPE_NOTIFICATION)
		return SK_WRONG_TYPE;
	if (slot_badge(p.from) != 0 || (badge & SK_WAITER))
		return SK_BAD_ARG;
	/* decoded */
	slot_derive(p.from, p.to, rights, badge, HOLD_CNODE);
	return SK_OK;
}

COLD status_t cnode_move(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct pair p;
	status_t status = find_pair(thread, object, SK_RIGHT_WRITE, &p);

	if (status != SK_OK)
		return status;
	/* decoded */
	slot_move(p.from, p.to);
	return SK_OK;
}

/* Empties the slot, or all below it; stops only between steps, and the call is decoded again. */
static status_t empty(struct arch_frame *f, struct slot *slot, bool below)
{
	for (;;) {
		struct slot *next = below ? slot_first_child(slot) : slot;
		status_t status = next ? slot_delete_step(next) : SK_OK;

		if (status == SK_PINNED)
			return memory_pinned(f, next);
		if (status == SK_OK && !(below && next))
			return SK_OK;
		if (arch_interrupt_pending())
			return STATUS_RESTART;
	}
}

status_t cnode_delete(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	status_t status;

	slot = cnode_slot(object, frame_word(&thread->frame, 0));
	if (!slot)
		return SK_BAD_ARG;
	/* decoded */
	status = empty(&thread->frame, slot, false);
	return status == SK_OK && kernel_tickets.dying ? reap_all(core) : status;
}

COLD status_t cnode_revoke(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	status_t status;

	slot = cnode_slot(object, frame_word(&thread->frame, 0));
	if (!slot)
		return SK_BAD_ARG;
	if (slot_empty(slot))
		return SK_NO_CAP;
	/* decoded */
	status = empty(&thread->frame, slot, true);
	if (status == SK_OK)
		status = reap_all(core);
	return status == SK_OK && CAP_TYPE(slot_cap(slot)) == SK_TYPE_UNTYPED ? reap_held(&thread->frame, slot) : status;
}

COLD status_t cnode_inspect(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	struct object *named;
	uint64_t cap;

	slot = cnode_slot(object, frame_word(f, 0));
	if (!slot)
		return SK_BAD_ARG;
	/* decoded */
	cap = slot_cap(slot);
	named = CAP_OBJECT(cap);
	frame_word(f, 0) = CAP_TYPE(cap);
	frame_word(f, 1) = CAP_RIGHTS(cap);
	frame_word(f, 2) = slot_badge(slot);
	frame_word(f, 3) = named ? named->id : 0;
	for (unsigned i = 4; i < SK_WORDS; i++)
		frame_word(f, i) = 0;
	if (CAP_TYPE(cap) == SK_TYPE_UNTYPED || CAP_TYPE(cap) == SK_TYPE_MEMORY) {
		bool memory = CAP_TYPE(cap) == SK_TYPE_MEMORY;

		frame_word(f, 2) = 0;
		frame_word(f, 4) = slot_bytes(slot);
		frame_word(f, 5) = memory ? slot->space != 0 : slot->ipa;
		frame_word(f, 6) = memory ? slot->ipa : slot_mem_flags(slot);
	} else if (CAP_TYPE(cap) == SK_TYPE_CNODE) {
		frame_word(f, 4) = container_of(named, struct cnode, o)->size;
	} else if (CAP_TYPE(cap) == SK_TYPE_THREAD) {
		frame_word(f, 5) = container_of(named, struct thread, o)->state;
	}
	return SK_OK;
}

COLD status_t cnode_reap(struct core *core, void *object)
{
	struct cnode *cnode = object;

	/* A few slots a step: the caller looks for interrupts in between. */
	for (unsigned n = 0; n < 16; n++) {
		status_t status;

		if (cnode->o.cursor == cnode->size)
			return SK_OK;
		status = slot_delete_step(&cnode->slot[cnode->o.cursor]);
		if (status != SK_OK)
			return status;
		cnode->o.cursor++;
	}
	return STATUS_RESTART;
}
