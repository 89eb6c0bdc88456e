/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

struct guest_ram ram;
static uint32_t state = 1;

void guest_log(const char *format, ...)
{
	(void)format;
}

void vm_log(const char *format, ...)
{
	(void)format;
}

void guest_set_up(void)
{
	ram = (struct guest_ram){ .base = gpa(RAM_BASE), .size = RAM_BYTES };
	ram.host = aligned_alloc(4096, RAM_BYTES);
	memset(ram.host, 0, RAM_BYTES);
}

void guest_tear_down(void)
{
	free(ram.host);
}

void *guest_at(uint64_t address)
{
	return ram.host + (address - RAM_BASE);
}

void guest_queue(struct guest_queue *q, unsigned size, uint64_t at)
{
	*q = (struct guest_queue){ .size = size, .desc = at };
	q->avail = at + virtq_desc_bytes(size);
	q->used = (q->avail + virtq_avail_bytes(size) + 3) & ~3ul;
}

void guest_desc(const struct guest_queue *q, unsigned n, uint64_t address, uint32_t bytes, uint16_t flags,
		uint16_t next)
{
	struct virtq_desc *d = guest_at(q->desc);

	d[n] = (struct virtq_desc){ address, bytes, flags, next };
}

void guest_offer(struct guest_queue *q, uint16_t head)
{
	struct virtq_avail *avail = guest_at(q->avail);

	avail->ring[q->made++ % q->size] = head;
	avail->index = q->made;
}

bool guest_take(struct guest_queue *q, uint32_t *head, uint32_t *bytes)
{
	const struct virtq_used *used = guest_at(q->used);

	if (used->index == q->seen)
		return false;
	*head = used->ring[q->seen % q->size].head;
	*bytes = used->ring[q->seen++ % q->size].bytes;
	return true;
}

/* xorshift32 (Marsaglia, Xorshift RNGs, 2003) */
uint32_t guest_random(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

void guest_seed(uint32_t seed)
{
	state = seed;
}
