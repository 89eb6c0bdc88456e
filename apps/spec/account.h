/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much memory a system takes, counted from its spec and its components' images:
 * what root will take, object by object. What only the machine knows (a file's size, a
 * guest's RAM that a parameter sets) counts as the spec has it, or as much as may be.
 */
#ifndef SPEC_ACCOUNT_H
#define SPEC_ACCOUNT_H

#include "abi/skerry.h"
#include "image.h"
#include "spec.h"

/* What the kernel makes for root, mostly its cnode; root's tables, watchers and untypeds. */
#define ACCOUNT_ROOT (64ul * SK_ROOT_CNODE_SLOTS + (256ul << 10))

/*
 * Adds the tables (tables.h) for the component's own memory, which begins at PA and is in
 * this order: start page, image, stack, heap. Returns its bytes.
 */
uint64_t account_own(const struct spec_component *c, const struct image *image, uint64_t pa);

/* Table pages of a component's space; of the guest space OBJECT. */
uint32_t account_tables(const struct spec *s, const struct image *image, uint32_t component);
uint32_t account_guest_tables(const struct spec *s, uint32_t object);

/* Bytes of kernel memory that are set aside for a component; with SPEC_NONE for what has no owner. */
uint64_t account_kernel(const struct spec *s, const struct image *image, uint32_t component);

/* All kernel memory that root takes. */
uint64_t account_all(const struct spec *s, const struct image *image);

#endif
