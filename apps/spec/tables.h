/* SPDX-License-Identifier: BSD-2-Clause */
/* How many table pages a space needs for its mappings: exactly what the kernel takes (kernel/core/space.c). */
#ifndef SPEC_TABLES_H
#define SPEC_TABLES_H

#include <stdint.h>

/* Forgets all mappings. */
void tables_reset(void);

/* Adds a mapping of BYTES at IPA to PA (page multiples). */
void tables_add(uint64_t ipa, uint64_t pa, uint64_t bytes);

/* Table pages for those added, the root not counted. */
uint32_t tables_count(void);

#endif
