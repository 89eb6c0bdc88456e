/* SPDX-License-Identifier: BSD-2-Clause */
#include "rate.h"

#include <stdlib.h>

#define MOST 100000000000ul /* bits a second: with a counter of 1 GHz all products below stay within 64 bits */

void rate_init(struct rate *r, uint64_t bits, uint64_t burst, uint64_t hz, uint64_t now)
{
	*r = (struct rate){ .bytes = bits / 8, .burst = burst, .hz = hz, .left = (int64_t)burst, .since = now };
}

static void refill(struct rate *r, uint64_t now)
{
	uint64_t passed = now - r->since, full = r->burst * r->hz / r->bytes + r->hz;
	uint64_t bytes;

	/* Behind a long pause the bucket is full. */
	if (passed >= full) {
		r->left = (int64_t)r->burst;
		r->since = now;
		return;
	}
	bytes = passed * r->bytes / r->hz;
	r->left += (int64_t)bytes;
	r->since += bytes * r->hz / r->bytes;
	if (r->left > (int64_t)r->burst)
		r->left = (int64_t)r->burst;
}

bool rate_allows(struct rate *r, uint64_t now, uint64_t *at)
{
	if (r->bytes == 0)
		return true;
	refill(r, now);
	if (r->left > 0)
		return true;
	*at = now + ((uint64_t)-r->left + 1) * r->hz / r->bytes + 1;
	return false;
}

uint64_t rate_parse(const char *text)
{
	char *end;
	uint64_t value = strtoul(text, &end, 10), unit = 1;

	if (end == text || *text == '-')
		return 0;
	if (*end == 'k' || *end == 'M' || *end == 'G') {
		unit = *end == 'k' ? 1000 : *end == 'M' ? 1000000 : 1000000000;
		end++;
	}
	return *end || value < 8 / unit || value > MOST / unit ? 0 : value * unit;
}
