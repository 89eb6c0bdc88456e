/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A little guest: its RAM, which ends where the sanitizer sees it, and the
 * driver's side of a queue, made by hand so that it can be made wrong.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "virtio/queue.h"

#define RAM_BASE  0x40000000ul
#define RAM_BYTES 0x40000ul

extern struct guest_ram ram;

/* Zeroed RAM. */
void guest_set_up(void);
void guest_tear_down(void);

/* Bytes at a guest-physical address. */
void *guest_at(uint64_t address);

struct guest_queue {
	unsigned size;
	uint64_t desc, avail, used;
	uint16_t made, seen;     /* avail's index, used's tail */
};

/* Lays a queue of SIZE entries out at AT. */
void guest_queue(struct guest_queue *q, unsigned size, uint64_t at);

void guest_desc(const struct guest_queue *q, unsigned n, uint64_t address, uint32_t bytes, uint16_t flags,
		uint16_t next);

/* Makes the chain that begins at HEAD available. */
void guest_offer(struct guest_queue *q, uint16_t head);

/* Takes a used entry. False: none. */
bool guest_take(struct guest_queue *q, uint32_t *head, uint32_t *bytes);

/* The next number of a fixed sequence. */
uint32_t guest_random(void);
void guest_seed(uint32_t seed);

#endif
