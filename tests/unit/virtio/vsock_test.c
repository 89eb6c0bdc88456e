/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket device against a hub: large packets through a ring that is often full, into buffers
 * that are smaller; what is said at start, reset and restart; guests and hubs that lie.
 */
#include "test.h"

#include <stdatomic.h>

#include "guest.h"
#include "virtio/vsock.h"

#define DATA   (RAM_BASE + 0x8000)
#define HEADER sizeof(struct virtio_vsock_header)
#define QUEUES 3u

static struct vsock_shared shared;
static struct vsock vsock;
static struct vsock_end from_guest, to_guest; /* the hub's */
static struct guest_queue queue[QUEUES];
static unsigned signals;

static void on_signal(void *context)
{
	(void)context;
	signals++;
}

static void driver_starts(void)
{
	vsock.dev.status = VIRTIO_FEATURES_OK;
	for (unsigned n = 0; n < QUEUES; n++) {
		struct guest_queue *g = &queue[n];

		guest_queue(g, 8, RAM_BASE + n * 0x1000);
		assert_true(virtq_start(&vsock.dev.queue[n].q, &ram, 8, gpa(g->desc), gpa(g->avail), gpa(g->used), 0));
		vsock.dev.queue[n].ready = true;
	}
	virtio_set_status(&vsock.dev, VIRTIO_FEATURES_OK | VIRTIO_DRIVER_OK);
}

static int set_up(void **state)
{
	(void)state;
	guest_set_up();
	memset(&shared, 0, sizeof(shared));
	signals = 0;
	vsock_init(&vsock, &shared, 7, on_signal, NULL, &ram, (struct irq_line){ 0 });
	from_guest = vsock_reader(&shared.to_hub);
	to_guest = vsock_writer(&shared.to_port);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

/* What the hub reads next. */
static struct vsock_packet heard(void)
{
	struct vsock_packet p;

	assert_true(vsock_next(&from_guest, &p));
	vsock_release(&from_guest);
	return p;
}

static void heard_nothing(void)
{
	struct vsock_packet p;

	assert_false(vsock_next(&from_guest, &p));
}

static void heard_words(enum vsock_word first, enum vsock_word second)
{
	assert_int_equal(heard().word, first);
	assert_int_equal(heard().word, second);
	heard_nothing();
}

static int set_up_running(void **state)
{
	set_up(state);
	driver_starts();
	heard_words(VSOCK_DOWN, VSOCK_UP);
	return 0;
}

/* A packet of the guest's as chain HEAD: its header, then its payload, in two pieces. */
static void offer_packet(uint16_t head, uint16_t op, uint32_t bytes, uint32_t flags, uint32_t there)
{
	uint64_t at = DATA + head * 0x200u;
	struct virtio_vsock_header h = { .from_cid = 7, .to_cid = 9, .from_port = 1000, .to_port = 80, .bytes = bytes,
					 .type = VIRTIO_VSOCK_STREAM, .op = op, .flags = flags, .buffer = 4096, .taken = 5 };

	memcpy(guest_at(at), &h, HEADER);
	guest_desc(&queue[1], head, at, HEADER, there ? VIRTQ_NEXT : 0, (uint16_t)(head + 1));
	if (there)
		guest_desc(&queue[1], head + 1u, RAM_BASE + 0x10000, there, 0, 0);
	guest_offer(&queue[1], head);
}

/* A whole packet of 64 KiB takes 18 slots; three of them more than the ring has. */
static void sends(void **state)
{
	uint32_t head, bytes, seen = 0;
	unsigned parts = 0;

	(void)state;
	for (unsigned i = 0; i < 65536; i++)
		*(uint8_t *)guest_at(RAM_BASE + 0x10000 + i) = (uint8_t)(i * 7 ^ i >> 8);
	for (uint16_t n = 0; n < 3; n++)
		offer_packet((uint16_t)(2 * n), VIRTIO_VSOCK_RW, 65536, VIRTIO_VSOCK_MESSAGE, 65536);
	virtio_notify(&vsock.dev, 1);
	while (seen < 3 * 65536) {
		struct vsock_packet p = heard();
		uint32_t at = seen % 65536;

		assert_int_equal(p.word, VSOCK_PACKET);
		assert_int_equal(p.header.from_cid, 7);
		assert_int_equal(p.header.to_port, 80);
		assert_int_equal(p.header.buffer, 4096);
		assert_memory_equal(p.data, guest_at(RAM_BASE + 0x10000 + at), p.header.bytes);
		seen += p.header.bytes;
		/* The end of a message is in its last part. */
		assert_int_equal(p.header.flags, seen % 65536 ? 0 : VIRTIO_VSOCK_MESSAGE);
		parts++;
		if (vsock_released(&from_guest))
			vsock_event(&vsock);
	}
	assert_int_equal(parts, 3 * 18);
	for (unsigned n = 0; n < 3; n++)
		assert_true(guest_take(&queue[1], &head, &bytes) && head == 2 * n && bytes == 0);
	assert_false(guest_take(&queue[1], &head, &bytes));
}

/* A header that is cut off, and lengths that are not there: dropped, the rest goes on. */
static void sends_lies(void **state)
{
	uint32_t head, bytes;

	(void)state;
	guest_desc(&queue[1], 7, DATA, HEADER - 1, 0, 0);
	guest_offer(&queue[1], 7);
	offer_packet(0, VIRTIO_VSOCK_RW, 101, 0, 100);
	offer_packet(2, VIRTIO_VSOCK_RW, 0xffffffff, 0, 100);
	offer_packet(4, VIRTIO_VSOCK_REQUEST, 0xffffffff, 0, 100);
	virtio_notify(&vsock.dev, 1);
	assert_int_equal(heard().header.bytes, 0); /* only data have a payload */
	heard_nothing();
	for (unsigned n = 0; n < 4; n++)
		assert_true(guest_take(&queue[1], &head, &bytes));
	assert_true(virtio_running(&vsock.dev));
}

static void hub_sends(uint32_t bytes, uint32_t flags)
{
	struct virtio_vsock_header h = { .from_cid = 9, .to_cid = 7, .bytes = bytes, .type = VIRTIO_VSOCK_STREAM,
					 .op = VIRTIO_VSOCK_RW, .flags = flags, .from_port = 80, .to_port = 1000 };
	uint8_t *space = vsock_space(&to_guest);

	assert_non_null(space);
	for (unsigned i = 0; i < VSOCK_DATA; i++)
		space[i] = (uint8_t)(i * 3);
	vsock_send(&to_guest, &h);
}

static void offer_buffer(uint16_t head, uint32_t bytes)
{
	guest_desc(&queue[0], head, DATA + head * 0x1000u, bytes, VIRTQ_WRITE, 0);
	guest_offer(&queue[0], head);
}

/* Into buffers that are too small, and come one by one. */
static void receives(void **state)
{
	struct virtio_vsock_header h;
	uint32_t head, bytes, seen = 0;

	(void)state;
	hub_sends(3000, VIRTIO_VSOCK_MESSAGE);
	vsock_event(&vsock);
	for (uint16_t n = 0; seen < 3000; n++) {
		offer_buffer(n % 4, HEADER + 999);
		virtio_notify(&vsock.dev, 0);
		assert_true(guest_take(&queue[0], &head, &bytes));
		memcpy(&h, guest_at(DATA + head * 0x1000), HEADER);
		assert_int_equal(bytes, HEADER + h.bytes);
		for (unsigned i = 0; i < h.bytes; i++)
			assert_int_equal(*(uint8_t *)guest_at(DATA + head * 0x1000 + HEADER + i), (uint8_t)((seen + i) * 3));
		seen += h.bytes;
		assert_int_equal(h.flags, seen < 3000 ? 0 : VIRTIO_VSOCK_MESSAGE);
	}
	assert_int_equal(seen, 3000);
	offer_buffer(0, HEADER + 999);
	virtio_notify(&vsock.dev, 0);
	assert_false(guest_take(&queue[0], &head, &bytes));
	hub_sends(0, 0);
	vsock_event(&vsock);
	assert_true(guest_take(&queue[0], &head, &bytes) && bytes == HEADER);
}

/* What a hostile hub writes: lengths beyond the slot, words that are none, an index that jumps. */
static void receives_lies(void **state)
{
	uint32_t head, bytes;

	(void)state;
	offer_buffer(0, 4096);
	hub_sends(VSOCK_DATA + 1, 0);
	hub_sends(0xffffffff, 0);
	assert_true(vsock_say(&to_guest, (enum vsock_word)77));
	assert_true(vsock_say(&to_guest, VSOCK_UP));
	vsock_event(&vsock);
	assert_false(guest_take(&queue[0], &head, &bytes));
	atomic_store(&shared.to_port.head, 0x80000000);
	vsock_event(&vsock);
	assert_false(guest_take(&queue[0], &head, &bytes));
	atomic_store(&shared.to_port.head, to_guest.own);
	hub_sends(5, 0);
	vsock_event(&vsock);
	assert_true(guest_take(&queue[0], &head, &bytes) && bytes == HEADER + 5);
	/* A reader that took more than there was: the ring is full. */
	atomic_store(&shared.to_hub.tail, 0x80000000);
	offer_packet(0, VIRTIO_VSOCK_REQUEST, 0, 0, 0);
	virtio_notify(&vsock.dev, 1);
	assert_false(guest_take(&queue[1], &head, &bytes));
}

/* A buffer without room for a header and a byte: the guest broke the protocol, and its peers hear that it is gone. */
static void broken(void **state)
{
	(void)state;
	offer_buffer(0, HEADER);
	hub_sends(5, 0);
	vsock_event(&vsock);
	assert_true(vsock.dev.status & VIRTIO_NEEDS_RESET);
	assert_int_equal(heard().word, VSOCK_DOWN);
	virtio_notify(&vsock.dev, 1);
	heard_nothing();
}

/* A reset in the middle of a packet, with a full ring: DOWN comes behind what is in it, and before all that is new. */
static void reset_halfway(void **state)
{
	(void)state;
	offer_packet(0, VIRTIO_VSOCK_RW, 65536, 0, 65536);
	offer_packet(2, VIRTIO_VSOCK_RW, 65536, 0, 65536);
	virtio_notify(&vsock.dev, 1);
	hub_sends(5, 0);
	virtio_reset(&vsock.dev);
	driver_starts();
	for (unsigned n = 0; n < VSOCK_SLOTS; n++)
		assert_int_equal(heard().word, VSOCK_PACKET);
	heard_nothing();
	assert_true(vsock_released(&from_guest));
	offer_packet(0, VIRTIO_VSOCK_REQUEST, 0, 0, 0);
	virtio_notify(&vsock.dev, 1); /* not before what is owed */
	vsock_event(&vsock);
	assert_int_equal(heard().word, VSOCK_DOWN);
	assert_int_equal(heard().word, VSOCK_UP);
	assert_int_equal(heard().header.op, VIRTIO_VSOCK_REQUEST);
	heard_nothing();
	/* And what had come is gone. */
	assert_false(vsock_want(&vsock.in));
}

/* Another hub: the guest's event, as soon as it has a buffer for it, and the hub hears of us. */
static void hub_restarts(void **state)
{
	uint32_t head, bytes;

	(void)state;
	assert_true(vsock_say(&to_guest, VSOCK_RESTART));
	vsock_event(&vsock);
	assert_int_equal(heard().word, VSOCK_UP);
	guest_desc(&queue[2], 3, DATA, 8, VIRTQ_WRITE, 0);
	memset(guest_at(DATA), 0xff, 8);
	guest_offer(&queue[2], 3);
	virtio_notify(&vsock.dev, 2);
	assert_true(guest_take(&queue[2], &head, &bytes));
	assert_int_equal(bytes, 4);
	assert_int_equal(*(uint32_t *)guest_at(DATA), VIRTIO_VSOCK_TRANSPORT_RESET);
	guest_offer(&queue[2], 3);
	virtio_notify(&vsock.dev, 2);
	assert_false(guest_take(&queue[2], &head, &bytes));
	/* Without a driver there is nobody to tell. */
	virtio_reset(&vsock.dev);
	assert_int_equal(heard().word, VSOCK_DOWN);
	assert_true(vsock_say(&to_guest, VSOCK_RESTART));
	vsock_event(&vsock);
	heard_nothing();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up_running, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sends), TEST(sends_lies), TEST(receives), TEST(receives_lies), TEST(broken), TEST(reset_halfway),
		TEST(hub_restarts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
