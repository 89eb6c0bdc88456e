/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's machine: which device stands where. machine.h has the map.
 */
#include "arch/aarch64/machine.h"

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <string.h>

#include "arch/aarch64/flash.h"
#include "core/arch.h"
#include "devices/pl011.h"
#include "devices/pl031.h"

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

static struct irq_line virtio_irq(struct vm *vm, unsigned n)
{
	return (struct irq_line){ pulse, &vm->arch.gic, SPI_FIRST + VIRTIO_SPI + n };
}

static struct irq_line pci_irq(struct vm *vm, unsigned n)
{
	return spi(vm, PCI_SPI + n);
}

static void add_pci(struct vm *vm)
{
	virtio_set_init(vm, pci_irq);
	vm->arch.v2m = (struct v2m){ &vm->arch.gic, GUEST_V2M };
	virtio_set_use_pci(vm, GUEST_PCI_WINDOW, (struct msi_sink){ v2m_send, &vm->arch.v2m });
	add(vm, "GICv2m", GUEST_V2M, V2M_SIZE, &v2m_ops, &vm->arch.v2m, &vm->lock);
	add(vm, "PCI memory", GUEST_PCI_WINDOW, GUEST_PCI_BYTES, &pci_window_ops, &vm->virtio.pci, &vm->lock);
	add(vm, "PCI ECAM", GUEST_PCI_ECAM, PCI_ECAM_BYTES, &pci_ecam_ops, &vm->virtio.pci, &vm->lock);
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
		add(vm, vm->virtio.transport[n].dev->ops->name, GUEST_VIRTIO + n * VIRTIO_MMIO_SIZE, VIRTIO_MMIO_SIZE,
		    &virtio_mmio_ops, &vm->virtio.transport[n], &vm->lock);
}

static void init_vcpu(struct vm *vm, unsigned n)
{
	struct vcpu *cpu = &vm->vcpu[n];

	cpu->arch.affinity = n;
	vgic_attach(&vm->arch.gic, n, cpu->slot, cpu->arch.affinity);
}

static void init_rtc(struct vm *vm)
{
	pl031_init(&vm->rtc, (uint32_t)sk_param_number("guest.epoch", 0), sk_counter, sk_start()->counter_hz,
		   spi(vm, RTC_SPI));
}

void arch_vm_init(struct vm *vm)
{
	size_t size = 0;
	struct console_shared *shared = sk_need_region("console", &size);
	uintptr_t signal = sk_need_slot("console.signal");

	if (size < sizeof(*shared))
		sk_fail("the region console has %lu bytes, it needs %lu", (unsigned long)size,
			(unsigned long)sizeof(*shared));
	machine = vm;
	vgic_init(&vm->arch.gic, vm->cpus);
	vm->arch.gic.kick = kick;
	vm->arch.gic.caller = caller;
	for (unsigned i = 0; i < vm->cpus; i++)
		init_vcpu(vm, i);
	pl011_init(&vm->uart, shared, signal_console, (void *)signal, spi(vm, UART_SPI));
	init_rtc(vm);
	flash_init();
	add(vm, "flash", GUEST_FLASH, GUEST_FLASH_SIZE, &flash_ops, NULL, NULL);
	add(vm, "distributor", GUEST_GICD, VGIC_DIST_SIZE, &vgic_dist_ops, &vm->arch.gic, NULL);
	add(vm, "redistributors", GUEST_GICR, (uint64_t)vm->cpus * VGIC_REDIST_SIZE, &vgic_redist_ops, &vm->arch.gic,
	    NULL);
	add(vm, "PL011", GUEST_UART, PL011_SIZE, &pl011_ops, &vm->uart, &vm->lock);
	add(vm, "PL031", GUEST_RTC, PL031_SIZE, &pl031_ops, &vm->rtc, &vm->lock);
	add_virtio(vm);
}

/* The real-time clock goes on: a reset does not set it back. */
void arch_vm_reset(struct vm *vm)
{
	vgic_reset(&vm->arch.gic);
	pl011_reset(&vm->uart);
	virtio_set_reset(vm);
}
