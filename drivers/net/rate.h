/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token bucket: so many bytes a second, and so many at once behind a pause. Who has
 * overdrawn it waits. Times are in steps of a counter.
 */
#ifndef NET_RATE_H
#define NET_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
	uint64_t bytes;      /* a second; 0: no limit */
	uint64_t burst;
	uint64_t hz;         /* of the counter */
	int64_t left;        /* < 0: overdrawn */
	uint64_t since;      /* when LEFT was right */
};

/* BITS a second, at least 8; BURST in bytes. */
void rate_init(struct rate *r, uint64_t bits, uint64_t burst, uint64_t hz, uint64_t now);

/* Whether a frame may go now; else *AT is when the next one may. */
bool rate_allows(struct rate *r, uint64_t now, uint64_t *at);

/* One went. */
static inline void rate_take(struct rate *r, uint32_t bytes)
{
	r->left -= bytes;
}

/* A number of bits a second: digits, then nothing, k, M or G (thousands). 0: it is none. */
uint64_t rate_parse(const char *text);

#endif
