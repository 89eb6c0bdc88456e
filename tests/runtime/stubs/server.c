/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <stdio.h>

#include "component.h"

void words_nothing(void)
{
}

uint64_t words_add(uint32_t a, uint32_t b)
{
	return (uint64_t)a + b;
}

int32_t words_least(int8_t a, int16_t b, int32_t c)
{
	int32_t least = a < b ? a : b;

	return c < least ? c : least;
}

int64_t words_negate(int64_t a)
{
	return -a;
}

bool words_invert(bool b)
{
	return !b;
}

uint8_t words_narrow(uint8_t a, uint16_t b)
{
	return (uint8_t)(a + b);
}

void words_split(uint64_t all, uint32_t *high, uint32_t *low, bool *odd, int8_t *sign)
{
	*high = (uint32_t)(all >> 32);
	*low = (uint32_t)all;
	*odd = all & 1;
	*sign = all >> 63 ? -1 : 1;
}

void words_step(int32_t *value, bool *odd)
{
	*value += 1;
	*odd = !*odd;
}

int64_t words_many(uint8_t a, uint16_t b, uint32_t c, uint64_t d, int8_t e, int16_t f, int32_t g, int64_t h, bool i)
{
	int64_t sum = (int64_t)a + b + c + (int64_t)d + e + f + g + h;

	return i ? -sum : sum;
}

void things_greet(const char *name, char *answer)
{
	snprintf(answer, 81, "Hello, %s!", name);
}

void things_shout(char *text)
{
	for (; *text; text++)
		*text = (char)toupper((unsigned char)*text);
}

uint32_t things_sum(const uint16_t *values, size_t count)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

/* It may say more than there is room for: the stub cuts it off. */
void things_squares(uint32_t n, uint32_t *values, size_t *count)
{
	*count = n;
	for (uint32_t i = 0; i < n && i < 8; i++)
		values[i] = i * i;
}

void things_reverse(int32_t *list, size_t *count)
{
	for (size_t i = 0; i < *count / 2; i++) {
		int32_t swap = list[i];

		list[i] = list[*count - 1 - i];
		list[*count - 1 - i] = swap;
	}
}

void things_digest(const uint8_t *data, uint8_t *digest)
{
	for (unsigned i = 0; i < 32; i++)
		digest[i % 4] = i < 4 ? data[i] : digest[i % 4] ^ data[i];
}

bool things_any(const bool *bits)
{
	for (unsigned i = 0; i < 8; i++) {
		if (bits[i])
			return true;
	}
	return false;
}

void things_mirror(const struct Point *p, struct Point *q)
{
	*q = (struct Point){ -p->x, -p->y, !p->marked };
}

void things_grow(struct Shape *s, uint8_t by)
{
	snprintf(s->name, sizeof(s->name), "grown %u", by);
	for (unsigned i = 0; i < 3; i++)
		s->corner[i].x += by;
	s->tags[3]++;
	s->flags[0] = !s->flags[0];
}

void things_sort(const struct Point *points, size_t count, struct Point *sorted, size_t *sorted_count)
{
	*sorted_count = count;
	for (size_t i = 0; i < count; i++)
		sorted[count - 1 - i] = points[i];
}
