/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a component finds at start, and what of C it can use. One line a check, as
 * tests/kernel/harness/check.h says; it is written again here over stdio, which
 * is part of what is tried.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <skerry/calls.h>
#include <skerry/log.h>
#include <skerry/start.h>
#include <skerry/thread.h>

static unsigned passed, failed;
static _Thread_local int local = 41;
static volatile uint32_t second_state;
static volatile int second_local, second_errno;

static void check(const char *name, bool ok)
{
	printf("%s %s\n", ok ? "ok" : "not ok", name);
	*(ok ? &passed : &failed) += 1;
}

static void start_page(void)
{
	size_t size = 0;
	char *large;
	bool zero = true;

	check("component name", strcmp(sk_start()->component, "check") == 0);
	check("number with suffix", sk_param_number("size", 0) == 3 << 20);
	check("hexadecimal number", sk_param_number("odd", 0) == 0x1f0);
	check("number missing", sk_param_number("none", 7) == 7);
	check("text with an equals sign", strcmp(sk_param("text", ""), "one=two") == 0);
	check("slot missing", sk_slot("none") == 0);
	check("region missing", sk_region("nothing", &size) == NULL && size == 0);
	check("small region", sk_region("shared", &size) != NULL && size == 3 * 4096);
	large = sk_region("large", &size);
	check("large region", large != NULL && size == 4 << 20);
	for (size_t i = 0; i < size; i++)
		zero &= large[i] == 0;
	check("a region is zero", zero);
	memset(large, 1, size);
	check("a region can be written", large[size - 1] == 1);
}

static void file(void)
{
	size_t size = 0;
	const char *bytes = sk_region("self", &size);
	uint64_t length = sk_param_number("self.bytes", 0);

	check("a file is mapped", bytes && memcmp(bytes, "\x7f" "ELF", 4) == 0);
	check("its length is told", length > 1000 && length <= size && size - length < 4096);
}

static void memory(void)
{
	char *many[64];
	char *a = malloc(1 << 20);
	bool good = true;

	memset(a, 0xff, 1 << 20);
	check("malloc of 1 MiB", a != NULL);
	free(a);
	a = calloc(1, 1 << 20);
	for (int i = 0; a && i < 1 << 20; i++)
		good &= a[i] == 0;
	check("calloc of what was used is zero", a && good);
	free(a);
	check("malloc of more than the heap", malloc(64 << 20) == NULL && errno == ENOMEM);
	for (int i = 0; i < 64; i++) {
		many[i] = malloc((size_t)i * 97 + 1);
		memset(many[i], i, (size_t)i * 97 + 1);
	}
	for (int i = 0; i < 64; i++) {
		for (int k = 0; k < i * 97 + 1; k++)
			good &= many[i][k] == i;
		free(many[i]);
	}
	check("64 blocks keep their contents", good);
	a = realloc(malloc(10), 300000);
	check("realloc", a != NULL);
	free(a);
}

static void library(void)
{
	char text[64];
	struct timespec t, u;
	uint64_t until;

	snprintf(text, sizeof(text), "%s %5d %-5x| %c%%", "text", -42, 0xbeef, 88);
	check("snprintf", strcmp(text, "text   -42 beef | X%") == 0);
	clock_gettime(CLOCK_MONOTONIC, &t);
	until = sk_counter() + sk_start()->counter_hz / 100;
	while (sk_counter() < until)
		;
	clock_gettime(CLOCK_MONOTONIC, &u);
	check("the clock advances by 10 ms", (u.tv_sec - t.tv_sec) * 1000000000 + u.tv_nsec - t.tv_nsec >= 10000000);
	check("no files", fopen("/etc/passwd", "r") == NULL && errno == ENOSYS);
	check("a thread-local variable", local++ == 41 && local == 42);
}

/* The other thread: its own errno and its own copy of `local`, from the initial value. */
static void second(void *arg)
{
	second_local = local;
	local = 99;
	errno = 5;
	second_errno = errno;
	sk_log("ok output of a second thread, argument %s\n", (const char *)arg);
	second_state = 1;
}

static void threads(void)
{
	static _Alignas(16) char stack[16384];
	static _Alignas(16) char tls[SK_THREAD_TLS_BYTES];
	enum sk_status status;
	uint64_t until = sk_counter() + sk_start()->counter_hz;
	static char greeting[] = "hello";
	uint64_t registers[8];

	errno = 3;
	status = sk_thread_spawn(sk_need_slot("second"), second, greeting, stack, sizeof(stack), tls);
	check("a second thread starts", status == SK_OK);
	while (!second_state && sk_counter() < until)
		sk_yield();
	check("it ran", second_state == 1);
	passed += second_state == 1; /* its own line */
	check("it had its own thread-local variable", second_local == 41 && local == 42);
	check("it had its own errno", second_errno == 5 && errno == 3);
	while (sk_thread_read(sk_need_slot("second"), SK_REG_X0, registers) != SK_OK && sk_counter() < until)
		sk_yield();
	check("it stopped at its end", sk_thread_read(sk_need_slot("second"), SK_REG_X0, registers) == SK_OK);
}

static void peer(void)
{
	volatile uint32_t *shared = sk_need_region("shared", NULL);
	struct sk_words m = { { 1, 2, 3, 4, 5, 6, 7, 8 }, 0, 0 };
	uint64_t bits = 0;

	shared[0] = 100;
	check("signal", sk_signal(sk_need_slot("reply")) == SK_OK);
	check("wait", sk_wait(sk_need_slot("news"), sk_counter() + sk_start()->counter_hz, &bits) == SK_OK);
	check("the badge of a signal", bits == 16);
	check("shared memory, and the badge that the peer saw", shared[0] == 104);
	check("wait with a deadline", sk_wait(sk_need_slot("news"), sk_counter() + 1000, &bits) == SK_TIMEOUT);
	check("call", sk_call(sk_need_slot("service"), &m) == SK_OK);
	check("the reply", m.w[0] == 36);
	check("the badge of a call", m.w[1] == 77);
	check("a right that the spec does not give", sk_signal(sk_need_slot("news")) == SK_NO_RIGHT);
}

int main(int argc, char **argv)
{
	check("arguments", argc == 1 && strcmp(argv[0], "check") == 0 && argv[1] == NULL);
	start_page();
	file();
	memory();
	library();
	threads();
	peer();
	printf("done %u passed %u failed\n", passed, failed);
	fflush(stdout);
	sk_signal(sk_need_slot("exit.off"));
	return 0;
}
