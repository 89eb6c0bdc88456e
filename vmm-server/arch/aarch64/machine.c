/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's machine: which device stands where. machine.h has the map.
 */
#include "arch/aarch64/machine.h"

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <libfdt.h>
#include <string.h>

#include "arch/aarch64/flash.h"
#include "arch/aarch64/tree.h"
#include "core/arch.h"
#include "devices/pl011.h"
#include "devices/pl031.h"

_Static_assert(GUEST_GICR_BYTES == VGIC_REDIST_SIZE, "the device tree has room for a redistributor a vCPU");

static struct vm *machine; /* for the virtual GIC, which knows none */

static void kick(unsigned n)
{
	vcpu_kick(&machine->vcpu[n]);
}

/* SPIs are changed by devices, so by whoever holds their lock. */
static unsigned caller(void)
{
	return lock_holder(&machine->lock);
}

/* LOCK: null if the device has a lock of its own, or needs none. */
static void add(struct vm *vm, const char *name, uint64_t base, uint64_t size, const struct mmio_ops *ops,
		void *state, struct lock *lock)
{
	struct mmio_device device = { .name = name, .base = base, .size = size, .ops = ops, .state = state,
				      .lock = lock && lock->shared ? lock : NULL };

	if (!mmio_add(&vm->mmio, &device))
		sk_fail("the device %s at 0x%lx overlaps another one", name, (unsigned long)base);
}

/* The device tree is what the VMM was built with, so what it lacks is not the guest's fault. */
static struct tree_device need(bool found, struct tree_device device, const char *what, uint64_t size)
{
	if (!found)
		sk_fail("guest.tree: the device tree has no %s", what);
	if (device.size < size)
		sk_fail("guest.tree: %s has 0x%lx bytes of registers, its model 0x%lx", what, (unsigned long)device.size,
			(unsigned long)size);
	return device;
}

static struct tree_device find(struct vm *vm, const char *compatible, unsigned n, uint64_t size)
{
	struct tree_device device = { 0 };
	bool found = tree_find(vm->arch.tree, compatible, n, &device);

	return need(found, device, compatible, size);
}

static struct tree_device find_virtio(struct vm *vm, const char *label)
{
	struct tree_device device = { 0 };
	bool found = tree_find_virtio(vm->arch.tree, label, &device);

	return need(found, device, label, VIRTIO_MMIO_SIZE);
}

static struct irq_line spi(struct vm *vm, unsigned n)
{
	return (struct irq_line){ vgic_set_spi, &vm->arch.gic, SPI_FIRST + n };
}

static void signal_console(void *slot)
{
	sk_signal((uint32_t)(uintptr_t)slot);
}

/* virtio-mmio interrupts are edges, as on QEMU's "virt": no exit when the guest ends one. */
static void pulse(void *gic, uint32_t intid, bool level)
{
	if (level)
		vgic_pulse_spi(gic, intid);
}

static struct irq_line virtio_irq(struct vm *vm, unsigned n, const char *label)
{
	(void)n;
	return (struct irq_line){ pulse, &vm->arch.gic, SPI_FIRST + find_virtio(vm, label).spi };
}

static struct irq_line pci_irq(struct vm *vm, unsigned n, const char *label)
{
	unsigned line = 0;

	if (!tree_find_pci_irq(vm->arch.tree, n + 1, &line))
		sk_fail("guest.tree: the PCI bus has no place for %s", label);
	return spi(vm, line);
}

static void add_pci(struct vm *vm)
{
	struct tree_device ecam = find(vm, "pci-host-ecam-generic", 0, PCI_ECAM_BYTES), window = { 0 };
	struct tree_device frame = find(vm, "arm,gic-v2m-frame", 0, V2M_SIZE);
	bool found = tree_find_pci_window(vm->arch.tree, &window);

	window = need(found, window, "PCI memory", 0);
	virtio_set_init(vm, pci_irq);
	vm->arch.v2m = (struct v2m){ &vm->arch.gic, frame.base };
	virtio_set_use_pci(vm, window.base, (struct msi_sink){ v2m_send, &vm->arch.v2m });
	add(vm, "GICv2m", frame.base, V2M_SIZE, &v2m_ops, &vm->arch.v2m, &vm->lock);
	add(vm, "PCI memory", window.base, window.size, &pci_window_ops, &vm->virtio.pci, &vm->lock);
	add(vm, "PCI ECAM", ecam.base, PCI_ECAM_BYTES, &pci_ecam_ops, &vm->virtio.pci, &vm->lock);
}

static void add_virtio(struct vm *vm)
{
	const char *transport = sk_param("guest.transport", "mmio");

	if (strcmp(transport, "pci") == 0) {
		add_pci(vm);
		return;
	}
	if (strcmp(transport, "mmio") != 0)
		sk_fail("guest.transport=%s: expected mmio or pci", transport);
	virtio_set_init(vm, virtio_irq);
	for (unsigned n = 0; n < vm->virtio.count; n++)
		add(vm, vm->virtio.label[n], find_virtio(vm, vm->virtio.label[n]).base, VIRTIO_MMIO_SIZE,
		    &virtio_mmio_ops, &vm->virtio.transport[n], &vm->lock);
}

static void init_vcpu(struct vm *vm, unsigned n)
{
	struct vcpu *cpu = &vm->vcpu[n];

	cpu->arch.affinity = n;
	cpu->arch.gic = &vm->arch.gic.vcpu[n];
	vgic_attach(&vm->arch.gic, n, cpu->slot, cpu->arch.affinity);
}

static void add_rtc(struct vm *vm)
{
	struct tree_device rtc = find(vm, "arm,pl031", 0, PL031_SIZE);

	pl031_init(&vm->rtc, (uint32_t)sk_param_number("guest.epoch", 0), sk_counter, sk_start()->counter_hz,
		   spi(vm, rtc.spi));
	add(vm, "PL031", rtc.base, PL031_SIZE, &pl031_ops, &vm->rtc, &vm->lock);
}

static void add_gic(struct vm *vm)
{
	uint64_t redistributors = (uint64_t)vm->cpus * VGIC_REDIST_SIZE;

	vgic_init(&vm->arch.gic, vm->cpus);
	vm->arch.gic.kick = kick;
	vm->arch.gic.caller = caller;
	passed_link(&vm->passed, &vm->arch.gic);
	for (unsigned i = 0; i < vm->cpus; i++)
		init_vcpu(vm, i);
	add(vm, "distributor", find(vm, "arm,gic-v3", 0, VGIC_DIST_SIZE).base, VGIC_DIST_SIZE, &vgic_dist_ops,
	    &vm->arch.gic, NULL);
	add(vm, "redistributors", find(vm, "arm,gic-v3", 1, redistributors).base, redistributors, &vgic_redist_ops,
	    &vm->arch.gic, NULL);
}

static void add_uart(struct vm *vm)
{
	struct tree_device uart = find(vm, "arm,pl011", 0, PL011_SIZE);
	uintptr_t signal = sk_need_slot("console.signal");
	size_t size = 0;
	struct console_shared *shared = sk_need_region("console", &size);

	if (size < sizeof(*shared))
		sk_fail("the region console has %lu bytes, it needs %lu", (unsigned long)size,
			(unsigned long)sizeof(*shared));
	pl011_init(&vm->uart, shared, signal_console, (void *)signal, spi(vm, uart.spi));
	signal_console((void *)signal); /* unasked: the VMM before may have died on its way to that */
	add(vm, "PL011", uart.base, PL011_SIZE, &pl011_ops, &vm->uart, &vm->lock);
}

uint64_t arch_vm_open(struct vm *vm)
{
	size_t size = 0;
	uint64_t base;

	vm->arch.tree = sk_need_region("guest.tree", &size);
	if (fdt_check_full(vm->arch.tree, size) != 0 || !tree_find_ram(vm->arch.tree, &base))
		sk_fail("guest.tree: no device tree of a machine with memory");
	return base;
}

void arch_vm_init(struct vm *vm)
{
	machine = vm;
	add_gic(vm);
	flash_init();
	add(vm, "flash", GUEST_FLASH, GUEST_FLASH_SIZE, &flash_ops, NULL, NULL);
	add_uart(vm);
	add_rtc(vm);
	add_virtio(vm);
}

/* The real-time clock goes on: a reset does not set it back. */
void arch_vm_reset(struct vm *vm)
{
	vgic_reset(&vm->arch.gic);
	pl011_reset(&vm->uart);
	virtio_set_reset(vm);
}
