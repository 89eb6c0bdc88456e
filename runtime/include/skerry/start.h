/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a component finds at start: one read-only page at SK_START_IPA that root
 * writes from the system spec. It names the component's capabilities, its
 * mapped regions and its parameters, so that code says sk_slot("guest.vcpu0")
 * and never a number. All names are NUL-terminated.
 *
 * A component is entered at its ELF entry with sp set and w0 = SK_START_IPA.
 */
#ifndef SKERRY_START_H
#define SKERRY_START_H

#include <stddef.h>
#include <stdint.h>
#include "skerry/fail.h"

#define SK_START_MAGIC   0x5452415453594b53ul /* "SKYSTART" */
#define SK_START_VERSION 2
#define SK_START_IPA     0x2000ul
#define SK_START_PAGES   4
#define SK_START_NAMES   64

enum sk_start_kind {
	SK_START_SLOT = 1,    /* a = slot */
	SK_START_REGION = 2,  /* a = address in this component, b = bytes, c = physical address if the spec tells it (devices, DMA), else 0 */
	SK_START_PARAM = 3,   /* a = offset of a string in text[] */
};

struct sk_start_name {
	char name[40];
	uint32_t kind;
	uint32_t reserved;
	uint64_t a, b, c;
};

struct sk_start {
	uint64_t magic;
	uint32_t version;
	uint32_t names;        /* entries used in name[] */
	char component[40];    /* instance name in the system */
	uint64_t heap, heap_size;   /* zeroed RW memory for malloc */
	uint64_t counter_hz;
	uint32_t core, priority;
	uint32_t generation;   /* how often the component was started, this time included: from 1 on, always rising */
	uint32_t reserved;
	struct sk_start_name name[SK_START_NAMES];
	char text[4096];
};
_Static_assert(sizeof(struct sk_start) <= SK_START_PAGES * 4096, "the start page fits");

/* The page itself. Never null in a started component. */
const struct sk_start *sk_start(void);

/* Slot number of the capability called NAME, 0 if there is none. */
uint32_t sk_slot(const char *name);

/* Address of the region called NAME; *size (may be null) = its bytes. Null if there is none. */
void *sk_region(const char *name, size_t *size);

/* Physical address of the region, for devices that do DMA; 0 if the spec does not tell it. */
uint64_t sk_region_physical(const char *name);

/* Value of parameter NAME, or FALLBACK. The number form accepts 0x and the suffixes K, M, G. */
const char *sk_param(const char *name, const char *fallback);
uint64_t sk_param_number(const char *name, uint64_t fallback);

/*
 * As the three above, but a missing name ends the component with a message that
 * names it: a wiring error of the system spec.
 */
uint32_t sk_need_slot(const char *name);
void *sk_need_region(const char *name, size_t *size);

#endif
