/* SPDX-License-Identifier: BSD-2-Clause */
/* Program files: a good one of two segments, and one wrong field at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/skerry.h"
#include "elf.h"

#define SIZE 0x3000u
#define BASE 0x10000000ul
#define R    4u
#define RX   5u
#define RW   6u

static const struct range limits = {0x9000, 0x3fff0000};

static char *file;
static struct elf elf;
static struct report report;

static void put(uint64_t at, unsigned bytes, uint64_t value)
{
	memcpy(file + at, &value, bytes);
}

#define HEADER(index) (64 + 56 * (uint64_t)(index))
#define P_TYPE(i)   HEADER(i)
#define P_FLAGS(i)  (HEADER(i) + 4)
#define P_OFFSET(i) (HEADER(i) + 8)
#define P_VADDR(i)  (HEADER(i) + 16)
#define P_FILESZ(i) (HEADER(i) + 32)
#define P_MEMSZ(i)  (HEADER(i) + 40)

static void segment(unsigned i, unsigned flags, uint64_t offset, uint64_t va, uint64_t filesz, uint64_t memsz)
{
	put(P_TYPE(i), 4, 1);
	put(P_FLAGS(i), 4, flags);
	put(P_OFFSET(i), 8, offset);
	put(P_VADDR(i), 8, va);
	put(P_FILESZ(i), 8, filesz);
	put(P_MEMSZ(i), 8, memsz);
}

static int good(void **state)
{
	(void)state;
	file = calloc(1, SIZE);
	memcpy(file, "\177ELF\2\1\1", 7);
	put(16, 2, 2);
	put(18, 2, 183);
	put(24, 8, BASE + 0x40);
	put(32, 8, 64);
	put(54, 2, 56);
	put(56, 2, 3);
	segment(0, RX, 0, BASE, 0x1234, 0x1234);
	segment(1, RW, 0x1fe8, BASE + 0x2fe8, 0x100, 0x2000);
	put(P_TYPE(2), 4, 0x6474e551); /* PT_GNU_STACK */
	return 0;
}

static int end(void **state)
{
	(void)state;
	free(file);
	return 0;
}

static void rejected(const char *expect)
{
	assert_false(elf_read(&elf, "root", file, SIZE, limits, &report));
	assert_string_equal(report.text, expect);
}

static void accepted(void **state)
{
	(void)state;
	if (!elf_read(&elf, "root", file, SIZE, limits, &report))
		fail_msg("%s", report.text);
	assert_int_equal(elf.entry, BASE + 0x40);
	assert_int_equal(elf.low, BASE);
	assert_int_equal(elf.high, BASE + 0x5000);
	assert_int_equal(elf.segments, 2);
	assert_int_equal(elf.segment[0].size, 0x2000);
	assert_int_equal(elf.segment[0].rights, SK_RIGHT_READ | SK_RIGHT_EXEC);
	assert_int_equal(elf.segment[1].va, BASE + 0x2000);
	assert_int_equal(elf.segment[1].size, 0x3000);
	assert_int_equal(elf.segment[1].skip, 0xfe8);
	assert_int_equal(elf.segment[1].offset, 0x1fe8);
	assert_int_equal(elf.segment[1].bytes, 0x100);
	assert_int_equal(elf.segment[1].rights, SK_RIGHT_READ | SK_RIGHT_WRITE);
}

static void header(void **state)
{
	(void)state;
	put(4, 1, 1);
	rejected("root: no 64-bit little-endian ELF file");
	put(4, 1, 2);
	put(16, 2, 3);
	rejected("root: ELF type 3 machine 183, wanted a fixed-address (2) AArch64 (183) program");
	put(16, 2, 2);
	put(18, 2, 243);
	rejected("root: ELF type 2 machine 243, wanted a fixed-address (2) AArch64 (183) program");
	put(18, 2, 183);
	assert_false(elf_read(&elf, "root", file, 63, limits, &report));
	assert_string_equal(report.text, "root: no 64-bit little-endian ELF file");
}

static void program_headers(void **state)
{
	(void)state;
	put(32, 8, SIZE - 56);
	rejected("root: ELF program headers (3 at 0x2fc8) do not fit the file");
	put(32, 8, ~7ul);
	rejected("root: ELF program headers (3 at 0xfffffffffffffff8) do not fit the file");
	put(32, 8, 65);
	rejected("root: ELF program headers (3 at 0x41) do not fit the file");
	put(32, 8, 64);
	put(56, 2, 0);
	rejected("root: ELF program headers (0 at 0x40) do not fit the file");
	put(56, 2, 33);
	rejected("root: ELF program headers (33 at 0x40) do not fit the file");
}

static void dynamic(void **state)
{
	(void)state;
	put(P_TYPE(2), 4, 2);
	rejected("root: linked dynamically; link it statically and not as PIE");
	put(P_TYPE(2), 4, 3);
	rejected("root: linked dynamically; link it statically and not as PIE");
}

static void contents(void **state)
{
	(void)state;
	put(P_OFFSET(1), 8, SIZE - 0xff);
	rejected("root: segment 1: file bytes 0x100 at 0x2f01 do not fit the file or the segment");
	put(P_OFFSET(1), 8, ~0ul);
	rejected(
		"root: segment 1: file bytes 0x100 at 0xffffffffffffffff do not fit the file or the segment");
	put(P_OFFSET(1), 8, 0x1fe8);
	put(P_MEMSZ(1), 8, 0xff);
	rejected("root: segment 1: file bytes 0x100 at 0x1fe8 do not fit the file or the segment");
}

static void addresses(void **state)
{
	(void)state;
	put(P_VADDR(0), 8, 0x8000);
	rejected("root: segment 0: address 0x8000 size 0x1234 lies outside 0x9000..0x3fff0000");
	put(P_VADDR(0), 8, ~0xffful);
	rejected("root: segment 0: address 0xfffffffffffff000 size 0x1234 lies outside 0x9000..0x3fff0000");
	put(P_VADDR(0), 8, BASE);
	put(P_MEMSZ(1), 8, ~0ul);
	rejected(
		"root: segment 1: address 0x10002fe8 size 0xffffffffffffffff lies outside "
		"0x9000..0x3fff0000");
	put(P_MEMSZ(1), 8, 0x2000);
	put(P_VADDR(1), 8, BASE + 0x1fe8);
	rejected("root: segment 1: shares a page with the one before, or stands below it");
	put(P_VADDR(1), 8, BASE - 0x2000);
	rejected("root: segment 1: shares a page with the one before, or stands below it");
}

static void flags(void **state)
{
	(void)state;
	put(P_FLAGS(1), 4, 7);
	rejected("root: segment 1: flags 7; a segment is R, RW or RX");
	put(P_FLAGS(1), 4, 2);
	rejected("root: segment 1: flags 2; a segment is R, RW or RX");
}

static void entry(void **state)
{
	(void)state;
	put(24, 8, BASE + 0x3000);
	rejected("root: entry 0x10003000 is in no executable segment");
	put(24, 8, BASE + 2);
	rejected("root: entry 0x10000002 is in no executable segment");
	put(P_TYPE(0), 4, 0);
	put(P_TYPE(1), 4, 0);
	rejected("root: entry 0x10000002 is in no executable segment");
}

static void segments(void **state)
{
	(void)state;
	put(56, 2, 5);
	for (unsigned i = 0; i < 5; i++)
		segment(i, i ? R : RX, 0, BASE + 0x1000ul * i, 0x10, 0x10);
	rejected("root: more than 4 loadable segments");
	put(P_MEMSZ(4), 8, 0);
	put(P_FILESZ(4), 8, 0);
	assert_true(elf_read(&elf, "root", file, SIZE, limits, &report));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, good, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(accepted),
		TEST(header),
		TEST(program_headers),
		TEST(dynamic),
		TEST(contents),
		TEST(addresses),
		TEST(flags),
		TEST(entry),
		TEST(segments),
	};

	return cmocka_run_group_tests_name("ELF files", tests, NULL, NULL);
}
