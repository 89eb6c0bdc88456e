/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is left to do for a frame (struct net_offload), done for a port that does not
 * take it undone: a checksum; a large TCP frame cut into pieces, as a network card would.
 * The frame's bytes may change meanwhile: its headers are copied and checked once.
 */
#ifndef NET_SEGMENT_H
#define NET_SEGMENT_H

#include <stdbool.h>

#include "rings/net.h"

struct segment {
	uint8_t header[160];        /* Ethernet with a tag 18, IP 60, TCP 60 */
	uint32_t header_bytes, network, transport;
	const uint8_t *payload;
	uint32_t bytes, piece, done;
	bool six;
};

/* Puts in the checksum that OFFLOAD (valid) asks for; the frame is ours. */
void segment_checksum(uint8_t *frame, uint32_t bytes, const struct net_offload *offload);

/* False: the frame is not what its offload says it is. */
bool segment_begin(struct segment *s, const struct net_frame *f);

/* Bytes of the next piece; 0: there is none. */
uint32_t segment_bytes(const struct segment *s);

/* Writes it. */
void segment_write(struct segment *s, uint8_t *to);

#endif
