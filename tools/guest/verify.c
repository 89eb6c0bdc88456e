/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a disk at random and checks what it reads: no block may be lost, old, or
 * another's.
 *
 *   verify run FILE WORKERS STEPS SEED    destroys FILE's first WORKERS * 16 MiB
 *   verify check FILE WORKERS STEPS SEED  is all there that such a run had written?
 *
 * Each worker, a process, has 4096 blocks of 4 KiB. A step writes or reads 1 to 16 in a
 * row, past the page cache. A block's contents follow from its number and how often it
 * was written, and the steps from the seed, so that a check after a restart knows both.
 */
#include "linux.h"

enum {
	BLOCK = 4096, BLOCKS = 4096, MOST = 16, WORDS = BLOCK / 8, WORKERS = 8,
	SYS_FSYNC = 82, AT_FDCWD = -100, O_RDWR = 2, O_DIRECT = 0200000,
};

static uint32_t times[BLOCKS];          /* that a block was written; 0: its contents are not ours */
static _Alignas(BLOCK) uint64_t buffer[MOST * WORDS];
static uint64_t state;

static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint64_t word_of(uint64_t block, uint32_t time, unsigned word)
{
	return (block * 0x9e3779b97f4a7c15 ^ (uint64_t)time << 40) + word * 0xd6e8feb86659fd93;
}

static int failed(const char *what, uint64_t block, uint64_t is, uint64_t expected)
{
	print("verify: ");
	print(what);
	print(" block ");
	print_number(block);
	print(": ");
	print_number(is);
	print(", expected ");
	print_number(expected);
	print("\n");
	return 1;
}

static int write_blocks(long file, uint64_t base, unsigned at, unsigned count)
{
	long done;

	for (unsigned i = 0; i < count; i++)
		for (unsigned w = 0; w < WORDS; w++)
			buffer[i * WORDS + w] = word_of(base + at + i, times[at + i], w);
	done = call6(SYS_PWRITE, file, (long)buffer, count * BLOCK, (long)(base + at) * BLOCK, 0, 0);
	return done == count * BLOCK ? 0 : failed("writing at", base + at, (uint64_t)done, count * BLOCK);
}

static int check_blocks(long file, uint64_t base, unsigned at, unsigned count)
{
	long done = call6(SYS_PREAD, file, (long)buffer, count * BLOCK, (long)(base + at) * BLOCK, 0, 0);

	if (done != count * BLOCK)
		return failed("reading at", base + at, (uint64_t)done, count * BLOCK);
	for (unsigned i = 0; i < count; i++) {
		for (unsigned w = 0; w < WORDS && times[at + i]; w++) {
			uint64_t expected = word_of(base + at + i, times[at + i], w);

			if (buffer[i * WORDS + w] != expected)
				return failed("contents of", base + at + i, buffer[i * WORDS + w], expected);
		}
	}
	return 0;
}

static int work(long file, unsigned worker, uint64_t steps, uint64_t seed, int only_check)
{
	uint64_t base = (uint64_t)worker * BLOCKS;

	state = (seed + 1) * 0x2545f4914f6cdd1d + worker;
	for (uint64_t step = 0; step < steps; step++) {
		uint64_t r = next();
		unsigned at = r % BLOCKS, count = 1 + (r >> 32) % MOST;

		count = count < BLOCKS - at ? count : BLOCKS - at;
		for (unsigned i = 0; i < count && r >> 63; i++)
			times[at + i]++;
		if (only_check)
			continue;
		if (r >> 63 ? write_blocks(file, base, at, count) : check_blocks(file, base, at, count))
			return 1;
	}
	if (!only_check && call3(SYS_FSYNC, file, 0, 0) != 0)
		return failed("fsync after", base, 1, 0);
	for (unsigned at = 0; at < BLOCKS; at += MOST) {
		if (check_blocks(file, base, at, MOST))
			return 1;
	}
	return 0;
}

static int run(char **argv)
{
	long file = call6(SYS_OPENAT, AT_FDCWD, (long)argv[2], O_RDWR | O_DIRECT, 0, 0, 0);
	unsigned workers = (unsigned)number(argv[3]), bad = 0;
	int status;

	if (file < 0 || workers < 1 || workers > WORKERS) {
		print("verify: the file cannot be opened, or there are not 1 to 8 workers\n");
		return 1;
	}
	for (unsigned worker = 0; worker < workers; worker++) {
		if (call6(SYS_CLONE, SIGCHLD, 0, 0, 0, 0, 0) == 0)
			leave(work(file, worker, number(argv[4]), number(argv[5]), argv[1][0] == 'c'));
	}
	for (unsigned worker = 0; worker < workers; worker++) {
		call6(SYS_WAIT4, -1, (long)&status, 0, 0, 0, 0);
		bad += status != 0;
	}
	print(bad ? "verify: differences\n" : "verify: all as written\n");
	return bad != 0;
}

__attribute__((used)) _Noreturn static void start(long *stack)
{
	if (stack[0] != 6)
		print("Usage: verify run|check FILE WORKERS STEPS SEED\n");
	leave(stack[0] == 6 ? run((char **)(stack + 1)) : 1);
}

__asm__(".globl _start\n_start: mov x0, sp\n\tb start\n");
