/* SPDX-License-Identifier: BSD-2-Clause */
/* The walk of the guest's translation tables, on tables laid out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "arch/aarch64/stage1.h"

#define BASE 0x40000000ul
#define MMU  1ul

#define T0SZ(n)  ((uint64_t)(n))
#define T1SZ(n)  ((uint64_t)(n) << 16)
#define TG0_64K  (1ul << 14)
#define TG0_16K  (2ul << 14)
#define TG1_4K   (2ul << 30)
#define EPD0     (1ul << 7)
#define TBI0     (1ul << 37)
#define IPS_52   (6ul << 32)
#define DS       (1ul << 59)

#define TABLE 3ul
#define BLOCK 0x701ul
#define PAGE  0x703ul

static _Alignas(65536) uint8_t bytes[0x80000];
static const struct guest_ram ram = { { BASE }, sizeof(bytes), bytes };

static void entry(uint64_t table, unsigned index, uint64_t value)
{
	memcpy(bytes + (table - BASE) + 8 * index, &value, 8);
}

static void to(const struct stage1 *s, uint64_t address, uint64_t expected)
{
	gpa_t at = { 0 };
	const char *wrong = stage1_translate(&ram, s, address, &at);

	if (wrong)
		fail_msg("0x%lx: %s", (unsigned long)address, wrong);
	assert_int_equal(at.value, expected);
}

static void nowhere(const struct stage1 *s, uint64_t address, const char *why)
{
	gpa_t at;
	const char *wrong = stage1_translate(&ram, s, address, &at);

	if (!wrong || !strstr(wrong, why))
		fail_msg("0x%lx: %s, expected: %s", (unsigned long)address, wrong ? wrong : "translated", why);
}

static void mmu_off(void **state)
{
	struct stage1 s = { 0 };

	(void)state;
	to(&s, 0x40001234, 0x40001234);
}

/* 39-bit addresses on both sides: level 1 at BASE, level 2 behind it, level 3 behind that. */
static void granule_4k(void **state)
{
	struct stage1 s = { .sctlr = MMU, .tcr = T0SZ(25) | T1SZ(25) | TG1_4K, .ttbr1 = BASE | 1, .ttbr0 = BASE };
	uint64_t top = 0xffffff8000000000ul;

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	entry(BASE, 0, (BASE + 0x1000) | TABLE);
	entry(BASE, 1, 0x0060000080000000ul | BLOCK);
	entry(BASE, 2, 0x7000000000ul | TABLE);
	entry(BASE + 0x1000, 1, 0x40200000ul | BLOCK);
	entry(BASE + 0x1000, 2, (BASE + 0x2000) | TABLE);
	entry(BASE + 0x2000, 5, 0x40055000ul | PAGE);
	entry(BASE + 0x2000, 6, 0x40055000ul | BLOCK);
	to(&s, top + 0x40001234, 0x80001234);
	to(&s, top + 0x00345678, 0x40345678);
	to(&s, top + 0x00405abc, 0x40055abc);
	to(&s, 0x00405abc, 0x40055abc);
	nowhere(&s, top + 0x00406000, "no valid");
	nowhere(&s, top + 0x00404000, "no valid");
	nowhere(&s, top + 0xc0000000, "no valid");
	nowhere(&s, top + 0x80000000, "outside RAM");
	nowhere(&s, 0x0000008000405abcul, "no translated range");
	nowhere(&s, 0xff00000000405abcul, "no translated range");
	s.tcr |= TBI0;
	to(&s, 0xab00000000405abcul, 0x40055abc);
	s.tcr |= EPD0;
	nowhere(&s, 0x00405abc, "disabled");
}

/* 48 bits: level 0 with two entries used, as Linux with four levels. */
static void four_levels(void **state)
{
	struct stage1 s = { .sctlr = MMU, .tcr = T0SZ(16), .ttbr0 = BASE };

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	entry(BASE, 1, (BASE + 0x1000) | TABLE);
	entry(BASE, 2, 0x40000000 | BLOCK); /* no block at level 0 */
	entry(BASE + 0x1000, 0, 0x40000000ul | BLOCK);
	to(&s, 0x8000000123ul, 0x40000123);
	nowhere(&s, 0x10000000000ul, "no valid");
}

/* 47 bits in 16 KiB pages: levels 1 to 3, 2048 entries each. */
static void granule_16k(void **state)
{
	struct stage1 s = { .sctlr = MMU, .tcr = T0SZ(17) | TG0_16K, .ttbr0 = BASE };

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	entry(BASE, 1, (BASE + 0x4000) | TABLE);
	entry(BASE, 2, 0x40000000ul | BLOCK);
	entry(BASE + 0x4000, 3, 0x42000000ul | BLOCK);
	entry(BASE + 0x4000, 4, (BASE + 0x8000) | TABLE);
	entry(BASE + 0x8000, 7, 0x4000c000ul | PAGE);
	to(&s, (1ul << 36) + (3ul << 25) + 0x1234, 0x42001234);
	to(&s, (1ul << 36) + (4ul << 25) + (7ul << 14) + 0x3fff, 0x4000ffff);
	nowhere(&s, 2ul << 36, "no valid");
}

/* 42 bits in 64 KiB pages: levels 2 and 3, 8192 entries each. */
static void granule_64k(void **state)
{
	struct stage1 s = { .sctlr = MMU, .tcr = T0SZ(22) | TG0_64K, .ttbr0 = BASE };

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	entry(BASE, 1, (BASE + 0x10000) | TABLE);
	entry(BASE, 2, 0x60000000ul | BLOCK);
	entry(BASE + 0x10000, 9, 0x40030000ul | PAGE);
	to(&s, (1ul << 29) + (9ul << 16) + 0xabcd, 0x4003abcd);
	to(&s, (2ul << 29) + 0x123456, 0x60123456);
	s.tcr |= IPS_52;
	nowhere(&s, 2ul << 29, "52-bit");
}

static void refused(void **state)
{
	struct stage1 s = { .sctlr = MMU, .tcr = T0SZ(12), .ttbr0 = BASE };

	(void)state;
	nowhere(&s, 0x1000, "unsupported");
	s.tcr = T0SZ(45);
	nowhere(&s, 0x1000, "unsupported");
	s.tcr = T0SZ(25) | 3ul << 14;
	nowhere(&s, 0x1000, "unsupported");
	s.tcr = T0SZ(16) | DS;
	nowhere(&s, 0x1000, "52-bit");
	s.tcr = T0SZ(16);
	s.ttbr0 = 0x1000;
	nowhere(&s, 0x1000, "outside RAM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mmu_off),
		cmocka_unit_test(granule_4k),
		cmocka_unit_test(four_levels),
		cmocka_unit_test(granule_16k),
		cmocka_unit_test(granule_64k),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
