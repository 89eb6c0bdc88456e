/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that means harm, and a backend that does: random register accesses in
 * every order, random rings that change at any time, nonsense in the connection.
 * Nothing may be touched outside the guest's RAM and the pool (the sanitizers
 * watch), nothing may hang, and after a reset the device works.
 */
#include "test.h"

#include "backend.h"
#include "guest.h"

#define QUEUE RAM_BASE
#define DATA  (RAM_BASE + 0x8000)

static struct guest_queue g;
static unsigned long served, resets; /* that the noise got through */

static uint32_t below(uint32_t n)
{
	return guest_random() % n;
}

/* An address that is mostly in RAM, else near its ends or anywhere. */
static uint64_t address(void)
{
	switch (below(8)) {
	case 0:
		return RAM_BASE + RAM_BYTES - below(64);
	case 1:
		return RAM_BASE - below(64);
	case 2:
		return (uint64_t)guest_random() << 32 | guest_random();
	default:
		return RAM_BASE + below(RAM_BYTES);
	}
}

static uint32_t length(void)
{
	switch (below(8)) {
	case 0:
		return 0xffffffff - below(4);
	case 1:
		return 0;
	case 2:
		return guest_random();
	default:
		return below(4096);
	}
}

static void bring_up(uint32_t low)
{
	reg_write(VIRTIO_MMIO_STATUS, 0);
	reg_write(VIRTIO_MMIO_STATUS, 3);
	reg_write(VIRTIO_MMIO_ACCEPT_SEL, 0);
	reg_write(VIRTIO_MMIO_ACCEPT, low);
	reg_write(VIRTIO_MMIO_ACCEPT_SEL, 1);
	reg_write(VIRTIO_MMIO_ACCEPT, 1);
	reg_write(VIRTIO_MMIO_STATUS, 11);
	guest_queue(&g, 4u << below(6), QUEUE);
	memset(guest_at(g.avail), 0, 6 + 2 * g.size);
	memset(guest_at(g.used), 0, 6 + 8 * g.size);
	reg_write(VIRTIO_MMIO_QUEUE_SEL, 0);
	reg_write(VIRTIO_MMIO_QUEUE_SIZE, g.size);
	reg_write(VIRTIO_MMIO_DESC_LOW, (uint32_t)g.desc);
	reg_write(VIRTIO_MMIO_DESC_HIGH, 0);
	reg_write(VIRTIO_MMIO_AVAIL_LOW, (uint32_t)g.avail);
	reg_write(VIRTIO_MMIO_AVAIL_HIGH, 0);
	reg_write(VIRTIO_MMIO_USED_LOW, (uint32_t)g.used);
	reg_write(VIRTIO_MMIO_USED_HIGH, 0);
	reg_write(VIRTIO_MMIO_QUEUE_READY, 1);
	reg_write(VIRTIO_MMIO_STATUS, 15);
}

/* A chain that a real driver might make, at random places; now and then spoilt. */
static void offer_request(void)
{
	static const uint32_t type[] = { 0, 1, 0, 1, 4, 8, 11, 13, 99 };
	uint32_t bytes = 512 * below(200), kind = type[below(9)];
	unsigned head = below(g.size), n = head;
	uint16_t write = kind == 0 || kind == 8 ? VIRTQ_WRITE : 0;

	*(struct virtio_blk_header *)guest_at(DATA) = (struct virtio_blk_header){ kind, 0, below(140) };
	guest_desc(&g, n, DATA, 16, VIRTQ_NEXT, (uint16_t)((n + 1) % g.size));
	n = (n + 1) % g.size;
	if (below(8)) {
		guest_desc(&g, n, DATA + below(0x4000), bytes, VIRTQ_NEXT | write, (uint16_t)((n + 1) % g.size));
		n = (n + 1) % g.size;
	}
	guest_desc(&g, n, DATA - 1, 1, VIRTQ_WRITE, 0);
	if (below(20) == 0)
		guest_desc(&g, below(g.size), address(), length(), (uint16_t)below(8), (uint16_t)below(g.size + 2));
	guest_offer(&g, (uint16_t)head);
}

static void scribble(void)
{
	uint32_t *at = guest_at(QUEUE + 4 * below(0x800));

	*at = below(2) ? guest_random() : below(300);
}

static void any_register(void)
{
	struct mmio_access access = {
		.offset = below(VIRTIO_MMIO_SIZE - 8), .width = 1u << below(4), .write = below(2),
		.value = below(2) ? guest_random() : below(16),
	};

	if (below(4)) {
		access.offset &= ~3ul;
		access.width = 4;
	}
	if (access.write)
		virtio_mmio_ops.write(&transport, &access);
	else
		virtio_mmio_ops.read(&transport, &access);
}

/* The backend's side of the connection, spoilt. */
static void bad_backend(void)
{
	switch (below(3) + (below(50) == 0)) {
	case 0:
		shared.done.head += below(200);
		break;
	case 1:
		shared.done.entry[below(BLOCK_SLOTS)] = guest_random();
		break;
	case 2:
		memset(&shared.slot[below(2)], (int)below(256), sizeof(struct block_slot));
		break;
	default:
		shared.submit.head = guest_random();
	}
}

static void step(bool backend_too)
{
	switch (below(16)) {
	case 0:
		any_register();
		break;
	case 1:
		if (below(4) == 0)
			scribble();
		break;
	case 2:
		if (below(20) == 0)
			bring_up(guest_random() & (uint32_t)blk.dev.offered);
		break;
	case 3:
	case 11:
		if (reg_read(VIRTIO_MMIO_STATUS) != 15) {
			bring_up((uint32_t)blk.dev.offered);
			resets++;
		}
		break;
	case 4:
		if (backend_too)
			bad_backend();
		break;
	case 5:
	case 6:
		served += backend_serve();
		break;
	case 7:
		blk_event(&blk);
		break;
	case 8:
	case 9:
		reg_write(VIRTIO_MMIO_NOTIFY, below(2));
		break;
	case 10:
		reg_write(VIRTIO_MMIO_INTERRUPT_ACK, reg_read(VIRTIO_MMIO_INTERRUPT));
		break;
	default:
		offer_request();
		if (below(2))
			reg_write(VIRTIO_MMIO_NOTIFY, 0);
	}
}

/* A read that works: the device is whole. */
static void still_works(void)
{
	uint32_t head, bytes;

	bring_up((uint32_t)blk.dev.offered);
	while (g.size < 4)
		bring_up((uint32_t)blk.dev.offered);
	memset(guest_at(DATA), 0, 1024);
	guest_desc(&g, 0, DATA, 16, VIRTQ_NEXT, 1);
	guest_desc(&g, 1, DATA + 512, 512, VIRTQ_NEXT | VIRTQ_WRITE, 2);
	guest_desc(&g, 2, DATA + 64, 1, VIRTQ_WRITE, 0);
	*(uint8_t *)guest_at(DATA + 64) = 0xaa;
	guest_offer(&g, 0);
	reg_write(VIRTIO_MMIO_NOTIFY, 0);
	for (unsigned i = 0; i < 10; i++) {
		backend_serve();
		blk_event(&blk);
	}
	assert_true(guest_take(&g, &head, &bytes));
	assert_int_equal(*(uint8_t *)guest_at(DATA + 64), VIRTIO_BLK_OK);
}

static unsigned long operations(void)
{
	const char *text = getenv("SKERRY_FUZZ_OPERATIONS");

	return text ? strtoul(text, NULL, 0) : 200000;
}

static void guest_against(bool mapped, bool backend_too)
{
	unsigned long rounds = operations() / 1000;

	served = resets = 0;
	for (unsigned long round = 0; round < rounds; round++) {
		backend_set_up(mapped, BLOCK_CAN_FLUSH | BLOCK_CAN_DISCARD | BLOCK_CAN_ZERO);
		guest_seed((uint32_t)(round * 2654435761u + 1));
		bring_up((uint32_t)blk.dev.offered);
		for (unsigned i = 0; i < 1000; i++)
			step(backend_too);
		if (!backend_too)
			still_works();
		backend_tear_down();
	}
	print_message("%lu requests reached the backend, %lu times the device was reset\n", served, resets);
	/* Else the noise was too loud to try anything. A backend that lies soon hears nothing any more. */
	assert_true(served > rounds * (backend_too ? 2 : 20) && resets > rounds);
}

static void hostile_guest_bounced(void **state)
{
	(void)state;
	guest_against(false, false);
}

static void hostile_guest_mapped(void **state)
{
	(void)state;
	guest_against(true, false);
}

static void hostile_backend_too(void **state)
{
	(void)state;
	guest_against(false, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_guest_bounced), cmocka_unit_test(hostile_guest_mapped),
		cmocka_unit_test(hostile_backend_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
