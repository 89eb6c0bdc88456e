/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console ring: bytes from one writer to one reader in shared memory. A
 * console connection is one region holding two of them: [0] from the client to
 * the console, [1] from the console to the client; and one notification each
 * way. Works across cores. Nobody trusts what the other writes: an index is
 * masked before it is used, and a fill level above the size counts as empty.
 *
 *   writer: data, then store-release head; then, if the reader asked by
 *           `wanted`, signal.                 pairs with the reader's acquire
 *   reader: load-acquire head; data; store-release tail.
 *   Before sleeping the reader sets wanted, issues a full barrier and looks at
 *   head once more; the writer stores head, issues a full barrier, then reads
 *   wanted. So one of the two sees the other.
 *   A writer that waits for space does the same with blocked and tail.
 */
#ifndef SKERRY_RING_CONSOLE_H
#define SKERRY_RING_CONSOLE_H

#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>

#define CONSOLE_RING_BYTES 2048u /* of data, a power of two; a page holds one ring */

struct console_ring {
	_Atomic uint32_t head;    /* writer's: bytes ever written, mod 2^32 */
	_Atomic uint32_t blocked; /* writer's: 1 = signal me at the next space */
	uint32_t pad0[6];
	_Atomic uint32_t tail;    /* reader's: bytes ever read */
	_Atomic uint32_t wanted;  /* reader's: 1 = signal me at the next byte; the writer takes it back to 0 when it does */
	uint32_t pad1[6];
	uint8_t data[CONSOLE_RING_BYTES];
	uint8_t pad2[4096 - 64 - CONSOLE_RING_BYTES];
};
_Static_assert(sizeof(struct console_ring) == 4096, "one ring fills a page");

struct console_shared {
	struct console_ring to_console;
	struct console_ring to_client;
};

/*
 * Each side keeps its own index privately (in the variable that `own` points
 * to) and only publishes it: the peer cannot move it. It begins where the side
 * left off, should that have been there before: 0 in a ring that nobody used.
 */

/* Writer, at its start: its index. */
static inline uint32_t console_ring_written(const struct console_ring *ring)
{
	return ring->head;
}

/* Reader, at its start: its index. */
static inline uint32_t console_ring_taken(const struct console_ring *ring)
{
	return ring->tail;
}

/* Writes at most LEN bytes; returns how many fitted. *signal = the reader wants to be told. */
size_t console_ring_write(struct console_ring *ring, uint32_t *own, const void *bytes, size_t len, bool *signal);

/* The same for one byte; returns false if there was no space. For who writes byte by byte: a third of the cost. */
bool console_ring_put(struct console_ring *ring, uint32_t *own, uint8_t byte, bool *signal);

/* Reads at most LEN bytes; returns how many there were. */
size_t console_ring_read(struct console_ring *ring, uint32_t *own, void *bytes, size_t len);

/* Reader: asks for a signal at the next byte. Returns true if there are bytes already (then do not sleep). */
bool console_ring_want(struct console_ring *ring, uint32_t own);

/* Writer: bytes that would fit now. */
size_t console_ring_space(struct console_ring *ring, uint32_t own);

/* Writer: asks for a signal at the next space. Returns true if there is space already (then do not sleep). */
bool console_ring_want_space(struct console_ring *ring, uint32_t own);

/* Reader, after reading: true if the writer waits for space and is to be signalled (told once). */
bool console_ring_space_wanted(struct console_ring *ring);

#endif
