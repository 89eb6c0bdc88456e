/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

/* A retype, decoded. */
struct retype {
	struct slot *untyped;
	struct cnode *cnode;
	uint64_t first, count;   /* slots */
	uint64_t type, size, attribute;
	uint64_t bytes, align;   /* of one piece; bytes is a multiple of align */
	paddr_t pa;
};

COLD void untyped_set(struct slot *slot, paddr_t base, uint64_t bytes, unsigned flags)
{
	slot_set(slot, CAP(SK_TYPE_UNTYPED, SK_RIGHTS_ALL, 0, HOLD_CNODE), base.a | flags);
	slot->pages = (uint32_t)(bytes >> SK_PAGE_BITS);
}

bool untyped_holds(const struct slot *untyped, paddr_t pa)
{
	return pa.a - slot_base(untyped).a < slot_bytes(untyped);
}

bool untyped_fits(const struct slot *untyped, uint64_t size, uint64_t align, uint64_t count, paddr_t *pa)
{
	uint64_t base = slot_base(untyped).a;
	uint64_t start = align_up(base + untyped->ipa, align) - base;

	*pa = (paddr_t){ base + start };
	return start <= slot_bytes(untyped) && size <= (slot_bytes(untyped) - start) / count;
}

void untyped_take(struct slot *untyped, paddr_t pa, uint64_t bytes)
{
	untyped->ipa = pa.a + bytes - slot_base(untyped).a;
}

/* Memory may be RAM, with any rights, or a device. */
static COLD status_t check_memory(const struct retype *r, unsigned flags)
{
	uint64_t cache = r->attribute >> 8;

	if (!(flags & MEM_USER))
		return SK_WRONG_TYPE;
	if (cache > SK_CACHE_DEVICE || ((flags & MEM_DEVICE) && cache != SK_CACHE_DEVICE))
		return SK_BAD_ARG;
	/* a speculative fetch would read the device */
	return cache == SK_CACHE_DEVICE && (r->attribute & SK_RIGHT_EXEC) ? SK_BAD_ARG : SK_OK;
}

/* Bytes and alignment of one piece; SK_BAD_ARG if the arguments are not those of the type. */
static status_t measure(struct retype *r, unsigned flags)
{
	const struct object_type *t = &object_types[r->type];
	status_t status = r->type == SK_TYPE_MEMORY ? check_memory(r, flags) : SK_OK;

	if (r->type == SK_TYPE_UNTYPED || r->type == SK_TYPE_MEMORY) {
		r->bytes = r->size;
		r->align = SK_PAGE;
		return status != SK_OK || (r->size && aligned(r->size, SK_PAGE)) ? status : SK_BAD_ARG;
	}
	r->bytes = t->bytes + t->each * r->size;
	r->align = t->align;
	if (!t->bytes || (t->each && (r->size < t->min || r->size > t->max)) || (t->homed && r->attribute >= core_count))
		return SK_BAD_ARG;
	return flags & MEM_USER ? SK_WRONG_TYPE : SK_OK;
}

/* A Space; an irq, which needs the right to make one for the line. */
static COLD status_t check_single(struct thread *thread, const struct retype *r)
{
	struct slot *control;
	status_t status;

	if (r->type == SK_TYPE_SPACE)
		return r->count == 1 && r->attribute <= SK_SPACE_GUEST ? SK_OK : SK_BAD_ARG;
	status = cap_lookup(thread, r->attribute & 0xffffffffu, SK_TYPE_IRQ_CONTROL, SK_RIGHT_WRITE, &control);
	if (status != SK_OK)
		return status;
	if (r->count != 1 || r->attribute >> 32 > SK_TRIGGER_EDGE)
		return SK_BAD_ARG;
	return irq_line_check(r->size);
}

static status_t check_slots(const struct retype *r)
{
	if (r->count == 0 || r->count > UNTYPED_MAX_COUNT || r->first == 0 || r->first >= r->cnode->size ||
	    r->count > r->cnode->size - r->first)
		return SK_BAD_ARG;
	for (uint64_t i = 0; i < r->count; i++) {
		if (!slot_empty(&r->cnode->slot[r->first + i]))
			return SK_OCCUPIED;
	}
	return SK_OK;
}

/* Untyped and cnode are known. */
static status_t decode(struct thread *thread, struct retype *r)
{
	status_t status;

	if (r->type >= ARRAY_SIZE(object_types) || r->size > (1ul << 43))
		return SK_BAD_ARG;
	status = measure(r, slot_mem_flags(r->untyped));
	if (status == SK_OK)
		status = check_slots(r);
	if (status == SK_OK && object_types[r->type].single)
		status = check_single(thread, r);
	return status;
}

/*
 * Nothing made of it is left: starts again at the base. Object memory is zeroed
 * from the end of what was used, a page a step; `ipa` (bytes used) is the cursor.
 */
static COLD status_t start_again(struct core *core, struct arch_frame *f, struct slot *untyped)
{
	status_t status = reap_all(core);

	if (status == SK_OK)
		status = reap_held(f, untyped);
	if (status != SK_OK)
		return status;
	reap_grace(core);
	if (slot_mem_flags(untyped) & MEM_USER) {
		untyped->ipa = 0;
		return SK_OK;
	}
	while (untyped->ipa > 0) {
		uint64_t from = (untyped->ipa - 1) & ~(SK_PAGE - 1);

		__builtin_memset(pa_to_va((paddr_t){ slot_base(untyped).a + from }), 0, untyped->ipa - from);
		untyped->ipa = from;
		if (arch_interrupt_pending())
			return STATUS_RESTART;
	}
	return SK_OK;
}

/* What has no header: a range. */
static COLD void make_range(const struct retype *r, struct slot *slot, paddr_t pa)
{
	unsigned flags = slot_mem_flags(r->untyped);
	unsigned rights = (unsigned)r->attribute & (SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC);

	if (r->type == SK_TYPE_UNTYPED) {
		untyped_set(slot, pa, r->bytes, flags & (MEM_USER | MEM_DEVICE));
		return;
	}
	slot_set(slot, CAP(SK_TYPE_MEMORY, rights, 0, HOLD_CNODE),
		 pa.a | (r->attribute >> 8) << MEM_CACHE_SHIFT | (flags & MEM_DEVICE));
	slot->pages = (uint32_t)(r->bytes >> SK_PAGE_BITS);
}

static void make(const struct retype *r, struct slot *slot, paddr_t pa)
{
	if (object_types[r->type].bytes) {
		void *at = pa_to_va(pa);

		object_make(at, (enum sk_type)r->type, r->size, r->attribute);
		slot_set(slot, CAP(r->type, SK_RIGHTS_ALL, at, HOLD_CNODE), 0);
	} else {
		make_range(r, slot, pa);
	}
	slot_adopt(r->untyped, slot);
}

status_t untyped_retype(struct core *core, struct thread *thread, struct slot *untyped, void *object)
{
	struct arch_frame *f = &thread->frame;
	struct slot *holder = cap_find(thread, frame_word(f, 2), SK_TYPE_CNODE, SK_RIGHT_WRITE);
	struct retype r = {
		.untyped = untyped, .type = frame_word(f, 0), .size = frame_word(f, 1), .first = frame_word(f, 3),
		.count = frame_word(f, 4), .attribute = frame_word(f, 5),
	};
	status_t status;

	if (!holder)
		return cap_missing(thread, frame_word(f, 2), SK_TYPE_CNODE);
	r.cnode = CAP_OBJECT(slot_cap(holder));
	status = decode(thread, &r);
	if (status != SK_OK)
		return status;
	if (!slot_first_child(r.untyped) && r.untyped->ipa > 0) {
		status = start_again(core, f, r.untyped);
		if (status != SK_OK)
			return status;
	}
	if (!untyped_fits(r.untyped, r.bytes, r.align, r.count, &r.pa)) {
		frame_word(f, 0) = r.bytes * r.count;
		return SK_NO_MEMORY;
	}
	/* decoded */
	untyped_take(r.untyped, r.pa, r.bytes * r.count);
	for (uint64_t i = 0; i < r.count; i++)
		make(&r, &r.cnode->slot[r.first + i], (paddr_t){ r.pa.a + i * r.bytes });
	return SK_OK;
}
