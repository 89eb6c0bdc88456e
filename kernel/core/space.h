/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Space: a stage-2 table with its VMID. It holds a component's memory, a
 * guest's, or what a device may reach. Three levels of 512 entries (1 GiB,
 * 2 MiB, 4 KiB), addresses below 1 << SK_IPA_BITS.
 *
 * Table pages are donated and stay: an emptied table waits for the next
 * mapping there, and all go back with the untyped that the Space was made from.
 */
#pragma once

#include "slot.h"
#include "arch_types.h"

struct space {
	struct object o;
	uint64_t pin;           /* badge of its pin, 0: none; kernel lock */
	uint16_t vmid;          /* 0: none now; kernel lock */
	uint8_t kind;           /* enum sk_space_kind */
	uint8_t reserved;
	uint32_t free_tables;   /* length of the list at `tables` */
	ref_t tables;           /* free table pages, linked through their first word */
	ref_t mapped;           /* memory capabilities mapped here, linked through map_next */
	paddr_t root_pa;
	pte_t *root;
	struct arch_space hardware;
};

#define SPACE_TABLES_MAX 64u    /* that it can be made with, and that can be donated by one call */

/* The root table stands ARCH_ROOT_BYTES behind it, `size` more tables follow; attribute: enum sk_space_kind. No VMID until it runs. */
void space_init(void *object, uint64_t size, uint64_t attribute);

/*
 * Maps [ipa, ipa + length) to `pa`, or as much of it as one table holds: *bytes = how
 * much. MAPPED if something is mapped where it begins, NO_TABLES without table pages:
 * nothing is changed then.
 */
status_t space_map(struct space *space, ipa_t ipa, paddr_t pa, uint64_t length, unsigned rights, unsigned cache,
		   uint64_t *bytes);

/*
 * Unmaps the page, if it maps `pa`. False: no table of pages is there, or the Space
 * is pinned; space_change is to be asked.
 */
bool space_unmap_page(struct space *space, ipa_t ipa, paddr_t pa);

/*
 * Gives what of [offset, offset + length) of the memory is mapped other rights, 0: unmaps it;
 * at most one table's worth, *bytes = how far it came. What maps something else there is left
 * alone. NO_TABLES if a block must be split and no page is free (nothing changed then);
 * NOT_MAPPED if rights are to change and nothing of the stretch is mapped.
 */
status_t space_change(struct space *space, const struct slot *memory, uint64_t offset, uint64_t length, unsigned rights,
		      uint64_t *bytes);

/* Whether the tables allow an access (SK_ACCESS_*, same bits as rights) now. */
bool space_allows(const struct space *space, ipa_t ipa, unsigned access);

/*
 * Gives a Space a VMID if it has none, and loads it. There are fewer of them than
 * Spaces may be: the one whose turn it is loses its own. What has none loads as a
 * Space where nothing is mapped, so its next fetch fails and leads here. Kernel lock.
 */
void space_tag(struct core *core, struct space *space);

/* Odd while an entry is replaced (break before make), even otherwise; counts up. */
extern _Atomic uint32_t space_changes;

/*
 * Whether a fault met a moment in which an entry was being replaced and is to be
 * retried. Own core. Only faults after a replacement since this core's last look
 * cost a walk.
 */
bool space_fault_is_stale(struct core *core, struct space *space, ipa_t ipa, unsigned access);

/* Dying: forgets the mapped capabilities, then tables and VMID. */
status_t space_reap(struct core *core, void *object);

/*
 * Pins. What is pinned keeps root, tables, VMID and mappings: a device walks them. The pin is a capability to the
 * Space, below the IOMMU right. Badge of a pin whose Space lies in this untyped, 0: none.
 */
uint64_t space_pin_in(const struct slot *untyped);
void space_unpin(struct space *space); /* the pin goes */

/* SK_SPACE_DONATE, _PIN, _ROOT. Kernel lock. */
kernel_call space_donate, space_pin, space_root;
