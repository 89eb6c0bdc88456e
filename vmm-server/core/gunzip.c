/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reference
 *   [GZIP] RFC 1952, GZIP file format 4.3
 */
#include "core/gunzip.h"

#include <stdbool.h>
#include <string.h>

#include "core/inflate.h"

/* [GZIP] 8: CRC-32, a byte at a time */
static uint32_t crc32(const uint8_t *bytes, size_t size)
{
	static uint32_t table[256];
	uint32_t crc = ~0u;

	if (table[1] == 0) {
		for (unsigned i = 0; i < 256; i++) {
			uint32_t c = i;

			for (unsigned k = 0; k < 8; k++)
				c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
			table[i] = c;
		}
	}
	for (; size > 0; size--)
		crc = crc >> 8 ^ table[(crc ^ *bytes++) & 0xff];
	return ~crc;
}

static uint32_t le32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* What is left to be read. */
struct rest {
	const uint8_t *in, *end;
};

/* Skips a field that ends in NUL. */
static bool skip_text(struct rest *r)
{
	const uint8_t *nul = memchr(r->in, 0, (size_t)(r->end - r->in));

	if (!nul)
		return false;
	r->in = nul + 1;
	return true;
}

/* [GZIP] 2.3 */
static const char *header(struct rest *r)
{
	enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16 };

	if (r->end - r->in < 18)
		return inflate_truncated;
	unsigned flags = r->in[3];
	if (r->in[0] != 0x1f || r->in[1] != 0x8b || r->in[2] != 8)
		return "no gzip header";
	r->in += 10;
	if (flags & FEXTRA) {
		size_t extra = 2u + (r->in[0] | (size_t)r->in[1] << 8);

		if (extra > (size_t)(r->end - r->in))
			return inflate_truncated;
		r->in += extra;
	}
	if ((flags & FNAME) && !skip_text(r))
		return inflate_truncated;
	if ((flags & FCOMMENT) && !skip_text(r))
		return inflate_truncated;
	if (flags & FHCRC) {
		if (r->end - r->in < 2)
			return inflate_truncated;
		r->in += 2;
	}
	return NULL;
}

const char *gunzip(const uint8_t *in, size_t in_size, uint8_t *out, size_t room, size_t *size)
{
	struct rest r = { in, in + in_size };
	const char *error = header(&r);

	if (error)
		return error;
	size_t packed = (size_t)(r.end - r.in);
	error = inflate(r.in, &packed, out, &room);
	if (error)
		return error;
	r.in += packed;
	if (r.end - r.in < 8)
		return inflate_truncated;
	if (le32(r.in + 4) != (uint32_t)room || le32(r.in) != crc32(out, room))
		return "the checksum of the compressed data is wrong";
	*size = room;
	return NULL;
}
