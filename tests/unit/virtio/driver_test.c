/* SPDX-License-Identifier: BSD-2-Clause */
/* The drivers' queue against the devices': 100000 chains of random length in random order, and a lying device. */
#include "test.h"

#include "guest.h"
#include "ring.h"

static struct vring ring;
static struct virtq q;
static struct virtq_chain chain;

static int set_up(void **state)
{
	(void)state;
	guest_set_up();
	vring_init(&ring, ram.host, RAM_BASE, true);
	assert_true(virtq_start(&q, &ram, VRING_SIZE, gpa(ring.desc_pa), gpa(ring.avail_pa), gpa(ring.used_pa),
				VIRTIO_F_EVENT_IDX));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

static void add(unsigned count)
{
	struct vring_buffer b[VRING_SIZE];

	for (unsigned i = 0; i < count; i++)
		b[i] = (struct vring_buffer){ RAM_BASE + 0x10000 + i * 16, 16, i >= count / 2 };
	vring_add(&ring, b, count);
}

static void both_sides(void **state)
{
	uint16_t flight[VRING_SIZE], head;
	unsigned flying = 0;
	uint32_t bytes;

	(void)state;
	guest_seed(1);
	for (unsigned i = 0; i < 100000; i++) {
		unsigned count = 1 + guest_random() % 20;

		if (vring_room(&ring) >= count)
			add(count);
		vring_publish(&ring);
		while (virtq_pop(&q, &chain) == VIRTQ_CHAIN)
			flight[flying++] = chain.head;
		if (flying && guest_random() % 2) {
			unsigned n = guest_random() % flying;

			virtq_push(&q, flight[n], flight[n] + 1u);
			flight[n] = flight[--flying];
			assert_true(vring_done(&ring, &head, &bytes));
			assert_int_equal(bytes, head + 1u);
		}
		assert_false(q.broken);
	}
	while (flying) {
		virtq_push(&q, flight[--flying], 0);
		assert_true(vring_done(&ring, &head, &bytes));
	}
	assert_int_equal(vring_room(&ring), VRING_SIZE);
}

/* Whoever sleeps asks first, and is told then; who did not ask again is not. */
static void told_when_asked(void **state)
{
	uint32_t bytes;
	uint16_t head;

	(void)state;
	assert_false(virtq_want_notify(&q));
	add(1);
	assert_true(vring_publish(&ring));
	assert_false(vring_publish(&ring));
	add(1);
	assert_false(vring_publish(&ring));
	assert_false(vring_want(&ring));
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_CHAIN);
	virtq_push(&q, chain.head, 0);
	assert_true(virtq_must_interrupt(&q));
	assert_true(vring_want(&ring));
	assert_true(vring_done(&ring, &head, &bytes));
}

static void lying_device(void **state)
{
	uint32_t bytes;
	uint16_t head;

	(void)state;
	add(3);
	vring_publish(&ring);
	virtq_push(&q, 2, 0);       /* no head */
	virtq_push(&q, 9999, 0);
	assert_false(vring_done(&ring, &head, &bytes));
	virtq_push(&q, 0, 0);
	assert_true(vring_done(&ring, &head, &bytes));
	virtq_push(&q, 0, 0);       /* again */
	assert_false(vring_done(&ring, &head, &bytes));
	assert_int_equal(vring_room(&ring), VRING_SIZE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(both_sides), TEST(told_when_asked), TEST(lying_device) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
