/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a virtio device on PCI has its registers: good ones, each lie by itself, and nonsense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pci_layout.h"

#define ROOM  0x10000u
#define BLOCK 2u

static uint8_t head[PCI_HEAD_BYTES] __attribute__((aligned(8)));
static struct pci_layout layout;

static void put(unsigned at, uint32_t value, unsigned bytes)
{
	memcpy(head + at, &value, bytes);
}

static void capability(unsigned at, uint8_t next, uint8_t length, uint8_t kind, uint32_t offset, uint32_t bytes)
{
	head[at] = 0x09;
	head[at + 1] = next;
	head[at + 2] = length;
	head[at + 3] = kind;
	head[at + 4] = 4;
	put(at + 8, offset, 4);
	put(at + 12, bytes, 4);
}

/* As QEMU's: BAR 1 for MSI-X, BAR 4, 64 bits wide, with a page for each part. */
static int start(void **state)
{
	(void)state;
	memset(head, 0, sizeof(head));
	put(0x00, 0x10421af4, 4);
	put(0x06, 0x10, 2);
	put(0x14, 0x10080000, 4);
	put(0x20, 0x1008400c, 4);
	head[0x34] = 0x98;
	head[0x98] = 0x11;
	head[0x99] = 0x84;
	capability(0x84, 0x70, 20, 5, 0, 0);
	capability(0x70, 0x60, 20, 2, 0x3000, 0x1000);
	put(0x80, 4, 4);
	capability(0x60, 0x50, 16, 4, 0x2000, 0x1000);
	capability(0x50, 0x40, 16, 3, 0x1000, 0x1000);
	capability(0x40, 0x00, 16, 1, 0x0000, 0x1000);
	return 0;
}

static const char *run(void)
{
	return pci_layout_read(&layout, head, ROOM, BLOCK);
}

static void good(void **state)
{
	(void)state;
	assert_null(run());
	assert_int_equal(layout.part[PCI_COMMON].at, 0x4000);
	assert_int_equal(layout.part[PCI_ISR].at, 0x5000);
	assert_int_equal(layout.part[PCI_DEVICE].at, 0x6000);
	assert_int_equal(layout.part[PCI_NOTIFY].at, 0x7000);
	assert_int_equal(layout.part[PCI_NOTIFY].bytes, 0x1000);
	assert_int_equal(layout.notify_step, 4);
}

static void another_device(void **state)
{
	(void)state;
	put(0x02, 0x1041, 2);
	assert_non_null(run());
	put(0x02, 0x1001, 2);
	assert_non_null(run());
	put(0x00, 0xffffffff, 4);
	assert_non_null(run());
}

static void no_capabilities(void **state)
{
	(void)state;
	put(0x06, 0, 2);
	assert_non_null(run());
	start(NULL);
	head[0x34] = 0x10;
	assert_non_null(run());
}

/* A list in a circle, one that leads out of the header or into it. */
static void lists(void **state)
{
	(void)state;
	head[0x41] = 0x98;
	assert_null(run());
	start(NULL);
	head[0x85] = 0x84;
	assert_non_null(run());
	start(NULL);
	head[0x99] = 0xfc;
	head[0xfc] = 0x09;
	assert_non_null(run());
	start(NULL);
	head[0x85] = 0x08;
	assert_non_null(run());
}

/* One thing about the common part is wrong; without it there is no device. */
static void lies(void **state)
{
	static const struct { unsigned at; uint32_t value; unsigned bytes; } lie[] = {
		{ 0x42, 15, 1 }, { 0x42, 0, 1 }, { 0x42, 0xff, 1 },              /* length */
		{ 0x44, 6, 1 }, { 0x44, 255, 1 }, { 0x44, 0, 1 }, { 0x44, 5, 1 },  /* BAR: none such, none there, half of one */
		{ 0x48, 2, 4 }, { 0x48, 0xc000, 4 }, { 0x48, 0xfffff000, 4 },      /* offset */
		{ 0x4c, 0, 4 }, { 0x4c, 55, 4 }, { 0x4c, 0xc001, 4 }, { 0x4c, 0xffffffff, 4 }, /* bytes */
		{ 0x20, 0x1008400d, 4 }, { 0x20, 0x1008400a, 4 }, { 0x20, 0xc, 4 }, /* the BAR: I/O, reserved, nowhere */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(lie) / sizeof(lie[0]); i++) {
		start(NULL);
		put(lie[i].at, lie[i].value, lie[i].bytes);
		assert_non_null(run());
	}
}

/* The first that serves is taken; what does not is passed over (4.1.4). */
static void several(void **state)
{
	(void)state;
	capability(0x40, 0xa0, 16, 1, 0xfff8, 0x1000);
	capability(0xa0, 0xb0, 16, 1, 0x0800, 0x800);
	capability(0xb0, 0x00, 16, 1, 0x0000, 0x1000);
	assert_null(run());
	assert_int_equal(layout.part[PCI_COMMON].at, 0x4800);
	assert_int_equal(layout.part[PCI_COMMON].bytes, 0x800);
}

static void notifications(void **state)
{
	(void)state;
	put(0x80, 3, 4);
	assert_non_null(run());
	put(0x80, 0, 4);
	assert_null(run());
	head[0x72] = 16;
	assert_non_null(run());
}

/* Whatever stands there, nothing leads out of the function's registers. */
static void nonsense(void **state)
{
	uint64_t seed = 7;
	unsigned fine = 0;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		start(NULL);
		for (unsigned n = i % 8; n < 8; n++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			head[4 + (seed >> 32) % 252] = (uint8_t)(seed >> 56);
		}
		if (run())
			continue;
		fine++;
		assert_true(layout.part[PCI_COMMON].bytes >= 56 && layout.part[PCI_COMMON].at % 4 == 0);
		for (unsigned p = 0; p < PCI_PARTS; p++) {
			assert_in_range(layout.part[p].at, 0, ROOM);
			assert_in_range(layout.part[p].bytes, 0, ROOM - layout.part[p].at);
		}
	}
	assert_in_range(fine, 1000, 199000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(good, start), cmocka_unit_test_setup(another_device, start),
		cmocka_unit_test_setup(no_capabilities, start), cmocka_unit_test_setup(lists, start),
		cmocka_unit_test_setup(lies, start), cmocka_unit_test_setup(several, start),
		cmocka_unit_test_setup(notifications, start), cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests_name("registers of virtio devices on PCI", tests, NULL, NULL);
}
