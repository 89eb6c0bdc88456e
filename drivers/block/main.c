/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The block backend: serves a disk in memory (medium.h) to its clients over
 * block rings (rings/block.h). Requests are done one after the other, so every
 * write is on the medium when it is done and a flush has nothing to do.
 *
 * What it is given
 *   regions   client0, client1, ...   struct block_shared, without a gap
 *             clientN.data            the connection's data: a pool, or the guest's RAM
 *             disk.overlay            takes the writes; missing: the disk is read-only
 *             disk.map                which block lies where in the overlay: 4 bytes for each 4 KiB of
 *                                     the disk, kept for the next backend; missing: in the heap, and
 *                                     a backend that is started again refuses to go on
 *             disk.image              the disk's first contents; may be missing
 *   slots     event                   its notification, WAIT
 *             clientN.signal          wakes client N
 *   params    disk.bytes              size (missing: the larger of image and overlay)
 *             disk.image.bytes        size of the image
 *   heap      4 bytes for each 4 KiB of the disk and of the overlay
 *
 * All clients see the same disk: more than one is meant for a read-only one, or
 * for guests that share a file system made for it.
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdio.h>
#include <stdlib.h>

#include "medium.h"
#include "rings/block.h"

#define MAX_CLIENTS 8
#define TURN        16u  /* requests of one client before the next one has its turn */

struct client {
	struct block_server ring;
	uint8_t *data;
	uint32_t signal;
};

static struct client client[MAX_CLIENTS];
static unsigned clients;
static struct medium medium;
static bool read_only;

static void open_medium(void)
{
	size_t overlay_bytes, image_bytes;
	void *overlay = sk_region("disk.overlay", &overlay_bytes);
	const void *image = sk_region("disk.image", &image_bytes);
	uint64_t length = image ? sk_param_number("disk.image.bytes", image_bytes) : 0;
	uint64_t bytes = sk_param_number("disk.bytes", length > overlay_bytes ? length : overlay_bytes);
	bool first = sk_start()->generation == 1, good = true;
	uint32_t *map, *free;
	size_t map_bytes;

	bytes = (bytes + MEDIUM_BLOCK - 1) & ~(uint64_t)(MEDIUM_BLOCK - 1);
	map = sk_region("disk.map", &map_bytes);
	if (map && map_bytes < bytes / MEDIUM_BLOCK * sizeof(*map))
		sk_fail("a disk of %lu MiB needs a larger disk.map", (unsigned long)(bytes >> 20));
	if (!map && !first && overlay)
		sk_fail("started again, without a disk.map that says what the disk holds");
	if (!map)
		map = calloc(bytes / MEDIUM_BLOCK + 1, sizeof(*map));
	free = calloc(overlay_bytes / MEDIUM_BLOCK + 1, sizeof(*free));
	if (!map || !free || bytes / MEDIUM_BLOCK >= 1ul << 31)
		sk_fail("a disk of %lu MiB needs a larger heap", (unsigned long)(bytes >> 20));
	read_only = !overlay;
	if (first || !overlay)
		medium_init(&medium, bytes, image, length, overlay, overlay_bytes, map, free);
	else
		good = medium_resume(&medium, bytes, image, length, overlay, overlay_bytes, map, free);
	if (!good)
		sk_fail("started again, and disk.map is none: the disk is lost");
}

static void connect(unsigned n)
{
	struct client *c = &client[n];
	struct block_shared *shared;
	char name[40];
	size_t bytes;

	snprintf(name, sizeof(name), "client%u.data", n);
	c->data = sk_need_region(name, &bytes);
	snprintf(name, sizeof(name), "client%u.signal", n);
	c->signal = sk_need_slot(name);
	snprintf(name, sizeof(name), "client%u", n);
	shared = sk_need_region(name, NULL);
	block_server_init(&c->ring, shared, bytes);
	block_server_ready(&c->ring, medium.blocks ? BLOCK_READY : BLOCK_ABSENT,
			   read_only ? BLOCK_READ_ONLY : BLOCK_CAN_DISCARD | BLOCK_CAN_ZERO,
			   (uint64_t)medium.blocks * (MEDIUM_BLOCK / BLOCK_SECTOR));
	sk_signal(c->signal);
}

static void connect_all(void)
{
	char name[40];
	size_t bytes;

	for (clients = 0; clients < MAX_CLIENTS; clients++) {
		snprintf(name, sizeof(name), "client%u", clients);
		if (!sk_region(name, &bytes))
			break;
		if (bytes < sizeof(struct block_shared))
			sk_fail("region %s has %zu bytes, a connection takes %zu", name, bytes,
				sizeof(struct block_shared));
		connect(clients);
	}
}

static bool transfer(const struct client *c, const struct block_request *r)
{
	uint64_t at = r->sector * BLOCK_SECTOR;

	for (unsigned i = 0; i < r->segments; i++) {
		const struct block_segment *s = &r->segment[i];

		if (r->op == BLOCK_READ)
			medium_read(&medium, at, c->data + s->offset, s->bytes);
		else if (!medium_write(&medium, at, c->data + s->offset, s->bytes))
			return false;
		at += s->bytes;
	}
	return true;
}

static enum block_result perform(const struct client *c, const struct block_request *r)
{
	switch (r->op) {
	case BLOCK_READ:
	case BLOCK_WRITE:
		return transfer(c, r) ? BLOCK_OK : BLOCK_IO_ERROR;
	case BLOCK_FLUSH:
		return BLOCK_OK;
	default:
		/* A discarded range reads as zero: what a guest gave up it shall not get back. */
		return medium_zero(&medium, r->sector * BLOCK_SECTOR, r->sectors * BLOCK_SECTOR) ? BLOCK_OK :
			BLOCK_IO_ERROR;
	}
}

/* Returns whether the client may have more. */
static bool serve_turn(struct client *c)
{
	static struct block_request request;
	bool signal = false, bad = false;
	unsigned done = 0;

	while (done < TURN && block_server_next(&c->ring, &request, &bad)) {
		signal |= bad | block_complete(&c->ring, request.slot, perform(c, &request));
		done++;
	}
	if (signal || bad)
		sk_signal(c->signal);
	return done == TURN;
}

static bool serve_all(void)
{
	bool more = false;

	for (unsigned n = 0; n < clients; n++)
		more |= serve_turn(&client[n]);
	return more;
}

static bool ask_all(void)
{
	bool more = false;

	for (unsigned n = 0; n < clients; n++)
		more |= block_server_want(&client[n].ring);
	return more;
}

int main(void)
{
	uint32_t event = sk_need_slot("event");
	uint64_t bits;

	open_medium();
	connect_all();
	for (;;) {
		if (!serve_all() && !ask_all())
			sk_wait(event, SK_NEVER, &bits);
	}
}
