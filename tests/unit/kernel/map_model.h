/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mappings of the reference model (caps_model.h): each Space is a table of pages, with the
 * physical page and the rights that user level has there. Page tables are known as far as the
 * reference page tells of them: 2 MiB are a block or a table of pages; a table is made where it is
 * needed, and stays; without a free one the call fails.
 *
 * Memory of one or more capabilities may be mapped at one address by one of them at a time; what
 * maps the physical page that a capability has there is changed by it, whoever mapped it.
 */
#ifndef SKERRY_MAP_MODEL_H
#define SKERRY_MAP_MODEL_H

#include "caps_model.h"

/* Where things are mapped: across the edge of a GiB. Nothing is anywhere else. */
#define MODEL_IPA    0x3f800000ul
enum { MODEL_SPACES = 5, MODEL_REGIONS = 8, MODEL_PAGES = 512, MODEL_GIB_AT = 4 };

struct model_page {
	uint64_t pa;
	unsigned rights;          /* 0: nothing is mapped */
};

/* 2 MiB. */
struct model_region {
	enum { REGION_EMPTY, REGION_BLOCK, REGION_TABLE } kind;
	struct model_page block, page[MODEL_PAGES];
};

struct model_space {
	unsigned object;          /* 0: no such Space */
	unsigned kind;            /* enum sk_space_kind */
	unsigned free_tables;
	bool middle[2];           /* a table for the regions of each GiB */
	struct model_region region[MODEL_REGIONS];
};

extern struct model_space model_spaces[MODEL_SPACES];

/* Null: there is none. 0: a place for one. */
struct model_space *model_space(unsigned object);
unsigned model_spaces_free(void);
void model_space_make(unsigned object, unsigned kind, unsigned tables);

/*
 * Each returns the status. DONE: how far the kernel says it came, if it says OK; a figure that
 * cannot be makes MODEL_NOT_DONE of OK. Slots are of the caller's cnode.
 */
enum { MODEL_NOT_DONE = 0x400 };
unsigned model_map(int memory, int space, uint64_t ipa, uint64_t offset, uint64_t length, uint64_t rights, uint64_t done);
unsigned model_unmap(int memory, uint64_t offset, uint64_t length, uint64_t done);
unsigned model_protect(int memory, uint64_t offset, uint64_t length, uint64_t rights, uint64_t done);

/* The capability goes. */
void model_unmap_all(struct model_cap *cap);

#endif
