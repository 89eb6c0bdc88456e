/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network device with a switch beside it: frames both ways, whole and in
 * order; too short, too long, no buffer, a full ring; then a guest and a switch
 * that mean harm.
 */
#include "test.h"

#include "guest.h"
#include "virtio/net.h"
#include "virtio/transport_mmio.h"

#define HEADER 12u
#define DATA   (RAM_BASE + 0x8000)

static struct net net;
static struct net_shared shared;
static struct net_end in, out;        /* the switch's: from and to the guest */
static struct virtio_mmio transport;
static struct guest_queue rx, tx;
static unsigned signals;

static void on_signal(void *context)
{
	(void)context;
	signals++;
}

static void put(unsigned offset, uint32_t value)
{
	struct mmio_access access = { .offset = offset, .width = 4, .value = value, .write = true };

	virtio_mmio_ops.write(&transport, &access);
}

static uint32_t get(unsigned offset)
{
	struct mmio_access access = { .offset = offset, .width = 4 };

	virtio_mmio_ops.read(&transport, &access);
	return (uint32_t)access.value;
}

static void start_queue(struct guest_queue *q, unsigned n)
{
	guest_queue(q, 16, RAM_BASE + n * 0x1000);
	memset(guest_at(q->desc), 0, 0x1000);
	put(VIRTIO_MMIO_QUEUE_SEL, n);
	put(VIRTIO_MMIO_QUEUE_SIZE, 16);
	put(VIRTIO_MMIO_DESC_LOW, (uint32_t)q->desc);
	put(VIRTIO_MMIO_AVAIL_LOW, (uint32_t)q->avail);
	put(VIRTIO_MMIO_USED_LOW, (uint32_t)q->used);
	put(VIRTIO_MMIO_QUEUE_READY, 1);
}

static void bring_up(void)
{
	put(VIRTIO_MMIO_STATUS, 0);
	put(VIRTIO_MMIO_STATUS, 3);
	put(VIRTIO_MMIO_ACCEPT_SEL, 1);
	put(VIRTIO_MMIO_ACCEPT, 1);
	put(VIRTIO_MMIO_STATUS, 11);
	start_queue(&rx, 0);
	start_queue(&tx, 1);
	put(VIRTIO_MMIO_STATUS, 15);
}

static int set_up(void **state)
{
	const struct net_wiring wiring = { .shared = &shared, .mac = { 2, 0, 0, 0, 0, 1 }, .signal = on_signal };

	(void)state;
	guest_set_up();
	memset(&shared, 0, sizeof(shared));
	in = (struct net_end){ &shared.to_switch, 0 };
	out = (struct net_end){ &shared.to_port, 0 };
	net_init(&net, &wiring, &ram, (struct irq_line){ 0 });
	transport = (struct virtio_mmio){ .dev = &net.dev };
	signals = 0;
	bring_up();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

static void send(uint32_t bytes, uint8_t first)
{
	uint8_t *frame = guest_at(DATA + 64);

	for (uint32_t i = 0; i < bytes; i++)
		frame[i] = (uint8_t)(first + i);
	guest_desc(&tx, 0, DATA, HEADER, VIRTQ_NEXT, 1);
	guest_desc(&tx, 1, DATA + 64, bytes / 2, VIRTQ_NEXT, 2);
	guest_desc(&tx, 2, DATA + 64 + bytes / 2, bytes - bytes / 2, 0, 0);
	guest_offer(&tx, 0);
	put(VIRTIO_MMIO_NOTIFY, 1);
}

static void guest_sends(void **state)
{
	static const uint32_t size[] = { 14, 60, 1514, NET_FRAME_BYTES };
	uint32_t bytes, head;
	const uint8_t *frame;

	(void)state;
	assert_false(net_want(&in));
	for (unsigned n = 0; n < 4; n++) {
		send(size[n], (uint8_t)n);
		frame = net_next(&in, &bytes);
		assert_non_null(frame);
		assert_int_equal(bytes, size[n]);
		for (uint32_t i = 0; i < bytes; i++)
			assert_int_equal(frame[i], (uint8_t)(n + i));
		net_release(&in);
		assert_true(guest_take(&tx, &head, &bytes));
	}
	assert_int_equal(signals, 1);
	send(13, 0);
	send(NET_FRAME_BYTES + 1, 0);
	assert_null(net_next(&in, &bytes));
	assert_true(guest_take(&tx, &head, &bytes) && guest_take(&tx, &head, &bytes));
}

/* More than the ring holds: nothing is lost, the rest goes when there is space. */
static void ring_full(void **state)
{
	uint32_t bytes, head;
	unsigned got = 0, sent = 0;

	(void)state;
	while (sent < NET_FRAMES + 5u) {
		send(60, (uint8_t)sent++);
		guest_take(&tx, &head, &bytes);
	}
	for (unsigned round = 0; round < 3; round++) {
		const uint8_t *frame;
		bool owed = false;

		while ((frame = net_next(&in, &bytes))) {
			/* Those that had to wait were overwritten in the guest's memory by the last one. */
			assert_int_equal(frame[0], (uint8_t)(got < NET_FRAMES ? got : sent - 1));
			got++;
			owed |= net_release(&in);
		}
		if (owed)
			net_event(&net);
	}
	assert_int_equal(got, sent);
}

static void give_buffer(unsigned n, uint32_t bytes)
{
	guest_desc(&rx, n, DATA + n * 0x1000, bytes, VIRTQ_WRITE, 0);
	guest_offer(&rx, (uint16_t)n);
}

static void from_switch(uint32_t bytes, uint8_t value)
{
	memset(net_space(&out), value, bytes);
	net_send(&out, bytes);
}

static void guest_receives(void **state)
{
	uint32_t head, bytes;

	(void)state;
	give_buffer(0, 2048);
	give_buffer(1, 20);      /* too small: the frame is lost, the buffer comes back */
	from_switch(1514, 7);
	from_switch(60, 8);
	from_switch(60, 9);      /* no buffer: waits */
	net_event(&net);
	assert_true(guest_take(&rx, &head, &bytes));
	assert_int_equal(bytes, HEADER + 1514);
	assert_int_equal(((struct virtio_net_header *)guest_at(DATA))->buffers, 1);
	assert_int_equal(*(uint8_t *)guest_at(DATA + HEADER + 1513), 7);
	assert_int_equal(*(uint8_t *)guest_at(DATA + HEADER + 1514), 0);
	assert_true(guest_take(&rx, &head, &bytes));
	assert_int_equal(bytes, 0);
	assert_false(guest_take(&rx, &head, &bytes));
	give_buffer(2, 2048);
	put(VIRTIO_MMIO_NOTIFY, 0);
	assert_true(guest_take(&rx, &head, &bytes));
	assert_int_equal(*(uint8_t *)guest_at(DATA + 0x2000 + HEADER), 9);
}

static void reset_drops_frames(void **state)
{
	uint32_t head, bytes;

	(void)state;
	from_switch(60, 1);
	bring_up();
	give_buffer(0, 2048);
	put(VIRTIO_MMIO_NOTIFY, 0);
	assert_false(guest_take(&rx, &head, &bytes));
}

static uint32_t below(uint32_t n)
{
	return guest_random() % n;
}

static void hostile_step(bool bad_switch)
{
	struct guest_queue *q = below(2) ? &rx : &tx;
	uint32_t bytes;

	switch (below(8)) {
	case 0:
		if (below(4) == 0)
			*(uint32_t *)guest_at(q->desc + 4 * below(0x200)) = below(2) ? guest_random() : below(40);
		break;
	case 1:
		guest_desc(q, below(16), RAM_BASE + below(RAM_BYTES + 100), below(4000), (uint16_t)below(4), (uint16_t)below(17));
		break;
	case 2:
		put(VIRTIO_MMIO_NOTIFY, below(3));
		break;
	case 3:
		if (get(VIRTIO_MMIO_STATUS) != 15)
			bring_up();
		break;
	case 4:
		while (net_next(&in, &bytes) && below(8))
			net_release(&in);
		break;
	case 5:
		if (net_space(&out))
			from_switch(14 + below(NET_FRAME_BYTES - 13), 1);
		net_event(&net);
		break;
	case 6:
		if (bad_switch && below(8) == 0) {
			shared.to_port.head += below(300);
			shared.to_port.bytes[below(NET_FRAMES)] = guest_random();
			shared.to_switch.tail = guest_random();
		}
		break;
	default:
		if (q == &tx)
			send(below(2200), 0);
		else
			give_buffer(below(4), below(3000));
	}
}

static void hostile(void **state)
{
	const char *text = getenv("SKERRY_FUZZ_OPERATIONS");
	unsigned long rounds = (text ? strtoul(text, NULL, 0) : 200000) / 1000;
	uint32_t head, bytes;
	unsigned long received = 0;

	(void)state;
	for (unsigned long round = 0; round < rounds; round++) {
		guest_seed((uint32_t)(round * 2654435761u + 1));
		for (unsigned i = 0; i < 1000; i++)
			hostile_step(round % 2);
		received += in.own;
		memset(&shared, 0, sizeof(shared));
		in.own = out.own = net.in.own = net.out.own = 0;
		bring_up();
		give_buffer(0, 2048);
		from_switch(60, 3);
		net_event(&net);
		assert_true(guest_take(&rx, &head, &bytes));
		assert_int_equal(bytes, HEADER + 60);
	}
	assert_true(received > rounds);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(guest_sends), TEST(ring_full), TEST(guest_receives), TEST(reset_drops_frames), TEST(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
