/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that means harm to its virtio-mmio devices, whichever there are: disks, a
 * network, a console, entropy. Registers in every order, rings that are anything and
 * change at any time, resets in the middle. Between bouts each device must do a plain
 * request right, and what lies around its buffers must be as it was.
 * tests/unit/virtio does the same on the host, with sanitizers; sockets.c is for sockets.
 */
#include "guest.h"

#define BASE    0x0a000000ul
#define STEP    0x200ul
#ifndef DEVICES
#define DEVICES 3u     /* an access where none is aborts */
#endif
#define SIZE    8u
#define ROUNDS  4u
#define STRIKES 3000u

enum { DEVICE = 0x008, ACCEPT = 0x020, ACCEPT_SEL = 0x024, QUEUE_SEL = 0x030, QUEUE_SIZE = 0x038, READY = 0x044,
       NOTIFY = 0x050, INTERRUPT = 0x060, ACK = 0x064, STATUS = 0x070, DESC = 0x080, AVAIL = 0x090, USED = 0x0a0 };

enum kind { NET = 1, DISK = 2, CONSOLE = 3, ENTROPY = 4 };

struct desc { uint64_t address; uint32_t bytes; uint16_t flags, next; };

static struct {
	struct desc desc[SIZE];
	uint16_t avail_flags, avail_index, avail[SIZE], used_event;
	uint8_t pad[512 - 16 * SIZE - 6 - 2 * SIZE];
	uint16_t used_flags, used_index;
	struct { uint32_t head, bytes; } used[SIZE];
	uint16_t avail_event;
} ring __attribute__((aligned(4096)));

static struct { uint32_t type, reserved; uint64_t sector; } header __attribute__((aligned(16)));
static uint8_t before[4096] __attribute__((aligned(4096))), data[4096], after[4096];
static volatile uint8_t status;
static uint32_t seed = 12345;

static uint32_t any(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return below ? seed % below : seed;
}

static void set(uint64_t dev, unsigned reg, uint64_t address)
{
	write32(dev + reg, (uint32_t)address);
	write32(dev + reg + 4, (uint32_t)(address >> 32));
}

static void wipe(void *at, unsigned bytes, uint8_t value)
{
	for (volatile uint8_t *p = at; bytes > 0; bytes--)
		*p++ = value;
}

/* The queue of requests, or of what the guest sends. */
static unsigned queue_of(enum kind kind)
{
	return kind == NET || kind == CONSOLE;
}

static void bring_up(uint64_t dev, enum kind kind)
{
	write32(dev + STATUS, 0);
	wipe(&ring, sizeof(ring), 0);
	write32(dev + STATUS, 3);
	write32(dev + ACCEPT_SEL, 0);
	write32(dev + ACCEPT, 0);
	write32(dev + ACCEPT_SEL, 1);
	write32(dev + ACCEPT, 1);
	write32(dev + STATUS, 11);
	write32(dev + QUEUE_SEL, queue_of(kind));
	write32(dev + QUEUE_SIZE, SIZE);
	set(dev, DESC, (uint64_t)ring.desc);
	set(dev, AVAIL, (uint64_t)&ring.avail_flags);
	set(dev, USED, (uint64_t)&ring.used_flags);
	write32(dev + READY, 1);
	write32(dev + STATUS, 15);
}

static void offer(uint64_t dev, enum kind kind)
{
	volatile uint16_t *index = &ring.avail_index;

	ring.avail[*index % SIZE] = 0;
	__asm__ volatile("dmb sy" ::: "memory");
	(*index)++;
	__asm__ volatile("dsb sy" ::: "memory");
	write32(dev + NOTIFY, queue_of(kind));
}

/* A request of a disk (TYPE), one of the entropy device, a frame or characters to send. True: done in time, and said to be right. */
static bool request(uint64_t dev, enum kind kind, uint32_t type, uint64_t sector)
{
	uint64_t end = now() + 5 * ticks_per_second();

	bring_up(dev, kind);
	header.type = type;
	header.sector = sector;
	status = 0xaa;
	ring.desc[0] = (struct desc){ (uint64_t)&header, 16, 1, 1 };
	ring.desc[1] = (struct desc){ (uint64_t)data, sizeof(data), type ? 1 : 3, 2 };
	ring.desc[2] = (struct desc){ (uint64_t)&status, 1, 2, 0 };
	if (kind != DISK) {
		wipe(data, 72, 0); /* of a network the first 12 are its own header */
		ring.desc[0] = (struct desc){ (uint64_t)data, 72, kind == ENTROPY ? 2 : 0, 0 };
	}
	offer(dev, kind);
	while (*(volatile uint16_t *)&ring.used_index != 1) {
		if (now() > end)
			return false;
	}
	write32(dev + ACK, read32(dev + INTERRUPT));
	return kind != DISK || status == 0;
}

static bool is_all(const uint8_t *at, uint8_t value)
{
	for (unsigned i = 0; i < 4096; i++) {
		if (((const volatile uint8_t *)at)[i] != value)
			return false;
	}
	return true;
}

/* Writes a pattern, reads it back over another one. */
static bool disk_works(uint64_t dev, uint8_t value)
{
	bool good;

	wipe(before, sizeof(before), 0xb5);
	wipe(after, sizeof(after), 0xaf);
	wipe(data, sizeof(data), value);
	good = request(dev, DISK, 1, 8ul * value);
	wipe(data, sizeof(data), 0);
	good = good && request(dev, DISK, 0, 8ul * value);
	return good && is_all(data, value) && is_all(before, 0xb5) && is_all(after, 0xaf);
}

static void strike(uint64_t dev, enum kind kind)
{
	switch (any(6)) {
	case 0:
		write32(dev + 4 * any(64), any(2) ? any(0) : any(16));
		break;
	case 1:
		((volatile uint32_t *)&ring)[any(sizeof(ring) / 4)] = any(2) ? any(0) : any(64);
		break;
	case 2:
		/* Anywhere but at what a disk may be told to write, and this program be overwritten with. */
		ring.desc[any(SIZE)] = (struct desc){ any(2) ? 0x3ffffff0ul + any(32) : (uint64_t)data, any(4096),
						      (uint16_t)any(2), (uint16_t)any(SIZE + 2) };
		break;
	case 3:
		if (read32(dev + STATUS) != 15)
			bring_up(dev, kind);
		break;
	case 4:
		(void)read32(dev + 4 * any(128));
		break;
	default:
		offer(dev, kind);
	}
}

static bool works(uint64_t dev, enum kind kind, unsigned bout)
{
	return kind == DISK ? disk_works(dev, (uint8_t)(bout + 1)) : request(dev, kind, 0, 0);
}

int main(void);

int main(void)
{
	for (unsigned i = 0; i < ROUNDS * DEVICES; i++) {
		uint64_t dev = BASE + i % DEVICES * STEP;
		enum kind kind = read32(dev + DEVICE);

		bring_up(dev, kind);
		for (unsigned n = 0; n < STRIKES; n++)
			strike(dev, kind);
		check(works(dev, kind, i), "works after a bout", kind);
	}
	finish();
}
