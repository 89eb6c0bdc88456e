/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [DEFLATE] RFC 1951, DEFLATE Compressed Data Format 1.3
 *
 * A Huffman code is a table of its first FAST bits (entry: length and symbol);
 * longer codes, rare by construction, are decoded bit by bit in canonical order
 * from `count` and `symbol`.
 */
#include "core/inflate.h"

#include <stdbool.h>
#include <string.h>

#define MAX_BITS  15u
#define FAST      10u
#define LITERALS  288u
#define DISTANCES 30u

const char inflate_no_room[] = "more data than there is room for";
const char inflate_truncated[] = "the compressed data is truncated";
static const char bad_code[] = "an invalid Huffman code in the compressed data";

struct huffman {
	uint16_t fast[1u << FAST];     /* symbol << 4 | length; 0: longer than FAST, or no code */
	uint16_t count[MAX_BITS + 1];  /* codes of each length */
	uint16_t symbol[LITERALS];     /* by length, then value */
};

struct stream {
	const uint8_t *in, *end;
	uint64_t bits;                 /* the next bits, lowest first */
	unsigned have;                 /* how many are real; behind them are zeros */
	uint8_t *out;
	size_t done, room;
	struct huffman literal, distance;
};

static void refill(struct stream *s)
{
	while (s->have <= 56 && s->in < s->end) {
		s->bits |= (uint64_t)*s->in++ << s->have;
		s->have += 8;
	}
}

/* N <= 32. Returns false at the end of the input. */
static bool take(struct stream *s, unsigned n, unsigned *value)
{
	if (s->have < n) {
		refill(s);
		if (s->have < n)
			return false;
	}
	*value = (unsigned)(s->bits & ((1ul << n) - 1));
	s->bits >>= n;
	s->have -= n;
	return true;
}

static unsigned reversed(unsigned code, unsigned length)
{
	unsigned r = 0;

	for (; length > 0; length--, code >>= 1)
		r = r << 1 | (code & 1);
	return r;
}

/* [DEFLATE] 3.2.2. Returns false if the lengths over-subscribe the code space. */
static bool build(struct huffman *h, const uint8_t *length, unsigned n)
{
	unsigned offset[MAX_BITS + 2], next[MAX_BITS + 1], code = 0;
	int left = 1;

	memset(h, 0, sizeof(*h));
	for (unsigned i = 0; i < n; i++)
		h->count[length[i]]++;
	h->count[0] = 0;
	offset[1] = 0;
	for (unsigned l = 1; l <= MAX_BITS; l++) {
		left = (left << 1) - h->count[l];
		if (left < 0)
			return false;
		code = (code + h->count[l - 1]) << 1;
		next[l] = code;
		offset[l + 1] = offset[l] + h->count[l];
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned l = length[i];

		if (l == 0)
			continue;
		h->symbol[offset[l]++] = (uint16_t)i;
		code = next[l]++;
		if (l > FAST)
			continue;
		for (unsigned at = reversed(code, l); at < 1u << FAST; at += 1u << l)
			h->fast[at] = (uint16_t)(i << 4 | l);
	}
	return true;
}

/* A code longer than FAST, or none: canonical decoding, one bit at a time. */
static const char *decode_slow(struct stream *s, const struct huffman *h, unsigned *symbol)
{
	int code = 0, first = 0, index = 0;

	for (unsigned l = 1; l <= MAX_BITS; l++) {
		unsigned bit;

		if (!take(s, 1, &bit))
			return inflate_truncated;
		code |= (int)bit;
		if (code - h->count[l] < first) {
			*symbol = h->symbol[index + (code - first)];
			return NULL;
		}
		index += h->count[l];
		first = (first + h->count[l]) << 1;
		code <<= 1;
	}
	return bad_code;
}

static const char *decode(struct stream *s, const struct huffman *h, unsigned *symbol)
{
	if (s->have < MAX_BITS)
		refill(s);
	unsigned entry = h->fast[s->bits & ((1u << FAST) - 1)];
	unsigned length = entry & 15;

	if (length == 0)
		return decode_slow(s, h, symbol);
	if (length > s->have)
		return inflate_truncated;
	s->bits >>= length;
	s->have -= length;
	*symbol = entry >> 4;
	return NULL;
}

/* [DEFLATE] 3.2.5 */
static const uint16_t length_base[29] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51,
	59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4,
	4, 5, 5, 5, 5, 0 };
static const uint16_t distance_base[DISTANCES] = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193,
	257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
static const uint8_t distance_extra[DISTANCES] = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8,
	9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

static const char *copy_match(struct stream *s, unsigned symbol)
{
	const char *error;
	unsigned extra, at, length, distance;

	symbol -= 257;
	if (symbol >= 29)
		return bad_code;
	if (!take(s, length_extra[symbol], &extra))
		return inflate_truncated;
	length = length_base[symbol] + extra;
	error = decode(s, &s->distance, &at);
	if (error)
		return error;
	if (at >= DISTANCES)
		return bad_code;
	if (!take(s, distance_extra[at], &extra))
		return inflate_truncated;
	distance = distance_base[at] + extra;
	if (distance > s->done)
		return "a distance in the compressed data points before its beginning";
	if (length > s->room - s->done)
		return inflate_no_room;

	uint8_t *to = s->out + s->done;
	s->done += length;
	if (distance >= length) {
		memcpy(to, to - distance, length);
		return NULL;
	}
	for (; length > 0; length--, to++)
		*to = *(to - distance);
	return NULL;
}

static const char *block_codes(struct stream *s)
{
	for (;;) {
		unsigned symbol;
		const char *error = decode(s, &s->literal, &symbol);

		if (error)
			return error;
		if (symbol == 256)
			return NULL;
		if (symbol > 256) {
			error = copy_match(s, symbol);
			if (error)
				return error;
			continue;
		}
		if (s->done == s->room)
			return inflate_no_room;
		s->out[s->done++] = (uint8_t)symbol;
	}
}

/* [DEFLATE] 3.2.4. Whole bytes that wait in `bits` go back to the input first. */
static const char *block_stored(struct stream *s)
{
	s->in -= s->have / 8;
	s->bits = 0;
	s->have = 0;
	if (s->end - s->in < 4)
		return inflate_truncated;
	unsigned length = s->in[0] | (unsigned)s->in[1] << 8;
	unsigned check = s->in[2] | (unsigned)s->in[3] << 8;
	s->in += 4;
	if (length != (~check & 0xffff))
		return "a stored block's length does not match its complement";
	if (length > (size_t)(s->end - s->in))
		return inflate_truncated;
	if (length > s->room - s->done)
		return inflate_no_room;
	memcpy(s->out + s->done, s->in, length);
	s->in += length;
	s->done += length;
	return NULL;
}

/* [DEFLATE] 3.2.6 */
static const char *block_fixed(struct stream *s)
{
	uint8_t length[LITERALS];

	memset(length, 8, 144);
	memset(length + 144, 9, 112);
	memset(length + 256, 7, 24);
	memset(length + 280, 8, 8);
	build(&s->literal, length, LITERALS);
	memset(length, 5, DISTANCES);
	build(&s->distance, length, DISTANCES);
	return block_codes(s);
}

/* Reads N code lengths, which are themselves coded with s->literal. [DEFLATE] 3.2.7 */
static const char *read_lengths(struct stream *s, uint8_t *length, unsigned n)
{
	for (unsigned i = 0; i < n;) {
		unsigned symbol, repeat = 1, base = 0, bits = 0;
		uint8_t value;
		const char *error = decode(s, &s->literal, &symbol);

		if (error)
			return error;
		value = (uint8_t)(symbol < 16 ? symbol : 0);
		if (symbol == 16) {
			if (i == 0)
				return "a repeat of nothing in the compressed data";
			value = length[i - 1];
		}
		if (symbol >= 16) {
			base = symbol == 18 ? 11 : 3;
			bits = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
			if (!take(s, bits, &repeat))
				return inflate_truncated;
			repeat += base;
		}
		if (repeat > n - i)
			return "too many code lengths in the compressed data";
		memset(length + i, value, repeat);
		i += repeat;
	}
	return NULL;
}

static const char *block_dynamic(struct stream *s)
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	uint8_t length[LITERALS + 32] = { 0 };
	unsigned literals, distances, codes, value;

	if (!take(s, 5, &literals) || !take(s, 5, &distances) || !take(s, 4, &codes))
		return inflate_truncated;
	literals += 257;
	distances += 1;
	codes += 4;
	if (literals > 286 || distances > DISTANCES)
		return "too many Huffman codes in the compressed data";
	for (unsigned i = 0; i < codes; i++) {
		if (!take(s, 3, &value))
			return inflate_truncated;
		length[order[i]] = (uint8_t)value;
	}
	if (!build(&s->literal, length, 19))
		return bad_code;
	const char *error = read_lengths(s, length, literals + distances);
	if (error)
		return error;
	if (length[256] == 0)
		return "a block without an end in the compressed data";
	if (!build(&s->literal, length, literals) || !build(&s->distance, length + literals, distances))
		return bad_code;
	return block_codes(s);
}

static const char *blocks(struct stream *s)
{
	unsigned last = 0, type;

	while (!last) {
		const char *error = "an unknown block type in the compressed data";

		if (!take(s, 1, &last) || !take(s, 2, &type))
			return inflate_truncated;
		if (type == 0)
			error = block_stored(s);
		else if (type == 1)
			error = block_fixed(s);
		else if (type == 2)
			error = block_dynamic(s);
		if (error)
			return error;
	}
	return NULL;
}

const char *inflate(const uint8_t *in, size_t *in_size, uint8_t *out, size_t *out_size)
{
	static struct stream s; /* 6 KiB: too much for a component's stack. One caller, at start or reset */

	s = (struct stream){ .in = in, .end = in + *in_size, .out = out, .room = *out_size };
	const char *error = blocks(&s);
	*in_size = (size_t)(s.in - in) - s.have / 8;
	*out_size = s.done;
	return error;
}
