/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vsock ring: packets of virtio's sockets ([VIRTIO] 5.10) between a port (a VMM, a
 * component that listens) and the hub. A connection is one region, struct
 * vsock_shared, with a ring each way, and one notification each way.
 *
 *   writer: fills the slot at head, store-release head; behind the last of several,
 *           if the reader asked by `wanted`, signals.
 *   reader: load-acquire head, slot; store-release tail; behind the last of several,
 *           if the writer asked by `blocked`, signals.
 *   Asking and sleeping work as in the console ring.
 *
 * A slot holds a packet of at most VSOCK_DATA bytes of payload: larger ones are cut by the
 * writer. Beside packets there are words to the other side, in their order among the packets:
 *
 *   port: UP       from here on the port takes packets; what was connected is not any more
 *         DOWN     it takes none, and nothing is connected
 *   hub:  RESTART  the hub knows of no connection, nor that the port is up: say it again
 *
 * The packet's header is virtio's own: buf_alloc and fwd_cnt, the flow control, is between
 * the two ends of a connection, and passes through here.
 *
 * Nobody trusts the other: each side keeps its own index; a fill level above the size
 * counts as empty (reader) or full (writer); a header is copied once, then checked. Who
 * is started anew takes up the index that it had left.
 */
#ifndef SKERRY_RING_VSOCK_H
#define SKERRY_RING_VSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rings/virtio.h"

#define VSOCK_SLOTS 32u    /* in a ring, a power of two */
#define VSOCK_DATA  3712u  /* with its header it fits a receive buffer of Linux: a page less what Linux keeps in it */

enum vsock_word { VSOCK_PACKET, VSOCK_UP, VSOCK_DOWN, VSOCK_RESTART };

struct vsock_slot {
	uint32_t word;             /* enum vsock_word */
	struct virtio_vsock_header header;
	uint32_t zero[4];
	uint8_t data[VSOCK_DATA];
};
_Static_assert(sizeof(struct vsock_slot) == 64 + VSOCK_DATA, "vsock slot layout");

struct vsock_ring {
	_Atomic uint32_t head;     /* writer's: slots ever written, mod 2^32 */
	_Atomic uint32_t blocked;  /* writer's: 1 = signal me at the next space */
	uint32_t pad0[14];
	_Atomic uint32_t tail;     /* reader's: slots ever read */
	_Atomic uint32_t wanted;   /* reader's: 1 = signal me at the next packet */
	uint32_t pad1[14];
	struct vsock_slot slot[VSOCK_SLOTS];
};
_Static_assert(sizeof(struct vsock_ring) == 128 + VSOCK_SLOTS * (64 + VSOCK_DATA), "vsock ring layout");

struct vsock_shared {
	struct vsock_ring to_hub, to_port;
};
#define VSOCK_SHARED_BYTES sizeof(struct vsock_shared) /* 237 KiB */

/* One side's end of a ring: the ring and the index that is its own. */
struct vsock_end {
	struct vsock_ring *ring;
	uint32_t own;
};

/* What stands in a slot, as its reader has it: checked; the data stay the writer's to change until vsock_release. */
struct vsock_packet {
	enum vsock_word word;
	struct virtio_vsock_header header; /* len is at most VSOCK_DATA, and 0 but for VIRTIO_VSOCK_RW */
	const uint8_t *data;
};

/* The ends of RING, beginning where they were left. */
struct vsock_end vsock_writer(struct vsock_ring *ring);
struct vsock_end vsock_reader(struct vsock_ring *ring);

/* Writer: where the next packet's payload goes, VSOCK_DATA bytes; null if the ring is full. */
uint8_t *vsock_space(const struct vsock_end *e);

/* Writer: sends what stands there. */
void vsock_send(struct vsock_end *e, const struct virtio_vsock_header *header);

/* Writer: sends a word. False: the ring is full. */
bool vsock_say(struct vsock_end *e, enum vsock_word word);

/* Writer, behind these: whether the reader is to be signalled. */
bool vsock_sent(struct vsock_end *e);

/* Writer: asks for a signal when there is room again. True if there is already. */
bool vsock_want_space(const struct vsock_end *e);

/* Reader: the next packet or word; it stays the next until it is released. False: there is none. */
bool vsock_next(struct vsock_end *e, struct vsock_packet *packet);

/* Reader: done with it. */
void vsock_release(struct vsock_end *e);

/* Reader, behind vsock_release: whether the writer waits for space and is to be signalled. */
bool vsock_released(struct vsock_end *e);

/* Reader: asks for a signal at the next packet. True if there is one already. */
bool vsock_want(const struct vsock_end *e);

#endif
