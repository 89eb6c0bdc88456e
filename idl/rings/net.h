/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The net ring: Ethernet frames between a port (a VMM, an uplink driver) and the
 * switch. A connection is one region, struct net_shared, with a ring each way,
 * and one notification each way. Frames are copied in and out: neither side sees
 * anything of the other's but them.
 *
 *   writer: fills the frame at head, its length and what is left to do for it, then
 *           store-release head; behind the last of several, if the reader asked by
 *           `wanted`, signals.
 *   reader: load-acquire head, length, frame; store-release tail; behind the last of
 *           several, if the writer asked by `blocked`, signals.
 *   Asking and sleeping work as in the console ring.
 *
 * A frame takes as many slots as its length needs, one behind the other; one that
 * does not fit before the ring's end begins at its beginning, behind an entry of
 * length 0, which means: the rest of the ring is empty.
 *
 * What is left to do (struct net_offload, as virtio has it): a checksum, or the
 * cutting of one large frame into many. The reader says in `accepts` what it takes
 * undone; the switch does the rest for it.
 *
 * As long as a port's `poke` is 1 the switch signals it every NET_POKE_US: a timer for those
 * that run a guest and cannot wait (to be set before a frame is sent with which the switch sees it).
 *
 * Nobody trusts the other: each side keeps its own index; a fill level above the
 * size counts as empty (reader) or full (writer), an entry that is no frame's is
 * skipped by the reader. Who is started anew takes up the index that it had left, and signals once
 * unasked: its last life may have ended between taking a request and signalling.
 */
#ifndef SKERRY_RING_NET_H
#define SKERRY_RING_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_FRAMES      128u   /* slots in a ring, a power of two */
#define NET_FRAME_BYTES 2048u  /* of a slot */
#define NET_FRAME_LEAST 14u    /* two addresses and a type */
#define NET_FRAME_MOST  65554u /* of a frame that is to be cut: two addresses, a VLAN tag, a type, 65536 bytes */
#define NET_FRAME_WHOLE 1518u  /* of one that is not: two addresses, a VLAN tag, a type, NET_MTU */
#define NET_MTU         1500u
#define NET_PIECES      128u   /* that one frame may be cut into, at most */
#define NET_POKE_US     250u

/* What is left to do for a frame: the values of virtio's header ([VIRTIO] 1.2, 5.1.6). */
struct net_offload {
	uint8_t flags;             /* NET_NEEDS_CHECKSUM, NET_CHECKSUM_GOOD */
	uint8_t cut;               /* NET_CUT_* */
	uint16_t header_bytes;     /* of each piece: a hint */
	uint16_t piece_bytes;      /* of payload */
	uint16_t checksum_start;   /* summed from here to the frame's end ... */
	uint16_t checksum_offset;  /* ... into two bytes that lie so far behind */
	uint16_t zero;
};

#define NET_NEEDS_CHECKSUM 1u
#define NET_CHECKSUM_GOOD  2u
#define NET_CUT_NONE 0u
#define NET_CUT_TCP4 1u
#define NET_CUT_TCP6 4u

/* What a reader takes undone: bits of `accepts`. */
#define NET_TAKES_CHECKSUM 1u
#define NET_TAKES_TCP4     2u
#define NET_TAKES_TCP6     4u

struct net_slot {
	_Atomic uint32_t bytes;
	struct net_offload offload;
};

struct net_ring {
	_Atomic uint32_t head;     /* writer's: slots ever written, mod 2^32 */
	_Atomic uint32_t blocked;  /* writer's: 1 = signal me at the next space */
	_Atomic uint32_t poke;     /* writer's: 1 = signal me every NET_POKE_US (the switch does) */
	uint32_t pad0[13];
	_Atomic uint32_t tail;     /* reader's: slots ever read */
	_Atomic uint32_t wanted;   /* reader's: 1 = signal me at the next frame */
	_Atomic uint32_t accepts;  /* reader's: NET_TAKES_* */
	uint32_t pad1[13];
	struct net_slot slot[NET_FRAMES];
	uint8_t pad2[4096 - 128 - 16 * NET_FRAMES];
	uint8_t frame[NET_FRAMES][NET_FRAME_BYTES];
};
_Static_assert(sizeof(struct net_slot) == 16, "net slot layout");
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

/* A frame as its reader has it: checked; the bytes stay the writer's to change until net_release. */
struct net_frame {
	const uint8_t *at;
	uint32_t bytes;
	struct net_offload offload;
};

/* The ends of RING, beginning where they were left. */
struct net_end net_writer(struct net_ring *ring);
struct net_end net_reader(struct net_ring *ring);

/* Whether OFFLOAD makes sense for a frame of BYTES: what it names lies within. */
bool net_offload_valid(const struct net_offload *offload, uint32_t bytes);

/* Writer: where the next frame goes, BYTES (at most NET_FRAME_MOST) in a piece; null if the ring has no room. */
uint8_t *net_space(struct net_end *e, uint32_t bytes);

/* Writer: sends what stands there. OFFLOAD may be null: nothing is left to do. */
void net_send(struct net_end *e, uint32_t bytes, const struct net_offload *offload);

/* Writer, behind net_send: whether the reader is to be signalled. */
bool net_sent(struct net_end *e);

/* Writer: asks for a signal when there is room again. True if there is room for BYTES already. */
bool net_want_space(struct net_end *e, uint32_t bytes);

/* Reader: the next frame. False: there is none. */
bool net_next(struct net_end *e, struct net_frame *frame);

/* Reader: done with it. */
void net_release(struct net_end *e, const struct net_frame *frame);

/* Reader, behind net_release: whether the writer waits for space and is to be signalled. */
bool net_released(struct net_end *e);

/* Reader: asks for a signal at the next frame. True if there is one already. */
bool net_want(const struct net_end *e);

#endif
