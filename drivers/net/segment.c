/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [VIRTIO] Virtual I/O Device (VIRTIO) Version 1.2, 5.1.6.2: what a driver asks for.
 *   RFC 791 (IPv4), RFC 8200 (IPv6), RFC 9293 (TCP), RFC 3168 6.1.2 (CWR).
 */
#include "segment.h"

#include <string.h>

#include "checksum.h"

#define TAGGED 0x8100u
#define TCP    6u
enum { TCP_SEQUENCE = 4, TCP_OFFSET = 12, TCP_FLAGS = 13, TCP_CHECKSUM = 16, FIN = 1, PSH = 8, CWR = 0x80 };
enum { IP4_LENGTH = 2, IP4_ID = 4, IP4_PROTOCOL = 9, IP4_CHECKSUM = 10, IP4_ADDRESSES = 12, IP4_LEAST = 20 };
enum { IP6_LENGTH = 4, IP6_ADDRESSES = 8, IP6_BYTES = 40 };

static uint32_t get16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_sum(uint8_t *at, uint16_t sum)
{
	memcpy(at, &sum, sizeof(sum));
}

void segment_checksum(uint8_t *frame, uint32_t bytes, const struct net_offload *o)
{
	/* The field holds the sum of the pseudo header: it is part of what is summed. */
	uint64_t sum = checksum_add(0, frame + o->checksum_start, bytes - o->checksum_start);
	uint16_t result = (uint16_t)~checksum_fold(sum);

	/* A UDP checksum of 0 means none (RFC 768); both forms of zero are equal to TCP. */
	put_sum(frame + o->checksum_start + o->checksum_offset, result ? result : 0xffff);
}

static bool ip_valid(const struct segment *s)
{
	const uint8_t *ip = s->header + s->network;
	uint32_t bytes = s->transport - s->network;

	if (s->six)
		return bytes >= IP6_BYTES && ip[0] >> 4 == 6;
	return bytes >= IP4_LEAST && ip[0] >> 4 == 4 && (ip[0] & 15u) * 4 == bytes && ip[IP4_PROTOCOL] == TCP;
}

bool segment_begin(struct segment *s, const struct net_frame *f)
{
	uint32_t copied = f->bytes < sizeof(s->header) ? f->bytes : (uint32_t)sizeof(s->header);

	s->transport = f->offload.checksum_start;
	s->six = f->offload.cut == NET_CUT_TCP6;
	s->piece = f->offload.piece_bytes;
	s->done = 0;
	memcpy(s->header, f->at, copied);
	s->network = get16(s->header + 12) == TAGGED ? 18 : 14;
	if (f->offload.checksum_offset != TCP_CHECKSUM || s->transport < s->network || s->transport + 20 > copied ||
	    !ip_valid(s))
		return false;
	s->header_bytes = s->transport + (s->header[s->transport + TCP_OFFSET] >> 4) * 4u;
	s->payload = f->at + s->header_bytes;
	s->bytes = f->bytes - s->header_bytes;
	return s->header_bytes >= s->transport + 20 && s->header_bytes < copied;
}

static uint32_t piece(const struct segment *s)
{
	return s->bytes - s->done < s->piece ? s->bytes - s->done : s->piece;
}

uint32_t segment_bytes(const struct segment *s)
{
	return s->done < s->bytes ? s->header_bytes + piece(s) : 0;
}

static void finish_ip(const struct segment *s, uint8_t *to, uint32_t n)
{
	uint8_t *ip = to + s->network;

	if (s->six) {
		put16(ip + IP6_LENGTH, s->header_bytes - s->network - IP6_BYTES + n);
		return;
	}
	put16(ip + IP4_LENGTH, s->header_bytes - s->network + n);
	put16(ip + IP4_ID, get16(ip + IP4_ID) + s->done / s->piece);
	put_sum(ip + IP4_CHECKSUM, 0);
	put_sum(ip + IP4_CHECKSUM, (uint16_t)~checksum_fold(checksum_add(0, ip, s->transport - s->network)));
}

static void finish_tcp(const struct segment *s, uint8_t *to, uint32_t n)
{
	uint8_t *ip = to + s->network, *tcp = to + s->transport;
	uint32_t sequence = get16(tcp + TCP_SEQUENCE) << 16 | get16(tcp + TCP_SEQUENCE + 2);
	uint32_t length = s->header_bytes - s->transport + n;
	uint64_t sum;

	sequence += s->done;
	put16(tcp + TCP_SEQUENCE, sequence >> 16);
	put16(tcp + TCP_SEQUENCE + 2, sequence);
	if (s->done + n < s->bytes)
		tcp[TCP_FLAGS] &= (uint8_t)~(FIN | PSH);
	if (s->done > 0)
		tcp[TCP_FLAGS] &= (uint8_t)~CWR;
	put_sum(tcp + TCP_CHECKSUM, 0);
	sum = s->six ? checksum_add(0, ip + IP6_ADDRESSES, 32) : checksum_add(0, ip + IP4_ADDRESSES, 8);
	sum = checksum_add16(checksum_add16(sum, TCP), (uint16_t)length);
	put_sum(tcp + TCP_CHECKSUM, (uint16_t)~checksum_fold(checksum_add(sum, tcp, length)));
}

void segment_write(struct segment *s, uint8_t *to)
{
	uint32_t n = piece(s);

	memcpy(to, s->header, s->header_bytes);
	memcpy(to + s->header_bytes, s->payload + s->done, n);
	finish_ip(s, to, n);
	finish_tcp(s, to, n);
	s->done += n;
}
