/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's sockets against peers: a stream that is read late and written into little room; ends in
 * every order; peers that send more than they may, lie about their room, ask for too much.
 */
#include "test.h"

#include "sockets.h"

#define ME   2u
#define PORT 7u

static struct vsock_shared shared;
static struct sockets sockets;
static struct vsock_end out, in; /* the hub's */

static bool listens(uint32_t port)
{
	return port == PORT;
}

static struct vsock_packet heard(void)
{
	struct vsock_packet p;

	assert_true(vsock_next(&in, &p));
	vsock_release(&in);
	return p;
}

static void heard_op(uint16_t op)
{
	struct vsock_packet p = heard();

	assert_int_equal(p.word, VSOCK_PACKET);
	assert_int_equal(p.header.op, op);
	assert_int_equal(p.header.from_cid, ME);
}

static void heard_nothing(void)
{
	struct vsock_packet p;

	assert_false(vsock_next(&in, &p));
}

static int set_up(void **state)
{
	(void)state;
	memset(&shared, 0, sizeof(shared));
	sockets_init(&sockets, &shared, ME, listens);
	out = vsock_writer(&shared.to_port);
	in = vsock_reader(&shared.to_hub);
	sockets_serve(&sockets);
	assert_true(sockets_signal(&sockets));
	assert_int_equal(heard().word, VSOCK_UP);
	return 0;
}

static struct virtio_vsock_header header(uint64_t peer, uint32_t port, uint16_t op)
{
	return (struct virtio_vsock_header){ .from_cid = peer, .to_cid = ME, .from_port = port, .to_port = PORT,
					     .type = VIRTIO_VSOCK_STREAM, .op = op, .buffer = 1000 };
}

static void sends(const struct virtio_vsock_header *h)
{
	uint8_t *space = vsock_space(&out);

	assert_non_null(space);
	for (uint32_t i = 0; i < h->bytes; i++)
		space[i] = (uint8_t)(i * 5 + h->from_port);
	vsock_send(&out, h);
	sockets_serve(&sockets);
}

static void send(uint64_t peer, uint32_t port, uint16_t op)
{
	struct virtio_vsock_header h = header(peer, port, op);

	sends(&h);
}

static struct socket *connect(uint64_t peer, uint32_t port)
{
	send(peer, port, VIRTIO_VSOCK_REQUEST);
	heard_op(VIRTIO_VSOCK_RESPONSE);
	for (unsigned i = 0; i < SOCKETS_MOST; i++) {
		if (sockets.socket[i].state == SOCKET_OPEN && sockets.socket[i].peer == peer && sockets.socket[i].peer_port == port)
			return &sockets.socket[i];
	}
	fail();
	return NULL;
}

/* All that the peer may send, read in pieces; it is told of room in time. */
static void receives(void **state)
{
	struct socket *k = connect(3, 100);
	struct virtio_vsock_header h = header(3, 100, VIRTIO_VSOCK_RW);
	uint32_t sent = 0, taken = 0, told = 0;
	const uint8_t *bytes;

	(void)state;
	h.bytes = 1111;
	for (unsigned round = 0; round < 100; round++) {
		struct vsock_packet p;

		while (SOCKET_BUFFER - (sent - told) >= h.bytes) {
			sends(&h);
			sent += h.bytes;
		}
		for (size_t n; (n = socket_bytes(k, &bytes)) > 0; taken += (uint32_t)n) {
			n = n < 700 ? n : 700;
			for (size_t i = 0; i < n; i++)
				assert_int_equal(bytes[i], (uint8_t)((taken + i) % 1111 * 5 + 100));
			socket_took(&sockets, k, n);
		}
		assert_int_equal(taken, sent);
		for (; vsock_next(&in, &p); vsock_release(&in)) {
			assert_int_equal(p.header.op, VIRTIO_VSOCK_CREDIT_UPDATE);
			assert_int_equal(p.header.buffer, SOCKET_BUFFER);
			told = p.header.taken;
		}
		assert_true(sent - told <= SOCKET_BUFFER / 2);
	}
	/* More than there is room for ends it. */
	for (unsigned i = 0; i <= SOCKET_BUFFER / h.bytes; i++) {
		heard_nothing();
		sends(&h);
	}
	heard_op(VIRTIO_VSOCK_RST);
	assert_int_equal(k->state, SOCKET_FREE);
}

/* Never more than the peer has room for; what cannot be is no room; it is asked once. */
static void writes(void **state)
{
	static const uint8_t bytes[5000];
	struct socket *k = connect(3, 100);
	struct virtio_vsock_header h = header(3, 100, VIRTIO_VSOCK_CREDIT_UPDATE);

	(void)state;
	assert_int_equal(socket_write(&sockets, k, bytes, 5000), 1000);
	assert_int_equal(heard().header.bytes, 1000);
	heard_op(VIRTIO_VSOCK_CREDIT_REQUEST);
	assert_int_equal(socket_write(&sockets, k, bytes, 5000), 0);
	heard_nothing();
	h.taken = 400;
	sends(&h);
	assert_int_equal(socket_write(&sockets, k, bytes, 300), 300);
	assert_int_equal(heard().header.bytes, 300);
	h.taken = 5000; /* more than was sent */
	sends(&h);
	assert_int_equal(socket_write(&sockets, k, bytes, 300), 0);
	heard_op(VIRTIO_VSOCK_CREDIT_REQUEST);
	h.taken = 1300;
	h.buffer = 0xffffffff;
	sends(&h);
	/* As much as the ring takes. */
	for (unsigned i = 0; i < VSOCK_SLOTS; i++)
		assert_int_equal(socket_write(&sockets, k, bytes, 10), 10);
	assert_int_equal(socket_write(&sockets, k, bytes, 10), 0);
	assert_false(sockets_ask(&sockets));
	socket_close(&sockets, k);
	assert_int_equal(k->state, SOCKET_OPEN);
	heard_op(VIRTIO_VSOCK_RW);
	assert_true(sockets_ask(&sockets));
	socket_close(&sockets, k);
	assert_int_equal(k->state, SOCKET_CLOSED);
}

static void ends(void **state)
{
	struct virtio_vsock_header h = header(3, 100, VIRTIO_VSOCK_SHUTDOWN), data = header(3, 100, VIRTIO_VSOCK_RW);
	struct socket *k = connect(3, 100);
	const uint8_t *bytes;

	(void)state;
	/* We end it, the peer confirms. */
	socket_close(&sockets, k);
	heard_op(VIRTIO_VSOCK_SHUTDOWN);
	data.bytes = 50;
	sends(&data); /* on its way */
	heard_nothing();
	send(3, 100, VIRTIO_VSOCK_RST);
	assert_int_equal(k->state, SOCKET_FREE);
	/* The peer ends it, all was read. */
	k = connect(3, 100);
	h.flags = VIRTIO_VSOCK_NO_SEND | VIRTIO_VSOCK_NO_RECEIVE;
	sends(&h);
	heard_op(VIRTIO_VSOCK_RST);
	assert_int_equal(k->state, SOCKET_FREE);
	/* Half of it; what came is still read. */
	k = connect(3, 100);
	sends(&data);
	h.flags = VIRTIO_VSOCK_NO_SEND;
	sends(&h);
	assert_false(socket_at_end(k));
	assert_int_equal(socket_bytes(k, &bytes), 50);
	socket_took(&sockets, k, 50);
	assert_true(socket_at_end(k));
	h.flags = VIRTIO_VSOCK_NO_RECEIVE;
	sends(&h);
	heard_op(VIRTIO_VSOCK_RST);
	/* A REQUEST for one that is there is no peer of ours. */
	k = connect(3, 100);
	send(3, 100, VIRTIO_VSOCK_REQUEST);
	heard_op(VIRTIO_VSOCK_RST);
	assert_int_equal(k->state, SOCKET_FREE);
	/* Another hub: nothing is connected. */
	k = connect(3, 100);
	assert_true(vsock_say(&out, VSOCK_RESTART));
	sockets_serve(&sockets);
	assert_int_equal(k->state, SOCKET_FREE);
	assert_int_equal(heard().word, VSOCK_UP);
	heard_nothing();
}

static void refuses(void **state)
{
	struct virtio_vsock_header h = header(3, 100, VIRTIO_VSOCK_REQUEST);

	(void)state;
	h.to_port = PORT + 1;
	sends(&h);
	heard_op(VIRTIO_VSOCK_RST);
	h = header(3, 100, VIRTIO_VSOCK_REQUEST);
	h.type = VIRTIO_VSOCK_SEQPACKET;
	sends(&h);
	heard_op(VIRTIO_VSOCK_RST);
	send(3, 100, VIRTIO_VSOCK_RW);
	heard_op(VIRTIO_VSOCK_RST);
	send(3, 100, VIRTIO_VSOCK_RST);
	heard_nothing();
	/* A peer has its share, whatever it does not confirm. */
	for (unsigned i = 0; i < SOCKETS_EACH; i++)
		connect(3, i);
	send(3, 50, VIRTIO_VSOCK_REQUEST);
	heard_op(VIRTIO_VSOCK_RST);
	connect(4, 50);
	for (unsigned i = 0; i < SOCKETS_MOST; i++) {
		if (sockets.socket[i].peer == 3)
			socket_close(&sockets, &sockets.socket[i]);
	}
	for (unsigned i = 0; i < SOCKETS_EACH; i++)
		heard_op(VIRTIO_VSOCK_SHUTDOWN);
	for (unsigned i = 0; i < 10; i++)
		socket_close(&sockets, connect(3, 60 + i)), heard_op(VIRTIO_VSOCK_SHUTDOWN);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(receives), TEST(writes), TEST(ends), TEST(refuses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
