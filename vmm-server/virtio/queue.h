/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's side of a split virtqueue ([VIRTIO] 2.7) in the guest's RAM,
 * which the guest may change at any time. So: the rings are found once, when
 * the queue is started; each descriptor is copied once, then checked, then
 * used; every guest address goes through ram_at. What is handed on is a list
 * of segments that lie in RAM, whatever the guest does next.
 *
 * A guest that breaks the rules gets VIRTQ_BROKEN, and so on until the queue is
 * stopped: its device then needs a reset.
 *
 * A queue is used by one thread at a time.
 */
#ifndef VIRTIO_QUEUE_H
#define VIRTIO_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ram.h"
#include "rings/virtio.h"

#define VIRTQ_SIZE_MAX 256u
#define VIRTQ_SEGMENTS 130u  /* of one chain: 128 for data, a header, a status */

struct virtq {
	const struct guest_ram *ram;
	struct virtq_desc *desc;    /* null: stopped */
	struct virtq_avail *avail;
	struct virtq_used *used;
	uint16_t size;              /* power of two */
	uint16_t next_avail;        /* the next entry to take */
	uint16_t next_used;         /* ... to fill */
	uint16_t told;              /* next_used when the guest was last considered for an interrupt */
	bool event_idx, indirect, broken;
};

struct virtq_segment {
	uint8_t *at;                /* in the guest's RAM */
	uint32_t bytes;             /* > 0 */
};

struct virtq_chain {
	uint16_t head;              /* names it to virtq_push */
	uint16_t readable, writable; /* segments that the device reads; then those that it writes */
	uint64_t read_bytes, write_bytes;
	struct virtq_segment segment[VIRTQ_SEGMENTS];
};

enum virtq_result { VIRTQ_EMPTY, VIRTQ_CHAIN, VIRTQ_BROKEN };

/*
 * Starts a queue of SIZE entries whose three parts lie at these addresses.
 * FEATURES: what the driver accepted. False: SIZE is no power of two up to
 * VIRTQ_SIZE_MAX, or a part is misaligned or not in RAM; the queue is stopped.
 */
bool virtq_start(struct virtq *q, const struct guest_ram *ram, unsigned size, gpa_t desc, gpa_t avail, gpa_t used,
		 uint64_t features);

void virtq_stop(struct virtq *q);

/* A hint: whether virtq_pop may have something to say. */
bool virtq_waiting(const struct virtq *q);

/* Takes the next chain. EMPTY also if the queue is stopped. */
enum virtq_result virtq_pop(struct virtq *q, struct virtq_chain *chain);

/* Gives the chain HEAD back, its first BYTES writable bytes written. Nothing if the queue was stopped. */
void virtq_push(struct virtq *q, uint16_t head, uint32_t bytes);

/*
 * For what takes several chains at once: PUT fills the used entry N behind the last one shown,
 * SHOW shows the first N to the guest, together. UNPOP makes the last N chains popped available again.
 */
void virtq_put(struct virtq *q, unsigned n, uint16_t head, uint32_t bytes);
void virtq_show(struct virtq *q, unsigned n);
void virtq_unpop(struct virtq *q, unsigned n);

/* The guest is about to look at this queue anyway: no interrupt for what was pushed so far. */
void virtq_told(struct virtq *q);

/* After pushes: whether the guest wants to be interrupted for them. */
bool virtq_must_interrupt(struct virtq *q);

/* Asks for a notification of the next chain. True if there is one already: then there may be none. */
bool virtq_want_notify(struct virtq *q);

/* Asks for none (a hint). */
void virtq_no_notify(struct virtq *q);

/*
 * Copies BYTES of the chain's readable / writable part, from OFFSET of it.
 * Returns how many there were.
 */
size_t virtq_read(const struct virtq_chain *chain, uint64_t offset, void *to, size_t bytes);
size_t virtq_write(const struct virtq_chain *chain, uint64_t offset, const void *from, size_t bytes);

#endif
