/* SPDX-License-Identifier: BSD-2-Clause */
#include "backend.h"

#include <stdlib.h>
#include <string.h>

#include "guest.h"

#define POOL_BYTES (128 * 1024ul)

struct blk blk;
struct block_server server;
struct block_shared shared;
struct medium medium;
struct virtio_mmio transport;
unsigned signals, rises;
bool line;

static uint8_t *data, *overlay;
static uint32_t map[DISK_BYTES / MEDIUM_BLOCK], released[DISK_BYTES / MEDIUM_BLOCK];

static void on_signal(void *context)
{
	(void)context;
	signals++;
}

static void on_wait(void *context)
{
	(void)context;
	backend_serve();
}

static void set_line(void *controller, uint32_t input, bool level)
{
	(void)controller;
	(void)input;
	rises += level && !line;
	line = level;
}

void backend_set_up(bool mapped, uint32_t features)
{
	struct blk_wiring wiring = { .shared = &shared, .pool_bytes = POOL_BYTES, .id = "disk-of-the-test", .queues = 2,
				     .peer = { on_signal, on_wait, NULL, NULL } };

	guest_set_up();
	memset(&shared, 0, sizeof(shared));
	overlay = calloc(1, DISK_BYTES);
	data = mapped ? ram.host : malloc(POOL_BYTES);
	wiring.pool = mapped ? NULL : data;
	medium_init(&medium, DISK_BYTES, NULL, 0, overlay, DISK_BYTES, map, released);
	block_server_init(&server, &shared, mapped ? RAM_BYTES : POOL_BYTES);
	block_server_ready(&server, BLOCK_READY, features, DISK_BYTES / BLOCK_SECTOR);
	signals = rises = 0;
	line = false;
	blk_init(&blk, &wiring, &ram, (struct irq_line){ set_line, NULL, 0 });
	transport = (struct virtio_mmio){ .dev = &blk.dev };
	backend_serve();
	blk_event(&blk);
}

void backend_replace(void)
{
	memset(shared.slot, 0xff, sizeof(shared.slot));
	if (blk.pool)
		memset(data, 0xee, POOL_BYTES);
	block_server_init(&server, &shared, server.data_bytes);
	block_server_ready(&server, BLOCK_READY, server.features, DISK_BYTES / BLOCK_SECTOR);
	blk_event(&blk);
}

void backend_tear_down(void)
{
	if (data != ram.host)
		free(data);
	free(overlay);
	guest_tear_down();
}

enum block_result backend_perform(const struct block_request *r)
{
	uint64_t at = r->sector * BLOCK_SECTOR;

	if (r->op == BLOCK_FLUSH)
		return BLOCK_OK;
	if (r->op == BLOCK_DISCARD || r->op == BLOCK_ZEROES)
		return medium_zero(&medium, at, r->sectors * BLOCK_SECTOR) ? BLOCK_OK : BLOCK_IO_ERROR;
	for (unsigned i = 0; i < r->segments; i++) {
		uint8_t *bytes = data + r->segment[i].offset;

		if (r->op == BLOCK_READ)
			medium_read(&medium, at, bytes, r->segment[i].bytes);
		else
			medium_write(&medium, at, bytes, r->segment[i].bytes);
		at += r->segment[i].bytes;
	}
	return BLOCK_OK;
}

unsigned backend_serve(void)
{
	static struct block_request r;
	unsigned n = 0;
	bool signal;

	while (block_server_next(&server, &r, &signal)) {
		block_complete(&server, r.slot, backend_perform(&r));
		n++;
	}
	return n;
}

uint32_t reg_read(unsigned offset)
{
	struct mmio_access access = { .offset = offset, .width = 4 };

	virtio_mmio_ops.read(&transport, &access);
	return (uint32_t)access.value;
}

void reg_write(unsigned offset, uint32_t value)
{
	struct mmio_access access = { .offset = offset, .width = 4, .value = value, .write = true };

	virtio_mmio_ops.write(&transport, &access);
}
