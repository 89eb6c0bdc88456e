/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Network traffic, to measure and to check. No C library.
 *
 *   net ping ADDRESS COUNT             ICMP echoes, each sent when the last has come back
 *   net udp ADDRESS PORT BYTES COUNT   datagrams as fast as they go
 *   net serve KIND PORT                echoes what comes over one connection after another
 *   net check KIND ADDRESS PORT BYTES  sends BYTES of a pattern to such a server, which must come back
 *   net say KIND ADDRESS PORT TEXT     sends TEXT, a line
 *   net sink KIND PORT                 takes what comes over one connection after another, and says how much that was
 *   net push KIND ADDRESS PORT MS      sends to such a server for MS milliseconds
 *
 * KIND is tcp, vsock or seqpacket (vsock's messages, each of which comes as one); ADDRESS is
 * 10.0.2.2, of a vsock a CID. ping, udp and push mark their
 * beginning and end for tools/trace/count.c, behind a few that warm up. Exit code 1: an
 * error, or something else came back.
 */
#include "linux.h"

#define WARM 50u
#define CHUNK 16384u

struct address {
	union {
		struct { uint16_t family, port; uint32_t host; uint64_t zero; } in;
		struct { uint16_t family, reserved; uint32_t port, cid, flags; } vm;
	};
	long bytes;
};

static uint8_t out[CHUNK], in[CHUNK];

static long need(long result, const char *what)
{
	if (result >= 0)
		return result;
	print("net: ");
	print(what);
	print(" failed, error ");
	print_number((uint64_t)-result);
	print("\n");
	leave(1);
}

static uint16_t swap16(uint16_t v)
{
	return (uint16_t)(v << 8 | v >> 8);
}

static struct address inet(const char *host, uint16_t port)
{
	struct address a = { .bytes = 16 };
	uint8_t *byte = (uint8_t *)&a.in.host;

	a.in.family = AF_INET;
	a.in.port = swap16(port);
	for (unsigned i = 0; i < 4 && *host; i++, host += *host == '.')
		byte[i] = (uint8_t)number_at(&host);
	return a;
}

static struct address address_of(const char *kind, const char *host, const char *port)
{
	struct address a = { .bytes = 16 };

	if (same(kind, "tcp"))
		return inet(host, (uint16_t)number(port));
	a.vm.family = AF_VSOCK;
	a.vm.port = (uint32_t)number(port);
	a.vm.cid = *host ? (uint32_t)number(host) : ~0u;
	return a;
}

/* --- ping, udp --------------------------------------------------------------------------- */

static uint16_t checksum(const uint8_t *bytes, unsigned n)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < n; i += 2)
		sum += (uint32_t)bytes[i] | (uint32_t)bytes[i + 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* One echo of 64 bytes; whatever else the raw socket hears is passed over. */
static void echo(long s, const struct address *to, uint16_t sequence)
{
	enum { BYTES = 64, REQUEST = 8, IP = 20 };
	uint16_t sum;

	out[0] = REQUEST;
	out[1] = out[2] = out[3] = 0;
	out[4] = 0x5b, out[5] = 0x17;
	out[6] = (uint8_t)sequence, out[7] = (uint8_t)(sequence >> 8);
	for (unsigned i = 8; i < BYTES; i++)
		out[i] = (uint8_t)(i + sequence);
	sum = checksum(out, BYTES);
	out[2] = (uint8_t)sum, out[3] = (uint8_t)(sum >> 8);
	need(call6(SYS_SENDTO, s, (long)out, BYTES, 0, (long)to, to->bytes), "sendto");
	for (;;) {
		long got = need(call6(SYS_RECVFROM, s, (long)in, CHUNK, 0, 0, 0), "recvfrom");
		unsigned wrong = 0;

		if (got != IP + BYTES || in[IP] != 0 || in[IP + 6] != out[6] || in[IP + 7] != out[7])
			continue;
		for (unsigned i = 8; i < BYTES; i++)
			wrong += in[IP + i] != out[i];
		if (!wrong)
			return;
		print("net: an echo came back changed\n");
		leave(1);
	}
}

static void ping(const char *host, unsigned count)
{
	struct address to = inet(host, 0);
	long s = need(call3(SYS_SOCKET, AF_INET, SOCK_RAW, IPPROTO_ICMP), "socket");

	for (unsigned i = 0; i < WARM; i++)
		echo(s, &to, (uint16_t)i);
	mark();
	for (unsigned i = 0; i < count; i++)
		echo(s, &to, (uint16_t)(i + WARM));
	mark();
	print_number(count);
	print(" echoes\n");
}

static void udp(const char *host, uint16_t port, unsigned bytes, unsigned count)
{
	struct address to = inet(host, port);
	long s = need(call3(SYS_SOCKET, AF_INET, SOCK_DGRAM, 0), "socket");

	if (bytes > CHUNK)
		leave(1);
	need(call3(SYS_CONNECT, s, (long)&to, to.bytes), "connect");
	for (unsigned i = 0; i < WARM + count; i++) {
		if (i == WARM)
			mark();
		/* An ICMP "nobody listens" that came back is reported once by the next call. */
		(void)call6(SYS_SENDTO, s, (long)out, bytes, 0, 0, 0);
	}
	mark();
	print_number(count);
	print(" datagrams\n");
}

/* --- serve, check ------------------------------------------------------------------------ */

static long stream(const char *kind)
{
	return need(call3(SYS_SOCKET, same(kind, "tcp") ? AF_INET : AF_VSOCK,
			  same(kind, "seqpacket") ? SOCK_SEQPACKET : SOCK_STREAM, 0), "socket");
}

static void write_all(long s, const uint8_t *bytes, long n)
{
	for (long done = 0; done < n;)
		done += need(call3(SYS_WRITE, s, (long)(bytes + done), n - done), "write");
}

static long listener(const char *kind, const char *port)
{
	struct address any = address_of(kind, same(kind, "tcp") ? "0.0.0.0" : "", port);
	long s = stream(kind);

	need(call3(SYS_BIND, s, (long)&any, any.bytes), "bind");
	need(call3(SYS_LISTEN, s, 4, 0), "listen");
	print("serving\n");
	return s;
}

static void serve(const char *kind, const char *port)
{
	long s = listener(kind, port), c, got;

	for (;;) {
		c = need(call3(SYS_ACCEPT, s, 0, 0), "accept");
		while ((got = call3(SYS_READ, c, (long)in, CHUNK)) > 0)
			write_all(c, in, got);
		call3(SYS_CLOSE, c, 0, 0);
	}
}

/* Byte N of the pattern: no period that a lost or doubled piece would hide in. */
static uint8_t pattern(uint64_t n)
{
	n = (n >> 3) * 0x9e3779b97f4a7c15ul ^ n;
	return (uint8_t)(n >> 40 ^ n);
}

static _Noreturn void send_pattern(long s, uint64_t bytes)
{
	for (uint64_t done = 0; done < bytes;) {
		long n = bytes - done < CHUNK ? (long)(bytes - done) : (long)CHUNK;

		for (long i = 0; i < n; i++)
			out[i] = pattern(done + (uint64_t)i);
		write_all(s, out, n);
		done += (uint64_t)n;
	}
	call3(SYS_SHUTDOWN, s, 1, 0);
	leave(0);
}

/* A connection to a server that may not be there yet: refused ones (a socket's: reset) are tried again for ten seconds. */
static long connection(const char *kind, const struct address *to)
{
	enum { RESET = -104, REFUSED = -111, TRIES = 100 };
	int64_t pause[2] = { 0, 100000000 };
	long s, result;

	for (unsigned i = 0;; i++) {
		s = stream(kind);
		result = call3(SYS_CONNECT, s, (long)to, to->bytes);
		if ((result != REFUSED && result != RESET) || i == TRIES)
			break;
		call3(SYS_CLOSE, s, 0, 0);
		call3(SYS_NANOSLEEP, (long)pause, 0, 0);
	}
	need(result, "connect");
	return s;
}

static void check(const char *kind, const char *host, const char *port, uint64_t bytes)
{
	struct address to = address_of(kind, host, port);
	long s = connection(kind, &to), got;
	uint64_t came = 0;

	print("connected\n");
	if (need(call6(SYS_CLONE, SIGCHLD, 0, 0, 0, 0, 0), "clone") == 0)
		send_pattern(s, bytes);
	while ((got = need(call3(SYS_READ, s, (long)in, CHUNK), "read")) > 0) {
		if (same(kind, "seqpacket") && got != (bytes - came < CHUNK ? (long)(bytes - came) : (long)CHUNK)) {
			print("net: part of a message\n");
			leave(1);
		}
		for (long i = 0; i < got; i++, came++) {
			if (in[i] == pattern(came))
				continue;
			print("net: wrong byte at ");
			print_number(came);
			print("\n");
			leave(1);
		}
	}
	print_number(came);
	print(came == bytes ? " bytes came back\n" : " bytes came back, not all\n");
	leave(came != bytes);
}

static void say(const char *kind, const char *host, const char *port, const char *text)
{
	struct address to = address_of(kind, host, port);
	long s = stream(kind);

	need(call3(SYS_CONNECT, s, (long)&to, to.bytes), "connect");
	write_all(s, (const uint8_t *)text, (long)length_of(text));
	write_all(s, (const uint8_t *)"\n", 1);
}

/* --- sink, push -------------------------------------------------------------------------- */

static void sink(const char *kind, const char *port)
{
	long s = listener(kind, port), c, got;
	uint64_t came;

	for (;;) {
		c = need(call3(SYS_ACCEPT, s, 0, 0), "accept");
		for (came = 0; (got = call3(SYS_READ, c, (long)in, CHUNK)) > 0; came += (uint64_t)got)
			;
		write_all(c, (const uint8_t *)&came, sizeof(came));
		call3(SYS_CLOSE, c, 0, 0);
	}
}

static uint64_t microseconds(void)
{
	uint64_t ticks, hz;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tmrs %1, cntfrq_el0" : "=r"(ticks), "=r"(hz));
	return ticks / (hz / 1000) * 1000 + ticks % (hz / 1000) * 1000 / (hz / 1000);
}

static void push(const char *kind, const char *host, const char *port, uint64_t milliseconds)
{
	struct address to = address_of(kind, host, port);
	long s = connection(kind, &to);
	uint64_t begin = microseconds(), came = 0;

	mark();
	while (microseconds() - begin < milliseconds * 1000)
		write_all(s, out, CHUNK);
	call3(SYS_SHUTDOWN, s, 1, 0);
	if (need(call3(SYS_READ, s, (long)&came, sizeof(came)), "read") != sizeof(came))
		leave(1);
	mark();
	print_number(came);
	print(" bytes in ");
	print_number(microseconds() - begin);
	print(" us\n");
}

static __attribute__((used)) _Noreturn void start(long argc, const char **argv)
{
	if (argc == 4 && same(argv[1], "ping"))
		ping(argv[2], (unsigned)number(argv[3]));
	else if (argc == 6 && same(argv[1], "udp"))
		udp(argv[2], (uint16_t)number(argv[3]), (unsigned)number(argv[4]), (unsigned)number(argv[5]));
	else if (argc == 4 && same(argv[1], "serve"))
		serve(argv[2], argv[3]);
	else if (argc == 6 && same(argv[1], "check"))
		check(argv[2], argv[3], argv[4], number(argv[5]));
	else if (argc == 6 && same(argv[1], "say"))
		say(argv[2], argv[3], argv[4], argv[5]);
	else if (argc == 4 && same(argv[1], "sink"))
		sink(argv[2], argv[3]);
	else if (argc == 6 && same(argv[1], "push"))
		push(argv[2], argv[3], argv[4], number(argv[5]));
	else
		leave(2);
	leave(0);
}

/* Linux starts a program with its arguments on the stack. */
__asm__(".globl _start\n_start:\tldr x0, [sp]\n\tadd x1, sp, #8\n\tb start\n");
