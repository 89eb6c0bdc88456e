/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver of a virtio block device ([VIRTIO] 1.2, 5.2): serves block rings
 * (rings/block.h), and is thus a backend by itself. Data go between the device and
 * the connection's data region without being copied, or seen.
 *
 * What it is given, beside the transport's (vdev.h)
 *   regions   queue                   the queue and request headers, with its physical address
 *             client0, client1, ...   struct block_shared, without a gap
 *             clientN.data            the connection's data, with its physical address
 *   slots     event                   its notification, WAIT; badges: 1 from the interrupt
 *             irq                     the interrupt, bound to `event`
 *             clientN.signal          wakes client N
 *   params    clientN.first           first sector of client N's part of the disk (0)
 *             clientN.sectors         ... and its size (missing: up to the end)
 *             clientN.partition       instead of both: the name of a partition of the disk's GPT
 *             clientN.readonly        1: client N must not write
 *
 * A machine without the device, or with another there: all clients see BLOCK_ABSENT, as
 * does one whose partition there is not.
 */
#include "blk.h"
#include "../block/gpt.h"

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/log.h>
#include <skerry/start.h>

#include <stdio.h>
#include <string.h>

#define MAX_CLIENTS 8
#define TURN        16u
#define EVENT_IRQ   1ul
#define PATIENCE    5u   /* seconds that a read of the table may take */
#define WANTED (VIRTIO_F_EVENT_IDX | VIRTIO_BLK_F_RO | VIRTIO_BLK_F_FLUSH | VIRTIO_BLK_F_SEG_MAX | \
		VIRTIO_BLK_F_DISCARD | VIRTIO_BLK_F_WRITE_ZEROES)

static struct disk disk;
static struct client client[MAX_CLIENTS];
static unsigned clients;
static uint32_t event, irq;
static struct gpt gpt;
static uint8_t *scratch;         /* a sector for ourselves, behind the queue and the headers */
static uint64_t scratch_pa;

static uint64_t physical(const char *region)
{
	uint64_t pa = sk_region_physical(region);

	if (!pa)
		sk_fail("region %s: the system spec does not tell its physical address (dma)", region);
	return pa;
}

/* Returns the device's sectors; 0: there is none. */
static uint64_t open_disk(void)
{
	struct virtio_blk_config config;
	size_t bytes, used = vring_bytes() + VRING_SIZE * sizeof(struct blk_dma), need = used + GPT_SECTOR;
	uint8_t *memory = sk_need_region("queue", &bytes);
	uint64_t pa = physical("queue");

	if (bytes < need)
		sk_fail("region queue has %zu bytes (%zu needed)", bytes, need);
	disk.features = vdev_open(&disk.dev, VIRTIO_ID_BLOCK, WANTED);
	if (!disk.features)
		return 0;
	vring_init(&disk.ring, memory, pa, disk.features & VIRTIO_F_EVENT_IDX);
	disk.dma = (void *)(memory + vring_bytes());
	disk.dma_pa = pa + vring_bytes();
	scratch = memory + used;
	scratch_pa = pa + used;
	vdev_config(&disk.dev, 0, &config, sizeof(config));
	if (!vdev_queue(&disk.dev, 0, VRING_SIZE, disk.ring.desc_pa, disk.ring.avail_pa, disk.ring.used_pa) ||
	    !(disk.features & VIRTIO_BLK_F_SEG_MAX) || config.seg_max < BLOCK_SEGMENTS) {
		sk_log("%s: the device has fewer than %u queue entries, or %u segments a request: not used\n",
		       sk_start()->component, VRING_SIZE, BLOCK_SEGMENTS);
		return 0;
	}
	vdev_start(&disk.dev);
	return config.capacity;
}

/* A number of client N, NAME behind its own. */
static uint64_t number(unsigned n, const char *name, uint64_t fallback)
{
	char key[40];

	snprintf(key, sizeof(key), "client%u.%s", n, name);
	return sk_param_number(key, fallback);
}

/* --- partitions ---------------------------------------------------------------------- */

static void take_interrupt(void)
{
	vdev_interrupt(&disk.dev);
	sk_irq_ack(irq);
}

/* Before anybody is served: nothing else is in the queue. */
static bool read_sector(void *context, uint64_t sector, void *to)
{
	uint64_t end = sk_counter() + PATIENCE * sk_start()->counter_hz, bits;

	(void)context;
	disk_read(&disk, sector, 1, scratch_pa);
	if (vring_publish(&disk.ring))
		vdev_notify(&disk.dev, 0);
	while (!disk_collect(&disk) && sk_counter() < end) {
		if (vring_want(&disk.ring))
			continue;
		if (sk_wait(event, end, &bits) == SK_OK && (bits & EVENT_IRQ))
			take_interrupt();
	}
	if (disk.own_pending)
		sk_fail("the disk does not answer: no read in %u s", PATIENCE);
	memcpy(to, scratch, GPT_SECTOR);
	return disk.own == BLOCK_OK;
}

/* Client N's partition by name, if it has one set. */
static const char *partition_of(unsigned n)
{
	char key[40];

	snprintf(key, sizeof(key), "client%u.partition", n);
	return sk_param(key, NULL);
}

static void load_partitions(uint64_t capacity)
{
	bool wanted = false;

	for (unsigned n = 0; n < MAX_CLIENTS; n++)
		wanted |= partition_of(n) != NULL;
	if (!wanted || capacity == 0)
		return;
	if (!gpt_load(&gpt, capacity, read_sector, NULL))
		sk_log("%s: the disk has no partition table (GPT) that is in order: %s\n",
		       sk_start()->component, gpt.error);
	else if (gpt.backup)
		sk_log("%s: the disk's first partition table is damaged: the one at its end is used\n",
		       sk_start()->component);
}

/* Sectors of client N's part, from *FIRST; 0: there is none. */
static uint64_t part_of(unsigned n, uint64_t capacity, uint64_t *first)
{
	const char *name = partition_of(n);
	const struct gpt_partition *p;
	uint64_t sectors;
	bool twice;

	if (name && capacity) {
		p = gpt_find(&gpt, name, &twice);
		if (!p && !gpt.error)
			sk_log("%s: the disk has %s partition called \"%s\": client %u gets nothing\n",
			       sk_start()->component, twice ? "more than one" : "no", name, n);
		*first = p ? p->first : 0;
		return p ? p->sectors : 0;
	}
	*first = number(n, "first", 0);
	sectors = *first < capacity ? capacity - *first : 0;
	return number(n, "sectors", sectors) < sectors ? number(n, "sectors", sectors) : sectors;
}

/* --- clients ---------------------------------------------------------------------------- */

static uint32_t features(unsigned n)
{
	if ((disk.features & VIRTIO_BLK_F_RO) || number(n, "readonly", 0))
		return BLOCK_READ_ONLY;
	return (disk.features & VIRTIO_BLK_F_FLUSH ? BLOCK_CAN_FLUSH : 0) |
	       (disk.features & VIRTIO_BLK_F_DISCARD ? BLOCK_CAN_DISCARD : 0) |
	       (disk.features & VIRTIO_BLK_F_WRITE_ZEROES ? BLOCK_CAN_ZERO : 0);
}

static void connect(unsigned n, uint64_t capacity)
{
	struct client *c = &client[n];
	struct block_shared *shared;
	uint64_t sectors;
	size_t bytes;
	char name[40];

	snprintf(name, sizeof(name), "client%u", n);
	shared = sk_need_region(name, &bytes);
	if (bytes < sizeof(*shared))
		sk_fail("region %s has %zu bytes, a connection takes %zu", name, bytes, sizeof(*shared));
	snprintf(name, sizeof(name), "client%u.signal", n);
	c->signal = sk_need_slot(name);
	snprintf(name, sizeof(name), "client%u.data", n);
	sk_need_region(name, &bytes);
	c->data_pa = physical(name);
	sectors = part_of(n, capacity, &c->first);
	block_server_init(&c->ring, shared, bytes);
	block_server_ready(&c->ring, sectors ? BLOCK_READY : BLOCK_ABSENT, features(n), sectors);
	sk_signal(c->signal);
}

static void connect_all(uint64_t capacity)
{
	char name[40];

	for (clients = 0; clients < MAX_CLIENTS; clients++) {
		snprintf(name, sizeof(name), "client%u", clients);
		if (!sk_region(name, NULL))
			break;
		connect(clients, capacity);
	}
}

/* Returns whether the client may have more, and there is room for it. */
static bool take_turn(struct client *c)
{
	static struct block_request request;
	unsigned taken = 0;
	bool bad = false;

	while (taken < TURN && disk_has_room(&disk) && block_server_next(&c->ring, &request, &bad)) {
		disk_submit(&disk, c, &request);
		c->owed |= bad;
		taken++;
	}
	c->owed |= bad;
	return taken == TURN;
}

static bool take_all(void)
{
	bool more = false;

	for (unsigned n = 0; n < clients; n++)
		more |= take_turn(&client[n]);
	if (vring_publish(&disk.ring))
		vdev_notify(&disk.dev, 0);
	return more;
}

static void pay_signals(void)
{
	for (unsigned n = 0; n < clients; n++) {
		if (client[n].owed)
			sk_signal(client[n].signal);
		client[n].owed = false;
	}
}

/* Before sleeping: whoever has something next is to say so. Without room the device is the one to wait for. */
static bool ask_all(void)
{
	bool more = vring_want(&disk.ring);

	if (!disk_has_room(&disk))
		return more;
	for (unsigned n = 0; n < clients; n++)
		more |= block_server_want(&client[n].ring);
	return more;
}

static void serve(void)
{
	uint64_t bits = EVENT_IRQ; /* the interrupt may have come before us */

	for (;;) {
		if (bits & EVENT_IRQ)
			take_interrupt();
		bits = 0;
		bool busy = disk_collect(&disk);

		pay_signals();
		busy |= take_all();
		pay_signals();
		if (!busy && !ask_all())
			sk_wait(event, SK_NEVER, &bits);
	}
}

int main(void)
{
	uint64_t capacity, bits;

	event = sk_need_slot("event");
	irq = sk_need_slot("irq");
	capacity = open_disk();
	load_partitions(capacity);
	connect_all(capacity);
	if (capacity)
		serve();
	for (;;)
		sk_wait(event, SK_NEVER, &bits);
}
