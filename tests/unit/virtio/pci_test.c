/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entropy device on the PCI bus: found and placed as a guest does it, used
 * with messages and with INTA, then random accesses everywhere.
 */
#include "test.h"

#include "guest.h"
#include "virtio/pci_host.h"
#include "virtio/rng.h"

#define WINDOW 0x10000000ul
#define BAR    0x10010000u
#define DATA   (RAM_BASE + 0x8000)

static struct pci_host host;
static struct rng rng;
static struct entropy entropy;
static struct guest_queue g;
static uint64_t sent_address;
static uint32_t sent_data;
static unsigned sent;
static bool line;

static void on_message(void *context, uint64_t address, uint32_t data)
{
	assert_ptr_equal(context, &sent);
	sent_address = address;
	sent_data = data;
	sent++;
}

static void set_line(void *controller, uint32_t input, bool level)
{
	(void)controller;
	(void)input;
	line = level;
}

static uint64_t access(const struct mmio_ops *ops, uint64_t offset, unsigned width, bool write, uint64_t value)
{
	struct mmio_access a = { .offset = offset, .width = width, .write = write, .value = value };

	assert_true((write ? ops->write : ops->read)(&host, &a));
	return a.value;
}

static uint32_t config(unsigned offset, unsigned width)
{
	uint64_t value = access(&pci_ecam_ops, (1u << 15) + offset, width, false, 0);

	return (uint32_t)(width == 4 ? value : value & ((1ul << 8 * width) - 1));
}

static void set_config(unsigned offset, unsigned width, uint32_t value)
{
	access(&pci_ecam_ops, (1u << 15) + offset, width, true, value);
}

static uint64_t get(uint64_t offset, unsigned width)
{
	return access(&pci_window_ops, BAR - WINDOW + offset, width, false, 0);
}

static void put(uint64_t offset, unsigned width, uint64_t value)
{
	access(&pci_window_ops, BAR - WINDOW + offset, width, true, value);
}

static int set_up(void **state)
{
	(void)state;
	guest_set_up();
	entropy_init(&entropy, "seed", 4);
	rng_init(&rng, &(struct rng_source){ .entropy = &entropy }, &ram, (struct irq_line){ set_line, NULL, 0 });
	memset(&host, 0, sizeof(host));
	host.window = WINDOW;
	host.count = 1;
	virtio_pci_init(&host.function[0], &rng.dev, (struct msi_sink){ on_message, &sent });
	sent = 0;
	line = false;
	set_config(0x10, 4, BAR);
	set_config(0x04, 2, 6);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guest_tear_down();
	return 0;
}

static void found(void **state)
{
	unsigned cap, seen = 0;

	(void)state;
	assert_int_equal(config(0, 4), 0x10441af4);
	assert_int_equal(config(0x0e, 1), 0);
	assert_int_equal(access(&pci_ecam_ops, 0, 4, false, 0) & 0xffffffff, 0xffffffff);
	assert_int_equal(access(&pci_ecam_ops, 2u << 15, 4, false, 0) & 0xffffffff, 0xffffffff);
	assert_int_equal(access(&pci_ecam_ops, (1u << 15) + 0x1000, 4, false, 0) & 0xffffffff, 0xffffffff);
	set_config(0x10, 4, 0xffffffff);
	assert_int_equal(config(0x10, 4), 0xffff8000);
	set_config(0x10, 4, BAR | 0x7fff);
	assert_int_equal(config(0x10, 4), BAR);
	set_config(0, 4, 0);
	assert_int_equal(config(0, 4), 0x10441af4);
	assert_true(config(6, 2) & 0x10);
	for (cap = config(0x34, 1); cap && seen < 16; cap = config(cap + 1, 1)) {
		if (config(cap, 1) == 9 && config(cap + 3, 1) != 5)
			assert_true(config(cap + 12, 4) > 0); /* nothing of no length */
		seen++;
	}
	assert_int_equal(seen, 5);
	set_config(4, 2, 0);
	assert_int_equal(get(0x12, 2), ~0ul);
	set_config(4, 2, 2);
	assert_int_equal(get(0x12, 2), 1);
}

static void start(void)
{
	put(0x14, 1, 0);
	put(0x14, 1, 3);
	put(0x08, 4, 1);
	put(0x0c, 4, 1);
	put(0x14, 1, 11);
	guest_queue(&g, 16, RAM_BASE);
	memset(guest_at(g.desc), 0, 0x1000);
	put(0x16, 2, 0);
	put(0x20, 8, g.desc);
	put(0x28, 4, g.avail);
	put(0x2c, 4, 0);
	put(0x30, 8, g.used);
	put(0x1a, 2, 1);
	put(0x1c, 2, 1);
	put(0x14, 1, 15);
	assert_int_equal(get(0x14, 1), 15);
	assert_int_equal(get(0x18, 2), 16);
	assert_int_equal(get(0x20, 8), g.desc);
}

static void ask(void)
{
	uint32_t head, bytes;

	guest_desc(&g, 0, DATA, 64, VIRTQ_WRITE, 0);
	guest_offer(&g, 0);
	put(0x3000, 2, 0);
	assert_true(guest_take(&g, &head, &bytes));
	assert_int_equal(bytes, 64);
}

static void messages(void **state)
{
	(void)state;
	put(0x4010, 4, 0x8020040);
	put(0x4014, 4, 0);
	put(0x4018, 4, 99);
	set_config(0x42, 2, 0x8000);
	start();
	assert_int_equal(get(0x1a, 2), 1);
	ask(); /* the entry is masked */
	assert_int_equal(sent, 0);
	assert_int_equal(get(0x5000, 4), 2);
	put(0x401c, 4, 0);
	assert_int_equal(sent, 1);
	assert_int_equal(sent_address, 0x8020040);
	assert_int_equal(sent_data, 99);
	ask();
	assert_int_equal(sent, 2);
	set_config(0x42, 2, 0xc000); /* all masked */
	ask();
	assert_int_equal(sent, 2);
	set_config(0x42, 2, 0x8000);
	assert_int_equal(sent, 3);
	put(0x1a, 2, 77);            /* no such vector */
	assert_int_equal(get(0x1a, 2), 0xffff);
	ask();
	assert_int_equal(sent, 3);
	assert_false(line);
}

static void inta(void **state)
{
	(void)state;
	start();
	ask();
	assert_true(line);
	assert_int_equal(get(0x1000, 1), 1);
	assert_false(line);
	assert_int_equal(get(0x1000, 1), 0);
	set_config(4, 2, 0x406);     /* INTx disabled */
	ask();
	assert_false(line);
	assert_int_equal(sent, 0);
}

static void through_configuration(void **state)
{
	(void)state;
	set_config(0xa0, 4, 0x12);
	set_config(0xa4, 4, 2);
	assert_int_equal(config(0xa8, 2), 1);
	set_config(0xa4, 4, 64);
	assert_int_equal(config(0xa8, 4), 0);
	set_config(0xa0, 4, 0xfffffffe);
	set_config(0xa4, 4, 4);
	assert_int_equal(config(0xa8, 4), 0);
}

static void anything(void **state)
{
	const char *text = getenv("SKERRY_FUZZ_OPERATIONS");
	unsigned long count = text ? strtoul(text, NULL, 0) : 200000;

	(void)state;
	guest_seed(7);
	for (unsigned long i = 0; i < count; i++) {
		uint32_t r = guest_random();
		unsigned width = 1u << (r & 3);
		uint64_t offset = (guest_random() & (r & 16 ? 0x7f : 0x7fff)) | (r & 32 ? 1ul << 15 : 0);
		const struct mmio_ops *ops = r & 4 ? &pci_ecam_ops : &pci_window_ops;

		if (ops == &pci_window_ops)
			offset = (BAR - WINDOW + (offset & 0x7fff) + (r & 64 ? (r >> 8 & 7) << 12 : 0)) & ~(uint64_t)(width - 1);
		if (offset + width > PCI_ECAM_BYTES)
			continue;
		access(ops, offset, width, r & 8, r & 128 ? guest_random() : r >> 8 & 31);
		if (i % 64 == 0) {
			set_config(0x10, 4, BAR);
			set_config(4, 2, 6);
		}
	}
	put(0x14, 1, 0);
	virtio_pci_reset(&host.function[0]);
	set_config(0x10, 4, BAR);
	set_config(4, 2, 6);
	start();
	ask();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(found), TEST(messages), TEST(inta), TEST(through_configuration), TEST(anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
