/* SPDX-License-Identifier: BSD-2-Clause */
/* The block ring: an honest pair, then each side against a liar. */
#include "test.h"

#include "rings/block.h"

static struct block_shared shared;
static struct block_client client;
static struct block_server server;
static struct block_request request;
static bool bad;

static int connect(void)
{
	bool signal;

	assert_int_equal(block_client_link(&client, &signal), BLOCK_DOWN);
	assert_true(signal);
	assert_false(block_server_next(&server, &request, &bad));
	assert_true(bad);
	assert_int_equal(block_client_link(&client, &signal), BLOCK_NEW);
	assert_false(signal);
	assert_int_equal(block_client_link(&client, &signal), BLOCK_UP);
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	memset(&shared, 0, sizeof(shared));
	block_client_init(&client, &shared, 1000000);
	block_server_init(&server, &shared, 1000000);
	block_server_ready(&server, BLOCK_READY, 0, 1000);
	return connect();
}

static unsigned submit(uint32_t op, uint64_t sector, uint64_t offset, uint32_t bytes)
{
	unsigned slot = block_client_slot(&client, BLOCK_SLOTS);

	assert_in_range(slot, 0, BLOCK_SLOTS - 1);
	shared.slot[slot].op = op;
	shared.slot[slot].sector = sector;
	shared.slot[slot].segments = bytes ? 1 : 0;
	shared.slot[slot].segment[0].offset = offset;
	shared.slot[slot].segment[0].bytes = bytes;
	block_submit(&client, slot);
	return slot;
}

static void honest(void **state)
{
	enum block_result result;
	unsigned slot;

	(void)state;
	assert_false(block_server_want(&server));
	for (unsigned round = 0; round < 1000; round++) {
		unsigned made = submit(BLOCK_READ, round % 1000, round, 512);

		assert_true(block_server_next(&server, &request, &bad));
		assert_int_equal(request.slot, made);
		assert_int_equal(request.sectors, 1);
		assert_int_equal(request.segment[0].offset, round);
		assert_false(block_server_next(&server, &request, &bad));
		assert_false(block_client_done(&client, &slot, &result));
		block_complete(&server, made, BLOCK_OK);
		assert_true(block_client_done(&client, &slot, &result));
		assert_int_equal(slot, made);
		assert_int_equal(result, BLOCK_OK);
	}
}

static void all_slots(void **state)
{
	(void)state;
	for (unsigned i = 0; i < BLOCK_SLOTS; i++)
		submit(BLOCK_FLUSH, 0, 0, 0);
	assert_int_equal(block_client_slot(&client, BLOCK_SLOTS), BLOCK_SLOTS);
	for (unsigned i = 0; i < BLOCK_SLOTS; i++)
		assert_true(block_server_next(&server, &request, &bad));
	assert_false(block_server_next(&server, &request, &bad));
}

static void signals_when_wanted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++)
		shared.slot[i].op = BLOCK_FLUSH;
	assert_false(block_submit(&client, 0));
	assert_true(block_server_want(&server)); /* there is one: do not sleep */
	assert_true(block_server_next(&server, &request, &bad));
	assert_false(block_server_want(&server));
	assert_true(block_submit(&client, 1));
	assert_false(block_submit(&client, 2));
	assert_false(block_complete(&server, 0, BLOCK_OK));
	assert_true(block_client_want(&client));
	assert_true(block_server_next(&server, &request, &bad));
	assert_true(block_complete(&server, 1, BLOCK_OK));
}

/* The server answers what it will not do with BAD_REQUEST, and hands it on never. */
static void refused(uint32_t op, uint64_t sector, uint64_t offset, uint32_t bytes, enum block_result expected)
{
	enum block_result result;
	unsigned slot, made = submit(op, sector, offset, bytes);

	assert_false(block_server_next(&server, &request, &bad));
	assert_true(block_client_done(&client, &slot, &result));
	assert_int_equal(slot, made);
	assert_int_equal(result, expected);
}

static void bad_requests(void **state)
{
	(void)state;
	refused(BLOCK_READ, 1000, 0, 512, BLOCK_BAD_REQUEST);
	refused(BLOCK_READ, 999, 0, 1024, BLOCK_BAD_REQUEST);
	refused(BLOCK_READ, ~0ul, 0, 512, BLOCK_BAD_REQUEST);
	refused(BLOCK_WRITE, 0, 1000000 - 511, 512, BLOCK_BAD_REQUEST);
	refused(BLOCK_WRITE, 0, ~0ul, 512, BLOCK_BAD_REQUEST);
	refused(BLOCK_WRITE, 0, 0, 513, BLOCK_BAD_REQUEST);
	refused(BLOCK_WRITE, 0, 0, 0, BLOCK_BAD_REQUEST);
	refused(BLOCK_WRITE, 0, 0, 0xfffffe00, BLOCK_BAD_REQUEST);
	refused(BLOCK_DISCARD, 0, 0, 0, BLOCK_BAD_REQUEST);
	refused(BLOCK_OPS, 0, 0, 0, BLOCK_UNSUPPORTED);
	refused(~0u, 0, 0, 0, BLOCK_UNSUPPORTED);
	server.features = BLOCK_READ_ONLY;
	refused(BLOCK_WRITE, 0, 0, 512, BLOCK_BAD_REQUEST);
	shared.slot[0].segments = BLOCK_SEGMENTS + 1;
	shared.slot[0].op = BLOCK_READ;
	block_submit(&client, 0);
	assert_false(block_server_next(&server, &request, &bad));
}

static void lying_client(void **state)
{
	(void)state;
	submit(BLOCK_FLUSH, 0, 0, 0);
	assert_true(block_server_next(&server, &request, &bad));
	block_submit(&client, 0);                     /* again, while it is in flight */
	assert_false(block_server_next(&server, &request, &bad));
	shared.submit.entry[client.head % BLOCK_SLOTS] = 9999;
	shared.submit.head = ++client.head;           /* no such slot */
	assert_false(block_server_next(&server, &request, &bad));
	shared.submit.head += BLOCK_SLOTS + 1;        /* more than there can be */
	assert_false(block_server_next(&server, &request, &bad));
	shared.submit.head -= 1000;
	assert_false(block_server_next(&server, &request, &bad));
}

static void lying_server(void **state)
{
	enum block_result result;
	unsigned slot;

	(void)state;
	block_complete(&server, 5, BLOCK_OK);         /* not in flight */
	assert_false(block_client_done(&client, &slot, &result));
	submit(BLOCK_FLUSH, 0, 0, 0);
	block_complete(&server, 0, (enum block_result)77);
	assert_true(block_client_done(&client, &slot, &result));
	assert_int_equal(result, BLOCK_IO_ERROR);
	block_complete(&server, 0, BLOCK_OK);         /* twice */
	assert_false(block_client_done(&client, &slot, &result));
	shared.done.entry[server.head % BLOCK_SLOTS] = 0xfff0;
	shared.done.head++;                           /* no such slot */
	assert_false(block_client_done(&client, &slot, &result));
	shared.info.state = 99;
	assert_int_equal(block_client_info(&client, &(uint32_t){ 0 }, &(uint64_t){ 0 }), BLOCK_ABSENT);
}

/* A server dies with requests taken, and with one done that the client has not heard of. */
static void another_server(void **state)
{
	unsigned first = submit(BLOCK_WRITE, 1, 0, 512), second = submit(BLOCK_WRITE, 2, 512, 512), slot;
	enum block_result result;
	bool signal;

	(void)state;
	assert_true(block_server_next(&server, &request, &bad));
	assert_true(block_server_next(&server, &request, &bad));
	block_complete(&server, second, BLOCK_OK);
	block_server_init(&server, &shared, 1000000);
	assert_int_equal(block_client_link(&client, &signal), BLOCK_UP); /* it does not know yet */
	block_server_ready(&server, BLOCK_READY, 0, 1000);
	assert_false(block_server_next(&server, &request, &bad));        /* the ring is another's */
	assert_false(block_server_want(&server));
	connect();
	assert_int_equal(client.in_flight, 1ul << first | 1ul << second);
	assert_false(block_client_done(&client, &slot, &result));
	block_submit(&client, first);
	block_submit(&client, second);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(block_server_next(&server, &request, &bad));
		assert_int_equal(request.slot, i == 0 ? first : second);
		block_complete(&server, request.slot, BLOCK_OK);
		assert_true(block_client_done(&client, &slot, &result));
	}
	assert_int_equal(client.in_flight, 0);
}

/* A client dies: the server finishes what it has in flight before another one may use the data region. */
static void another_client(void **state)
{
	unsigned slot = submit(BLOCK_READ, 1, 0, 512);
	enum block_result result;
	bool signal;

	(void)state;
	submit(BLOCK_READ, 2, 0, 512);
	assert_true(block_server_next(&server, &request, &bad));
	block_client_init(&client, &shared, 1000000);
	assert_int_equal(block_client_link(&client, &signal), BLOCK_DOWN);
	assert_true(signal);
	assert_false(block_server_next(&server, &request, &bad));        /* not the old one's second request */
	assert_false(block_server_want(&server));
	assert_int_equal(block_client_link(&client, &signal), BLOCK_DOWN);
	assert_int_equal(block_client_slot(&client, BLOCK_SLOTS), BLOCK_SLOTS);
	block_complete(&server, slot, BLOCK_OK);
	assert_true(block_server_want(&server));
	assert_false(block_server_next(&server, &request, &bad));
	assert_true(bad);
	assert_int_equal(block_client_link(&client, &signal), BLOCK_NEW);
	assert_false(block_client_done(&client, &slot, &result));
	slot = submit(BLOCK_READ, 3, 0, 512);
	assert_true(block_server_next(&server, &request, &bad));
	assert_int_equal(request.sector, 3);
	block_complete(&server, slot, BLOCK_OK);
	assert_true(block_client_done(&client, &slot, &result));
}

/* Epochs and sessions out of nowhere: nobody hangs or believes in a session that was not asked for. */
static void lying_sessions(void **state)
{
	bool signal;

	(void)state;
	shared.ask.session = (uint64_t)(server.epoch + 7) << 32 | 1;     /* another epoch's */
	assert_false(block_server_next(&server, &request, &bad));
	assert_false(bad);
	assert_false(block_server_want(&server));
	shared.ask.session = (uint64_t)server.epoch << 32 | 99;
	shared.submit.head = 5;
	for (unsigned i = 0; i < 70; i++)
		block_server_next(&server, &request, &bad);
	for (uint32_t i = 0; i < 1000; i++) {
		shared.info.epoch = i;
		shared.info.session = (uint64_t)i << 32 | i;
		if (block_client_link(&client, &signal) == BLOCK_NEW)
			assert_int_equal(shared.info.session, shared.ask.session);
	}
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(honest), TEST(all_slots), TEST(signals_when_wanted), TEST(bad_requests), TEST(lying_client),
		TEST(lying_server), TEST(another_server), TEST(another_client), TEST(lying_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
