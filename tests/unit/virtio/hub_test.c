/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket hub's rules: who reaches whom, what is answered with an RST, and who hears of a
 * connection that ends; ports that take nothing, lie, ask for too much; and random ones.
 */
#include "test.h"

#include "hub.h"

#define PORTS 4u
#define HZ    1000u

static struct hub hub;
static struct vsock_shared shared[PORTS];
static struct vsock_end out[PORTS], in[PORTS]; /* the ports' */
static uint64_t now;

/* Ports 0 to 3 are the numbers 2 to 5; all are up. */
static int set_up(void **state)
{
	struct vsock_packet p;

	(void)state;
	now = 0;
	memset(shared, 0, sizeof(shared));
	hub_init(&hub, PORTS, HZ);
	for (unsigned n = 0; n < PORTS; n++) {
		hub.port[n].cid = 2 + n;
		hub.port[n].reach = ~0u;
		hub.port[n].in = vsock_reader(&shared[n].to_hub);
		hub.port[n].out = vsock_writer(&shared[n].to_port);
		out[n] = vsock_writer(&shared[n].to_hub);
		in[n] = vsock_reader(&shared[n].to_port);
		assert_true(vsock_say(&out[n], VSOCK_UP));
	}
	assert_false(hub_serve(&hub, now, &now));
	now = 0;
	for (unsigned n = 0; n < PORTS; n++) {
		assert_true(vsock_next(&in[n], &p) && p.word == VSOCK_RESTART);
		vsock_release(&in[n]);
	}
	return 0;
}

static void serve(void)
{
	uint64_t wake;

	do {
		while (hub_serve(&hub, now, &wake))
			;
	} while (hub_ask(&hub));
}

static struct virtio_vsock_header header(unsigned from, uint32_t from_port, unsigned to, uint32_t to_port, uint16_t op)
{
	return (struct virtio_vsock_header){ .from_cid = 2 + from, .to_cid = 2 + to, .from_port = from_port, .to_port = to_port,
					     .type = VIRTIO_VSOCK_STREAM, .op = op };
}

static bool sends(unsigned from, const struct virtio_vsock_header *h)
{
	uint8_t *space = vsock_space(&out[from]);

	if (!space)
		return false;
	memset(space, (int)h->from_port, h->bytes <= VSOCK_DATA ? h->bytes : VSOCK_DATA);
	vsock_send(&out[from], h);
	return true;
}

static void send(unsigned from, uint32_t from_port, unsigned to, uint32_t to_port, uint16_t op, uint32_t bytes)
{
	struct virtio_vsock_header h = header(from, from_port, to, to_port, op);

	h.bytes = bytes;
	assert_true(sends(from, &h));
	serve();
}

/* What AT gets next is OP, from FROM. */
static void gets(unsigned at, uint32_t at_port, unsigned from, uint32_t from_port, uint16_t op)
{
	struct vsock_packet p;

	assert_true(vsock_next(&in[at], &p));
	assert_int_equal(p.word, VSOCK_PACKET);
	assert_int_equal(p.header.op, op);
	assert_int_equal(p.header.from_cid, 2 + from);
	assert_int_equal(p.header.to_cid, 2 + at);
	assert_int_equal(p.header.from_port, from_port);
	assert_int_equal(p.header.to_port, at_port);
	for (unsigned i = 0; i < p.header.bytes; i++)
		assert_int_equal(p.data[i], (uint8_t)from_port);
	vsock_release(&in[at]);
	vsock_released(&in[at]);
	serve();
}

static void gets_nothing(unsigned at)
{
	struct vsock_packet p;

	assert_false(vsock_next(&in[at], &p));
}

static void connect(unsigned from, uint32_t from_port, unsigned to, uint32_t to_port)
{
	send(from, from_port, to, to_port, VIRTIO_VSOCK_REQUEST, 0);
	gets(to, to_port, from, from_port, VIRTIO_VSOCK_REQUEST);
	send(to, to_port, from, from_port, VIRTIO_VSOCK_RESPONSE, 0);
	gets(from, from_port, to, to_port, VIRTIO_VSOCK_RESPONSE);
}

static unsigned connections(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < CONNECTIONS_MOST; i++)
		n += hub.table.at[i].used;
	return n;
}

static void carries(void **state)
{
	(void)state;
	connect(1, 1000, 2, 80);
	for (unsigned i = 0; i < 200; i++) {
		send(1, 1000, 2, 80, VIRTIO_VSOCK_RW, i);
		gets(2, 80, 1, 1000, VIRTIO_VSOCK_RW);
		send(2, 80, 1, 1000, VIRTIO_VSOCK_RW, VSOCK_DATA);
		gets(1, 1000, 2, 80, VIRTIO_VSOCK_RW);
	}
	send(1, 1000, 2, 80, VIRTIO_VSOCK_SHUTDOWN, 0);
	gets(2, 80, 1, 1000, VIRTIO_VSOCK_SHUTDOWN);
	send(2, 80, 1, 1000, VIRTIO_VSOCK_RST, 0);
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	assert_int_equal(connections(), 0);
	/* It is over: whatever comes now is refused, an RST is not. */
	send(1, 1000, 2, 80, VIRTIO_VSOCK_RW, 5);
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	send(1, 1000, 2, 80, VIRTIO_VSOCK_RST, 0);
	for (unsigned n = 0; n < PORTS; n++)
		gets_nothing(n);
}

/* Port 1 may connect to 2, and 2 to nobody; but it answers. */
static void reach(void **state)
{
	(void)state;
	hub.port[1].reach = 1u << 2;
	hub.port[2].reach = 0;
	connect(1, 1000, 2, 80);
	send(2, 1000, 1, 80, VIRTIO_VSOCK_REQUEST, 0);
	gets(2, 1000, 1, 80, VIRTIO_VSOCK_RST);
	send(1, 1000, 3, 80, VIRTIO_VSOCK_REQUEST, 0);
	gets(1, 1000, 3, 80, VIRTIO_VSOCK_RST);
	/* Without asking first it does not get there either. */
	for (uint16_t op = VIRTIO_VSOCK_RESPONSE; op <= VIRTIO_VSOCK_CREDIT_REQUEST; op++) {
		send(2, 1000, 1, 80, op, 0);
		if (op != VIRTIO_VSOCK_RST)
			gets(2, 1000, 1, 80, VIRTIO_VSOCK_RST);
	}
	gets_nothing(1);
	gets_nothing(3);
}

static void unknown(void **state)
{
	struct virtio_vsock_header h;

	(void)state;
	send(1, 1000, 40, 80, VIRTIO_VSOCK_REQUEST, 0);
	gets(1, 1000, 40, 80, VIRTIO_VSOCK_RST);
	send(1, 1000, 1, 80, VIRTIO_VSOCK_REQUEST, 0); /* itself */
	gets(1, 1000, 1, 80, VIRTIO_VSOCK_RST);
	send(1, 1000, 2, 80, 99, 0);
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	send(1, 1000, 2, 80, 0, 0);
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	h = header(1, 1000, 2, 80, VIRTIO_VSOCK_REQUEST);
	h.type = 9;
	assert_true(sends(1, &h));
	serve();
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	/* The 64 bits of a CID are compared. */
	h = header(1, 1000, 2, 80, VIRTIO_VSOCK_REQUEST);
	h.to_cid |= 1ul << 32;
	assert_true(sends(1, &h));
	serve();
	gets_nothing(2);
	assert_int_equal(connections(), 0);
}

/* In another's name, or in nobody's: neither the other one nor whom it was for hears of it. */
static void false_name(void **state)
{
	struct virtio_vsock_header h = header(3, 1000, 2, 80, VIRTIO_VSOCK_REQUEST);

	(void)state;
	assert_true(sends(1, &h));
	connect(3, 1000, 2, 80);
	h.op = VIRTIO_VSOCK_RW;
	h.bytes = 8;
	assert_true(sends(1, &h));
	h.op = VIRTIO_VSOCK_RST;
	h.bytes = 0;
	assert_true(sends(1, &h));
	serve();
	for (unsigned n = 0; n < PORTS; n++)
		gets_nothing(n);
	assert_int_equal(connections(), 1);
}

/* A guest is reset: all that were connected with it hear of it, and it is not reached until it is up again. */
static void down(void **state)
{
	(void)state;
	connect(1, 1000, 2, 80);
	connect(2, 2000, 3, 80);
	connect(1, 3000, 3, 80);
	assert_true(vsock_say(&out[2], VSOCK_DOWN));
	serve();
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	gets(3, 80, 2, 2000, VIRTIO_VSOCK_RST);
	gets_nothing(1);
	gets_nothing(3);
	gets_nothing(2);
	assert_int_equal(connections(), 1);
	send(1, 1000, 2, 80, VIRTIO_VSOCK_REQUEST, 0);
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	send(2, 1000, 1, 80, VIRTIO_VSOCK_REQUEST, 0); /* down: not a word */
	gets_nothing(2);
	assert_true(vsock_say(&out[2], VSOCK_UP));
	serve();
	connect(1, 1000, 2, 80);
	/* Up again without a word that it was down: the same. */
	assert_true(vsock_say(&out[2], VSOCK_UP));
	serve();
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
}

/* Port 2 takes nothing: 1 waits, and 3 with it only if it sends there; in the end its connections are reset. */
static void stuck(void **state)
{
	struct virtio_vsock_header data = header(1, 1000, 2, 80, VIRTIO_VSOCK_RW);
	unsigned sent = 0;
	uint64_t wake;

	(void)state;
	connect(1, 1000, 2, 80);
	connect(1, 1001, 3, 80);
	connect(3, 1000, 0, 80);
	while (sends(1, &data)) {
		sent++;
		serve();
	}
	assert_int_equal(sent, 2 * VSOCK_SLOTS);
	send(3, 1000, 0, 80, VIRTIO_VSOCK_RW, 9);
	gets(0, 80, 3, 1000, VIRTIO_VSOCK_RW);
	assert_false(hub_serve(&hub, now, &wake));
	assert_int_equal(wake, HZ / HUB_LOOKS_HZ);
	/* The machine stood still: one look. */
	now += 1000 * HZ;
	serve();
	gets_nothing(1);
	for (unsigned i = 1; i < HUB_PATIENCE; i++) {
		gets_nothing(1);
		now += HZ / HUB_LOOKS_HZ;
		serve();
	}
	/* One RST for what waited first, one for each packet behind it. */
	gets(1, 1000, 2, 80, VIRTIO_VSOCK_RST);
	assert_int_equal(hub.port[2].stuck, true);
	send(1, 1001, 3, 80, VIRTIO_VSOCK_RW, 9);
	gets(3, 80, 1, 1001, VIRTIO_VSOCK_RW);
	/* It takes something: it hears of the end, and is reached again. */
	for (unsigned i = 0; i < VSOCK_SLOTS; i++)
		gets(2, 80, 1, 1000, VIRTIO_VSOCK_RW);
	gets(2, 80, 1, 1000, VIRTIO_VSOCK_RST);
	for (struct vsock_packet p; vsock_next(&in[1], &p); vsock_release(&in[1]))
		assert_int_equal(p.header.op, VIRTIO_VSOCK_RST);
	connect(1, 1000, 2, 80);
	assert_int_equal(hub.port[2].stuck, false);
}

/* A port that asks for all there is gets its share, and takes nobody else's. */
static void too_many(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CONNECTIONS_EACH; i++)
		connect(1, 1000 + i, 2, 80);
	send(1, 9, 2, 80, VIRTIO_VSOCK_REQUEST, 0);
	gets(1, 9, 2, 80, VIRTIO_VSOCK_RST);
	connect(2, 9, 1, 80);
	connect(3, 9, 2, 80);
	send(1, 1000, 2, 80, VIRTIO_VSOCK_RST, 0);
	gets(2, 80, 1, 1000, VIRTIO_VSOCK_RST);
	connect(1, 9, 2, 80);
	assert_true(vsock_say(&out[1], VSOCK_DOWN));
	serve();
	for (unsigned i = 0; i < CONNECTIONS_EACH; i++) {
		struct vsock_packet p;

		assert_true(vsock_next(&in[2], &p));
		assert_int_equal(p.header.op, VIRTIO_VSOCK_RST);
		vsock_release(&in[2]);
		serve();
	}
	gets(2, 9, 1, 80, VIRTIO_VSOCK_RST);
	gets_nothing(2);
	assert_int_equal(connections(), 1);
}

/* --- whatever ports do ------------------------------------------------------------------------------- */

static uint64_t seed = 88172645463325252ul;

static uint32_t random_below(uint32_t limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 20) % limit;
}

/* Every entry is in the chain that it belongs to, the counts are those of the entries. */
static void check_table(void)
{
	unsigned opened[HUB_PORTS] = { 0 }, joined[HUB_PORTS] = { 0 }, owed[HUB_PORTS] = { 0 };

	for (unsigned i = 0; i < CONNECTIONS_MOST; i++) {
		struct connection *c = &hub.table.at[i];

		if (!c->used)
			continue;
		assert_int_equal(c->dead, c->owed != 0);
		assert_ptr_equal(connections_find(&hub.table, (struct connection_end){ c->port[1], c->number[1] },
						  (struct connection_end){ c->port[0], c->number[0] }), c);
		opened[c->port[0]]++;
		for (unsigned side = 0; side < 2; side++) {
			joined[c->port[side]]++;
			owed[c->port[side]] += c->owed >> side & 1;
		}
	}
	for (unsigned n = 0; n < HUB_PORTS; n++) {
		assert_int_equal(opened[n], hub.table.opened[n]);
		assert_int_equal(joined[n], hub.table.joined[n]);
		assert_int_equal(owed[n], hub.table.owed[n]);
	}
}

static void random_packet(unsigned n)
{
	/* Mostly to those who take what comes, on few ports, so that much of it is of connections. */
	unsigned to = random_below(16) ? random_below(3) : random_below(PORTS + 1);
	struct virtio_vsock_header h = header(random_below(8) ? n : random_below(PORTS), random_below(10), to, random_below(10),
					      (uint16_t)random_below(10));

	if (random_below(4) == 0)
		h.op = VIRTIO_VSOCK_REQUEST;
	h.bytes = !random_below(16) ? random_below(0xffffffff) : h.op == VIRTIO_VSOCK_RW ? random_below(64) : 0;
	h.type = random_below(16) ? VIRTIO_VSOCK_STREAM : (uint16_t)random_below(5);
	sends(n, &h);
}

static unsigned long delivered, refused;

/* Port 3 is lazy. */
static void random_taking(unsigned n)
{
	struct vsock_packet p;

	for (unsigned i = random_below(20); i > 0 && (n < 3 || random_below(8) == 0) && vsock_next(&in[n], &p); i--) {
		if (p.word == VSOCK_PACKET)
			*(p.header.op == VIRTIO_VSOCK_RST ? &refused : &delivered) += 1;
		vsock_release(&in[n]);
	}
}

static void random_operation(unsigned n)
{
	uint32_t *word;

	switch (random_below(12)) {
	case 0:
		if (random_below(16) == 0)
			vsock_say(&out[n], random_below(3) ? VSOCK_UP : (enum vsock_word)random_below(6));
		break;
	case 1:
		/* Nonsense, in what it may write: nobody else is harmed. */
		word = (uint32_t *)(void *)((uint8_t *)&shared[3] + random_below(sizeof(shared[3]) / 4) * 4);
		*word = random_below(2) ? random_below(0xffffffff) : random_below(64);
		break;
	case 2:
		now += HZ / HUB_LOOKS_HZ;
		break;
	case 3:
	case 4:
	case 5:
		random_taking(n);
		break;
	default:
		random_packet(n);
	}
}

static void random_ports(void **state)
{
	unsigned long operations = getenv("SKERRY_FUZZ_OPERATIONS") ? strtoul(getenv("SKERRY_FUZZ_OPERATIONS"), NULL, 0) : 200000;
	uint64_t wake;

	(void)state;
	for (unsigned long i = 0; i < operations; i++) {
		random_operation(random_below(PORTS));
		hub_serve(&hub, now, &wake);
		if (i % 1000 == 0)
			check_table();
		/* What the others get is for them, and from whom it says. */
		for (unsigned n = 0; n < 3; n++) {
			struct vsock_packet p;

			if (vsock_next(&in[n], &p) && p.word == VSOCK_PACKET)
				assert_true(p.header.to_cid == 2 + n && (p.header.op != VIRTIO_VSOCK_RST || p.header.bytes == 0));
		}
	}
	/* Else it was too loud to try anything. */
	assert_true(delivered > operations / 40 && refused > operations / 40);
	/* Behind all that the honest ones still reach each other. */
	for (unsigned n = 0; n < PORTS; n++) {
		for (struct vsock_packet p; vsock_next(&in[n], &p); vsock_release(&in[n]))
			;
	}
	assert_true(vsock_say(&out[0], VSOCK_UP) && vsock_say(&out[1], VSOCK_UP));
	serve();
	for (unsigned n = 0; n < 2; n++) {
		for (struct vsock_packet p; vsock_next(&in[n], &p); serve())
			vsock_release(&in[n]);
	}
	connect(0, 5000, 1, 80);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(carries), TEST(reach), TEST(unknown), TEST(false_name), TEST(down), TEST(stuck), TEST(too_many),
		TEST(random_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
