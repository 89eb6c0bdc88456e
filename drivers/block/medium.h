/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A disk in memory: an image that is never written (a file of the boot archive,
 * or nothing: zeroes) under an overlay that takes the writes, block by block of
 * 4 KiB. Its contents are gone when the machine is. Overlay and map say all there
 * is to know, at any moment, so a backend that is started again finds the disk there:
 * a block is filled first and named by the map then.
 *
 *	map[block]:  BASE         the image's, zero behind its end
 *	             ZERO         zero
 *	             n            block n of the overlay
 *
 * One thread.
 */
#ifndef BLOCK_MEDIUM_H
#define BLOCK_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEDIUM_BLOCK 4096u

struct medium {
	const uint8_t *image;
	uint64_t image_bytes;
	uint8_t *overlay;
	uint32_t overlay_blocks, used;
	uint32_t *map;
	uint32_t blocks;
	uint32_t *free;          /* blocks of the overlay that were given back */
	uint32_t free_count;
};

/*
 * A disk of BYTES (whole blocks). MAP and FREE: one word a block of the disk / of
 * the overlay. IMAGE may be null.
 */
void medium_init(struct medium *m, uint64_t bytes, const void *image, uint64_t image_bytes, void *overlay,
		 uint64_t overlay_bytes, uint32_t *map, uint32_t *free);

/*
 * The same with the MAP that medium_init made and a backend before us left. False: it
 * is no such map.
 */
bool medium_resume(struct medium *m, uint64_t bytes, const void *image, uint64_t image_bytes, void *overlay,
		   uint64_t overlay_bytes, uint32_t *map, uint32_t *free);

/* AT and COUNT in bytes, inside the disk. */
void medium_read(const struct medium *m, uint64_t at, void *to, size_t count);

/* False: the overlay is full; what fitted is written. */
bool medium_write(struct medium *m, uint64_t at, const void *from, size_t count);

/* Zeroes a range; whole blocks give their overlay back. False: the overlay is full. */
bool medium_zero(struct medium *m, uint64_t at, uint64_t count);

#endif
