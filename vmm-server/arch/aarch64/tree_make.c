/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's machine as it is when the system is built. Linked into skerry-idl; the
 * VMM gets the result.
 *
 * References
 *   [DT]    Devicetree Specification 0.4
 *   [LINUX] Linux 6.12, Documentation/devicetree/bindings: arm/psci.yaml,
 *           timer/arm,arch_timer.yaml, interrupt-controller/arm,gic-v3.yaml,
 *           serial/pl011.yaml, rtc/arm,pl031.yaml, virtio/mmio.yaml, pci/host-generic-pci.yaml, chosen.yaml
 */
#include <libfdt.h>
#include <stdio.h>

#include "arch/aarch64/machine.h"
#include "arch/aarch64/tree.h"

#define PHANDLE_GIC   1u
#define PHANDLE_CLOCK 2u
#define PHANDLE_V2M   3u
#define GIC_SPI       0u
#define GIC_PPI       1u
#define LEVEL_HIGH    4u
#define EDGE_RISING   1u

/* An error of any step sticks: FDT_ERR_NOSPACE is the only one that can happen. */
struct tree {
	void *fdt;
	int error;
};

static void note(struct tree *t, int error)
{
	if (!t->error)
		t->error = error;
}

static void begin(struct tree *t, const char *name)
{
	note(t, fdt_begin_node(t->fdt, name));
}

static void end(struct tree *t)
{
	note(t, fdt_end_node(t->fdt));
}

static void text(struct tree *t, const char *name, const char *value)
{
	note(t, fdt_property_string(t->fdt, name, value));
}

static void cell(struct tree *t, const char *name, uint32_t value)
{
	note(t, fdt_property_u32(t->fdt, name, value));
}

static void flag(struct tree *t, const char *name)
{
	note(t, fdt_property(t->fdt, name, "", 0));
}

static void cells(struct tree *t, const char *name, const uint32_t *value, unsigned count)
{
	void *at;
	int error = fdt_property_placeholder(t->fdt, name, (int)(4 * count), &at);

	note(t, error);
	for (unsigned i = 0; !error && i < count; i++)
		fdt32_st((uint8_t *)at + 4 * i, value[i]);
}
#define CELLS(t, name, ...) \
	cells(t, name, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)
#define WIDE(value) (uint32_t)((uint64_t)(value) >> 32), (uint32_t)(value)

/* Several strings in one property, given with their NULs. */
#define TEXTS(t, name, value) note(t, fdt_property((t)->fdt, name, value, sizeof(value)))

/* The VMM adds seeds and the initial RAM disk. */
static void chosen(struct tree *t, const struct tree_machine *m)
{
	begin(t, "chosen");
	text(t, "bootargs", m->append);
	text(t, "stdout-path", "/pl011@9000000");
	end(t);
}

static void memory(struct tree *t, const struct tree_machine *m)
{
	char name[32];

	snprintf(name, sizeof(name), "memory@%llx", (unsigned long long)m->ram_base);
	begin(t, name);
	text(t, "device_type", "memory");
	CELLS(t, "reg", WIDE(m->ram_base), WIDE(m->ram_bytes));
	end(t);
}

static void cpu_node(struct tree *t, unsigned n)
{
	char name[32];

	snprintf(name, sizeof(name), "cpu@%x", n);
	begin(t, name);
	text(t, "device_type", "cpu");
	text(t, "compatible", "arm,armv8");
	text(t, "enable-method", "psci");
	CELLS(t, "reg", WIDE(n));
	end(t);
}

static void cpus(struct tree *t, const struct tree_machine *m)
{
	begin(t, "cpus");
	cell(t, "#address-cells", 2);
	cell(t, "#size-cells", 0);
	for (unsigned i = 0; i < m->cpus; i++)
		cpu_node(t, i);
	end(t);
	begin(t, "psci");
	TEXTS(t, "compatible", "arm,psci-1.0\0arm,psci-0.2");
	text(t, "method", "hvc");
	end(t);
}

static void timer(struct tree *t)
{
	begin(t, "timer");
	text(t, "compatible", "arm,armv8-timer");
	CELLS(t, "interrupts", GIC_PPI, PPI_TIMER_SEC, LEVEL_HIGH, GIC_PPI, PPI_TIMER_PHYS, LEVEL_HIGH,
	      GIC_PPI, PPI_TIMER_VIRT, LEVEL_HIGH, GIC_PPI, PPI_TIMER_HYP, LEVEL_HIGH);
	flag(t, "always-on");
	end(t);
}

/* The frame of the interrupt controller to which PCI devices send their messages. */
static void v2m(struct tree *t)
{
	begin(t, "v2m@8020000");
	text(t, "compatible", "arm,gic-v2m-frame");
	flag(t, "msi-controller");
	CELLS(t, "reg", WIDE(GUEST_V2M), WIDE(GUEST_DEVICE_BYTES));
	cell(t, "phandle", PHANDLE_V2M);
	end(t);
}

static void gic(struct tree *t, const struct tree_machine *m)
{
	begin(t, "intc@8000000");
	text(t, "compatible", "arm,gic-v3");
	cell(t, "#interrupt-cells", 3);
	cell(t, "#address-cells", 2);
	cell(t, "#size-cells", 2);
	flag(t, "interrupt-controller");
	cell(t, "#redistributor-regions", 1);
	CELLS(t, "reg", WIDE(GUEST_GICD), WIDE(GUEST_GICD_BYTES), WIDE(GUEST_GICR), WIDE(m->cpus * GUEST_GICR_BYTES));
	cell(t, "phandle", PHANDLE_GIC);
	flag(t, "ranges");
	v2m(t);
	end(t);
}

static void clock(struct tree *t)
{
	begin(t, "apb-pclk");
	text(t, "compatible", "fixed-clock");
	cell(t, "#clock-cells", 0);
	cell(t, "clock-frequency", UART_CLOCK_HZ);
	text(t, "clock-output-names", "clk24mhz");
	cell(t, "phandle", PHANDLE_CLOCK);
	end(t);
}

static void uart(struct tree *t)
{
	begin(t, "pl011@9000000");
	TEXTS(t, "compatible", "arm,pl011\0arm,primecell");
	CELLS(t, "reg", WIDE(GUEST_UART), WIDE(GUEST_DEVICE_BYTES));
	CELLS(t, "interrupts", GIC_SPI, UART_SPI, LEVEL_HIGH);
	CELLS(t, "clocks", PHANDLE_CLOCK, PHANDLE_CLOCK);
	TEXTS(t, "clock-names", "uartclk\0apb_pclk");
	end(t);
}

static void rtc(struct tree *t)
{
	begin(t, "pl031@9010000");
	TEXTS(t, "compatible", "arm,pl031\0arm,primecell");
	CELLS(t, "reg", WIDE(GUEST_RTC), WIDE(GUEST_DEVICE_BYTES));
	CELLS(t, "interrupts", GIC_SPI, RTC_SPI, LEVEL_HIGH);
	CELLS(t, "clocks", PHANDLE_CLOCK);
	text(t, "clock-names", "apb_pclk");
	end(t);
}

/* INTA of device d, in the order of the binding: device, pin, controller with its address, interrupt. */
#define PCI_INTA(d) \
	(d) << 11, 0, 0, 1, PHANDLE_GIC, 0, 0, GIC_SPI, PCI_SPI + (d) - 1, LEVEL_HIGH

static void pci(struct tree *t)
{
	begin(t, "pcie@3f000000");
	text(t, "compatible", "pci-host-ecam-generic");
	text(t, "device_type", "pci");
	CELLS(t, "reg", WIDE(GUEST_PCI_ECAM), WIDE(GUEST_PCI_ECAM_BYTES));
	CELLS(t, "bus-range", 0, 0);
	cell(t, "#address-cells", 3);
	cell(t, "#size-cells", 2);
	/* 32-bit memory, the same address on the bus. */
	CELLS(t, "ranges", 0x02000000, WIDE(GUEST_PCI_WINDOW), WIDE(GUEST_PCI_WINDOW), WIDE(GUEST_PCI_BYTES));
	CELLS(t, "msi-map", 0, PHANDLE_V2M, 0, 0x10000);
	cell(t, "#interrupt-cells", 1);
	CELLS(t, "interrupt-map-mask", 15 << 11, 0, 0, 7);
	CELLS(t, "interrupt-map", PCI_INTA(1), PCI_INTA(2), PCI_INTA(3), PCI_INTA(4), PCI_INTA(5), PCI_INTA(6),
	      PCI_INTA(7), PCI_INTA(8), PCI_INTA(9));
	flag(t, "dma-coherent");
	end(t);
}

/* The label says to the VMM which of its devices stands there. */
static void virtio(struct tree *t, const char *label, unsigned n)
{
	uint64_t base = GUEST_VIRTIO + n * GUEST_VIRTIO_BYTES;
	char name[32];

	snprintf(name, sizeof(name), "virtio_mmio@%llx", (unsigned long long)base);
	begin(t, name);
	text(t, "compatible", "virtio,mmio");
	text(t, "label", label);
	CELLS(t, "reg", WIDE(base), WIDE(GUEST_VIRTIO_BYTES));
	CELLS(t, "interrupts", GIC_SPI, VIRTIO_SPI + n, EDGE_RISING);
	flag(t, "dma-coherent");
	end(t);
}

/* What drives it in the guest is its driver of the machine, so it is told what that would be. All clocks are the one that there is. */
static void passed(struct tree *t, const struct tree_passed *p)
{
	uint32_t clocks[4] = { PHANDLE_CLOCK, PHANDLE_CLOCK, PHANDLE_CLOCK, PHANDLE_CLOCK };
	const char *names = p->clock_names;
	unsigned count = 0;
	char name[48];

	snprintf(name, sizeof(name), "%.24s@%llx", p->name, (unsigned long long)p->base);
	begin(t, name);
	note(t, fdt_property(t->fdt, "compatible", p->compatible, p->compatible_bytes));
	CELLS(t, "reg", WIDE(p->base), WIDE(p->size));
	if (p->intid)
		CELLS(t, "interrupts", GIC_SPI, p->intid - SPI_FIRST, p->edge ? EDGE_RISING : LEVEL_HIGH);
	for (int i = 0; i < p->clock_names_bytes && count < 4; i++)
		count += names[i] == 0;
	if (count) {
		note(t, fdt_property(t->fdt, "clock-names", names, p->clock_names_bytes));
		cells(t, "clocks", clocks, count);
	}
	if (p->coherent)
		flag(t, "dma-coherent");
	end(t);
}

bool tree_taken(uint64_t base, uint64_t size)
{
	static const struct { uint64_t base, size; } taken[] = {
		{ GUEST_FLASH, GUEST_FLASH_SIZE }, { GUEST_GICD, GUEST_GICD_BYTES }, { GUEST_V2M, GUEST_DEVICE_BYTES },
		{ GUEST_GICR, 8 * GUEST_GICR_BYTES }, { GUEST_UART, GUEST_DEVICE_BYTES }, { GUEST_RTC, GUEST_DEVICE_BYTES },
		{ GUEST_VIRTIO, TREE_DEVICES * GUEST_VIRTIO_BYTES }, { GUEST_PCI_WINDOW, GUEST_PCI_BYTES },
		{ GUEST_PCI_ECAM, GUEST_PCI_ECAM_BYTES },
	};

	for (unsigned i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		if (base < taken[i].base + taken[i].size && taken[i].base < base + size)
			return true;
	}
	return false;
}

size_t tree_make(const struct tree_machine *m, void *at, size_t room)
{
	struct tree t = { at, 0 };

	note(&t, fdt_create(at, (int)room));
	note(&t, fdt_finish_reservemap(at));
	begin(&t, "");
	text(&t, "compatible", "linux,dummy-virt");
	text(&t, "model", "Skerry virtual machine");
	cell(&t, "#address-cells", 2);
	cell(&t, "#size-cells", 2);
	cell(&t, "interrupt-parent", PHANDLE_GIC);
	flag(&t, "dma-coherent");
	chosen(&t, m);
	memory(&t, m);
	cpus(&t, m);
	timer(&t);
	gic(&t, m);
	clock(&t);
	uart(&t);
	rtc(&t);
	pci(&t);
	for (unsigned n = 0; n < m->devices; n++)
		virtio(&t, m->device[n], n);
	for (unsigned n = 0; n < m->passes; n++)
		passed(&t, &m->passed[n]);
	end(&t);
	note(&t, fdt_finish(at));
	return t.error ? 0 : fdt_totalsize(at);
}
