/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The net ring: Ethernet frames between a port (a VMM, an uplink driver) and the
 * switch. A connection is one region, struct net_shared, with a ring each way,
 * and one notification each way. Frames are copied in and out: neither side sees
 * anything of the other's but them.
 *
 *   writer: fills frame[head], its length, then store-release head, then, if the
 *           reader asked by `wanted`, signals.
 *   reader: load-acquire head, length, frame; store-release tail, then, if the
 *           writer asked by `blocked`, signals.
 *   Asking and sleeping work as in the console ring.
 *
 * Nobody trusts the other: each side keeps its own index; a fill level above the
 * size counts as empty (reader) or full (writer), a length that is no frame's as
 * an empty frame, which the reader skips.
 */
#ifndef SKERRY_RING_NET_H
#define SKERRY_RING_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_FRAMES      128u  /* in a ring, a power of two */
#define NET_FRAME_BYTES 2048u
#define NET_FRAME_LEAST 14u   /* two addresses and a type */
#define NET_MTU         1500u

struct net_ring {
	_Atomic uint32_t head;    /* writer's: frames ever written, mod 2^32 */
	_Atomic uint32_t blocked; /* writer's: 1 = signal me at the next space */
	uint32_t pad0[14];
	_Atomic uint32_t tail;    /* reader's: frames ever read */
	_Atomic uint32_t wanted;  /* reader's: 1 = signal me at the next frame */
	uint32_t pad1[14];
	_Atomic uint32_t bytes[NET_FRAMES];
	uint8_t pad2[4096 - 128 - 4 * NET_FRAMES];
	uint8_t frame[NET_FRAMES][NET_FRAME_BYTES];
};
_Static_assert(sizeof(struct net_ring) == 4096 + NET_FRAMES * NET_FRAME_BYTES, "net ring layout");

struct net_shared {
	struct net_ring to_switch, to_port;
};
#define NET_SHARED_BYTES sizeof(struct net_shared) /* 520 KiB */

/* One side's end of a ring: the ring and the index that is its own. */
struct net_end {
	struct net_ring *ring;
	uint32_t own;
};

/* Writer: where the next frame goes (NET_FRAME_BYTES), or null if the ring is full. */
uint8_t *net_space(const struct net_end *e);

/* Writer: sends what stands there, BYTES of it. Returns whether the reader is to be signalled. */
bool net_send(struct net_end *e, uint32_t bytes);

/* Writer: asks for a signal at the next space. True if there is some already. */
bool net_want_space(const struct net_end *e);

/*
 * Reader: the next frame and its length, or null. The bytes stay the writer's to
 * change until net_release: to be copied, or looked at once.
 */
const uint8_t *net_next(struct net_end *e, uint32_t *bytes);

/* Reader: done with it. Returns whether the writer waits for space and is to be signalled. */
bool net_release(struct net_end *e);

/* Reader: asks for a signal at the next frame. True if there is one already. */
bool net_want(const struct net_end *e);

#endif
