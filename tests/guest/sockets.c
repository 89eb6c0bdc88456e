/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that means harm to its socket device and to the hub behind it, on the machine of system
 * sockets: registers in every order, rings that are anything, packets in others' names, of
 * kinds that are none, with lengths that are not there. Between bouts a component answers on a plain
 * connection. tests/unit/virtio does the same on the host, with sanitizers.
 */
#include "guest.h"

#define DEV     0x0a000000ul
#define SIZE    8u
#define QUEUES  3u
#define BOUTS   10u
#define STRIKES 2000u
#define HOST    2u
#define ECHO    7u

enum { DEVICE = 0x008, ACCEPT = 0x020, ACCEPT_SEL = 0x024, QUEUE_SEL = 0x030, QUEUE_SIZE = 0x038, READY = 0x044,
       NOTIFY = 0x050, INTERRUPT = 0x060, ACK = 0x064, STATUS = 0x070, DESC = 0x080, AVAIL = 0x090, USED = 0x0a0, CID = 0x100 };
enum { REQUEST = 1, RESPONSE = 2 };

struct desc { uint64_t address; uint32_t bytes; uint16_t flags, next; };

static struct queue {
	struct desc desc[SIZE];
	uint16_t avail_flags, avail_index, avail[SIZE], used_event;
	uint8_t pad[512 - 16 * SIZE - 6 - 2 * SIZE];
	uint16_t used_flags, used_index;
	struct { uint32_t head, bytes; } used[SIZE];
	uint16_t avail_event;
} __attribute__((aligned(4096))) ring[QUEUES];

struct packet {
	uint64_t from_cid, to_cid;
	uint32_t from_port, to_port, bytes;
	uint16_t type, op;
	uint32_t flags, buffer, taken;
};
static struct buffer {
	struct packet packet;
	uint8_t data[4096 - sizeof(struct packet)];
} in[SIZE] __attribute__((aligned(4096))), out __attribute__((aligned(4096)));
static uint32_t seed = 12345, cid;

static uint32_t any(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return below ? seed % below : seed;
}

static void set(unsigned reg, uint64_t address)
{
	write32(DEV + reg, (uint32_t)address);
	write32(DEV + reg + 4, (uint32_t)(address >> 32));
}

static void offer(unsigned queue, uint16_t head)
{
	struct queue *q = &ring[queue];
	volatile uint16_t *index = &q->avail_index;

	q->avail[*index % SIZE] = head;
	__asm__ volatile("dmb sy" ::: "memory");
	(*index)++;
	__asm__ volatile("dsb sy" ::: "memory");
}

static void bring_up(void)
{
	write32(DEV + STATUS, 0);
	for (unsigned i = 0; i < sizeof(ring) / 8; i++)
		((volatile uint64_t *)ring)[i] = 0;
	write32(DEV + STATUS, 3);
	write32(DEV + ACCEPT_SEL, 0);
	write32(DEV + ACCEPT, 0);
	write32(DEV + ACCEPT_SEL, 1);
	write32(DEV + ACCEPT, 1);
	write32(DEV + STATUS, 11);
	for (unsigned n = 0; n < QUEUES; n++) {
		write32(DEV + QUEUE_SEL, n);
		write32(DEV + QUEUE_SIZE, SIZE);
		set(DESC, (uint64_t)ring[n].desc);
		set(AVAIL, (uint64_t)&ring[n].avail_flags);
		set(USED, (uint64_t)&ring[n].used_flags);
		write32(DEV + READY, 1);
	}
	for (unsigned i = 0; i < SIZE; i++) {
		ring[0].desc[i] = (struct desc){ (uint64_t)&in[i], sizeof(in[i]), 2, 0 };
		offer(0, (uint16_t)i);
	}
	ring[1].desc[0] = (struct desc){ (uint64_t)&out, 44, 0, 0 };
	write32(DEV + STATUS, 15);
}

/* Asks for a connection. True: the component answers, in time, whatever else comes. */
static bool connects(uint32_t port)
{
	uint64_t end = now() + 20 * ticks_per_second();
	uint16_t seen = 0;

	bring_up();
	out.packet = (struct packet){ .from_cid = cid, .to_cid = HOST, .from_port = port, .to_port = ECHO, .type = 1, .op = REQUEST,
			       .buffer = 4096 };
	offer(1, 0);
	write32(DEV + NOTIFY, 1);
	while (now() < end) {
		const volatile struct packet *p;
		uint32_t head;

		if (*(volatile uint16_t *)&ring[0].used_index == seen)
			continue;
		head = *(volatile uint32_t *)&ring[0].used[seen++ % SIZE].head;
		if (head >= SIZE)
			return false;
		p = &in[head].packet;
		if (p->op == RESPONSE && p->to_port == port && p->from_cid == HOST && p->to_cid == cid)
			return true;
		offer(0, (uint16_t)head);
		write32(DEV + NOTIFY, 0);
	}
	return false;
}

static void any_packet(void)
{
	out.packet = (struct packet){ .from_cid = any(4) ? cid : any(6), .to_cid = any(4) ? HOST : any(6), .from_port = any(4), .to_port = any(9),
			       .bytes = any(2) ? any(64) : any(0), .type = (uint16_t)(any(8) ? 1 : any(4)),
			       .op = (uint16_t)any(9), .flags = any(8), .buffer = any(0), .taken = any(0) };
	ring[1].desc[0] = (struct desc){ (uint64_t)&out, 44, 1, 1 };
	ring[1].desc[1] = (struct desc){ (uint64_t)out.data, any(64), 0, 0 };
	offer(1, 0);
	write32(DEV + NOTIFY, 1);
}

static void strike(void)
{
	switch (any(8)) {
	case 0:
		write32(DEV + 4 * any(64), any(2) ? any(0) : any(16));
		break;
	case 1:
		((volatile uint32_t *)ring)[any(sizeof(ring) / 4)] = any(2) ? any(0) : any(64);
		break;
	case 2:
		ring[any(QUEUES)].desc[any(SIZE)] = (struct desc){ any(2) ? 0x3ffffff0ul + any(32) : (uint64_t)in, any(4096),
								   (uint16_t)any(4), (uint16_t)any(SIZE + 2) };
		break;
	case 3:
		if (read32(DEV + STATUS) != 15)
			bring_up();
		break;
	case 4:
		(void)read32(DEV + 4 * any(128));
		break;
	case 5:
		offer(any(QUEUES), (uint16_t)any(SIZE + 1));
		write32(DEV + NOTIFY, any(QUEUES + 1));
		break;
	default:
		any_packet();
	}
}

int main(void);

int main(void)
{
	bool good;

	cid = read32(DEV + CID);
	good = read32(DEV + DEVICE) == 19 && cid > HOST;
	check(good, "sockets", cid);
	for (unsigned bout = 0; bout < BOUTS; bout++) {
		bring_up();
		for (unsigned i = 0; i < STRIKES; i++)
			strike();
		good = good && connects(100 + bout);
		check(good, "a component answers after a bout", bout);
	}
	/* Two guests and their VMMs' logs share a terminal, line or no line: how it ends says whether all was well. */
	if (!good)
		hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	finish();
}
