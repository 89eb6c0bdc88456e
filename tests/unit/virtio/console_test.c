/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtio console against a console: output whole through a ring that is often full, input
 * in pieces; and with a second port, what the control queues say.
 */
#include "test.h"

#include "guest.h"
#include "virtio/console.h"

#define DATA (RAM_BASE + 0x8000)

#define QUEUES 6u

static struct console_shared shared, shared1; /* port 0's, port 1's */
static struct vcon vcon;
static struct guest_queue queue[QUEUES];
static uint32_t taken, given;
static unsigned signals;

static void on_signal(void *context)
{
	(void)context;
	signals++;
}

static int set_up_ports(unsigned ports, uint64_t accepted)
{
	const struct vcon_wiring wiring[] = { { &shared, on_signal, NULL, NULL },
					      { &shared1, on_signal, NULL, "org.skerry.log" } };

	guest_set_up();
	memset(&shared, 0, sizeof(shared));
	memset(&shared1, 0, sizeof(shared1));
	taken = given = signals = 0;
	vcon_init(&vcon, wiring, ports, &ram, (struct irq_line){ 0 });
	vcon.dev.status = VIRTIO_DRIVER_OK;
	vcon.dev.accepted = accepted;
	for (unsigned n = 0; n < vcon.dev.queues; n++) {
		struct guest_queue *g = &queue[n];

		guest_queue(g, 8, RAM_BASE + n * 0x1000);
		assert_true(virtq_start(&vcon.dev.queue[n].q, &ram, 8, gpa(g->desc), gpa(g->avail), gpa(g->used), 0));
		vcon.dev.queue[n].ready = true;
	}
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	return set_up_ports(1, VIRTIO_F_VERSION_1);
}

static int set_up_two(void **state)
{
	(void)state;
	return set_up_ports(2, VIRTIO_F_VERSION_1 | VIRTIO_CONSOLE_F_MULTIPORT);
}

/* Its driver does not know of ports. */
static int set_up_old(void **state)
{
	(void)state;
	return set_up_ports(2, VIRTIO_F_VERSION_1);
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

/* 5000 bytes in one chain of two segments, through 2048 of ring, read 700 at a time. */
static void output(void **state)
{
	uint8_t got[700];
	uint32_t head, bytes, seen = 0;
	size_t n;

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		*(uint8_t *)guest_at(DATA + i) = (uint8_t)(i * 7);
	guest_desc(&queue[1], 0, DATA, 3000, VIRTQ_NEXT, 1);
	guest_desc(&queue[1], 1, DATA + 3000, 2000, 0, 0);
	guest_offer(&queue[1], 0);
	assert_false(console_ring_want(&shared.to_console, taken));
	virtio_notify(&vcon.dev, 1);
	assert_int_equal(signals, 1);
	virtio_notify(&vcon.dev, 1); /* a kick while it waits for space changes nothing */
	while ((n = console_ring_read(&shared.to_console, &taken, got, sizeof(got))) > 0) {
		for (size_t i = 0; i < n; i++)
			assert_int_equal(got[i], (uint8_t)(seen++ * 7));
		assert_true(seen > 2000 || !guest_take(&queue[1], &head, &bytes)); /* not before all is in the ring */
		if (console_ring_space_wanted(&shared.to_console))
			vcon_event(&vcon, 0);
	}
	assert_int_equal(seen, 5000);
	assert_true(guest_take(&queue[1], &head, &bytes));
}

static void type(const char *text)
{
	bool signal;

	console_ring_write(&shared.to_client, &given, text, strlen(text), &signal);
	vcon_event(&vcon, 0);
}

static void input(void **state)
{
	uint32_t head, bytes;

	(void)state;
	type("early");
	guest_desc(&queue[0], 0, DATA, 3, VIRTQ_WRITE, 0);
	guest_offer(&queue[0], 0);
	virtio_notify(&vcon.dev, 0);
	assert_true(guest_take(&queue[0], &head, &bytes));
	assert_int_equal(bytes, 3);
	assert_memory_equal(guest_at(DATA), "ear", 3);
	guest_desc(&queue[0], 1, DATA + 64, 100, VIRTQ_WRITE, 0);
	guest_offer(&queue[0], 1);
	virtio_notify(&vcon.dev, 0);
	assert_true(guest_take(&queue[0], &head, &bytes));
	assert_int_equal(bytes, 2);
	assert_memory_equal(guest_at(DATA + 64), "ly", 2);
	guest_offer(&queue[0], 1);
	virtio_notify(&vcon.dev, 0);
	assert_false(guest_take(&queue[0], &head, &bytes));
	type("x");
	assert_true(guest_take(&queue[0], &head, &bytes));
	assert_int_equal(bytes, 1);
}

/* A reset in the middle of a long line: the rest of it is gone, the next one comes. */
static void reset_halfway(void **state)
{
	(void)state;
	guest_desc(&queue[1], 0, DATA, 5000, 0, 0);
	guest_offer(&queue[1], 0);
	virtio_notify(&vcon.dev, 1);
	assert_true(vcon.port[0].sending);
	virtio_reset(&vcon.dev);
	assert_false(vcon.port[0].sending);
	vcon_event(&vcon, 0);
	assert_int_equal(console_ring_space(&shared.to_console, vcon.port[0].sent), 0);
}

static void hostile(void **state)
{
	(void)state;
	guest_desc(&queue[0], 0, DATA, 4, VIRTQ_NEXT, 0);
	guest_offer(&queue[0], 0);
	type("x");
	assert_true(vcon.dev.status & VIRTIO_NEEDS_RESET);
	type("y");
	virtio_notify(&vcon.dev, 1);
}

/* --- several ports ------------------------------------------------------------------------- */

#define CONTROL  (RAM_BASE + 0xa000) /* buffers of the control queue, 64 bytes each */
#define BUFFER   (RAM_BASE + 0xc000)

static void tell(uint32_t id, uint16_t event, uint16_t value, uint32_t bytes)
{
	uint32_t head, done;

	*(struct virtio_console_control *)guest_at(DATA) = (struct virtio_console_control){ id, event, value };
	guest_desc(&queue[3], 0, DATA, bytes, 0, 0);
	guest_offer(&queue[3], 0);
	virtio_notify(&vcon.dev, 3);
	assert_true(guest_take(&queue[3], &head, &done));
}

/* Gives buffer N for what the device has to say. */
static void give(unsigned n)
{
	guest_desc(&queue[2], n, CONTROL + 64ul * n, 64, VIRTQ_WRITE, 0);
	guest_offer(&queue[2], (uint16_t)n);
	virtio_notify(&vcon.dev, 2);
}

static void told(uint32_t id, uint16_t event, const char *name)
{
	const struct virtio_console_control *m;
	uint32_t head, bytes;

	assert_true(guest_take(&queue[2], &head, &bytes));
	m = guest_at(CONTROL + 64ul * head);
	assert_int_equal(bytes, sizeof(*m) + strlen(name));
	assert_int_equal(m->id, id);
	assert_int_equal(m->event, event);
	assert_int_equal(m->value, 1);
	assert_memory_equal(m + 1, name, strlen(name));
}

static void told_nothing(void)
{
	uint32_t head, bytes;

	assert_false(guest_take(&queue[2], &head, &bytes));
}

/* As Linux does it: buffers first; then again, with none until the end. */
static void ports(void **state)
{
	(void)state;
	assert_int_equal(vcon.dev.queues, QUEUES);
	assert_true(vcon.dev.offered & VIRTIO_CONSOLE_F_MULTIPORT);
	assert_int_equal(vcon.config.max_nr_ports, 2);
	for (unsigned n = 0; n < 8; n++)
		give(n);
	told_nothing();
	tell(0, VIRTIO_CONSOLE_DEVICE_READY, 1, 8);
	told(0, VIRTIO_CONSOLE_DEVICE_ADD, "");
	told(1, VIRTIO_CONSOLE_DEVICE_ADD, "");
	told_nothing();
	tell(0, VIRTIO_CONSOLE_PORT_READY, 1, 8);
	told(0, VIRTIO_CONSOLE_CONSOLE_PORT, "");
	told(0, VIRTIO_CONSOLE_PORT_OPEN, "");
	tell(1, VIRTIO_CONSOLE_PORT_READY, 1, 8);
	told(1, VIRTIO_CONSOLE_PORT_NAME, "org.skerry.log");
	told(1, VIRTIO_CONSOLE_PORT_OPEN, "");
	told_nothing();
	give(0);
	give(1);
	for (unsigned n = 0; n < 1000; n++)
		tell(1, VIRTIO_CONSOLE_PORT_READY, 1, 8);
	for (unsigned n = 0; n < 2; n++) { /* there were four buffers */
		told(1, VIRTIO_CONSOLE_PORT_NAME, "org.skerry.log");
		told(1, VIRTIO_CONSOLE_PORT_OPEN, "");
	}
	told_nothing();
	give(2);
	give(3);
	told(1, VIRTIO_CONSOLE_PORT_NAME, "org.skerry.log");
	told(1, VIRTIO_CONSOLE_PORT_OPEN, "");
	give(4); /* what was asked for a thousand times is owed once */
	told_nothing();
}

/* Input for a port that nobody has open waits until somebody has. */
static void open_and_closed(void **state)
{
	uint32_t head, bytes, given1 = 0;
	bool signal;

	(void)state;
	guest_desc(&queue[4], 0, BUFFER, 100, VIRTQ_WRITE, 0);
	guest_offer(&queue[4], 0);
	virtio_notify(&vcon.dev, 4);
	console_ring_write(&shared1.to_client, &given1, "hello", 5, &signal);
	vcon_event(&vcon, 1);
	assert_false(guest_take(&queue[4], &head, &bytes));
	tell(1, VIRTIO_CONSOLE_PORT_OPEN, 1, 8);
	assert_true(guest_take(&queue[4], &head, &bytes));
	assert_int_equal(bytes, 5);
	assert_memory_equal(guest_at(BUFFER), "hello", 5);
	tell(1, VIRTIO_CONSOLE_PORT_OPEN, 0, 8);
	console_ring_write(&shared1.to_client, &given1, "again", 5, &signal);
	guest_offer(&queue[4], 0);
	virtio_notify(&vcon.dev, 4);
	vcon_event(&vcon, 1);
	assert_false(guest_take(&queue[4], &head, &bytes));
	virtio_reset(&vcon.dev);
	assert_false(vcon.port[1].open);
}

/* What is written to a port arrives there and at no other. */
static void apart(void **state)
{
	uint32_t head, bytes, taken1 = 0;
	uint8_t got[16];

	(void)state;
	memcpy(guest_at(BUFFER), "to one", 6);
	guest_desc(&queue[5], 0, BUFFER, 6, 0, 0);
	guest_offer(&queue[5], 0);
	virtio_notify(&vcon.dev, 5);
	assert_true(guest_take(&queue[5], &head, &bytes));
	assert_int_equal(console_ring_read(&shared1.to_console, &taken1, got, sizeof(got)), 6);
	assert_memory_equal(got, "to one", 6);
	assert_int_equal(console_ring_read(&shared.to_console, &taken, got, sizeof(got)), 0);
}

/* Ports that are not there, events that are none, messages that are short or long, buffers that are small. */
static void hostile_control(void **state)
{
	static const uint32_t id[] = { 2, 3, 0x7fffffff, 0x80000000, 0xffffffff };
	uint32_t head, bytes;

	(void)state;
	for (unsigned n = 0; n < sizeof(id) / sizeof(id[0]); n++) {
		for (uint16_t event = VIRTIO_CONSOLE_DEVICE_ADD; event < 12; event++)
			tell(id[n], event, 1, 8);
	}
	for (uint32_t size = 1; size < 8; size++)
		tell(1, VIRTIO_CONSOLE_PORT_READY, 1, size);
	tell(1, VIRTIO_CONSOLE_DEVICE_REMOVE, 1, 8);
	tell(1, VIRTIO_CONSOLE_PORT_READY, 0, 8);
	tell(0, VIRTIO_CONSOLE_DEVICE_READY, 0, 8);
	give(0);
	told_nothing();
	tell(1, VIRTIO_CONSOLE_PORT_READY, 1, 4000); /* the rest is ignored */
	told(1, VIRTIO_CONSOLE_PORT_NAME, "org.skerry.log");
	guest_desc(&queue[2], 1, CONTROL, 3, VIRTQ_WRITE, 0);
	guest_offer(&queue[2], 1);
	virtio_notify(&vcon.dev, 2);
	assert_true(guest_take(&queue[2], &head, &bytes));
	assert_int_equal(bytes, 3);
	assert_false(vcon.dev.status & VIRTIO_NEEDS_RESET);
	guest_desc(&queue[3], 1, DATA, 8, VIRTQ_NEXT, 1);
	guest_offer(&queue[3], 1);
	virtio_notify(&vcon.dev, 3);
	assert_true(vcon.dev.status & VIRTIO_NEEDS_RESET);
	virtio_notify(&vcon.dev, 2);
	virtio_notify(&vcon.dev, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define TWO(f)  cmocka_unit_test_setup_teardown(f, set_up_two, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(output), TEST(input), TEST(reset_halfway), TEST(hostile), TWO(ports), TWO(open_and_closed), TWO(apart),
		TWO(hostile_control), cmocka_unit_test_setup_teardown(input, set_up_old, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
