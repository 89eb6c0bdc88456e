/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the loader tells root, in SK_ROOT_INFO_PAGES pages at SK_ROOT_INFO_IPA: the machine's
 * RAM and devices. The kernel maps these pages and does not read them.
 */
#pragma once

#include "abi/skerry.h"

#define SK_ROOT_INFO_MAGIC   0x4f464e49544f4f52ul /* "ROOTINFO" */
#define SK_ROOT_INFO_VERSION 2
#define SK_ROOT_SEED         32

struct sk_region {
	uint64_t pa;              /* page aligned */
	uint64_t size;            /* page multiple */
	uint32_t kind;            /* enum sk_region_kind */
	uint32_t offset;          /* ARCHIVE, DTB, DEVICE: the contents begin at pa + offset */
	char name[48];            /* DEVICE: path of the node, NUL-terminated, cut if longer; ARCHIVE: "system" or "initrd" */
	uint32_t irq;             /* DEVICE: INTID of its first interrupt, 0: none */
	uint32_t irq_edge;        /* enum sk_trigger */
};

struct sk_root_info {
	uint64_t magic;
	uint32_t version;
	uint32_t regions;         /* entries used in region[] */
	uint32_t cores;
	uint32_t abi;             /* SK_ABI_MAJOR << 16 | SK_ABI_MINOR */
	uint64_t counter_hz;      /* frequency of the physical counter */
	uint64_t object_bytes;    /* size of the object pool's untyped at start */
	uint32_t console;         /* index of the console UART's region, ~0: none */
	uint32_t status;          /* index of a second UART's region, ~0: none */
	uint32_t maintenance;     /* reserved, 0 */
	uint32_t reserved;
	uint8_t seed[SK_ROOT_SEED]; /* unguessable bytes from firmware and the CPU; all 0: the machine has neither */
	struct sk_region region[SK_ROOT_MAX_REGIONS];
};
_Static_assert(sizeof(struct sk_region) == 80, "sk_region layout");
_Static_assert(sizeof(struct sk_root_info) <= SK_ROOT_INFO_PAGES << SK_PAGE_BITS, "root info fits its pages");
