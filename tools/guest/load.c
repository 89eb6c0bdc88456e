/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load DISK r|w KIB DEPTH COUNT: COUNT requests of KIB KiB to warm up, then COUNT between
 * two marks, one behind the other on the disk, past the cache, DEPTH at a time; at the
 * disk's end it begins again.
 * Depth 1 is pread and pwrite, as dd does it; more is the kernel's asynchronous I/O.
 * Exit code 1: a request failed. No C library: what is measured is the disk.
 */
#include "linux.h"

#define DEPTH_MAX 256
#define AREA      (32ul << 20) /* of the disk that is used */

enum {
	AT_CWD = -100, O_RDWR = 2, O_DIRECT = 0x10000, PROT_RW = 3, MAP_PRIVATE_ANONYMOUS = 0x22, MAP_POPULATE = 0x8000,
	IOCB_PREAD = 0, IOCB_PWRITE = 1,
};

struct iocb {
	uint64_t data;
	uint32_t key, flags;
	uint16_t op, priority;
	uint32_t file;
	uint64_t buffer, bytes, offset, reserved;
	uint32_t flags2, event;
};
_Static_assert(sizeof(struct iocb) == 64, "Linux's layout");

struct io_event {
	uint64_t data, object;
	int64_t result, result2;
};

static struct iocb request[DEPTH_MAX];

static void one_by_one(long file, int writes, uint64_t bytes, long buffer, uint64_t count)
{
	uint64_t at = 0;

	for (uint64_t i = 0; i < count; i++) {
		require(call6(writes ? SYS_PWRITE : SYS_PREAD, file, buffer, (long)bytes, (long)at, 0, 0) == (long)bytes);
		at = (at + bytes) % AREA;
	}
}

/* All of these requests with one call, at the places that come next. */
static void submit(long context, struct iocb *const *list, long count, uint64_t *at)
{
	for (long i = 0; i < count; i++) {
		list[i]->offset = *at;
		*at = (*at + list[i]->bytes) % AREA;
	}
	require(count == 0 || call6(SYS_IO_SUBMIT, context, count, (long)list, 0, 0, 0) == count);
}

/* Whatever is done is followed by as many new ones, in one call. */
static void many(long file, int writes, uint64_t bytes, long buffer, uint64_t count, unsigned depth)
{
	static struct io_event event[DEPTH_MAX];
	static struct iocb *list[DEPTH_MAX];
	uint64_t at = 0, left = count;
	long context = 0, n = depth < count ? depth : (long)count;

	require(call6(SYS_IO_SETUP, depth, (long)&context, 0, 0, 0, 0) == 0);
	for (long i = 0; i < n; i++) {
		request[i] = (struct iocb){ .data = (uint64_t)i, .op = writes ? IOCB_PWRITE : IOCB_PREAD,
					    .file = (uint32_t)file, .buffer = (uint64_t)buffer + (uint64_t)i * bytes,
					    .bytes = bytes };
		list[i] = &request[i];
	}
	submit(context, list, n, &at);
	left -= (uint64_t)n;
	for (uint64_t done = 0; done < count; done += (uint64_t)n) {
		long again = 0;

		n = call6(SYS_IO_GETEVENTS, context, 1, depth, (long)event, 0, 0);
		require(n > 0);
		for (long i = 0; i < n; i++) {
			require(event[i].result == (int64_t)bytes);
			if (left > 0) {
				list[again++] = &request[event[i].data];
				left--;
			}
		}
		submit(context, list, again, &at);
	}
}

__attribute__((used)) static _Noreturn void run(const long *stack)
{
	char **argv = (char **)(stack + 1);
	uint64_t bytes, depth, count;
	int writes;
	long file, buffer;

	require(stack[0] == 6);
	writes = argv[2][0] == 'w';
	bytes = number(argv[3]) << 10;
	depth = number(argv[4]);
	count = number(argv[5]);
	require(bytes > 0 && bytes <= AREA && AREA % bytes == 0 && depth > 0 && depth <= DEPTH_MAX);
	file = call6(SYS_OPENAT, AT_CWD, (long)argv[1], O_DIRECT | (writes ? O_RDWR : 0), 0, 0, 0);
	buffer = call6(SYS_MMAP, 0, (long)(depth * bytes), PROT_RW, MAP_PRIVATE_ANONYMOUS | MAP_POPULATE, -1, 0);
	require(file >= 0 && buffer > 0);
	for (int round = 0; round < 2; round++) {
		if (depth == 1)
			one_by_one(file, writes, bytes, buffer, count);
		else
			many(file, writes, bytes, buffer, count, (unsigned)depth);
		mark();
	}
	leave(0);
}

__asm__(".globl _start\n_start: mov x0, sp\n\tb run");
