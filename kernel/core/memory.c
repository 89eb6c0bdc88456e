/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#define IPA_END        (1ul << SK_IPA_BITS)

static unsigned badge_cache(uint64_t badge)
{
	return badge >> MEM_CACHE_SHIFT & 3u;
}

static bool range_ok(const struct slot *slot, uint64_t offset, uint64_t length)
{
	uint64_t bytes = slot_bytes(slot);

	return aligned(offset | length, SK_PAGE) && length - 1 < bytes && offset <= bytes - length;
}

/* What tables can say: write without read does not exist in RISC-V's; nothing at all is no mapping. */
#define R SK_RIGHT_READ
#define W SK_RIGHT_WRITE
#define X SK_RIGHT_EXEC
#define MAPPING_RIGHTS (1u << R | 1u << (R | W) | 1u << (R | X) | 1u << (R | W | X) | 1u << X)

static bool rights_ok(const struct slot *slot, uint64_t rights)
{
	return (rights & ~(uint64_t)(CAP_RIGHTS(slot_cap(slot)) & (R | W | X))) == 0 && (MAPPING_RIGHTS >> rights & 1);
}

static COLD void bind(struct space *space, struct slot *slot, uint64_t ipa)
{
	struct slot *head = ref_to(space->mapped);

	slot->space = ref_of(space);
	slot->ipa = ipa;
	slot->map_prev = 0;
	slot->map_next = space->mapped;
	if (head)
		head->map_prev = ref_of(slot);
	space->mapped = ref_of(slot);
}

COLD void memory_forget(struct slot *slot)
{
	struct slot *next = ref_to(slot->map_next), *prev = ref_to(slot->map_prev);

	if (prev)
		prev->map_next = slot->map_next;
	else
		((struct space *)ref_to(slot->space))->mapped = slot->map_next;
	if (next)
		next->map_prev = slot->map_prev;
	slot->space = slot->map_next = slot->map_prev = 0;
	slot->cleared = 0;
	slot->ipa = 0;
}

COLD void memory_moved(struct slot *from, struct slot *to)
{
	struct space *space = ref_to(from->space);

	if (!space)
		return;
	memory_forget(from);
	bind(space, to, to->ipa); /* (the list's order means nothing) */
}

static inline status_t map(struct slot *memory, struct space *space, struct arch_frame *f)
{
	uint64_t offset = frame_word(f, 2), badge = slot_badge(memory);
	status_t status = space_map(space, (ipa_t){ frame_word(f, 1) + offset }, (paddr_t){ badge_base(badge).a + offset },
				    frame_word(f, 3), (unsigned)frame_word(f, 4), badge_cache(badge), &frame_word(f, 0));

	if (status == SK_OK)
		memory->cleared = 0;
	return status;
}

/* A capability that is not mapped there: only if it is nowhere else. */
static APART status_t map_first(struct slot *memory, struct space *space, struct arch_frame *f)
{
	uint64_t base = frame_word(f, 1);
	status_t status;

	if (!aligned(base, SK_PAGE) || base >= IPA_END || slot_bytes(memory) > IPA_END - base)
		return SK_BAD_ARG;
	if (memory->space)
		return SK_MAPPED;
	status = map(memory, space, f);
	if (status == SK_OK)
		bind(space, memory, base);
	return status;
}

status_t memory_map(struct core *core, struct thread *thread, struct slot *memory, void *object)
{
	struct arch_frame *f = &thread->frame;
	struct slot *target = cap_find(thread, frame_word(f, 0), SK_TYPE_SPACE, SK_RIGHT_WRITE);
	struct space *space;

	if (!target)
		return cap_missing(thread, frame_word(f, 0), SK_TYPE_SPACE);
	if (!range_ok(memory, frame_word(f, 2), frame_word(f, 3)))
		return SK_BAD_ARG;
	if (!rights_ok(memory, frame_word(f, 4)))
		return SK_NO_RIGHT;
	space = CAP_OBJECT(slot_cap(target));
	if (memory->space != ref_at(space) || memory->ipa != frame_word(f, 1))
		return map_first(memory, space, f);
	return map(memory, space, f);
}

COLD bool memory_map_boot(struct slot *slot, struct space *space, ipa_t ipa, unsigned rights)
{
	uint64_t bytes;

	bind(space, slot, ipa.a);
	for (uint64_t done = 0; done < slot_bytes(slot); done += bytes) {
		if (space_map(space, (ipa_t){ ipa.a + done }, (paddr_t){ slot_base(slot).a + done }, slot_bytes(slot) - done, rights,
			      badge_cache(slot_badge(slot)), &bytes) != SK_OK)
			return false;
	}
	return true;
}

COLD status_t memory_pinned(struct arch_frame *f, const struct slot *memory)
{
	frame_word(f, 0) = ((const struct space *)ref_to(memory->space))->pin;
	return SK_PINNED;
}

/* These pages of it are unmapped. */
static inline void unmapped(struct slot *memory, uint64_t offset, uint64_t bytes)
{
	if (offset == (uint64_t)memory->cleared << SK_PAGE_BITS)
		memory->cleared += (uint32_t)(bytes >> SK_PAGE_BITS);
	if (memory->cleared == memory->pages)
		memory_forget(memory);
}

/* From offset on, one table's worth. */
static COLD status_t unmap(struct slot *memory, uint64_t offset, uint64_t length, uint64_t *bytes)
{
	struct space *space = ref_to(memory->space);
	status_t status;

	*bytes = length;
	if (!space)
		return SK_OK;
	if (space->pin)
		return SK_PINNED;
	status = space_change(space, memory, offset, length, 0, bytes);
	if (status == SK_OK)
		unmapped(memory, offset, *bytes);
	return status;
}

static APART status_t unmap_call(struct thread *thread, struct slot *memory)
{
	struct arch_frame *f = &thread->frame;
	uint64_t bytes;
	status_t status = unmap(memory, frame_word(f, 0), frame_word(f, 1), &bytes);

	if (status == SK_OK)
		frame_word(f, 0) = bytes;
	return status == SK_PINNED ? memory_pinned(f, memory) : status;
}

status_t memory_unmap(struct core *core, struct thread *thread, struct slot *memory, void *object)
{
	uint64_t offset = frame_word(&thread->frame, 0), length = frame_word(&thread->frame, 1);

	if (!range_ok(memory, offset, length))
		return SK_BAD_ARG;
	if (length != SK_PAGE || !memory->space ||
	    !space_unmap_page(ref_to(memory->space), (ipa_t){ memory->ipa + offset }, (paddr_t){ slot_base(memory).a + offset }))
		return unmap_call(thread, memory);
	unmapped(memory, offset, SK_PAGE);
	frame_word(&thread->frame, 0) = SK_PAGE;
	return SK_OK;
}

COLD status_t memory_protect(struct core *core, struct thread *thread, struct slot *memory, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t offset = frame_word(f, 0), length = frame_word(f, 1), rights = frame_word(f, 2);
	struct space *space = ref_to(memory->space);
	status_t status;

	if (!range_ok(memory, offset, length))
		return SK_BAD_ARG;
	if (!rights_ok(memory, rights))
		return SK_NO_RIGHT;
	if (!space)
		return SK_NOT_MAPPED;
	if (space->pin)
		return memory_pinned(f, memory);
	status = space_change(space, memory, offset, length, (unsigned)rights, &frame_word(f, 0));
	if (status == SK_OK)
		memory->cleared = 0; /* what another capability has mapped there since has the rights of this one now */
	return status;
}

/*
 * From the edge of a block on: another capability may have mapped one since where this one was unmapped up to
 * its middle. So none has to be split here, for which there may be no table: only a pin can stop it.
 */
COLD status_t memory_unmap_step(struct slot *slot)
{
	uint64_t done, bytes;

	if (!slot->space)
		return SK_OK;
	done = (slot->ipa + ((uint64_t)slot->cleared << SK_PAGE_BITS)) & ~(SK_BLOCK - 1);
	done = done > slot->ipa ? done - slot->ipa : 0;
	slot->cleared = (uint32_t)(done >> SK_PAGE_BITS);
	if (unmap(slot, done, slot_bytes(slot) - done, &bytes) == SK_PINNED)
		return SK_PINNED;
	return slot->space ? STATUS_RESTART : SK_OK;
}
