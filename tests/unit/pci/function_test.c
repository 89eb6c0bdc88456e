/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting up functions: a simulated one keeps the bits of its BARs that it has, and some lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "function.h"

#define BUS   0x10080000u
#define BYTES 0x10000u

/* BAR n keeps what `mask` lets through and shows `flags`; -1 in `stuck`: none lies. */
static struct {
	uint32_t word[16], mask[PCI_BARS], flags[PCI_BARS];
	int stuck;
	unsigned writes;
} device;

static struct pci_function f;

uint32_t pci_read(const struct pci_function *function, unsigned offset)
{
	assert_ptr_equal(function, &f);
	assert_true(offset % 4 == 0 && offset < 64);
	return device.word[offset / 4];
}

void pci_write(const struct pci_function *function, unsigned offset, uint32_t value)
{
	unsigned bar = (offset - PCI_BAR) / 4;

	assert_ptr_equal(function, &f);
	assert_true(offset % 4 == 0 && offset < 64);
	device.writes++;
	if (offset == PCI_COMMAND)
		device.word[1] = value & 0xffff;
	else if (offset >= PCI_BAR && bar < PCI_BARS && (int)bar != device.stuck)
		device.word[offset / 4] = (value & device.mask[bar]) | device.flags[bar];
}

static void bar(unsigned n, uint64_t size, uint32_t flags)
{
	device.mask[n] = (uint32_t)~(size - 1);
	device.flags[n] = device.word[4 + n] = flags;
	if ((flags & 7) == 4)
		device.mask[n + 1] = (uint32_t)(~(size - 1) >> 32);
}

/* As QEMU's virtio devices: 4 KiB for MSI-X, 16 KiB, 64 bits wide, for the rest. */
static int start(void **state)
{
	(void)state;
	memset(&device, 0, sizeof(device));
	device.stuck = -1;
	device.word[0] = 0x10421af4;
	bar(1, 0x1000, 0);
	bar(4, 0x4000, 0xc);
	return 0;
}

static enum pci_result run(void)
{
	const char *wrong;
	enum pci_result result = pci_set_up(&f, BUS, BYTES, &wrong);

	assert_true((wrong != NULL) == (result == PCI_REFUSED));
	/* Whoever is refused reaches nothing. */
	if (result == PCI_REFUSED)
		assert_int_equal(device.word[1] & (PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER), 0);
	return result;
}

static void good(void **state)
{
	(void)state;
	assert_int_equal(run(), PCI_READY);
	assert_int_equal(device.word[1], PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	assert_int_equal(device.word[5], BUS);
	assert_int_equal(device.word[8], (BUS + 0x4000) | 0xc);
	assert_int_equal(device.word[9], 0);
}

/* Again, as after our restart: its driver is at work, and nothing is touched. */
static void again(void **state)
{
	(void)state;
	assert_int_equal(run(), PCI_READY);
	device.writes = 0;
	assert_int_equal(run(), PCI_READY);
	assert_int_equal(device.writes, 0);
	/* Firmware had it elsewhere: it is moved. */
	device.word[5] = 0x20000000;
	assert_int_equal(run(), PCI_READY);
	assert_int_equal(device.word[5], BUS);
}

static void absent(void **state)
{
	(void)state;
	device.word[0] = ~0u;
	assert_int_equal(run(), PCI_ABSENT);
	assert_int_equal(device.writes, 0);
}

static void bridge(void **state)
{
	(void)state;
	device.word[3] = 0x810000;
	assert_int_equal(run(), PCI_REFUSED);
	assert_int_equal(device.writes, 0);
}

static void io_is_off(void **state)
{
	(void)state;
	bar(0, 0x80, 1);
	assert_int_equal(run(), PCI_READY);
	assert_int_equal(device.word[4], 1);
	assert_int_equal(device.word[5], BUS);
}

/* Small ones share no page: a page is what a driver is given. */
static void pages(void **state)
{
	(void)state;
	bar(0, 0x10, 0);
	assert_int_equal(run(), PCI_READY);
	assert_int_equal(device.word[4], BUS);
	assert_int_equal(device.word[5], BUS + 0x1000);
}

static void refused(void **state)
{
	(void)state;
	/* Larger than the place, in either width; together larger. */
	bar(1, 0x20000, 0);
	assert_int_equal(run(), PCI_REFUSED);
	start(NULL);
	bar(4, 1ull << 33, 0xc);
	assert_int_equal(run(), PCI_REFUSED);
	start(NULL);
	bar(1, 0x10000, 0);
	assert_int_equal(run(), PCI_REFUSED);
	/* A size that is none: bits missing in the middle. */
	start(NULL);
	device.mask[1] = 0xff00f000;
	assert_int_equal(run(), PCI_REFUSED);
	/* Half of a 64-bit one; a reserved kind. */
	start(NULL);
	bar(5, 0x1000, 0);
	device.word[9] = device.flags[5] = 4;
	bar(4, 0, 0);
	assert_int_equal(run(), PCI_REFUSED);
	start(NULL);
	bar(1, 0x1000, 2);
	assert_int_equal(run(), PCI_REFUSED);
	/* It answers with an address of its own choice: all of memory's, another's. */
	start(NULL);
	device.stuck = 1;
	device.word[5] = 0x10100000;
	assert_int_equal(run(), PCI_REFUSED);
	start(NULL);
	device.stuck = 5;
	device.word[9] = 0x80;
	assert_int_equal(run(), PCI_REFUSED);
}

/* Whatever its BARs are: what is set up lies in its place, on pages of its own. */
static void any(void **state)
{
	static const uint32_t flags[6] = { 0, 4, 1, 1, 0, 0 };
	uint64_t seed = 1;
	unsigned fine = 0;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		start(NULL);
		for (unsigned n = 0; n < PCI_BARS; n++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			device.mask[n] = (seed >> 60 ? ~0u << (seed >> 32) % 14 : (uint32_t)(seed >> 20)) & ~0xfu;
			device.flags[n] = device.word[4 + n] = seed & 1 << 20 ? flags[(seed >> 40) % 6] : 2 * (seed >> 59 == 0);
		}
		if (run() != PCI_READY)
			continue;
		fine++;
		for (unsigned n = 0; n < PCI_BARS; n++) {
			uint32_t low = device.word[4 + n];

			if (low == device.flags[n] && (!device.mask[n] || (low & 1)))
				continue;
			assert_in_range(low & ~0xfu, BUS, BUS + BYTES - 1);
			assert_int_equal(low & 0xff0, 0);
			if ((low & 6) == 4)
				assert_int_equal(device.word[4 + ++n], 0);
		}
	}
	assert_in_range(fine, 1000, 199000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(good, start), cmocka_unit_test_setup(again, start), cmocka_unit_test_setup(absent, start),
		cmocka_unit_test_setup(bridge, start), cmocka_unit_test_setup(io_is_off, start),
		cmocka_unit_test_setup(pages, start), cmocka_unit_test_setup(refused, start), cmocka_unit_test(any),
	};

	return cmocka_run_group_tests_name("functions on PCI", tests, NULL, NULL);
}
