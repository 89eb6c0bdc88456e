/* SPDX-License-Identifier: BSD-2-Clause */
/* The block device from registers to the medium: what is asked for is what happens, bounced and mapped alike. */
#include "test.h"

#include "backend.h"
#include "guest.h"

#define HEADER (RAM_BASE + 0x4000)
#define STATUS (RAM_BASE + 0x4100)
#define DATA   (RAM_BASE + 0x8000)
#define ALL    (BLOCK_CAN_FLUSH | BLOCK_CAN_DISCARD | BLOCK_CAN_ZERO)

static struct guest_queue g;

static void bring_up(void)
{
	reg_write(VIRTIO_MMIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	reg_write(VIRTIO_MMIO_ACCEPT_SEL, 1);
	reg_write(VIRTIO_MMIO_ACCEPT, (uint32_t)(VIRTIO_F_VERSION_1 >> 32));
	reg_write(VIRTIO_MMIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK);
	guest_queue(&g, 8, RAM_BASE);
	memset(guest_at(g.desc), 0, 0x1000);
	reg_write(VIRTIO_MMIO_QUEUE_SEL, 0);
	reg_write(VIRTIO_MMIO_QUEUE_SIZE, 8);
	reg_write(VIRTIO_MMIO_DESC_LOW, (uint32_t)g.desc);
	reg_write(VIRTIO_MMIO_AVAIL_LOW, (uint32_t)g.avail);
	reg_write(VIRTIO_MMIO_USED_LOW, (uint32_t)g.used);
	reg_write(VIRTIO_MMIO_QUEUE_READY, 1);
	reg_write(VIRTIO_MMIO_STATUS,
		  VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK | VIRTIO_DRIVER_OK);
	assert_int_equal(reg_read(VIRTIO_MMIO_STATUS), 15);
}

static int bounced(void **state)
{
	(void)state;
	backend_set_up(false, ALL);
	bring_up();
	return 0;
}

static int mapped(void **state)
{
	(void)state;
	backend_set_up(true, ALL);
	bring_up();
	return 0;
}

static int read_only(void **state)
{
	(void)state;
	backend_set_up(false, BLOCK_READ_ONLY);
	bring_up();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	backend_tear_down();
	return 0;
}

static void offer(uint32_t type, uint64_t sector, uint32_t bytes, bool write)
{
	*(struct virtio_blk_header *)guest_at(HEADER) = (struct virtio_blk_header){ type, 0, sector };
	*(uint8_t *)guest_at(STATUS) = 0xaa;
	guest_desc(&g, 0, HEADER, 16, VIRTQ_NEXT, bytes ? 1 : 3);
	guest_desc(&g, 1, DATA, bytes / 2, (uint16_t)(VIRTQ_NEXT | (write ? VIRTQ_WRITE : 0)), 2);
	guest_desc(&g, 2, DATA + bytes / 2 + 64, bytes - bytes / 2, (uint16_t)(VIRTQ_NEXT | (write ? VIRTQ_WRITE : 0)), 3);
	guest_desc(&g, 3, STATUS, 1, VIRTQ_WRITE, 0);
	guest_offer(&g, 0);
	reg_write(VIRTIO_MMIO_NOTIFY, 0);
}

/* Lets the backend work until the request is done. Returns its status. */
static uint8_t finish(void)
{
	uint32_t head, bytes;

	for (unsigned i = 0; i < 100 && !guest_take(&g, &head, &bytes); i++) {
		backend_serve();
		blk_event(&blk);
	}
	assert_int_equal(head, 0);
	assert_true(line);
	reg_write(VIRTIO_MMIO_INTERRUPT_ACK, reg_read(VIRTIO_MMIO_INTERRUPT));
	assert_false(line);
	return *(uint8_t *)guest_at(STATUS);
}

static uint8_t ask(uint32_t type, uint64_t sector, uint32_t bytes, bool write)
{
	offer(type, sector, bytes, write);
	return finish();
}

static void fill(uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		*(uint8_t *)guest_at(DATA + (i < bytes / 2 ? i : i + 64)) = (uint8_t)(i * 7 + i / 251);
}

static void check(uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		assert_int_equal(*(uint8_t *)guest_at(DATA + (i < bytes / 2 ? i : i + 64)), (uint8_t)(i * 7 + i / 251));
}

/* Sizes of less than, exactly and more than one slot's data, in two segments that cut a sector. */
static void writes_and_reads(void **state)
{
	static const uint32_t size[] = { 512, 1536, 4096, 0x8200, 0xfe00 };

	(void)state;
	for (unsigned i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		fill(size[i]);
		assert_int_equal(ask(VIRTIO_BLK_OUT, 1, size[i], false), VIRTIO_BLK_OK);
		memset(guest_at(DATA), 0xee, size[i] + 64);
		assert_int_equal(ask(VIRTIO_BLK_IN, 1, size[i], true), VIRTIO_BLK_OK);
		check(size[i]);
		for (unsigned gap = 0; gap < 64; gap++)
			assert_int_equal(*(uint8_t *)guest_at(DATA + size[i] / 2 + gap), 0xee);
	}
}

static void beyond_the_end(void **state)
{
	(void)state;
	assert_int_equal(ask(VIRTIO_BLK_IN, 127, 512, true), VIRTIO_BLK_OK);
	assert_int_equal(ask(VIRTIO_BLK_IN, 127, 1024, true), VIRTIO_BLK_IOERR);
	assert_int_equal(ask(VIRTIO_BLK_OUT, 128, 512, false), VIRTIO_BLK_IOERR);
	assert_int_equal(ask(VIRTIO_BLK_IN, ~0ul, 512, true), VIRTIO_BLK_IOERR);
	assert_int_equal(ask(VIRTIO_BLK_IN, 0, 500, true), VIRTIO_BLK_IOERR);
	assert_int_equal(ask(VIRTIO_BLK_IN, 0, 0, true), VIRTIO_BLK_IOERR);
}

static void others(void **state)
{
	struct virtio_blk_range *range = guest_at(DATA);

	(void)state;
	assert_int_equal(ask(VIRTIO_BLK_FLUSH, 0, 0, false), VIRTIO_BLK_OK);
	assert_int_equal(ask(99, 0, 0, false), VIRTIO_BLK_UNSUPPORTED);
	assert_int_equal(ask(VIRTIO_BLK_GET_ID, 0, 40, true), VIRTIO_BLK_OK);
	assert_string_equal(guest_at(DATA), "disk-of-the-test");
	fill(4096);
	assert_int_equal(ask(VIRTIO_BLK_OUT, 0, 4096, false), VIRTIO_BLK_OK);
	*range = (struct virtio_blk_range){ 0, 8, 0 };
	*(struct virtio_blk_header *)guest_at(HEADER) = (struct virtio_blk_header){ VIRTIO_BLK_WRITE_ZEROES, 0, 0 };
	guest_desc(&g, 0, HEADER, 16, VIRTQ_NEXT, 1);
	guest_desc(&g, 1, DATA, 16, VIRTQ_NEXT, 3);
	guest_offer(&g, 0);
	reg_write(VIRTIO_MMIO_NOTIFY, 0);
	assert_int_equal(finish(), VIRTIO_BLK_OK);
	assert_int_equal(ask(VIRTIO_BLK_IN, 0, 1024, true), VIRTIO_BLK_OK);
	for (unsigned i = 0; i < 512; i++)
		assert_int_equal(*(uint8_t *)guest_at(DATA + i), 0);
}

static void refuses_writes(void **state)
{
	(void)state;
	assert_int_equal(ask(VIRTIO_BLK_OUT, 0, 512, false), VIRTIO_BLK_IOERR);
	assert_int_equal(ask(VIRTIO_BLK_DISCARD, 0, 16, false), VIRTIO_BLK_IOERR);
	assert_int_equal(ask(VIRTIO_BLK_IN, 0, 512, true), VIRTIO_BLK_OK);
}

static void no_status_byte(void **state)
{
	(void)state;
	guest_desc(&g, 0, HEADER, 16, 0, 0);
	guest_offer(&g, 0);
	reg_write(VIRTIO_MMIO_NOTIFY, 0);
	assert_true(reg_read(VIRTIO_MMIO_STATUS) & VIRTIO_NEEDS_RESET);
	assert_int_equal(reg_read(VIRTIO_MMIO_INTERRUPT), VIRTIO_INTERRUPT_CONFIG);
	reg_write(VIRTIO_MMIO_STATUS, 0);
	assert_int_equal(reg_read(VIRTIO_MMIO_STATUS), 0);
	assert_false(line);
	bring_up();
	assert_int_equal(ask(VIRTIO_BLK_IN, 0, 512, true), VIRTIO_BLK_OK);
}

/* A reset with a read in flight: its data never arrive, and the device works afterwards. */
static void reset_in_flight(void **state)
{
	(void)state;
	fill(1024);
	assert_int_equal(ask(VIRTIO_BLK_OUT, 0, 1024, false), VIRTIO_BLK_OK);
	offer(VIRTIO_BLK_IN, 0, 1024, true);
	memset(guest_at(DATA), 0x55, 2048);
	reg_write(VIRTIO_MMIO_STATUS, 0);
	if (blk.pool) {
		backend_serve();
		blk_event(&blk);
		for (unsigned i = 0; i < 2048; i++)
			assert_int_equal(*(uint8_t *)guest_at(DATA + i), 0x55);
	}
	assert_int_equal(blk.client.in_flight, 0);
	bring_up();
	assert_int_equal(ask(VIRTIO_BLK_IN, 0, 1024, true), VIRTIO_BLK_OK);
	check(1024);
}

/* Each queue's requests come back on it, also when both have some at once. */
static void two_queues(void **state)
{
	const uint64_t area = RAM_BASE + 0x20000, status = area + 0x3000;
	struct guest_queue other;
	uint32_t head, bytes;

	(void)state;
	assert_int_equal(blk.config.num_queues, 2);
	guest_queue(&other, 8, area);
	reg_write(VIRTIO_MMIO_QUEUE_SEL, 1);
	reg_write(VIRTIO_MMIO_QUEUE_SIZE, 8);
	reg_write(VIRTIO_MMIO_DESC_LOW, (uint32_t)other.desc);
	reg_write(VIRTIO_MMIO_AVAIL_LOW, (uint32_t)other.avail);
	reg_write(VIRTIO_MMIO_USED_LOW, (uint32_t)other.used);
	reg_write(VIRTIO_MMIO_QUEUE_READY, 1);
	assert_int_equal(reg_read(VIRTIO_MMIO_QUEUE_READY), 1);

	*(struct virtio_blk_header *)guest_at(area + 0x1000) = (struct virtio_blk_header){ VIRTIO_BLK_IN, 0, 1 };
	*(uint8_t *)guest_at(status) = 0xaa;
	guest_desc(&other, 3, area + 0x1000, 16, VIRTQ_NEXT, 4);
	guest_desc(&other, 4, area + 0x2000, 512, VIRTQ_NEXT | VIRTQ_WRITE, 5);
	guest_desc(&other, 5, status, 1, VIRTQ_WRITE, 0);
	guest_offer(&other, 3);
	reg_write(VIRTIO_MMIO_NOTIFY, 1);
	offer(VIRTIO_BLK_IN, 0, 512, true);
	assert_int_equal(finish(), VIRTIO_BLK_OK);
	for (unsigned i = 0; i < 100 && *(uint8_t *)guest_at(status) == 0xaa; i++) {
		backend_serve();
		blk_event(&blk);
	}
	assert_true(guest_take(&other, &head, &bytes));
	assert_int_equal(head, 3);
	assert_int_equal(bytes, 513);
	assert_int_equal(*(uint8_t *)guest_at(status), VIRTIO_BLK_OK);
	assert_false(guest_take(&other, &head, &bytes));
	assert_false(guest_take(&g, &head, &bytes));
	reg_write(VIRTIO_MMIO_QUEUE_SEL, 2);
	assert_int_equal(reg_read(VIRTIO_MMIO_QUEUE_MAX), 0);
}

#define BOUNCED(f) cmocka_unit_test_setup_teardown(f, bounced, tear_down)
#define MAPPED(f)  cmocka_unit_test_setup_teardown(f, mapped, tear_down)

/* Writes 512 bytes of BYTE to SECTOR as request N, of two. */
static void offer_write(unsigned n, uint64_t sector, uint8_t byte)
{
	uint16_t d = (uint16_t)(3 * n);

	*(struct virtio_blk_header *)guest_at(HEADER + 32 * n) = (struct virtio_blk_header){ VIRTIO_BLK_OUT, 0, sector };
	*(uint8_t *)guest_at(STATUS + n) = 0xaa;
	memset(guest_at(DATA + 512 * n), byte, 512);
	guest_desc(&g, d, HEADER + 32 * n, 16, VIRTQ_NEXT, (uint16_t)(d + 1));
	guest_desc(&g, (uint16_t)(d + 1), DATA + 512 * n, 512, VIRTQ_NEXT, (uint16_t)(d + 2));
	guest_desc(&g, (uint16_t)(d + 2), STATUS + n, 1, VIRTQ_WRITE, 0);
	guest_offer(&g, d);
	reg_write(VIRTIO_MMIO_NOTIFY, 0);
}

/*
 * Two writes to one sector are in flight when their backend dies, having done DONE of them, the
 * last one first: the next backend gets both, in the guest's order, and the second one's data stay.
 */
static void other_backend(unsigned done)
{
	static struct block_request taken[2];
	uint8_t sector[512];
	uint32_t head, bytes;
	bool signal;

	offer_write(0, 5, 0x11);
	offer_write(1, 5, 0x22);
	assert_true(block_server_next(&server, &taken[0], &signal));
	assert_true(block_server_next(&server, &taken[1], &signal));
	for (unsigned i = 0; i < done; i++)
		backend_perform(&taken[1 - i]);
	backend_replace();
	assert_false(guest_take(&g, &head, &bytes));
	assert_false(block_server_next(&server, &taken[0], &signal));
	assert_true(signal);
	blk_event(&blk);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(block_server_next(&server, &taken[i], &signal));
		assert_int_equal(taken[i].sector, 5);
		backend_perform(&taken[i]);
		medium_read(&medium, 5 * 512, sector, sizeof(sector));
		assert_int_equal(sector[0], i == 0 ? 0x11 : 0x22);
		block_complete(&server, taken[i].slot, BLOCK_OK);
	}
	blk_event(&blk);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(guest_take(&g, &head, &bytes));
		assert_int_equal(head, 3 * i);
		assert_int_equal(*(uint8_t *)guest_at(STATUS + i), VIRTIO_BLK_OK);
	}
	assert_int_equal(ask(VIRTIO_BLK_IN, 5, 512, true), VIRTIO_BLK_OK);
}

static void backend_dies(void **state)
{
	(void)state;
	for (unsigned done = 0; done < 3; done++)
		other_backend(done);
}

/* The guest resets its device while there is no backend; the requests are nobody's any more. */
static void reset_without_backend(void **state)
{
	(void)state;
	offer_write(0, 5, 0x33);
	block_server_init(&server, &shared, server.data_bytes);
	if (blk.pool)
		reg_write(VIRTIO_MMIO_STATUS, 0);
	backend_replace();
	reg_write(VIRTIO_MMIO_STATUS, 0);
	backend_serve();
	blk_event(&blk);
	assert_int_equal(blk.client.in_flight, 0);
	bring_up();
	assert_int_equal(ask(VIRTIO_BLK_IN, 0, 512, true), VIRTIO_BLK_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOUNCED(writes_and_reads), MAPPED(writes_and_reads), BOUNCED(beyond_the_end), MAPPED(beyond_the_end),
		BOUNCED(others), MAPPED(others), BOUNCED(two_queues), MAPPED(two_queues),
		BOUNCED(no_status_byte), BOUNCED(reset_in_flight),
		MAPPED(reset_in_flight), BOUNCED(backend_dies), MAPPED(backend_dies), BOUNCED(reset_without_backend),
		MAPPED(reset_without_backend), cmocka_unit_test_setup_teardown(refuses_writes, read_only, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
