/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory.h"

#include "arch.h"
#include "cnode.h"
#include "core.h"
#include "space.h"
#include "thread.h"

#define IPA_END        (1ul << SK_IPA_BITS)

static uint64_t bytes_of(const struct slot *slot)
{
	return (uint64_t)slot->pages << SK_PAGE_BITS;
}

static unsigned badge_cache(uint64_t badge)
{
	return badge >> MEM_CACHE_SHIFT & 3u;
}

static bool range_ok(const struct slot *slot, uint64_t offset, uint64_t length)
{
	uint64_t bytes = bytes_of(slot);

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

static COLD void unbind(struct space *space, struct slot *slot)
{
	struct slot *next = ref_to(slot->map_next), *prev = ref_to(slot->map_prev);

	if (prev)
		prev->map_next = slot->map_next;
	else
		space->mapped = slot->map_next;
	if (next)
		next->map_prev = slot->map_prev;
	slot->space = slot->map_next = slot->map_prev = 0;
	slot->cleared = 0;
	slot->ipa = 0;
}

void memory_forget(struct space *space, struct slot *slot)
{
	unbind(space, slot);
}

COLD void memory_moved(struct slot *from, struct slot *to)
{
	struct slot *next = ref_to(from->map_next), *prev = ref_to(from->map_prev);
	struct space *space = ref_to(from->space);

	if (!space || CAP_TYPE(slot_cap(from)) != SK_TYPE_MEMORY)
		return;
	if (prev)
		prev->map_next = ref_of(to);
	else
		space->mapped = ref_of(to);
	if (next)
		next->map_prev = ref_of(to);
}

/* Whether a capability that is not mapped there may be mapped with its start at `base`. */
static COLD status_t may_bind(const struct slot *memory, uint64_t base)
{
	if (!aligned(base, SK_PAGE) || base >= IPA_END || bytes_of(memory) > IPA_END - base)
		return SK_BAD_ARG;
	return memory->space ? SK_MAPPED : SK_OK;
}

status_t memory_map(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	uint64_t base = frame_word(f, 1), offset = frame_word(f, 2), length = frame_word(f, 3);
	uint64_t rights = frame_word(f, 4), badge;
	struct slot *memory = cap_find(thread, frame_slot(f), SK_TYPE_MEMORY, 0);
	struct slot *target = cap_find(thread, frame_word(f, 0), SK_TYPE_SPACE, SK_RIGHT_WRITE);
	struct space *space;
	status_t status;
	bool bound;

	(void)core;
	if (!memory)
		return cap_error(thread, frame_slot(f), SK_TYPE_MEMORY);
	if (!target)
		return cap_error(thread, frame_word(f, 0), SK_TYPE_SPACE);
	if (!range_ok(memory, offset, length))
		return SK_BAD_ARG;
	if (!rights_ok(memory, rights))
		return SK_NO_RIGHT;
	space = CAP_OBJECT(slot_cap(target));
	bound = memory->space == ref_at(space) && memory->ipa == base;
	if (!bound) {
		status = may_bind(memory, base);
		if (status != SK_OK)
			return status;
	}
	badge = slot_badge(memory);
	status = space_map(space, (ipa_t){ base + offset }, (paddr_t){ badge_base(badge).a + offset }, length, (unsigned)rights,
			   badge_cache(badge), &frame_word(f, 0));
	if (status != SK_OK)
		return status;
	if (!bound)
		bind(space, memory, base);
	memory->cleared = 0;
	return SK_OK;
}

COLD bool memory_map_boot(struct slot *slot, struct space *space, ipa_t ipa, unsigned rights)
{
	uint64_t bytes;

	bind(space, slot, ipa.a);
	for (uint64_t done = 0; done < bytes_of(slot); done += bytes) {
		if (space_map(space, (ipa_t){ ipa.a + done }, (paddr_t){ slot_base(slot).a + done }, bytes_of(slot) - done, rights,
			      badge_cache(slot_badge(slot)), &bytes) != SK_OK)
			return false;
	}
	return true;
}

/* All but the unmapping of a single page. */
static COLD status_t change(const struct slot *memory, uint64_t offset, uint64_t length, bool unmap, uint64_t rights,
			    uint64_t *bytes)
{
	const struct space_change c = {
		.unmap = unmap,
		.rights = (unsigned)rights,
		.ipa = { memory->ipa + offset },
		.pa = { slot_base(memory).a + offset },
		.length = length,
		.bound = { memory->ipa },
		.bound_end = { memory->ipa + bytes_of(memory) },
	};
	uint64_t done;
	status_t status = space_change(ref_to(memory->space), &c, &done);

	if (status == SK_OK)
		*bytes = done;
	return status;
}

COLD status_t memory_pinned(struct arch_frame *f, const struct slot *memory)
{
	frame_word(f, 0) = ((const struct space *)ref_to(memory->space))->pin;
	return SK_PINNED;
}

/* These pages of it are unmapped. */
static inline status_t unmapped(struct space *space, struct slot *memory, uint64_t offset, uint64_t bytes)
{
	if (offset == (uint64_t)memory->cleared << SK_PAGE_BITS)
		memory->cleared += (uint32_t)(bytes >> SK_PAGE_BITS);
	if (memory->cleared == memory->pages)
		unbind(space, memory);
	return SK_OK;
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
	status = change(memory, offset, length, true, 0, bytes);
	return status == SK_OK ? unmapped(space, memory, offset, *bytes) : status;
}

static COLD status_t unmap_call(struct arch_frame *f, struct slot *memory, uint64_t offset, uint64_t length)
{
	uint64_t bytes;
	status_t status = unmap(memory, offset, length, &bytes);

	if (status == SK_OK)
		frame_word(f, 0) = bytes;
	return status == SK_PINNED ? memory_pinned(f, memory) : status;
}

status_t memory_unmap(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	uint64_t offset = frame_word(f, 0), length = frame_word(f, 1);
	struct slot *memory = cap_find(thread, frame_slot(f), SK_TYPE_MEMORY, 0);

	(void)core;
	if (!memory)
		return cap_error(thread, frame_slot(f), SK_TYPE_MEMORY);
	if (!range_ok(memory, offset, length))
		return SK_BAD_ARG;
	if (length == SK_PAGE && memory->space) {
		struct space *space = ref_to(memory->space);

		if (space_unmap_page(space, (ipa_t){ memory->ipa + offset }, (paddr_t){ slot_base(memory).a + offset })) {
			frame_word(f, 0) = SK_PAGE;
			return unmapped(space, memory, offset, SK_PAGE);
		}
	}
	return unmap_call(f, memory, offset, length);
}

COLD status_t memory_protect(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	uint64_t offset = frame_word(f, 0), length = frame_word(f, 1), rights = frame_word(f, 2);
	struct slot *memory = cap_find(thread, frame_slot(f), SK_TYPE_MEMORY, 0);

	(void)core;
	if (!memory)
		return cap_error(thread, frame_slot(f), SK_TYPE_MEMORY);
	if (!range_ok(memory, offset, length))
		return SK_BAD_ARG;
	if (!rights_ok(memory, rights))
		return SK_NO_RIGHT;
	if (!memory->space)
		return SK_NOT_MAPPED;
	if (((struct space *)ref_to(memory->space))->pin)
		return memory_pinned(f, memory);
	return change(memory, offset, length, false, rights, &frame_word(f, 0));
}

/* A block is changed by a capability that contains it: none has to be split here, so only a pin can stop it. */
COLD status_t memory_unmap_step(struct slot *slot)
{
	uint64_t done, bytes;

	if (!slot->space)
		return SK_OK;
	done = (uint64_t)slot->cleared << SK_PAGE_BITS;
	if (unmap(slot, done, bytes_of(slot) - done, &bytes) == SK_PINNED)
		return SK_PINNED;
	return slot->space ? STATUS_RESTART : SK_OK;
}
