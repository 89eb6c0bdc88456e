/* SPDX-License-Identifier: BSD-2-Clause */
/* A random bit generator: for whoever hands out random numbers, from a seed that it has. */
#ifndef SKERRY_ENTROPY_H
#define SKERRY_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

struct entropy {
	uint32_t key[8];
	uint64_t block;      /* blocks made with this key */
};

/* Starts from SIZE bytes at SEED; the same seed gives the same numbers. */
void entropy_init(struct entropy *e, const void *seed, size_t size);

/* Stirs in more. */
void entropy_add(struct entropy *e, const void *bytes, size_t size);

/* Fills OUT. What was given out cannot be computed from the state afterwards. */
void entropy_get(struct entropy *e, void *out, size_t size);

#endif
