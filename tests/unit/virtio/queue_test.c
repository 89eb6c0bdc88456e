/* SPDX-License-Identifier: BSD-2-Clause */
/* The device's side of a queue: what is right, and every way to be wrong. */
#include "test.h"

#include "guest.h"

#define SIZE  8u
#define QUEUE RAM_BASE
#define DATA  (RAM_BASE + 0x8000)
#define END   (RAM_BASE + RAM_BYTES)

static struct guest_queue g;
static struct virtq q;
static struct virtq_chain chain;

static void start(uint64_t features)
{
	guest_queue(&g, SIZE, QUEUE);
	assert_true(virtq_start(&q, &ram, SIZE, gpa(g.desc), gpa(g.avail), gpa(g.used), features));
}

static int set_up(void **state)
{
	(void)state;
	guest_set_up();
	start(VIRTIO_F_INDIRECT);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

static void one_chain(void **state)
{
	uint32_t head, bytes;

	(void)state;
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_EMPTY);
	guest_desc(&g, 3, DATA, 16, VIRTQ_NEXT, 5);
	guest_desc(&g, 5, DATA + 100, 0, VIRTQ_NEXT, 1);
	guest_desc(&g, 1, END - 512, 512, VIRTQ_NEXT | VIRTQ_WRITE, 0);
	guest_desc(&g, 0, DATA + 200, 1, VIRTQ_WRITE, 77);
	guest_offer(&g, 3);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_CHAIN);
	assert_int_equal(chain.head, 3);
	assert_int_equal(chain.readable, 1);
	assert_int_equal(chain.writable, 2);
	assert_int_equal(chain.read_bytes, 16);
	assert_int_equal(chain.write_bytes, 513);
	assert_ptr_equal(chain.segment[1].at, guest_at(END - 512));
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_EMPTY);
	virtq_push(&q, 3, 513);
	assert_true(guest_take(&g, &head, &bytes));
	assert_int_equal(head, 3);
	assert_int_equal(bytes, 513);
}

static void copies_across_segments(void **state)
{
	uint8_t bytes[12];

	(void)state;
	memcpy(guest_at(DATA), "abcdef", 6);
	memcpy(guest_at(DATA + 64), "ghi", 3);
	guest_desc(&g, 0, DATA, 6, VIRTQ_NEXT, 1);
	guest_desc(&g, 1, DATA + 64, 3, VIRTQ_NEXT, 2);
	guest_desc(&g, 2, DATA + 128, 2, VIRTQ_NEXT | VIRTQ_WRITE, 3);
	guest_desc(&g, 3, DATA + 192, 2, VIRTQ_WRITE, 0);
	guest_offer(&g, 0);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_CHAIN);
	assert_int_equal(virtq_read(&chain, 4, bytes, sizeof(bytes)), 5);
	assert_memory_equal(bytes, "efghi", 5);
	assert_int_equal(virtq_read(&chain, 9, bytes, 1), 0);
	assert_int_equal(virtq_write(&chain, 1, "xyz", 3), 3);
	assert_memory_equal(guest_at(DATA + 129), "x\0", 2);
	assert_memory_equal(guest_at(DATA + 192), "yz\0", 3);
	assert_int_equal(virtq_write(&chain, 3, "uvw", 3), 1);
}

static void indirect(uint64_t at, unsigned n, uint64_t address, uint32_t bytes, uint16_t flags, uint16_t next)
{
	struct virtq_desc *d = guest_at(at);

	d[n] = (struct virtq_desc){ address, bytes, flags, next };
}

static void indirect_chain(void **state)
{
	(void)state;
	indirect(DATA, 0, DATA + 256, 10, VIRTQ_NEXT, 2);
	indirect(DATA, 2, DATA + 512, 20, VIRTQ_WRITE, 0);
	guest_desc(&g, 0, DATA + 1024, 5, VIRTQ_NEXT, 4);
	guest_desc(&g, 4, DATA, 48, VIRTQ_INDIRECT, 0);
	guest_offer(&g, 0);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_CHAIN);
	assert_int_equal(chain.read_bytes, 15);
	assert_int_equal(chain.write_bytes, 20);
}

/* Offers the chain at 0, which must break the queue, for good. */
static void breaks(void)
{
	guest_offer(&g, 0);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_BROKEN);
	guest_desc(&g, 0, DATA, 4, 0, 0);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_BROKEN);
	start(VIRTIO_F_INDIRECT);
	memset(guest_at(g.avail), 0, 4);
}

static void bad_chains(void **state)
{
	(void)state;
	guest_desc(&g, 0, END - 3, 4, 0, 0);                 /* ends outside RAM */
	breaks();
	guest_desc(&g, 0, RAM_BASE - 1, 4, 0, 0);            /* begins outside */
	breaks();
	guest_desc(&g, 0, 0, 0xffffffff, 0, 0);
	breaks();
	guest_desc(&g, 0, ~0ul - 1, 4, 0, 0);                /* wraps around */
	breaks();
	guest_desc(&g, 0, DATA, 0xffffffff, VIRTQ_WRITE, 0); /* 4 GiB */
	breaks();
	guest_desc(&g, 0, DATA, 4, VIRTQ_NEXT, 0);           /* a loop of one */
	breaks();
	guest_desc(&g, 0, DATA, 4, VIRTQ_NEXT, 1);
	guest_desc(&g, 1, DATA, 4, VIRTQ_NEXT, 0);           /* ... of two */
	breaks();
	guest_desc(&g, 0, DATA, 4, VIRTQ_NEXT, SIZE);        /* next outside */
	breaks();
	guest_desc(&g, 0, DATA, 4, VIRTQ_NEXT | VIRTQ_WRITE, 1);
	guest_desc(&g, 1, DATA, 4, 0, 0);                    /* readable behind writable */
	breaks();
}

static void bad_indirect(void **state)
{
	(void)state;
	guest_desc(&g, 0, DATA, 0, VIRTQ_INDIRECT, 0);
	breaks();
	guest_desc(&g, 0, DATA, 24, VIRTQ_INDIRECT, 0);             /* half a descriptor */
	breaks();
	guest_desc(&g, 0, DATA + 8, 16, VIRTQ_INDIRECT, 0);         /* misaligned */
	breaks();
	guest_desc(&g, 0, END - 16, 32, VIRTQ_INDIRECT, 0);
	breaks();
	guest_desc(&g, 0, DATA, 16 * (SIZE + 1), VIRTQ_INDIRECT, 0); /* longer than the queue */
	breaks();
	guest_desc(&g, 0, DATA, 16, VIRTQ_INDIRECT | VIRTQ_NEXT, 1);
	breaks();
	indirect(DATA, 0, DATA + 64, 16, VIRTQ_INDIRECT, 0);        /* nested */
	guest_desc(&g, 0, DATA, 16, VIRTQ_INDIRECT, 0);
	breaks();
	indirect(DATA, 0, DATA, 1, VIRTQ_NEXT, 0);                  /* a loop in the table */
	guest_desc(&g, 0, DATA, 32, VIRTQ_INDIRECT, 0);
	breaks();
	indirect(DATA, 0, DATA, 1, VIRTQ_NEXT, 2);
	guest_desc(&g, 0, DATA, 32, VIRTQ_INDIRECT, 0);
	breaks();
	start(0);                                                   /* not negotiated */
	memset(guest_at(g.avail), 0, 4);
	indirect(DATA, 0, DATA, 1, 0, 0);
	guest_desc(&g, 0, DATA, 16, VIRTQ_INDIRECT, 0);
	breaks();
}

static void bad_indexes(void **state)
{
	struct virtq_avail *avail = guest_at(g.avail);

	(void)state;
	avail->ring[0] = SIZE;
	avail->index = 1;
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_BROKEN);
	start(0);
	avail->ring[0] = 0;
	avail->index = SIZE + 1; /* jumps */
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_BROKEN);
	start(0);
	avail->index = 0xffff;   /* goes back */
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_BROKEN);
	assert_false(virtq_want_notify(&q));
}

static bool starts(unsigned size, uint64_t desc, uint64_t avail, uint64_t used)
{
	return virtq_start(&q, &ram, size, gpa(desc), gpa(avail), gpa(used), 0);
}

static void bad_places(void **state)
{
	const uint64_t d = DATA, a = DATA + 0x1000, u = DATA + 0x2000;

	(void)state;
	assert_true(starts(256, d, a, u));
	assert_false(starts(0, d, a, u));
	assert_false(starts(3, d, a, u));
	assert_false(starts(512, d, a, u));
	assert_false(starts(8, d + 8, a, u));
	assert_false(starts(8, d, a + 1, u));
	assert_false(starts(8, d, a, u + 2));
	assert_true(starts(8, END - 128, a, u));
	assert_false(starts(8, END - 112, a, u));
	assert_true(starts(8, d, END - 22, u));
	assert_false(starts(8, d, END - 20, u));
	assert_true(starts(8, d, a, END - 72));
	assert_false(starts(8, d, a, END - 68));
	assert_false(starts(8, ~0ul & ~15ul, a, u));
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_EMPTY);
	virtq_push(&q, 0, 1);
	assert_false(virtq_must_interrupt(&q));
}

static void interrupts_by_flag(void **state)
{
	struct virtq_avail *avail = guest_at(g.avail);

	(void)state;
	assert_false(virtq_must_interrupt(&q));
	virtq_push(&q, 0, 0);
	assert_true(virtq_must_interrupt(&q));
	assert_false(virtq_must_interrupt(&q));
	avail->flags = VIRTQ_NO_INTERRUPT;
	virtq_push(&q, 0, 0);
	assert_false(virtq_must_interrupt(&q));
}

static void interrupts_by_event(void **state)
{
	uint16_t *event;

	(void)state;
	start(VIRTIO_F_EVENT_IDX);
	event = guest_at(g.avail + 4 + 2 * SIZE);
	*event = 2;
	virtq_push(&q, 0, 0);
	virtq_push(&q, 0, 0);
	assert_false(virtq_must_interrupt(&q));
	virtq_push(&q, 0, 0);
	assert_true(virtq_must_interrupt(&q));
	virtq_push(&q, 0, 0);
	assert_false(virtq_must_interrupt(&q));
}

static void asks_for_notifications(void **state)
{
	struct virtq_used *used = guest_at(g.used);
	uint16_t *event = guest_at(g.used + 4 + 8 * SIZE);

	(void)state;
	virtq_no_notify(&q);
	assert_int_equal(used->flags, VIRTQ_NO_NOTIFY);
	assert_false(virtq_want_notify(&q));
	assert_int_equal(used->flags, 0);
	guest_offer(&g, 0);
	assert_true(virtq_want_notify(&q));
	start(VIRTIO_F_EVENT_IDX);
	g.made = 1;
	assert_true(virtq_want_notify(&q));
	guest_desc(&g, 0, DATA, 1, 0, 0);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_CHAIN);
	assert_false(virtq_want_notify(&q));
	assert_int_equal(*event, 1);
}

static void indexes_wrap(void **state)
{
	uint32_t head, bytes;

	(void)state;
	guest_desc(&g, 2, DATA, 1, 0, 0);
	for (unsigned i = 0; i < 70000; i++) {
		guest_offer(&g, 2);
		assert_int_equal(virtq_pop(&q, &chain), VIRTQ_CHAIN);
		virtq_push(&q, chain.head, i);
		assert_true(guest_take(&g, &head, &bytes));
		assert_int_equal(bytes, i);
	}
}

/* A chain of as many segments as a chain may have, and one of one more. */
static void long_chain(void **state)
{
	(void)state;
	guest_queue(&g, 256, QUEUE);
	assert_true(virtq_start(&q, &ram, 256, gpa(g.desc), gpa(g.avail), gpa(g.used), 0));
	for (unsigned i = 0; i < 256; i++)
		guest_desc(&g, i, DATA + i, 1, i + 1 < VIRTQ_SEGMENTS ? VIRTQ_NEXT : 0, (uint16_t)(i + 1));
	guest_offer(&g, 0);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_CHAIN);
	assert_int_equal(chain.readable, VIRTQ_SEGMENTS);
	guest_desc(&g, VIRTQ_SEGMENTS - 1, DATA, 1, VIRTQ_NEXT, VIRTQ_SEGMENTS);
	guest_offer(&g, 0);
	assert_int_equal(virtq_pop(&q, &chain), VIRTQ_BROKEN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_chain), TEST(copies_across_segments), TEST(indirect_chain), TEST(bad_chains),
		TEST(bad_indirect), TEST(bad_indexes), TEST(bad_places), TEST(interrupts_by_flag),
		TEST(interrupts_by_event), TEST(asks_for_notifications), TEST(indexes_wrap), TEST(long_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
