/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for components and guests out of the machine's RAM.
 *
 * What is given out is zero and clean in the caches, except what the spec says
 * to keep (guest RAM): RAM that nobody had since power-on holds no one's secrets,
 * a guest expects of it no more than of a machine's, and zeroing it would cost
 * as much as half its boot. What firmware left in the caches of such RAM is as
 * harmless, or harmful, to the guest as to a kernel on the bare machine.
 */
#ifndef ROOT_RAM_H
#define ROOT_RAM_H

#include <stdbool.h>
#include <stdint.h>

#define MEMORY_PIECES 8

/* Some memory: one capability a physically contiguous piece. */
struct memory {
	uint64_t bytes;
	uint32_t pieces;
	struct memory_piece {
		uint64_t pa, bytes;
		uint32_t slot;
	} piece[MEMORY_PIECES];
};

/* Collects the RAM regions. Once. */
void ram_open(void);

/* Bytes that nobody has. */
uint64_t ram_free(void);

/*
 * Takes BYTES (page multiple) of RAM for NAME, with all mapping rights: in one
 * piece on a 2 MiB boundary, if there is none and it is large in several such.
 * Ends root with the amounts if there is not so much.
 */
void ram_take(const char *name, uint64_t bytes, uint32_t cache, struct memory *memory);

/* Maps it into root's space at ROOT_SCRATCH, read-write, one at a time; gives the address. */
void *ram_open_window(const struct memory *memory);

/* Cleans it to the point of coherency and unmaps it. */
void ram_close_window(const struct memory *memory);

/* Zeroes it all. */
void ram_clear(const struct memory *memory);

#endif
