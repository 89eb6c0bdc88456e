/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loader's own address space: virtual = physical, below 512 GiB, and only
 * what is known to be memory or a device that the loader uses. Normal memory is
 * mapped when something is known to lie there, never on a guess: what is mapped
 * may be read speculatively.
 */
#ifndef BOOT_IDENTITY_H
#define BOOT_IDENTITY_H

#include "memory.h"
#include "report.h"
#include "tables.h"

/* Maps the image and turns MMU and caches on. Called once, on the boot core at EL2. */
void identity_begin(struct range image);

/* Maps whole pages around RANGE. False: out of table pages, or above 512 GiB. */
bool identity_map(struct range range, enum map_kind kind, struct report *report);

/* Also maps the window as the kernel's tables at KERNEL_ROOT do. */
void identity_share(const uint64_t *kernel_root);

/* For the other cores: the values of MAIR, TCR and TTBR0. */
uint64_t identity_mair(void);
uint64_t identity_tcr(void);
uint64_t identity_ttbr(void);

#endif
