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

static unsigned cache_of(const struct slot *slot)
{
	return slot_mem_flags(slot) >> MEM_CACHE_SHIFT & 3u;
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

static __attribute__((noinline)) void bind(struct space *space, struct slot *slot, uint64_t ipa)
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

static void unbind(struct space *space, struct slot *slot)
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

void memory_moved(struct slot *from, struct slot *to)
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

status_t memory_map(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	uint64_t base = frame_word(f, 1), offset = frame_word(f, 2), length = frame_word(f, 3);
	uint64_t rights = frame_word(f, 4);
	struct space_stretch stretch;
	struct slot *memory = cap_find(thread, frame_slot(f), SK_TYPE_MEMORY, 0);
	struct slot *target = cap_find(thread, frame_word(f, 0), SK_TYPE_SPACE, SK_RIGHT_WRITE);
	struct space *space;
	status_t status;
	paddr_t pa;
	ipa_t ipa;

	(void)core;
	if (!memory)
		return cap_error(thread, frame_slot(f), SK_TYPE_MEMORY);
	if (!target)
		return cap_error(thread, frame_word(f, 0), SK_TYPE_SPACE);
	if (!range_ok(memory, offset, length) || !aligned(base, SK_PAGE) || base >= IPA_END ||
	    bytes_of(memory) > IPA_END - base)
		return SK_BAD_ARG;
	if (!rights_ok(memory, rights))
		return SK_NO_RIGHT;
	space = CAP_OBJECT(slot_cap(target));
	if (memory->space && (memory->space != ref_of(space) || memory->ipa != base))
		return SK_MAPPED;
	ipa = (ipa_t){ base + offset };
	pa = (paddr_t){ slot_base(memory).a + offset };
	status = space_map_check(space, ipa, pa, length, &stretch);
	if (status != SK_OK)
		return status;
	/* decoded */
	if (!memory->space)
		bind(space, memory, base);
	space_map(space, &stretch, ipa, pa, (unsigned)rights, cache_of(memory));
	memory->cleared = 0;
	frame_word(f, 0) = stretch.bytes;
	return SK_OK;
}

bool memory_map_boot(struct slot *slot, struct space *space, ipa_t ipa, unsigned rights)
{
	struct space_stretch stretch;

	bind(space, slot, ipa.a);
	for (uint64_t done = 0; done < bytes_of(slot); done += stretch.bytes) {
		ipa_t at = { ipa.a + done };
		paddr_t pa = { slot_base(slot).a + done };

		if (space_map_check(space, at, pa, bytes_of(slot) - done, &stretch) != SK_OK)
			return false;
		space_map(space, &stretch, at, pa, rights, cache_of(slot));
	}
	return true;
}

static struct space_change change_of(const struct slot *memory, uint64_t offset, uint64_t length)
{
	return (struct space_change){
		.ipa = { memory->ipa + offset },
		.pa = { slot_base(memory).a + offset },
		.length = length,
		.bound = { memory->ipa },
		.bound_end = { memory->ipa + bytes_of(memory) },
	};
}

status_t memory_pinned(struct arch_frame *f, const struct slot *memory)
{
	frame_word(f, 0) = ((const struct space *)ref_to(memory->space))->pin;
	return SK_PINNED;
}

/* Unmaps from offset on, one table's worth. */
static status_t unmap(struct slot *memory, uint64_t offset, uint64_t length, uint64_t *bytes)
{
	struct space *space = ref_to(memory->space);
	struct space_change change = change_of(memory, offset, length);
	status_t status;

	if (!space) {
		*bytes = length;
		return SK_OK;
	}
	if (space->pin)
		return SK_PINNED;
	change.unmap = true;
	status = space_change(space, &change, bytes);
	if (status != SK_OK)
		return status;
	if (offset == (uint64_t)memory->cleared << SK_PAGE_BITS)
		memory->cleared += (uint32_t)(*bytes >> SK_PAGE_BITS);
	if (memory->cleared == memory->pages)
		unbind(space, memory);
	return SK_OK;
}

status_t memory_unmap(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	struct slot *memory = cap_find(thread, frame_slot(f), SK_TYPE_MEMORY, 0);
	uint64_t bytes;
	status_t status;

	(void)core;
	if (!memory)
		return cap_error(thread, frame_slot(f), SK_TYPE_MEMORY);
	if (!range_ok(memory, frame_word(f, 0), frame_word(f, 1)))
		return SK_BAD_ARG;
	status = unmap(memory, frame_word(f, 0), frame_word(f, 1), &bytes);
	if (status == SK_OK)
		frame_word(f, 0) = bytes;
	return status == SK_PINNED ? memory_pinned(f, memory) : status;
}

status_t memory_protect(struct core *core, struct thread *thread)
{
	struct arch_frame *f = &thread->frame;
	uint64_t offset = frame_word(f, 0), length = frame_word(f, 1), rights = frame_word(f, 2), bytes;
	struct slot *memory = cap_find(thread, frame_slot(f), SK_TYPE_MEMORY, 0);
	struct space_change change;
	status_t status;

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
	change = change_of(memory, offset, length);
	change.rights = (unsigned)rights;
	status = space_change(ref_to(memory->space), &change, &bytes);
	if (status == SK_OK)
		frame_word(f, 0) = bytes;
	return status;
}

/* A block is changed by a capability that contains it: none has to be split here, so only a pin can stop it. */
status_t memory_unmap_step(struct slot *slot)
{
	uint64_t done, bytes;

	if (!slot->space)
		return SK_OK;
	done = (uint64_t)slot->cleared << SK_PAGE_BITS;
	if (unmap(slot, done, bytes_of(slot) - done, &bytes) == SK_PINNED)
		return SK_PINNED;
	return slot->space ? STATUS_RESTART : SK_OK;
}
