/* SPDX-License-Identifier: BSD-2-Clause */
/* The server of golden/all.adl: its generated half, under names that leave the client's alone, and its methods. */
#define main          server_main
#define component_start server_start
#define frame         server_frame
#define frame_size    server_frame_size
int server_main(void);
#include SERVER_STUBS

#include "fake.h"

unsigned fake_ticks;

void *server_thread(void *unused)
{
	(void)unused;
	server_main();
	return NULL;
}

void tick_handle(void)
{
	fake_ticks++;
}

void numbers_nothing(void)
{
}

uint64_t numbers_add(uint32_t a, uint32_t b)
{
	return (uint64_t)a + b;
}

int32_t numbers_least(int8_t a, int16_t b, int32_t c)
{
	int32_t least = a < b ? a : b;

	return c < least ? c : least;
}

bool numbers_invert(bool b)
{
	return !b;
}

void numbers_six(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
}

int64_t numbers_many(uint8_t a, uint16_t b, uint32_t c, uint64_t d, int8_t e, int16_t f, int32_t g, int64_t h, bool i)
{
	return (i ? -1 : 1) * ((int64_t)(a + b) + c + (int64_t)d + e + f + g + h);
}

void numbers_split(uint64_t whole, uint32_t *high, uint32_t *low)
{
	*high = (uint32_t)(whole >> 32);
	*low = (uint32_t)whole;
}

void numbers_step(int32_t *value, bool *odd)
{
	*value += *odd ? 1 : 2;
	*odd = *value % 2 != 0;
}

void things_greet(const char *name, char *answer)
{
	snprintf(answer, 81, "Hello, %s!", name);
}

void things_shout(char *text)
{
	for (char *c = text; *c; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
}

uint32_t things_sum(const uint16_t *values, size_t values_count)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < values_count; i++)
		sum += values[i];
	return sum;
}

void things_squares(uint8_t count, uint32_t *values, size_t *values_count)
{
	*values_count = count; /* 9 and more is too much: the stub cuts it */
	for (uint32_t i = 0; i < count && i < 8; i++)
		values[i] = i * i;
}

void things_reverse(int32_t *values, size_t *values_count)
{
	for (size_t i = 0; i < *values_count / 2; i++) {
		int32_t other = values[*values_count - 1 - i];

		values[*values_count - 1 - i] = values[i];
		values[i] = other;
	}
}

void things_digest(const uint8_t *data, uint8_t *result_bytes)
{
	for (unsigned i = 0; i < 32; i++)
		result_bytes[i % 8] ^= data[i];
}

void things_flip(bool *bits)
{
	for (unsigned i = 0; i < 8; i++)
		bits[i] = !bits[i];
}

void things_mirror(const struct Point *p, struct Point *q)
{
	*q = (struct Point){ -p->x, -p->y, !p->marked };
}

void things_grow(struct Shape *shape, int32_t by)
{
	for (unsigned i = 0; i < 3; i++)
		shape->corner[i].x += by;
	shape->tags[3]++;
	shape->flags[0] = !shape->flags[0];
	snprintf(shape->name, sizeof(shape->name), "grown %d", (int)by);
}

void things_sort(const struct Point *points, size_t points_count, struct Point *sorted, size_t *sorted_count)
{
	*sorted_count = points_count;
	for (size_t i = 0; i < points_count; i++)
		sorted[i] = points[points_count - 1 - i];
}
