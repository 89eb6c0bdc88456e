/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtio console against a console: output whole through a ring that is often full, input in pieces. */
#include "test.h"

#include "guest.h"
#include "virtio/console.h"

#define DATA (RAM_BASE + 0x8000)

static struct console_shared shared;
static struct vcon vcon;
static struct guest_queue queue[2];
static uint32_t taken, given;
static unsigned signals;

static void on_signal(void *context)
{
	(void)context;
	signals++;
}

static int set_up(void **state)
{
	(void)state;
	guest_set_up();
	memset(&shared, 0, sizeof(shared));
	taken = given = signals = 0;
	vcon_init(&vcon, &shared, on_signal, NULL, &ram, (struct irq_line){ 0 });
	vcon.dev.status = VIRTIO_DRIVER_OK;
	for (unsigned n = 0; n < 2; n++) {
		struct guest_queue *g = &queue[n];

		guest_queue(g, 8, RAM_BASE + n * 0x1000);
		assert_true(virtq_start(&vcon.dev.queue[n].q, &ram, 8, gpa(g->desc), gpa(g->avail), gpa(g->used), 0));
		vcon.dev.queue[n].ready = true;
	}
	return 0;
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
			vcon_event(&vcon);
	}
	assert_int_equal(seen, 5000);
	assert_true(guest_take(&queue[1], &head, &bytes));
}

static void type(const char *text)
{
	bool signal;

	console_ring_write(&shared.to_client, &given, text, strlen(text), &signal);
	vcon_event(&vcon);
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
	assert_true(vcon.sending);
	virtio_reset(&vcon.dev);
	assert_false(vcon.sending);
	vcon_event(&vcon);
	assert_int_equal(console_ring_space(&shared.to_console, vcon.sent), 0);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(output), TEST(input), TEST(reset_halfway), TEST(hostile) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
