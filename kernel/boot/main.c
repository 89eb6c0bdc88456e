/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loader: from an arm64 Image entered by firmware to the kernel on all
 * cores. It checks what it was given (device tree, archives, the two programs
 * that it loads), places and fills the kernel's window and root's pages, starts
 * the cores, and is gone: its memory is handed on as free.
 *
 * Whatever is missing or wrong ends in stop(): one line that names it.
 */
#include <libfdt.h>

#include "archive.h"
#include "cores.h"
#include "cpu.h"
#include "dma.h"
#include "gicr.h"
#include "identity.h"
#include "load.h"
#include "print.h"
#include "psci.h"
#include "rootinfo.h"
#include "start.h"

#define IMAGE_SIZE_FIELD 16 /* in the Image header: loader and archive */
#define KERNEL_LIMIT     (KERNEL_VA + (64ul << 20))

static struct dt dt;
static struct machine machine;
static struct claims claims;
static struct layout layout;
static struct image kernel, root;
static struct report report;

/* Says why and turns the machine off if PSCI is known; what the UART printed stays on the other side. */
static _Noreturn void stop(void)
{
	int method = dt.nodes ? machine_psci(&dt) : -1;
	static bool stopping; /* an exception on the way out */

	if (!stopping) {
		stopping = true;
		print("skerry: loader: %s\n", report.text);
		if (method >= 0)
			psci_off(method == 1);
	}
	for (;;)
		__asm__ volatile("wfi");
}

static void need(bool ok)
{
	if (!ok)
		stop();
}

_Noreturn void exception(uint64_t syndrome, uint64_t pc, uint64_t address)
{
	refuse(&report, "exception: ESR_EL2 0x%lx at image offset 0x%lx, FAR_EL2 0x%lx", syndrome,
	       pc - (uint64_t)_image_start, address);
	stop();
}

/* Where we stand, and the room that the Image header gives the archive behind us. */
static void find_image(void)
{
	uint64_t start = (uint64_t)_image_start, end = (uint64_t)_image_end;
	uint64_t bytes = *(const uint64_t *)(start + IMAGE_SIZE_FIELD);

	claims.image = (struct range){start, end};
	claims.archive = (struct range){end, start + bytes};
	if (bytes < end - start || bytes > LOADER_LIMIT)
		claims.archive.end = end;
}

/* The header says how large it is; MAPPED: reading needs the identity map. */
static void open_dt(uint64_t address, bool mapped)
{
	const void *blob = (const void *)address;
	struct range header = {address, address + sizeof(struct fdt_header)};
	uint32_t bytes;

	need(address && address % 8 == 0 && address < LOADER_LIMIT - DT_MAX_BYTES);
	if (mapped)
		need(identity_map(header, MAP_LOADER, &report));
	bytes = fdt_totalsize(blob);
	need(fdt_magic(blob) == FDT_MAGIC && bytes <= DT_MAX_BYTES);
	claims.dtb = (struct range){address, address + bytes};
	if (mapped)
		need(identity_map(claims.dtb, MAP_LOADER, &report));
	need(dt_open(&dt, blob, bytes, &report));
}

/* From here on messages are seen. */
static uint64_t open_console(bool mapped)
{
	struct range uart;
	int node;
	enum reg_result result = machine_console(&dt, &node, &uart, &report);
	struct report why = report;

	if (uart.end && (!mapped || identity_map(uart, MAP_DEVICE, &report)))
		print_begin(uart.start);
	report = why;
	need(result != REG_BAD);
	return uart.end ? uart.start : 0;
}

static void check_mode(uint64_t mode)
{
	if (mode == MODE_EL1)
		need(refuse(&report,
			    "entered at EL1: Skerry needs EL2 (QEMU: -machine virt,virtualization=on)"));
	if (mode == MODE_E2H)
		need(refuse(&report, "HCR_EL2.E2H cannot be cleared: this CPU has only the VHE kind of EL2"));
	if (!counter_hz())
		need(refuse(&report, "CNTFRQ_EL0 is 0: firmware must set the frequency of the counter"));
}

static void open_archives(void)
{
	need(identity_map(claims.archive, MAP_LOADER, &report));
	need(archive_check("system image", (const void *)claims.archive.start,
			   claims.archive.end - claims.archive.start, &report));
	claims.archive.end = claims.archive.start + ((const struct sk_archive *)claims.archive.start)->size;
	if (!machine.initrd.end)
		return;
	need(identity_map(machine.initrd, MAP_LOADER, &report));
	need(archive_check("initrd", (const void *)machine.initrd.start,
			   machine.initrd.end - machine.initrd.start, &report));
	machine.initrd.end = machine.initrd.start + ((const struct sk_archive *)machine.initrd.start)->size;
}

static void open_program(struct image *image, const char *name, struct range limits)
{
	uint64_t size;

	image->file = archive_find((const void *)claims.archive.start, name, &size);
	if (!image->file)
		need(refuse(&report, "system image: archive: there is no file \"%s\"", name));
	need(elf_read(&image->elf, name, image->file, size, limits, &report));
}

static void open_programs(void)
{
	uint64_t info_end = SK_ROOT_INFO_IPA + SK_ROOT_INFO_PAGES * PAGE;

	open_program(&kernel, "kernel", (struct range){KERNEL_VA, KERNEL_LIMIT});
	open_program(&root, "root", (struct range){info_end, SK_ROOT_STACK_TOP - SK_ROOT_STACK_SIZE});
}

static void map_devices(uint64_t *gicr)
{
	for (uint32_t i = 0; i < machine.gicr_regions; i++)
		need(identity_map(machine.gicr[i], MAP_DEVICE, &report));
	need(gicr_find(&machine, gicr, &report));
}

/* To what firmware gave. */
static void add_random(uint8_t seed[SK_ROOT_SEED])
{
	uint64_t number;

	for (unsigned i = 0; i < SK_ROOT_SEED; i++) {
		if (i % 8 == 0 && !cpu_random(&number))
			return;
		seed[i] ^= (uint8_t)(number >> (8 * (i % 8)));
	}
}

/* Places and fills everything; H tells the cores where to go. */
static void build(uint64_t uart, struct handover *h)
{
	uint32_t dtb_bytes = dt_used_bytes(dt.blob);
	uint64_t gicr[BOOTINFO_CORES];
	struct sk_root_info *info;
	struct bootinfo *boot;

	map_devices(gicr);
	need(layout_plan(&layout, &claims, &machine, &kernel.elf, &root.elf, dtb_bytes, &report));
	need(identity_map(layout.window, MAP_LOADER, &report) &&
	     identity_map(layout.root, MAP_LOADER, &report));
	load_window(&layout, &kernel);
	load_root(&layout, &root, &dt, dtb_bytes);
	info = (struct sk_root_info *)layout.info;
	need(rootinfo_fill(info, &dt, &machine, &claims, &layout, counter_hz(), &report));
	add_random(info->seed);
	load_publish(&layout);
	boot = (struct bootinfo *)(layout.window.start + layout.bootinfo);
	load_bootinfo(boot, &layout, &machine, &root.elf, info);
	h->root_pt = load_tables(&layout, &kernel.elf, &machine, gicr, uart, boot);
	if (!h->root_pt)
		need(refuse(&report, "the kernel's table pages do not suffice"));
	identity_share((const uint64_t *)h->root_pt);
	h->entry = kernel.elf.entry;
	h->stub = KERNEL_VA + layout.stub;
	h->bootinfo = KERNEL_VA + layout.bootinfo;
	h->stacks = KERNEL_VA + layout.stacks;
}

void loader_main(uint64_t dtb, uint64_t mode)
{
	struct handover handover;
	uint64_t uart;

	find_image();
	if (mode == MODE_OK)
		identity_begin(claims.image);
	open_dt(dtb, mode == MODE_OK);
	uart = open_console(mode == MODE_OK);
	check_mode(mode);
	need(machine_read(&machine, &dt, READ_SYSREG(mpidr_el1), &report));
	need(claims_make(&claims, &machine, pa_bits(), &report));
	need(dma_stop(&dt, &report)); /* before anything in memory is checked */
	open_archives();
	open_programs();
	build(uart, &handover);
	print("skerry: loader, RAM %lu MiB, %u core%s, pool %lu MiB\n", ranges_bytes(&machine.ram) >> 20,
	      machine.cores, machine.cores == 1 ? "" : "s",
	      (layout.window.end - layout.window.start - layout.pool) >> 20);
	need(cores_start(&machine, &layout, &handover, &report));
	cores_go(&handover);
}
