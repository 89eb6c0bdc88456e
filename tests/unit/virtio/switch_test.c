/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the switch does with a frame besides choosing ports: checksums put in, large frames
 * cut, tags in and out, rates. The results are checked by sums of the test's own.
 */
#include "test.h"

#include "checksum.h"
#include "port.h"
#include "rate.h"
#include "segment.h"

enum { ETHERNET = 14, IP4 = 20, IP6 = 40, TCP = 32 };

static struct net_ring to_port;
static struct port port;
static struct net_end reader;
static uint8_t frame[NET_FRAME_MOST];

static int set_up(void **state)
{
	(void)state;
	memset(&to_port, 0, sizeof(to_port));
	port = (struct port){ .out = net_writer(&to_port) };
	reader = net_reader(&to_port);
	return 0;
}

/* RFC 1071, the plain way. */
static uint16_t plain_sum(const uint8_t *at, unsigned bytes, uint32_t sum)
{
	for (unsigned i = 0; i < bytes; i++)
		sum += i % 2 ? at[i] : (uint32_t)at[i] << 8;
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)sum;
}

static void sums(void **state)
{
	uint8_t bytes[300];

	(void)state;
	srand(1);
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)rand();
	for (unsigned at = 0; at < 16; at++) {
		for (unsigned n = 0; n < 280; n++) {
			uint16_t sum = checksum_fold(checksum_add(0, bytes + at, n));

			assert_int_equal(__builtin_bswap16(sum), plain_sum(bytes + at, n, 0));
		}
	}
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(checksum_fold(checksum_add(~0ul, bytes, 256)), 0xffff);
	assert_int_equal(checksum_fold(checksum_add16(0, 0x1234)), 0x3412);
}

static void put16(unsigned at, unsigned value)
{
	frame[at] = (uint8_t)(value >> 8);
	frame[at + 1] = (uint8_t)value;
}

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* A TCP frame of BYTES in all; its payload counts up. TAG: 4 bytes of tag before the type. */
static struct net_frame tcp_frame(bool six, unsigned tag, uint32_t bytes, uint16_t piece)
{
	unsigned ip = ETHERNET + tag, tcp = ip + (six ? IP6 : IP4), payload = tcp + TCP;

	memset(frame, 0, payload);
	if (tag)
		put16(12, 0x8100), put16(14, 10);
	put16(ip - 2, six ? 0x86dd : 0x0800);
	for (unsigned i = 0; i < (six ? 32u : 8u); i++)
		frame[ip + (six ? 8 : 12) + i] = (uint8_t)(17 * i + 3);
	frame[ip] = six ? 0x60 : 0x45;
	if (!six)
		put16(ip + 2, bytes - ip), put16(ip + 4, 0xfffe), frame[ip + 9] = 6;
	put16(tcp + 4, 0xffff), put16(tcp + 6, 0xfc00);
	frame[tcp + 12] = TCP / 4 << 4;
	frame[tcp + 13] = 0x99; /* CWR, ACK, PSH, FIN */
	for (uint32_t i = payload; i < bytes; i++)
		frame[i] = (uint8_t)((i - payload) * 7 >> 3);
	return (struct net_frame){ frame, bytes, { NET_NEEDS_CHECKSUM, six ? NET_CUT_TCP6 : NET_CUT_TCP4, 0, piece,
						   (uint16_t)tcp, 16, 0 } };
}

/* Checks one piece, whose payload begins at DONE of the whole. Returns how much it has. */
static uint32_t check_piece(const struct net_frame *f, bool six, unsigned tag, uint32_t done, uint32_t whole, unsigned n)
{
	unsigned ip = ETHERNET + tag, tcp = ip + (six ? IP6 : IP4), payload = tcp + TCP;
	unsigned length = f->bytes - tcp;
	uint32_t pseudo;

	assert_int_equal(f->offload.cut, NET_CUT_NONE);
	assert_true(f->bytes > payload && f->bytes <= NET_FRAME_WHOLE);
	if (six) {
		assert_int_equal(get16(f->at + ip + 4), length);
	} else {
		assert_int_equal(get16(f->at + ip + 2), f->bytes - ip);
		assert_int_equal(get16(f->at + ip + 4), (0xfffeu + n) & 0xffff);
		assert_int_equal(plain_sum(f->at + ip, IP4, 0), 0xffff);
	}
	pseudo = plain_sum(f->at + ip + (six ? 8 : 12), six ? 32 : 8, 6 + length);
	assert_int_equal(plain_sum(f->at + tcp, length, pseudo), 0xffff);
	assert_int_equal((uint32_t)get16(f->at + tcp + 4) << 16 | get16(f->at + tcp + 6), 0xfffffc00u + done);
	assert_int_equal(f->at[tcp + 13], 0x10 | (done == 0 ? 0x80 : 0) | (done + length - TCP == whole ? 9 : 0));
	for (unsigned i = 0; i < length - TCP; i++)
		assert_int_equal(f->at[payload + i], (uint8_t)((done + i) * 7 >> 3));
	return length - TCP;
}

static void cut(bool six, unsigned tag, uint32_t bytes, uint16_t piece)
{
	struct net_frame f = tcp_frame(six, tag, bytes, piece);
	uint32_t whole = bytes - (ETHERNET + tag + (six ? IP6 : IP4) + TCP), done = 0;
	unsigned n = 0;

	port_send(&port, &f, TAG_KEEP, 0);
	while (net_next(&reader, &f)) {
		done += check_piece(&f, six, tag, done, whole, n++);
		net_release(&reader, &f);
	}
	assert_int_equal(done, whole);
	assert_int_equal(n, (whole + piece - 1) / piece);
}

static void cuts(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		cut(false, 0, 65000 - 13 * round, 1448);
		cut(true, 0, 40000 + 31 * round, 1428);
		cut(false, 4, 3000 + round, 1000);
		cut(false, 0, 68, 1448);
	}
}

/* Frames that are not what they say: nothing is read or written outside, nothing goes out. */
static void cannot_cut(void **state)
{
	static const unsigned at[] = { 14, 14, 23, 46 };
	static const uint8_t value[] = { 0x65, 0x46, 17, 0x00 }; /* version, header length, protocol, TCP's header length */
	struct net_frame f;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		f = tcp_frame(false, 0, 5000, 1448);
		frame[at[i]] = value[i];
		port_send(&port, &f, TAG_KEEP, 0);
		assert_false(net_next(&reader, &f));
	}
	f = tcp_frame(false, 0, 5000, 1448);
	f.offload.checksum_start = 13;
	port_send(&port, &f, TAG_KEEP, 0);
	f = tcp_frame(false, 0, 5000, 1448);
	f.offload.checksum_start = 4970;
	port_send(&port, &f, TAG_KEEP, 0);
	f = tcp_frame(false, 0, 66, 1448); /* headers alone */
	port_send(&port, &f, TAG_KEEP, 0);
	f = tcp_frame(false, 0, 64, 1448); /* shorter than its own headers */
	port_send(&port, &f, TAG_KEEP, 0);
	assert_false(net_next(&reader, &f));
}

static void passes_what_is_taken(void **state)
{
	struct net_frame f = tcp_frame(false, 0, 30000, 1448);

	(void)state;
	to_port.accepts = NET_TAKES_CHECKSUM | NET_TAKES_TCP4;
	port_send(&port, &f, TAG_KEEP, 0);
	assert_true(net_next(&reader, &f));
	assert_int_equal(f.bytes, 30000);
	assert_int_equal(f.offload.cut, NET_CUT_TCP4);
	assert_memory_equal(f.at, frame, 30000);
	net_release(&reader, &f);
	f = tcp_frame(true, 0, 3000, 1428);
	port_send(&port, &f, TAG_KEEP, 0); /* it takes TCP over IPv4 only */
	assert_true(net_next(&reader, &f));
	assert_int_equal(f.offload.cut, NET_CUT_NONE);
}

static void tags(void **state)
{
	struct net_frame f = tcp_frame(false, 0, 200, 0);
	uint8_t copy[200];

	(void)state;
	to_port.accepts = NET_TAKES_CHECKSUM;
	f.offload.cut = NET_CUT_NONE;
	memcpy(copy, frame, sizeof(copy));
	port_send(&port, &f, TAG_INSERT, 0x123);
	assert_true(net_next(&reader, &f));
	assert_int_equal(f.bytes, 204);
	assert_int_equal(get16(f.at + 12), 0x8100);
	assert_int_equal(get16(f.at + 14), 0x123);
	assert_memory_equal(f.at, copy, 12);
	assert_memory_equal(f.at + 16, copy + 12, 188);
	assert_int_equal(f.offload.checksum_start, 38);
	memcpy(frame, f.at, 204);
	net_release(&reader, &f);
	f.at = frame;
	port_send(&port, &f, TAG_REMOVE, 0);
	assert_true(net_next(&reader, &f));
	assert_int_equal(f.bytes, 200);
	assert_memory_equal(f.at, copy, 200);
	assert_int_equal(f.offload.checksum_start, 34);
	net_release(&reader, &f);
	f = (struct net_frame){ frame, 14, { 0 } };
	port_send(&port, &f, TAG_REMOVE, 0); /* no room for a tag in it */
	assert_false(net_next(&reader, &f));
}

/* Over a long time a port gets its rate, behind a pause its burst, whatever the steps of time are. */
static void rates(void **state)
{
	static const uint64_t bits[] = { 8000, 500000, 10000000, 1000000000 };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t hz = 62500000, now = 1234567, begin = now, sent = 0, at = 0;
		struct rate r;

		rate_init(&r, bits[i], 66000, hz, now);
		while (now - begin < 20 * hz) {
			if (rate_allows(&r, now, &at)) {
				rate_take(&r, 1500);
				sent += 1500;
			} else {
				assert_true(at > now);
				now = now % 3 ? at : now + (at - now) / 2 + 1;
			}
		}
		assert_in_range(sent, bits[i] / 8 * 20 - 3000, bits[i] / 8 * 20 + 66000 + 3000);
	}
	assert_int_equal(rate_parse("500k"), 500000);
	assert_int_equal(rate_parse("10M"), 10000000);
	assert_int_equal(rate_parse("8"), 8);
	assert_int_equal(rate_parse("100G"), 100000000000);
	assert_true(!rate_parse("") && !rate_parse("7") && !rate_parse("M") && !rate_parse("1T") && !rate_parse("-5M") &&
		    !rate_parse("101G") && !rate_parse("10Mb") && !rate_parse("99999999999999999999"));
}

/* Any offload, any bytes: the sanitizers watch, and what goes out is whole. */
static void hostile(void **state)
{
	const char *text = getenv("SKERRY_FUZZ_OPERATIONS");
	unsigned long rounds = text ? strtoul(text, NULL, 0) : 200000, through = 0;

	(void)state;
	srand(7);
	for (unsigned long i = 0; i < rounds; i++) {
		bool six = rand() % 2;
		uint32_t bytes = 14 + (unsigned)rand() % (rand() % 8 ? 1505 : 60000);
		struct net_frame f = tcp_frame(six, rand() % 2 ? 4 : 0, bytes < 150 ? 150 : bytes, (uint16_t)(rand() % 3000));

		f.bytes = bytes;
		if (rand() % 2)
			frame[rand() % 80] = (uint8_t)rand();
		if (rand() % 4 == 0)
			f.offload.checksum_start = (uint16_t)rand();
		if (rand() % 4 == 0)
			f.offload.cut = NET_CUT_NONE;
		f.offload.flags = rand() % 2 ? NET_NEEDS_CHECKSUM : 0;
		to_port.accepts = (unsigned)rand() % 8;
		if (!net_offload_valid(&f.offload, f.bytes))
			continue;
		port_send(&port, &f, (enum port_tag)(rand() % 3), 10);
		for (; net_next(&reader, &f); net_release(&reader, &f))
			through++;
	}
	assert_true(through > rounds / 4);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sums), TEST(cuts), TEST(cannot_cut), TEST(passes_what_is_taken), TEST(tags), TEST(rates), TEST(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
