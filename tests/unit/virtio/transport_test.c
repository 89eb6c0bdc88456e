/* SPDX-License-Identifier: BSD-2-Clause */
/* Status, features and queues through the registers of virtio-mmio, with a device that only counts. */
#include "test.h"

#include "guest.h"
#include "virtio/transport_mmio.h"

static unsigned notified[2], started, resets;
static bool line;
static const uint8_t config[6] = { 1, 2, 3, 4, 5, 6 };
static struct virtio_device dev;
static struct virtio_mmio transport;

static void on_notify(struct virtio_device *d, unsigned queue)
{
	assert_ptr_equal(d, &dev);
	notified[queue]++;
}

static void on_start(struct virtio_device *d)
{
	(void)d;
	started++;
}

static void on_reset(struct virtio_device *d)
{
	(void)d;
	resets++;
}

static const struct virtio_ops ops = {
	.name = "test", .id = 42, .queues = 2, .queue_max = 64, .notify = on_notify, .start = on_start,
	.reset = on_reset,
};

static void set_line(void *controller, uint32_t input, bool level)
{
	assert_ptr_equal(controller, &line);
	assert_int_equal(input, 7);
	line = level;
}

static uint64_t get(unsigned offset, unsigned width)
{
	struct mmio_access access = { .offset = offset, .width = width };

	assert_true(virtio_mmio_ops.read(&transport, &access));
	return access.value;
}

static void put(unsigned offset, uint64_t value, unsigned width)
{
	struct mmio_access access = { .offset = offset, .width = width, .value = value, .write = true };

	assert_true(virtio_mmio_ops.write(&transport, &access));
}

static int set_up(void **state)
{
	(void)state;
	guest_set_up();
	notified[0] = notified[1] = started = resets = 0;
	line = false;
	virtio_init(&dev, &ops, NULL, &ram, (struct irq_line){ set_line, &line, 7 }, 1ul << 5, config, sizeof(config));
	transport = (struct virtio_mmio){ .dev = &dev };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

static void features_ok(uint64_t features)
{
	put(VIRTIO_MMIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER, 4);
	put(VIRTIO_MMIO_ACCEPT_SEL, 0, 4);
	put(VIRTIO_MMIO_ACCEPT, features & 0xffffffff, 4);
	put(VIRTIO_MMIO_ACCEPT_SEL, 1, 4);
	put(VIRTIO_MMIO_ACCEPT, features >> 32, 4);
	put(VIRTIO_MMIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK, 4);
}

static void queue(unsigned n, uint64_t at, unsigned size)
{
	put(VIRTIO_MMIO_QUEUE_SEL, n, 4);
	put(VIRTIO_MMIO_QUEUE_SIZE, size, 4);
	put(VIRTIO_MMIO_DESC_LOW, at & 0xffffffff, 4);
	put(VIRTIO_MMIO_DESC_HIGH, at >> 32, 4);
	put(VIRTIO_MMIO_AVAIL_LOW, (at + 0x1000) & 0xffffffff, 4);
	put(VIRTIO_MMIO_USED_LOW, (at + 0x2000) & 0xffffffff, 4);
	put(VIRTIO_MMIO_QUEUE_READY, 1, 4);
}

static void identity(void **state)
{
	(void)state;
	assert_int_equal(get(VIRTIO_MMIO_MAGIC, 4), 0x74726976);
	assert_int_equal(get(VIRTIO_MMIO_VERSION, 4), 2);
	assert_int_equal(get(VIRTIO_MMIO_DEVICE, 4), 42);
	assert_int_equal(get(VIRTIO_MMIO_QUEUE_MAX, 4), 64);
	put(VIRTIO_MMIO_QUEUE_SEL, 2, 4);
	assert_int_equal(get(VIRTIO_MMIO_QUEUE_MAX, 4), 0);
	assert_int_equal(get(VIRTIO_MMIO_MAGIC, 2), 0);
	assert_int_equal(get(VIRTIO_MMIO_CONFIG, 4), 0x04030201);
	assert_int_equal(get(VIRTIO_MMIO_CONFIG + 4, 2), 0x0605);
	assert_int_equal(get(VIRTIO_MMIO_CONFIG + 4, 4), 0);
	assert_int_equal(get(VIRTIO_MMIO_CONFIG + 5, 1), 6);
	assert_int_equal(get(VIRTIO_MMIO_CONFIG + 0xf8, 8), 0);
	assert_int_equal(get(VIRTIO_MMIO_FEATURES, 4), 1u << 5 | 1u << 28 | 1u << 29);
	put(VIRTIO_MMIO_FEATURES_SEL, 1, 4);
	assert_int_equal(get(VIRTIO_MMIO_FEATURES, 4), 1);
	put(VIRTIO_MMIO_FEATURES_SEL, 0xffffffff, 4);
	assert_int_equal(get(VIRTIO_MMIO_FEATURES, 4), 0);
}

static void brought_up(void **state)
{
	(void)state;
	features_ok(VIRTIO_F_VERSION_1);
	queue(0, RAM_BASE, 8);
	put(VIRTIO_MMIO_NOTIFY, 0, 4);
	assert_int_equal(notified[0], 0);
	put(VIRTIO_MMIO_STATUS, 15, 4);
	assert_int_equal(get(VIRTIO_MMIO_STATUS, 4), 15);
	assert_int_equal(started, 1);
	put(VIRTIO_MMIO_NOTIFY, 0, 4);
	put(VIRTIO_MMIO_NOTIFY, 1, 4); /* not ready */
	put(VIRTIO_MMIO_NOTIFY, 2, 4); /* not there */
	put(VIRTIO_MMIO_NOTIFY, 0xffffffff, 4);
	assert_int_equal(notified[0], 1);
	assert_int_equal(notified[1], 0);
	put(VIRTIO_MMIO_STATUS, 0, 4);
	assert_int_equal(resets, 1);
	assert_int_equal(get(VIRTIO_MMIO_QUEUE_READY, 4), 0);
	put(VIRTIO_MMIO_NOTIFY, 0, 4);
	assert_int_equal(notified[0], 1);
}

static void refuses_features(void **state)
{
	(void)state;
	features_ok(VIRTIO_F_VERSION_1 | 1ul << 6);
	assert_int_equal(get(VIRTIO_MMIO_STATUS, 4), VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	put(VIRTIO_MMIO_STATUS, 0, 4);
	features_ok(1ul << 5); /* a legacy driver */
	assert_int_equal(get(VIRTIO_MMIO_STATUS, 4), VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	put(VIRTIO_MMIO_STATUS, VIRTIO_DRIVER_OK | VIRTIO_DRIVER, 4);
	assert_false(get(VIRTIO_MMIO_STATUS, 4) & VIRTIO_DRIVER_OK);
	assert_int_equal(started, 0);
}

static void refuses_queues(void **state)
{
	static const struct { uint64_t at; unsigned size; } bad[] = {
		{ 0, 8 }, { RAM_BASE, 128 }, { RAM_BASE, 0 }, { RAM_BASE + 1, 8 }, { RAM_BASE + (1ul << 32), 8 },
		{ RAM_BASE + RAM_BYTES - 0x1000, 8 },
	};

	(void)state;
	queue(0, RAM_BASE, 8); /* before FEATURES_OK */
	assert_int_equal(get(VIRTIO_MMIO_QUEUE_READY, 4), 0);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(VIRTIO_MMIO_STATUS, 0, 4);
		features_ok(VIRTIO_F_VERSION_1);
		queue(1, bad[i].at, bad[i].size);
		assert_int_equal(get(VIRTIO_MMIO_QUEUE_READY, 4), 0);
		assert_true(get(VIRTIO_MMIO_STATUS, 4) & VIRTIO_NEEDS_RESET);
	}
	put(VIRTIO_MMIO_STATUS, 0, 4);
	features_ok(VIRTIO_F_VERSION_1);
	queue(1, RAM_BASE, 8);
	assert_int_equal(get(VIRTIO_MMIO_QUEUE_READY, 4), 1);
	queue(1, 0, 8); /* a live queue stays where it is */
	assert_int_equal(dev.queue[1].desc, RAM_BASE);
	assert_false(get(VIRTIO_MMIO_STATUS, 4) & VIRTIO_NEEDS_RESET);
}

static void interrupts(void **state)
{
	(void)state;
	features_ok(VIRTIO_F_VERSION_1);
	queue(0, RAM_BASE, 8);
	put(VIRTIO_MMIO_STATUS, 15, 4);
	virtq_push(&dev.queue[0].q, 0, 0);
	virtio_interrupt(&dev, 0);
	assert_true(line);
	assert_int_equal(get(VIRTIO_MMIO_INTERRUPT, 4), 1);
	virtio_needs_reset(&dev);
	assert_int_equal(get(VIRTIO_MMIO_INTERRUPT, 4), 3);
	put(VIRTIO_MMIO_INTERRUPT_ACK, 1, 4);
	assert_true(line);
	put(VIRTIO_MMIO_INTERRUPT_ACK, 2, 4);
	assert_false(line);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(identity), TEST(brought_up), TEST(refuses_features), TEST(refuses_queues), TEST(interrupts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
