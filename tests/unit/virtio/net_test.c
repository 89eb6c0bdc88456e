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
static uint64_t clock;                /* moves when the test says so */
static unsigned rises;
static uint16_t entries;              /* of each queue */

#define STRETCH 1000u

static uint32_t below(uint32_t n)
{
	return guest_random() % n;
}

static void on_signal(void *context)
{
	(void)context;
	signals++;
}

static uint64_t now(void)
{
	return clock;
}

static void set_line(void *controller, uint32_t input, bool level)
{
	(void)controller;
	(void)input;
	rises += level;
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
	guest_queue(q, entries, RAM_BASE + n * 0x1000);
	memset(guest_at(q->desc), 0, 0x1000);
	put(VIRTIO_MMIO_QUEUE_SEL, n);
	put(VIRTIO_MMIO_QUEUE_SIZE, entries);
	put(VIRTIO_MMIO_DESC_LOW, (uint32_t)q->desc);
	put(VIRTIO_MMIO_AVAIL_LOW, (uint32_t)q->avail);
	put(VIRTIO_MMIO_USED_LOW, (uint32_t)q->used);
	put(VIRTIO_MMIO_QUEUE_READY, 1);
}

static void bring_up_with(uint32_t features)
{
	put(VIRTIO_MMIO_STATUS, 0);
	put(VIRTIO_MMIO_STATUS, 3);
	put(VIRTIO_MMIO_ACCEPT_SEL, 0);
	put(VIRTIO_MMIO_ACCEPT, features);
	put(VIRTIO_MMIO_ACCEPT_SEL, 1);
	put(VIRTIO_MMIO_ACCEPT, 1);
	put(VIRTIO_MMIO_STATUS, 11);
	start_queue(&rx, 0);
	start_queue(&tx, 1);
	put(VIRTIO_MMIO_STATUS, 15);
}

static void bring_up(void)
{
	bring_up_with(0);
}

static int set_up(void **state)
{
	const struct net_wiring wiring = { .shared = &shared, .mac = { 2, 0, 0, 0, 0, 1 },
					   .peer = { on_signal, now, STRETCH, NULL } };

	(void)state;
	guest_set_up();
	memset(&shared, 0, sizeof(shared));
	in = net_reader(&shared.to_switch);
	out = net_writer(&shared.to_port);
	net_init(&net, &wiring, &ram, (struct irq_line){ set_line, NULL, 0 });
	transport = (struct virtio_mmio){ .dev = &net.dev };
	signals = rises = 0;
	entries = 16;
	bring_up();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

static struct virtio_net_header *header(void)
{
	return guest_at(DATA);
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

/* The next frame at the switch, which must have come and is taken away. */
static struct net_frame frame_out(void)
{
	struct net_frame f;

	assert_true(net_next(&in, &f));
	net_release(&in, &f);
	return f;
}

static bool nothing_out(void)
{
	struct net_frame f;

	return !net_next(&in, &f);
}

static bool completed(void)
{
	uint32_t head, bytes;

	return guest_take(&tx, &head, &bytes);
}

static void guest_sends(void **state)
{
	static const uint32_t size[] = { 14, 60, 1514, NET_FRAME_WHOLE };

	(void)state;
	assert_false(net_want(&in));
	for (unsigned n = 0; n < 4; n++) {
		struct net_frame f;

		send(size[n], (uint8_t)n);
		f = frame_out();
		assert_int_equal(f.bytes, size[n]);
		assert_int_equal(f.offload.flags, 0);
		for (uint32_t i = 0; i < f.bytes; i++)
			assert_int_equal(f.at[i], (uint8_t)(n + i));
		assert_true(completed());
	}
	assert_int_equal(signals, 1);
	send(13, 0);
	send(NET_FRAME_WHOLE + 1, 0);
	assert_true(nothing_out());
	assert_true(completed() && completed());
}

/* More than the ring holds: nothing is lost, the rest goes when there is space. */
static void ring_full(void **state)
{
	struct net_frame f;
	unsigned got = 0, sent = 0;

	(void)state;
	while (sent < NET_FRAMES + 5u) {
		send(60, (uint8_t)sent++);
		completed();
	}
	for (unsigned round = 0; round < 3; round++) {
		while (net_next(&in, &f)) {
			/* Those that had to wait were overwritten in the guest's memory by the last one. */
			assert_int_equal(f.at[0], (uint8_t)(got < NET_FRAMES ? got : sent - 1));
			got++;
			net_release(&in, &f);
		}
		if (net_released(&in))
			net_event(&net);
	}
	assert_int_equal(got, sent);
}

/* --- what is left undone ------------------------------------------------------------------- */

#define ALL_FEATURES 0x9983u /* CSUM, GUEST_CSUM, GUEST_TSO4/6, HOST_TSO4/6, MRG_RXBUF */

static void leave_undone(uint8_t flags, uint8_t gso, uint16_t piece, uint16_t start, uint16_t offset)
{
	*header() = (struct virtio_net_header){ flags, gso, 54, piece, start, offset, 0 };
}

static void offload_out(void **state)
{
	struct net_frame f;

	(void)state;
	leave_undone(1, 0, 0, 34, 6);
	send(100, 0);
	assert_true(nothing_out()); /* not agreed to */
	bring_up_with(ALL_FEATURES);
	send(100, 0);
	f = frame_out();
	assert_int_equal(f.offload.flags, NET_NEEDS_CHECKSUM);
	assert_int_equal(f.offload.checksum_start, 34);
	assert_int_equal(f.offload.checksum_offset, 6);
	leave_undone(1, NET_CUT_TCP4, 1448, 34, 16);
	send(20000, 3);
	f = frame_out();
	assert_int_equal(f.bytes, 20000);
	assert_int_equal(f.offload.piece_bytes, 1448);
	for (uint32_t i = 0; i < f.bytes; i++)
		assert_int_equal(f.at[i], (uint8_t)(3 + i));
}

/* Headers that lie: each frame is dropped, its buffer given back, and the device goes on. */
static void offload_lies(void **state)
{
	static const struct { uint8_t flags, gso; uint16_t piece, start, offset; } lie[] = {
		{ 1, 0, 0, 99, 0 }, { 1, 0, 0, 34, 65 }, { 1, 0, 0, 65535, 65535 }, { 1, 0, 0, 0, 6 }, /* checksum outside */
		{ 0, NET_CUT_TCP4, 1448, 34, 16 },    /* to be cut, but with its checksum */
		{ 1, NET_CUT_TCP4, 0, 34, 16 },       /* into pieces of nothing */
		{ 1, 3, 1448, 34, 6 }, { 1, 5, 1448, 34, 6 }, { 1, 0x81, 1448, 34, 16 }, { 1, 0xff, 1, 34, 16 },
	};

	(void)state;
	bring_up_with(ALL_FEATURES);
	for (unsigned i = 0; i < sizeof(lie) / sizeof(lie[0]); i++) {
		leave_undone(lie[i].flags, lie[i].gso, lie[i].piece, lie[i].start, lie[i].offset);
		send(100, 0);
		assert_true(nothing_out());
		assert_true(completed());
	}
	leave_undone(1, NET_CUT_TCP4, 1, 34, 16); /* one frame that would become thousands */
	send(20000, 0);
	assert_true(nothing_out());
	leave_undone(0, 0, 0, 0, 0);
	send(60, 1);
	assert_int_equal(frame_out().bytes, 60);
}

/* --- to the guest ------------------------------------------------------------------------- */

static void give_buffer(unsigned n, uint32_t bytes)
{
	guest_desc(&rx, n, DATA + n * 0x1000, bytes, VIRTQ_WRITE, 0);
	guest_offer(&rx, (uint16_t)n);
}

static void from_switch_undone(uint32_t bytes, uint8_t value, const struct net_offload *o)
{
	uint8_t *space = net_space(&out, bytes);

	assert_non_null(space);
	for (uint32_t i = 0; i < bytes; i++)
		space[i] = (uint8_t)(value + i);
	net_send(&out, bytes, o);
}

static void from_switch(uint32_t bytes, uint8_t value)
{
	from_switch_undone(bytes, value, NULL);
}

static uint8_t byte_at(uint64_t at)
{
	return *(uint8_t *)guest_at(at);
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
	assert_int_equal(header()->buffers, 1);
	assert_int_equal(byte_at(DATA + HEADER + 1513), (uint8_t)(7 + 1513));
	assert_int_equal(byte_at(DATA + HEADER + 1514), 0);
	assert_true(guest_take(&rx, &head, &bytes));
	assert_int_equal(bytes, 0);
	assert_false(guest_take(&rx, &head, &bytes));
	give_buffer(2, 2048);
	put(VIRTIO_MMIO_NOTIFY, 0);
	assert_true(guest_take(&rx, &head, &bytes));
	assert_int_equal(byte_at(DATA + 0x2000 + HEADER), 9);
}

/* A frame in several buffers, which are shown together; with too few it waits for more. */
static void several_buffers(void **state)
{
	const struct net_offload o = { NET_NEEDS_CHECKSUM, NET_CUT_TCP4, 54, 1448, 34, 16, 0 };
	uint32_t head, bytes, at = 0;

	(void)state;
	bring_up_with(ALL_FEATURES);
	assert_int_equal(shared.to_port.accepts, NET_TAKES_CHECKSUM | NET_TAKES_TCP4 | NET_TAKES_TCP6);
	from_switch_undone(10000, 5, &o);
	for (unsigned n = 0; n < 4; n++)
		give_buffer(n, 2500);
	put(VIRTIO_MMIO_NOTIFY, 0);
	assert_false(guest_take(&rx, &head, &bytes));
	give_buffer(4, 2500);
	put(VIRTIO_MMIO_NOTIFY, 0);
	for (unsigned n = 0; n < 5; n++) {
		assert_true(guest_take(&rx, &head, &bytes));
		assert_int_equal(head, n);
		for (uint32_t i = n ? 0 : HEADER; i < bytes; i++, at++)
			assert_int_equal(byte_at(DATA + n * 0x1000 + i), (uint8_t)(5 + at));
	}
	assert_int_equal(at, 10000);
	assert_int_equal(header()->buffers, 5);
	assert_int_equal(header()->flags, 1);
	assert_int_equal(header()->gso_type, NET_CUT_TCP4);
	assert_int_equal(header()->checksum_start, 34);
	/* Sixteen buffers, all there can be, do not hold it: it is dropped, and the next one comes. */
	from_switch_undone(60000, 5, &o);
	from_switch(60, 6);
	for (unsigned n = 0; n < 16; n++)
		give_buffer(n % 8, 100);
	put(VIRTIO_MMIO_NOTIFY, 0);
	assert_true(guest_take(&rx, &head, &bytes));
	assert_int_equal(bytes, HEADER + 60);
}

/* The switch was told that nothing is taken undone: what comes so all the same is dropped. */
static void undone_to_plain_guest(void **state)
{
	const struct net_offload o = { .flags = NET_NEEDS_CHECKSUM, .checksum_start = 34, .checksum_offset = 6 };
	uint32_t head, bytes;

	(void)state;
	assert_int_equal(shared.to_port.accepts, 0);
	give_buffer(0, 2048);
	from_switch_undone(100, 1, &o);
	from_switch(60, 2);
	net_event(&net);
	assert_true(guest_take(&rx, &head, &bytes));
	assert_int_equal(bytes, HEADER + 60);
}

/* --- interrupts, notifications, time ------------------------------------------------------- */

/* One interrupt for the frame that came stands for the one that went as well. */
static void interrupt_covers_both(void **state)
{
	(void)state;
	give_buffer(0, 2048);
	send(60, 0);
	assert_int_equal(rises, 0);
	assert_int_equal(shared.to_switch.poke, 1);
	from_switch(60, 0);
	net_event(&net);
	assert_int_equal(rises, 1);
	assert_int_equal(shared.to_switch.poke, 0);
	clock += STRETCH;
	net_event(&net);
	assert_int_equal(rises, 1);
}

/* With nothing coming, the guest learns of what it sent when the time is up, or several are done and it sleeps. */
static void completions_in_time(void **state)
{
	(void)state;
	entries = 64;
	bring_up();
	send(60, 0);
	net_idle(&net);
	assert_int_equal(rises, 0);
	clock += STRETCH;
	net_event(&net);
	assert_int_equal(rises, 1);
	assert_int_equal(shared.to_switch.poke, 0);
	put(VIRTIO_MMIO_INTERRUPT_ACK, 1);
	for (unsigned n = 0; n < 15; n++)
		send(60, 0);
	net_idle(&net);
	assert_int_equal(rises, 1);
	send(60, 0);
	assert_int_equal(rises, 1);
	net_idle(&net);
	assert_int_equal(rises, 2);
	put(VIRTIO_MMIO_INTERRUPT_ACK, 1);
	for (unsigned n = 0; n < 12; n++)
		send(1400, 0);
	net_idle(&net);
	assert_int_equal(rises, 3);
}

/* A driver that waits for interrupts does not see each small frame done at once, but those of two stretches ago. */
static void shown_in_time(void **state)
{
	(void)state;
	entries = 64;
	bring_up();
	send(60, 0);
	assert_true(completed()); /* whoever polls does */
	clock += STRETCH;
	net_event(&net);
	put(VIRTIO_MMIO_INTERRUPT_ACK, 1);
	assert_int_equal(rises, 1);
	for (unsigned n = 0; n < 7; n++)
		send(60, 0);
	assert_false(completed());
	send(60, 0);
	for (unsigned n = 0; n < 8; n++)
		assert_true(completed());
	send(1400, 0);
	send(1400, 0);
	assert_false(completed());
	send(1400, 0);
	assert_true(completed() && completed() && completed());
	send(60, 0);
	clock += STRETCH;
	net_event(&net);
	assert_false(completed());
	assert_int_equal(rises, 1);
	assert_int_equal(shared.to_switch.poke, 1);
	clock += STRETCH;
	net_event(&net);
	assert_true(completed());
	assert_int_equal(rises, 2);
	/* And none of a life before. */
	send(60, 0);
	bring_up();
	assert_false(completed());
	send(60, 0);
	assert_true(completed());
}

/* A guest that sends much is looked at in time and need not notify; one that stops must again. */
static void busy_guest(void **state)
{
	(void)state;
	entries = 64;
	bring_up_with(1u << 29);
	for (unsigned n = 0; n < 10; n++)
		send(60, 0);
	clock += STRETCH;
	net_event(&net);
	while (!nothing_out())
		frame_out();
	guest_desc(&tx, 0, DATA, HEADER, VIRTQ_NEXT, 1);
	guest_desc(&tx, 1, DATA + 64, 60, 0, 0);
	guest_offer(&tx, 0);       /* no notification */
	assert_true(nothing_out());
	net_idle(&net);
	frame_out();
	guest_offer(&tx, 0);
	clock += STRETCH;
	net_event(&net);
	frame_out();
	clock += STRETCH;
	net_event(&net);
	assert_int_equal(shared.to_switch.poke, 0);
	/* avail_event stands at the next entry: the guest notifies. */
	assert_int_equal(*(uint16_t *)guest_at(tx.used + 4 + 8 * entries), *(uint16_t *)guest_at(tx.avail + 2));
}

/* Each frame that finds the switch asleep wakes it, whatever time it is. */
static void each_wakes_the_switch(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 100; n++) {
		unsigned before = signals;

		assert_false(net_want(&in));
		clock += below(3 * STRETCH);
		send(60, 0);
		net_idle(&net); /* if it is looked at only then */
		assert_int_equal(signals, before + 1);
		frame_out();
		if (below(2))
			net_event(&net);
	}
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

/* A switch that was started anew takes up where the last one stopped. */
static void switch_restarts(void **state)
{
	uint32_t head, bytes;

	(void)state;
	give_buffer(0, 2048);
	give_buffer(1, 2048);
	send(60, 1);
	frame_out();
	send(60, 2);
	from_switch(60, 3);
	net_event(&net);
	in = net_reader(&shared.to_switch);
	out = net_writer(&shared.to_port);
	assert_int_equal(frame_out().at[0], 2);
	from_switch(60, 4);
	net_event(&net);
	assert_true(guest_take(&rx, &head, &bytes) && guest_take(&rx, &head, &bytes));
	assert_int_equal(byte_at(DATA + 0x1000 + HEADER), 4);
}

/* --- harm --------------------------------------------------------------------------------- */

/* The switch, mostly honest. */
static void switch_step(bool bad)
{
	struct net_offload o = { (uint8_t)below(4), below(3) ? 0 : (uint8_t)below(6), 0, (uint16_t)below(3000),
				 (uint16_t)below(2000), (uint16_t)below(2000), 0 };
	uint32_t bytes = below(4) ? 14 + below(1505) : below(NET_FRAME_MOST + 1);

	if (net_space(&out, bytes))
		net_send(&out, bytes, below(2) ? &o : NULL);
	if (bad && below(8) == 0) {
		shared.to_port.head += below(300);
		shared.to_port.slot[below(NET_FRAMES)].bytes = below(2) ? guest_random() : below(70000);
		shared.to_switch.tail = guest_random();
	}
	net_event(&net);
}

static void hostile_step(bool bad_switch)
{
	struct guest_queue *q = below(2) ? &rx : &tx;
	struct net_frame f;

	switch (below(10)) {
	case 0:
		if (below(4) == 0)
			*(uint32_t *)guest_at(q->desc + 4 * below(0x200)) = below(2) ? guest_random() : below(40);
		break;
	case 1:
		guest_desc(q, below(16), RAM_BASE + below(RAM_BYTES + 100), below(9) ? below(4000) : guest_random(),
			   (uint16_t)below(8), (uint16_t)below(17));
		break;
	case 2:
		put(VIRTIO_MMIO_NOTIFY, below(3));
		break;
	case 3:
		if (get(VIRTIO_MMIO_STATUS) != 15)
			bring_up_with(below(2) ? (uint32_t)net.dev.offered : guest_random() & (uint32_t)net.dev.offered);
		break;
	case 4:
		while (net_next(&in, &f) && below(8))
			net_release(&in, &f);
		if (net_released(&in))
			net_event(&net);
		break;
	case 5:
		switch_step(bad_switch);
		break;
	case 6:
		clock += below(2 * STRETCH);
		net_idle(&net);
		break;
	case 7:
		for (unsigned i = 0; i < sizeof(struct virtio_net_header); i++)
			((uint8_t *)guest_at(DATA))[i] = (uint8_t)(below(2) ? below(3) : guest_random());
		break;
	case 8:
		put(4 * below(VIRTIO_MMIO_SIZE / 4), below(2) ? guest_random() : below(16));
		break;
	default:
		if (q == &tx)
			send(below(8) ? below(2200) : below(20000), 0);
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
		TEST(guest_sends), TEST(ring_full), TEST(offload_out), TEST(offload_lies), TEST(guest_receives),
		TEST(several_buffers), TEST(undone_to_plain_guest), TEST(interrupt_covers_both),
		TEST(completions_in_time), TEST(shown_in_time), TEST(busy_guest), TEST(each_wakes_the_switch), TEST(reset_drops_frames), TEST(switch_restarts), TEST(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
