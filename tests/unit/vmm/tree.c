/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's device tree says what the guest has, and the VMM's devices stand where it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/cntp.h"
#include "arch/aarch64/machine.h"
#include "arch/aarch64/tree.h"
#include "core/arch.h"

/* Named by an inline function that nobody calls here. */
uint64_t cntp_poll(struct vcpu *cpu)
{
	(void)cpu;
	return 0;
}

static uint64_t blob[2048], built[2048];
static struct vm vm;

/* As the system was built: 256 MiB, up to 8 vCPUs, and three devices. */
static void build(void)
{
	const struct tree_machine machine = { .ram_base = 0x40000000, .ram_bytes = 256u << 20, .cpus = 8, .append = "quiet",
					      .device = { "disk0", "net0", "rng" }, .devices = 3 };

	assert_true(tree_make(&machine, built, sizeof(built)) > 0);
}

static void there(const char *label)
{
	strcpy(vm.virtio.label[vm.virtio.count++], label);
}

static const void *make(const char *append, uint64_t initrd_size, const char *seed)
{
	struct image_placed placed = { .initrd = gpa(0x43210000), .initrd_size = initrd_size };
	size_t size;

	bool on_pci = vm.virtio.on_pci;

	build();
	memset(&vm, 0, sizeof(vm));
	vm.arch.tree = built;
	vm.virtio.on_pci = on_pci;
	there("net0");
	there("rng");
	vm.ram = (struct guest_ram){ gpa(0x40000000), 0x180000000ul, NULL };
	vm.cpus = 2;
	vm.vcpu[1].arch.affinity = 1;
	vm.append = append;
	entropy_init(&vm.entropy, seed, strlen(seed));
	size = arch_device_tree(&vm, &placed, blob, sizeof(blob));
	if (size == 0)
		return NULL;
	assert_int_equal(fdt_check_header(blob), 0);
	assert_int_equal(fdt_totalsize(blob), size);
	return blob;
}

static const void *property(const void *fdt, const char *path, const char *name, int *size)
{
	int node = fdt_path_offset(fdt, path), got = 0;
	const void *value;

	if (node < 0)
		fail_msg("there is no node %s", path);
	value = fdt_getprop(fdt, node, name, &got);
	if (!value)
		fail_msg("%s has no %s", path, name);
	*size = got;
	return value;
}

static uint32_t cell(const void *fdt, const char *path, const char *name, unsigned n)
{
	int size;
	const fdt32_t *value = property(fdt, path, name, &size);

	assert_true((int)(4 * n) < size);
	return fdt32_to_cpu(value[n]);
}

static void text(const void *fdt, const char *path, const char *name, const char *expected)
{
	int size;
	const char *value = property(fdt, path, name, &size);

	assert_true(fdt_stringlist_contains(value, size, expected));
}

static void describes_the_machine(void **state)
{
	const void *fdt = make("console=ttyAMA0", 0x1000, "1");

	(void)state;
	assert_non_null(fdt);
	assert_int_equal(cell(fdt, "/memory@40000000", "reg", 1), 0x40000000);
	assert_int_equal(cell(fdt, "/memory@40000000", "reg", 2), 1);
	assert_int_equal(cell(fdt, "/memory@40000000", "reg", 3), 0x80000000);
	text(fdt, "/cpus/cpu@0", "enable-method", "psci");
	assert_int_equal(cell(fdt, "/cpus/cpu@1", "reg", 1), 1);
	assert_true(fdt_path_offset(fdt, "/cpus/cpu@2") < 0);
	text(fdt, "/psci", "method", "hvc");
	text(fdt, "/psci", "compatible", "arm,psci-0.2");
	text(fdt, "/intc@8000000", "compatible", "arm,gic-v3");
	assert_int_equal(cell(fdt, "/intc@8000000", "reg", 1), 0x08000000);
	assert_int_equal(cell(fdt, "/intc@8000000", "reg", 5), 0x080a0000);
	assert_int_equal(cell(fdt, "/intc@8000000", "reg", 7), 2 * 0x20000);
	assert_int_equal(cell(fdt, "/timer", "interrupts", 7), 11);
	text(fdt, "/pl011@9000000", "compatible", "arm,primecell");
	assert_int_equal(cell(fdt, "/pl011@9000000", "interrupts", 1), 1);
	assert_int_equal(cell(fdt, "/pl031@9010000", "interrupts", 1), 2);
}

/* Every phandle that is used is one that a node has. */
static void references_hold(void **state)
{
	const void *fdt = make("", 0, "1");

	(void)state;
	assert_true(fdt_node_offset_by_phandle(fdt, cell(fdt, "/", "interrupt-parent", 0)) ==
		    fdt_path_offset(fdt, "/intc@8000000"));
	assert_true(fdt_node_offset_by_phandle(fdt, cell(fdt, "/pl011@9000000", "clocks", 1)) ==
		    fdt_path_offset(fdt, "/apb-pclk"));
	int size, console = fdt_path_offset(fdt, property(fdt, "/chosen", "stdout-path", &size));
	assert_true(console > 0);
}

static void chosen(void **state)
{
	const void *fdt = make("a b c", 0x1234, "1");
	int size;

	(void)state;
	text(fdt, "/chosen", "bootargs", "a b c");
	assert_int_equal(cell(fdt, "/chosen", "linux,initrd-start", 1), 0x43210000);
	assert_int_equal(cell(fdt, "/chosen", "linux,initrd-end", 1), 0x43211234);
	property(fdt, "/chosen", "rng-seed", &size);
	assert_int_equal(size, 32);
	property(fdt, "/chosen", "kaslr-seed", &size);
	assert_int_equal(size, 8);
	fdt = make("", 0, "1");
	assert_null(fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "linux,initrd-start", NULL));
}

static void seeds_follow_the_seed(void **state)
{
	uint8_t first[32], again[32], other[32];
	int size;

	(void)state;
	memcpy(first, property(make("", 0, "1"), "/chosen", "rng-seed", &size), 32);
	memcpy(again, property(make("", 0, "1"), "/chosen", "rng-seed", &size), 32);
	memcpy(other, property(make("", 0, "2"), "/chosen", "rng-seed", &size), 32);
	assert_memory_equal(first, again, 32);
	assert_memory_not_equal(first, other, 32);
}

/* RFC 8439, 2.3.2 has no vector for our layout; that the generator moves on and forgets is what counts. */
static void entropy_moves_on(void **state)
{
	struct entropy e;
	uint8_t a[100], b[100];
	uint32_t key[8];

	(void)state;
	entropy_init(&e, "x", 1);
	memcpy(key, e.key, sizeof(key));
	entropy_get(&e, a, sizeof(a));
	assert_memory_not_equal(key, e.key, sizeof(key));
	entropy_get(&e, b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_memory_not_equal(a, a + 50, 50);
}

/* Of the machine as it was built stays what the VMM has. */
static void what_is_not_there_goes(void **state)
{
	const void *fdt = make("", 0, "1");

	(void)state;
	assert_true(fdt_path_offset(fdt, "/virtio_mmio@a000000") < 0);
	text(fdt, "/virtio_mmio@a000200", "label", "net0");
	text(fdt, "/virtio_mmio@a000400", "label", "rng");
	assert_true(fdt_path_offset(fdt, "/pcie@3f000000") < 0);
	assert_true(fdt_path_offset(fdt, "/intc@8000000/v2m@8020000") < 0);
	vm.virtio.on_pci = true;
	fdt = make("", 0, "1");
	vm.virtio.on_pci = false;
	assert_true(fdt_path_offset(fdt, "/virtio_mmio@a000200") < 0);
	text(fdt, "/intc@8000000/v2m@8020000", "compatible", "arm,gic-v2m-frame");
	assert_int_equal(cell(fdt, "/pcie@3f000000", "reg", 1), 0x3f000000);
}

static void devices_are_found(void **state)
{
	struct tree_device d;
	unsigned spi;
	uint64_t base;

	(void)state;
	build();
	assert_true(tree_find(built, "arm,gic-v3", 1, &d));
	assert_true(d.base == GUEST_GICR && d.size == 8 * GUEST_GICR_BYTES);
	assert_true(tree_find(built, "arm,pl011", 0, &d));
	assert_true(d.base == GUEST_UART && d.spi == UART_SPI);
	assert_true(tree_find_virtio(built, "net0", &d));
	assert_true(d.base == GUEST_VIRTIO + GUEST_VIRTIO_BYTES && d.spi == VIRTIO_SPI + 1);
	assert_true(tree_find_pci_window(built, &d));
	assert_true(d.base == GUEST_PCI_WINDOW && d.size == GUEST_PCI_BYTES);
	assert_true(tree_find_pci_irq(built, 9, &spi));
	assert_int_equal(spi, PCI_SPI + 8);
	assert_true(tree_find_ram(built, &base) && base == 0x40000000);
	assert_false(tree_find_virtio(built, "disk1", &d));
	assert_false(tree_find(built, "arm,pl011", 1, &d));
	assert_false(tree_find_pci_irq(built, 10, &spi));
}

static void no_room(void **state)
{
	char *append = malloc(20000);

	(void)state;
	memset(append, 'x', 19999);
	append[19999] = 0;
	assert_null(make(append, 0, "1"));
	free(append);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describes_the_machine),
		cmocka_unit_test(references_hold),
		cmocka_unit_test(chosen),
		cmocka_unit_test(seeds_follow_the_seed),
		cmocka_unit_test(entropy_moves_on),
		cmocka_unit_test(what_is_not_there_goes),
		cmocka_unit_test(devices_are_found),
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
