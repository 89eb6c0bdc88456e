/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "medium.h"
#include "rings/block.h"
#include "rings/net.h"
#include "rings/vsock.h"
#include "virtio/blk.h"
#include "virtio/console.h"
#include "virtio/net.h"
#include "virtio/rng.h"
#include "virtio/transport_mmio.h"
#include "virtio/transport_pci.h"
#include "virtio/vsock.h"

#define RAM_BASE   0x40000000ul
#define DISK_BYTES (16u * 4096u)
#define POOL_BYTES (128u << 10)
#define QUEUE_ROOM 0x2000u       /* each queue's rings; the data lie behind them */
#define QUEUES     8u
#define DATA       (QUEUES * QUEUE_ROOM)

_Alignas(4096) uint8_t machine_ram[MACHINE_RAM_BYTES]; /* the sanitizer guards its ends */
unsigned long machine_served;

static struct guest_ram ram;
static struct virtio_mmio mmio;
static struct virtio_pci pci;
static struct virtio_device *device;
static enum machine_device kind;
static bool on_pci;

static struct blk blk;
static struct block_shared *blocks;
static struct block_server server;
static struct medium medium;
static uint8_t *pool, *overlay;
static uint32_t map[DISK_BYTES / MEDIUM_BLOCK + 1], released[DISK_BYTES / MEDIUM_BLOCK + 1];

static struct vcon vcon;
static struct console_shared *lines;   /* of VCON_PORTS ports */
static uint32_t lines_taken[VCON_PORTS], lines_given[VCON_PORTS];

static struct net net;
static struct net_shared *frames;
static struct net_end frames_out, frames_in; /* the switch's */
static uint64_t net_clock;

static struct vsock vsock;
static struct vsock_shared *packets;
static struct vsock_end packets_out, packets_in; /* the hub's */

static struct rng rng;
static struct entropy entropy;
static struct random_shared *numbers;  /* behind PCI; behind MMIO the VMM's own generator */
static uint32_t numbers_given;

/* What the VMM would say of the guest. */
void guest_log(const char *format, ...)
{
	(void)format;
}

/* --- the input --------------------------------------------------------------------------- */

static const uint8_t *input;
static size_t left;

static uint32_t take(unsigned bytes)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < bytes && left > 0; i++, left--)
		value |= (uint32_t)*input++ << (8 * i);
	return value;
}

/* --- backends ------------------------------------------------------------------------------ */

static void nothing(void *context)
{
	(void)context;
}

static enum block_result perform(const struct block_request *r)
{
	uint64_t at = r->sector * BLOCK_SECTOR;
	uint8_t *data = kind == MACHINE_BLK_MAPPED ? ram.host : pool;

	if (r->op == BLOCK_DISCARD || r->op == BLOCK_ZEROES)
		medium_zero(&medium, at, r->sectors * BLOCK_SECTOR);
	for (unsigned i = 0; i < r->segments; at += r->segment[i++].bytes) {
		uint8_t *bytes = data + r->segment[i].offset;

		if (r->op == BLOCK_READ)
			medium_read(&medium, at, bytes, r->segment[i].bytes);
		else
			medium_write(&medium, at, bytes, r->segment[i].bytes);
	}
	return BLOCK_OK;
}

static void serve_blocks(unsigned most)
{
	static struct block_request r;
	bool signal;

	for (; most > 0 && block_server_next(&server, &r, &signal); most--, machine_served++)
		block_complete(&server, r.slot, perform(&r));
}

static void serve_lines(unsigned count)
{
	uint8_t bytes[256];
	bool signal;

	for (unsigned n = 0; n < VCON_PORTS; n++) {
		machine_served += console_ring_read(&lines[n].to_console, &lines_taken[n], bytes, count) > 0;
		memset(bytes, 'k', sizeof(bytes));
		console_ring_write(&lines[n].to_client, &lines_given[n], bytes, count / 2, &signal);
	}
}

/* The switch: a frame to the guest, of any length and with anything left undone that is no lie; and what the guest sent. */
static void serve_frames(unsigned most)
{
	struct net_offload o = { .flags = most & 3, .cut = most & 4 ? NET_CUT_TCP4 : 0, .piece_bytes = 1448,
				 .checksum_start = 34, .checksum_offset = 16 };
	uint32_t bytes = most & 8 ? 14 + 5 * most : 14 + 257 * most;
	struct net_frame f;

	if (net_offload_valid(&o, bytes) && net_space(&frames_out, bytes))
		net_send(&frames_out, bytes, &o);
	for (; most > 0 && net_next(&frames_in, &f); most--, machine_served++)
		net_release(&frames_in, &f);
}

/* The hub: a packet to the guest, or a word; and what the guest sent. */
static void serve_packets(unsigned most)
{
	const struct virtio_vsock_header h = { .op = VIRTIO_VSOCK_RW, .type = VIRTIO_VSOCK_STREAM, .flags = 1,
					       .bytes = most * 16 < VSOCK_DATA ? most * 16 : VSOCK_DATA };
	struct vsock_packet p;

	if (most % 16 == 1)
		vsock_say(&packets_out, VSOCK_RESTART);
	else if (vsock_space(&packets_out))
		vsock_send(&packets_out, &h);
	for (; most > 0 && vsock_next(&packets_in, &p); most--, machine_served++)
		vsock_release(&packets_in);
}

static void serve_numbers(unsigned count)
{
	uint8_t bytes[256] = { 0 };
	bool signal;

	machine_served += console_ring_write(&numbers->to_user, &numbers_given, bytes, count, &signal) > 0;
}

static void serve(unsigned most)
{
	if (kind == MACHINE_VSOCK)
		serve_packets(most);
	if (kind == MACHINE_RNG)
		serve_numbers(most);
	if (kind == MACHINE_NET)
		serve_frames(most);
	if (kind <= MACHINE_BLK_MAPPED)
		serve_blocks(most);
	else if (kind == MACHINE_CONSOLE)
		serve_lines(most);
}

/* Called when a reset waits for the backend. */
static void serve_all(void *context)
{
	(void)context;
	serve(BLOCK_SLOTS);
}

static void event(void)
{
	if (kind <= MACHINE_BLK_MAPPED)
		blk_event(&blk);
	else if (kind == MACHINE_NET)
		net_event(&net);
	else if (kind == MACHINE_VSOCK)
		vsock_event(&vsock);
	else if (kind == MACHINE_RNG)
		rng_event(&rng);
	for (unsigned n = 0; kind == MACHINE_CONSOLE && n < VCON_PORTS; n++)
		vcon_event(&vcon, n);
}

/* What a backend shares with the device. */
static uint8_t *shared_with(size_t *size)
{
	switch (kind) {
	case MACHINE_CONSOLE:
		return *size = VCON_PORTS * sizeof(*lines), (uint8_t *)lines;
	case MACHINE_NET:
		return *size = sizeof(*frames), (uint8_t *)frames;
	case MACHINE_VSOCK:
		return *size = sizeof(*packets), (uint8_t *)packets;
	case MACHINE_RNG:
		return *size = sizeof(*numbers), (uint8_t *)numbers;
	default:
		return *size = sizeof(*blocks), (uint8_t *)blocks;
	}
}

static void lie(void)
{
	size_t size;
	uint8_t *at = shared_with(&size);
	/* Mostly where the indices are. */
	size_t where = take(1) & 3 ? take(2) % 1024 : take(3) % size;

	if (where + 4 <= size) {
		uint32_t value = take(take(1) & 1 ? 1 : 4);

		memcpy(at + where, &value, 4);
	}
}

/* --- the machine ------------------------------------------------------------------------------ */

static void open_blk(void)
{
	struct blk_wiring wiring = { .shared = blocks, .pool_bytes = POOL_BYTES, .id = "fuzz", .queues = QUEUES,
				     .peer = { nothing, serve_all, NULL, NULL } };

	overlay = calloc(1, DISK_BYTES);
	pool = malloc(POOL_BYTES);
	wiring.pool = kind == MACHINE_BLK_MAPPED ? NULL : pool;
	medium_init(&medium, DISK_BYTES, NULL, 0, overlay, DISK_BYTES, map, released);
	block_server_init(&server, blocks, kind == MACHINE_BLK_MAPPED ? ram.size : POOL_BYTES);
	block_server_ready(&server, BLOCK_READY, BLOCK_CAN_FLUSH | BLOCK_CAN_DISCARD | BLOCK_CAN_ZERO,
			   DISK_BYTES / BLOCK_SECTOR);
	blk_init(&blk, &wiring, &ram, (struct irq_line){ 0 });
	device = &blk.dev;
}

static uint64_t now(void)
{
	return net_clock += 50;
}

static void open_console(void)
{
	struct vcon_wiring wiring[VCON_PORTS];

	for (unsigned n = 0; n < VCON_PORTS; n++)
		wiring[n] = (struct vcon_wiring){ &lines[n], nothing, NULL, n ? "org.skerry.fuzz" : NULL };
	vcon_init(&vcon, wiring, VCON_PORTS, &ram, (struct irq_line){ 0 });
	device = &vcon.dev;
}

static void open_net(void)
{
	const struct net_wiring wiring = { .shared = frames, .mac = { 2 }, .peer = { nothing, now, 1000, NULL } };

	frames_out = net_writer(&frames->to_port);
	frames_in = net_reader(&frames->to_switch);
	net_init(&net, &wiring, &ram, (struct irq_line){ 0 });
	device = &net.dev;
}

static void open_vsock(void)
{
	packets_out = vsock_writer(&packets->to_port);
	packets_in = vsock_reader(&packets->to_hub);
	vsock_init(&vsock, packets, 3, nothing, NULL, &ram, (struct irq_line){ 0 });
	device = &vsock.dev;
}

static void send_message(void *context, uint64_t address, uint32_t data)
{
	(void)context;
	(void)address;
	(void)data;
}

static void power_on(uint8_t first)
{
	kind = first % 16 % MACHINE_DEVICES;
	/* A backend that maps the guest's RAM has its trust: a reset waits until that one is done. */
	if (kind == MACHINE_BLK_MAPPED && (first & MACHINE_LIES))
		kind = MACHINE_BLK_BOUNCED;
	on_pci = first & MACHINE_PCI;
	ram = (struct guest_ram){ .base = gpa(RAM_BASE), .host = machine_ram,
				  .size = MACHINE_RAM_BYTES };
	memset(machine_ram, 0, sizeof(machine_ram));
	blocks = calloc(1, sizeof(*blocks));
	numbers = calloc(1, sizeof(*numbers));
	numbers_given = 0;
	lines = calloc(VCON_PORTS, sizeof(*lines));
	frames = kind == MACHINE_NET ? calloc(1, sizeof(*frames)) : NULL;
	packets = kind == MACHINE_VSOCK ? calloc(1, sizeof(*packets)) : NULL;
	pool = overlay = NULL;
	memset(lines_taken, 0, sizeof(lines_taken));
	memset(lines_given, 0, sizeof(lines_given));
	if (kind <= MACHINE_BLK_MAPPED)
		open_blk();
	if (kind == MACHINE_CONSOLE)
		open_console();
	if (kind == MACHINE_NET)
		open_net();
	if (kind == MACHINE_VSOCK)
		open_vsock();
	if (kind == MACHINE_RNG) {
		entropy_init(&entropy, "fuzz", 4);
		rng_init(&rng, &(struct rng_source){ on_pci ? numbers : NULL, nothing, NULL, &entropy }, &ram, (struct irq_line){ 0 });
		device = &rng.dev;
	}
	mmio = (struct virtio_mmio){ .dev = device };
	if (on_pci)
		virtio_pci_init(&pci, device, (struct msi_sink){ send_message, NULL });
}

static void power_off(void)
{
	free(blocks);
	free(lines);
	free(numbers);
	free(frames);
	free(packets);
	free(pool);
	free(overlay);
}

/* --- what a driver does ----------------------------------------------------------------------------- */

static uint64_t access(uint64_t offset, unsigned width, bool write, uint64_t value)
{
	struct mmio_access a = { .offset = offset, .width = (uint8_t)width, .write = write, .value = value };

	if (!on_pci)
		(write ? virtio_mmio_ops.write : virtio_mmio_ops.read)(&mmio, &a);
	else if (write)
		virtio_pci_bar_write(&pci, &a);
	else
		virtio_pci_bar_read(&pci, &a);
	return a.value;
}

enum reg { STATUS, SELECT_FEATURES, ACCEPT, QUEUE, SIZE, READY, DESC, AVAIL, USED, REGS };

/* Where each register is, and its width, behind MMIO and behind PCI. */
static const struct {
	uint16_t mmio, pci;
	uint8_t width;
} place[REGS] = {
	[STATUS] = { VIRTIO_MMIO_STATUS, 0x14, 1 },
	[SELECT_FEATURES] = { VIRTIO_MMIO_ACCEPT_SEL, 0x08, 4 },
	[ACCEPT] = { VIRTIO_MMIO_ACCEPT, 0x0c, 4 },
	[QUEUE] = { VIRTIO_MMIO_QUEUE_SEL, 0x16, 2 },
	[SIZE] = { VIRTIO_MMIO_QUEUE_SIZE, 0x18, 2 },
	[READY] = { VIRTIO_MMIO_QUEUE_READY, 0x1c, 2 },
	[DESC] = { VIRTIO_MMIO_DESC_LOW, 0x20, 4 },
	[AVAIL] = { VIRTIO_MMIO_AVAIL_LOW, 0x28, 4 },
	[USED] = { VIRTIO_MMIO_USED_LOW, 0x30, 4 },
};

static void put(enum reg r, uint32_t value)
{
	access(on_pci ? place[r].pci : place[r].mmio, on_pci ? place[r].width : 4, true, value);
}

static void put_address(enum reg r, uint64_t value)
{
	uint64_t at = on_pci ? place[r].pci : place[r].mmio;

	access(at, 4, true, (uint32_t)value);
	access(at + 4, 4, true, value >> 32);
}

static uint64_t ring(unsigned queue)
{
	return (uint64_t)queue * QUEUE_ROOM;
}

/* avail at 0x1000 of the queue's room, used at 0x1400. */
static void start_queue(unsigned queue, unsigned size)
{
	memset(machine_ram + ring(queue) + 0x1000, 0, QUEUE_ROOM - 0x1000);
	put(QUEUE, queue);
	put(SIZE, size);
	put_address(DESC, RAM_BASE + ring(queue));
	put_address(AVAIL, RAM_BASE + ring(queue) + 0x1000);
	put_address(USED, RAM_BASE + ring(queue) + 0x1400);
	put(READY, 1);
}

static void bring_up(uint32_t features, unsigned size)
{
	put(STATUS, 0);
	put(STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	put(SELECT_FEATURES, 0);
	put(ACCEPT, features);
	put(SELECT_FEATURES, 1);
	put(ACCEPT, 1);
	put(STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK);
	for (unsigned i = 0; i < QUEUES; i++)
		start_queue(i, size);
	put(STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK | VIRTIO_DRIVER_OK);
}

static void notify(unsigned queue)
{
	if (on_pci)
		access(0x3000 + 4ul * queue, 2, true, queue);
	else
		access(VIRTIO_MMIO_NOTIFY, 4, true, queue);
}

static void offer(unsigned queue, uint16_t head)
{
	struct virtq_avail *avail = (void *)(machine_ram + ring(queue) + 0x1000);
	unsigned size = device->queue[queue].q.size;

	avail->ring[avail->index % (size && size <= 64 ? size : 1)] = head;
	avail->index++;
}

static void describe(unsigned queue, unsigned n, uint64_t address, uint32_t bytes, uint16_t flags, uint16_t next)
{
	struct virtq_desc *d = (void *)(machine_ram + ring(queue));

	d[n % 64] = (struct virtq_desc){ address, bytes, flags, next };
}

/* A request as a driver makes it: of type T for SECTOR, with BYTES of data. */
static void block_request(unsigned queue, uint16_t head, uint32_t type, uint64_t sector, uint32_t bytes)
{
	uint64_t at = DATA + 0x1000ul * (head & 7);
	uint16_t data = type == VIRTIO_BLK_IN || type == VIRTIO_BLK_GET_ID ? VIRTQ_WRITE : 0;

	*(struct virtio_blk_header *)(void *)(machine_ram + at) = (struct virtio_blk_header){ type, 0, sector };
	machine_ram[at + 16] = 0xaa;
	describe(queue, head, RAM_BASE + at, 16, VIRTQ_NEXT, head + 1);
	describe(queue, head + 1u, RAM_BASE + at + 64, bytes, VIRTQ_NEXT | data, head + 2);
	describe(queue, head + 2u, RAM_BASE + at + 16, 1, VIRTQ_WRITE, 0);
	offer(queue, head);
}

static void buffer(unsigned queue, uint16_t head, uint32_t bytes, bool writable)
{
	describe(queue, head, RAM_BASE + DATA + 0x1000ul * (head & 7), bytes, writable ? VIRTQ_WRITE : 0, 0);
	offer(queue, head);
}

/* A packet of sockets: a header, and bytes behind it of which it says how many. */
static void packet(uint16_t head, uint32_t what)
{
	uint64_t at = DATA + 0x1000ul * (head & 7);
	uint32_t bytes = what >> 4 & 0x7fff;
	const struct virtio_vsock_header h = { .type = VIRTIO_VSOCK_STREAM, .op = what & 7 ? VIRTIO_VSOCK_RW : VIRTIO_VSOCK_REQUEST,
					       .bytes = what & 8 ? bytes : what >> 4, .from_cid = 3 };

	memcpy(machine_ram + at, &h, sizeof(h));
	describe(1, head, RAM_BASE + at, sizeof(h), VIRTQ_NEXT, head + 1);
	describe(1, head + 1u, RAM_BASE + at + 64, bytes, 0, 0);
	offer(1, head);
}

/* A message to the console's control queue: mostly of a port that is there. */
static void control(uint16_t head, uint32_t what)
{
	struct virtio_console_control message = { .id = what & 0x80 ? what : what & 3, .event = what >> 4 & 7,
						  .value = what >> 8 & 1 };

	memcpy(machine_ram + DATA + 0x1000ul * (head & 7), &message, sizeof(message));
	buffer(3, head, what >> 12 & 7 ? 8 : what >> 16 & 15, false);
}

static void request(unsigned queue, uint16_t head, uint32_t what)
{
	static const uint8_t type[] = { 0, 1, 4, 8, 11, 13, 1, 99 };

	if (kind <= MACHINE_BLK_MAPPED)
		block_request(queue, head, type[what & 7], what >> 8 & 0x7f, 512u * (what >> 16 & 15));
	else if (kind == MACHINE_VSOCK && queue == 1)
		packet(head, what);
	else if (kind == MACHINE_CONSOLE && queue == 3)
		control(head, what);
	else
		buffer(queue, head, what >> 4 & 0xfff, kind == MACHINE_RNG || queue % 2 == 0 || kind == MACHINE_VSOCK);
}

/* --- operations --------------------------------------------------------------------------------------- */

static void any_register(void)
{
	uint32_t how = take(1), offset = take(2);

	access(on_pci ? offset & 0x7ff8 : offset & 0x1ff, 1u << (how & 3), how & 4, take(how & 8 ? 4 : 1));
}

static void config_register(void)
{
	uint32_t how = take(1), width = 1u << (how % 3), offset = take(1) & ~(width - 1) & 0xff;

	if (!on_pci)
		access(VIRTIO_MMIO_CONFIG + offset, width, how & 8, take(4));
	else if (how & 8)
		virtio_pci_config_write(&pci, offset, width, take(4));
	else
		virtio_pci_config_read(&pci, offset, width);
}

static void any_descriptor(void)
{
	unsigned queue = take(1) % QUEUES, n = take(1);
	uint32_t how = take(1), address = take(3);
	/* Mostly in RAM, else at its ends or anywhere. */
	uint64_t at = how & 0x40 ? RAM_BASE + MACHINE_RAM_BYTES - (address & 0xff) :
		      how & 0x80 ? (uint64_t)address << 40 | take(4) : RAM_BASE + address % MACHINE_RAM_BYTES;

	describe(queue, n, at, take(how & 0x20 ? 4 : 2), how & 7, (uint16_t)take(1));
	if (how & 0x10)
		offer(queue, (uint16_t)n);
}

static void operation(uint8_t op, bool lies)
{
	unsigned queue = op >> 4 & (QUEUES - 1);
	uint32_t at, value;

	switch (op & 15) {
	case 0:
	case 1:
		any_register();
		break;
	case 2:
		config_register();
		break;
	case 3:
		/* Anywhere among the rings. */
		at = take(2) % (DATA - 4);
		value = take(2);
		memcpy(machine_ram + at, &value, op & 0x40 ? 4 : 2);
		break;
	case 4:
		bring_up(take(4) & (uint32_t)device->offered, 1u << take(1) % 8);
		break;
	case 5:
		if (!(device->status & VIRTIO_DRIVER_OK) || (device->status & VIRTIO_NEEDS_RESET))
			bring_up((uint32_t)device->offered, 16u << (op >> 6));
		break;
	case 6:
		any_descriptor();
		break;
	case 7:
		notify(take(1) & 7);
		break;
	case 8:
		serve(take(1));
		break;
	case 9:
		event();
		if (kind == MACHINE_NET)
			net_idle(&net);
		break;
	case 10:
		put(STATUS, take(1) & 1 ? 0 : take(1));
		break;
	case 11:
		if (lies)
			lie();
		break;
	default:
		request(queue, (uint16_t)(take(1) & 31), take(3));
		if (op & 0x80)
			notify(queue);
	}
}

/* After all that a reset device does what it is for. */
static void still_works(void)
{
	bool sends = kind == MACHINE_CONSOLE || kind == MACHINE_NET || kind == MACHINE_VSOCK;
	unsigned queue = sends ? 1 : 0;
	const struct virtq_used *used = (const void *)(machine_ram + ring(queue) + 0x1400);

	bring_up((uint32_t)device->offered, 16);
	if (sends)
		serve(255); /* room in its ring */
	request(queue, 0, kind <= MACHINE_BLK_MAPPED ? 1u << 16 : 64u << 4);
	notify(queue);
	for (unsigned i = 0; i < 64 && used->index == 0; i++) {
		serve(255);
		event();
	}
	if (used->index != 1 || (kind <= MACHINE_BLK_MAPPED && machine_ram[DATA + 16] != VIRTIO_BLK_OK))
		abort();
}

unsigned long machine_run(const uint8_t *bytes, size_t count)
{
	unsigned long operations = 0;
	uint8_t first;

	input = bytes;
	left = count;
	first = (uint8_t)take(1);
	power_on(first);
	for (; left > 0; operations++)
		operation((uint8_t)take(1), first & MACHINE_LIES);
	if (!(first & (MACHINE_LIES | MACHINE_SHARED)))
		still_works();
	power_off();
	return operations;
}
