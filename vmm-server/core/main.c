/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VMM: one process, one guest. The names it is wired by stand in wiring.h.
 * The main thread runs vCPU 0 and starts the machine anew after a reset, when
 * the threads of the others (threads.c) are out of it.
 */
#include <stdio.h>
#include <string.h>

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/memory.h>
#include <skerry/start.h>

#include "core/arch.h"
#include "core/log.h"
#include "core/seed.h"
#include "core/threads.h"
#include "core/vm.h"

static struct vm vm;

static struct image_file file(const char *region)
{
	size_t size = 0;
	const uint8_t *bytes = sk_region(region, &size);

	return (struct image_file){ bytes, bytes ? size : 0 };
}

static void find_ram(void)
{
	size_t size = 0;

	vm.ram.base = gpa(arch_vm_open(&vm));
	vm.ram.host = sk_need_region("guest.ram", &size);
	vm.ram.size = sk_param_number("guest.mem", size) & ~(SK_PAGE - 1);
	if (vm.ram.size > size)
		sk_fail("guest.mem is %lu MiB, the region guest.ram has %lu MiB", (unsigned long)(vm.ram.size >> 20),
			(unsigned long)(size >> 20));
}

static void find_vcpus(void)
{
	uint64_t cpus = sk_param_number("guest.cpus", 1);
	char name[16];

	if (cpus < 1 || cpus > VMM_MAX_CPUS)
		sk_fail("guest.cpus is %lu: a guest has 1 to %d vCPUs", (unsigned long)cpus, VMM_MAX_CPUS);
	vm.cpus = (unsigned)cpus;
	lock_init(&vm.lock, cpus > 1);
	for (unsigned i = 0; i < vm.cpus; i++) {
		struct vcpu *cpu = &vm.vcpu[i];

		cpu->vm = &vm;
		cpu->index = i;
		snprintf(name, sizeof(name), "vcpu%u", i);
		if (!sk_slot(name))
			sk_fail("guest.cpus is %lu, but this system gives the guest %u", (unsigned long)cpus, i);
		cpu->slot = sk_need_slot(name);
		snprintf(name, sizeof(name), "event%u", i);
		cpu->event = sk_need_slot(name);
	}
}

/* The guest begins with its caches off and must find what was written here. */
static void clean(gpa_t at, uint64_t size)
{
	const void *host = size ? ram_at(&vm.ram, at, size) : NULL;

	if (host)
		sk_memory_clean(host, size);
}

/* Images, device tree and registers of a machine that was just switched on. False: logged why not. */
static bool load(void)
{
	struct image_placed placed;
	struct image_error error;

	if (!image_load(&vm.ram, &vm.kernel, &vm.initrd, &placed, &error)) {
		vm_log("%s", error.text);
		return false;
	}
	void *tree = ram_at(&vm.ram, placed.dtb, IMAGE_DTB_ROOM);
	if (!arch_device_tree(&vm, &placed, tree, IMAGE_DTB_ROOM)) {
		vm_log("the device tree has no room for guest.append, %lu bytes", (unsigned long)strlen(vm.append));
		return false;
	}
	clean(placed.dtb, IMAGE_DTB_ROOM);
	clean(placed.first, placed.end.value - placed.first.value);
	clean(placed.initrd, placed.initrd_size);
	arch_vm_start(&vm, placed.entry, placed.dtb);
	guest_log("%s, entry 0x%lx, device tree 0x%lx, initrd 0x%lx, RAM %lu MiB", placed.kind,
		  (unsigned long)placed.entry.value, (unsigned long)placed.dtb.value,
		  (unsigned long)placed.initrd.value, (unsigned long)(vm.ram.size >> 20));
	return true;
}

/*
 * RAM keeps what it held, as a machine's does over a short reset, but nothing of
 * it in a cache: a dirty line would overwrite what the guest writes with its
 * caches off.
 */
static void reset(void)
{
	sk_memory_clean(vm.ram.host, vm.ram.size);
	arch_vm_reset(&vm);
}

static void run(void)
{
	bool reboot = sk_param_number("guest.reboot", 1) != 0;

	for (;;) {
		vm.outcome = load() ? VM_RUNS : VM_CRASHED;
		threads_run(&vm);
		if (vm.outcome != VM_RESET || !reboot)
			return;
		guest_log("the guest restarts");
		reset();
	}
}

static void report(void)
{
	static const char *const slot[] = {
		[VM_OFF] = "exit.off", [VM_RESET] = "exit.reset", [VM_CRASHED] = "exit.crash",
	};

	sk_signal(sk_need_slot(slot[vm.outcome]));
}

int main(void)
{
	find_ram();
	find_vcpus();
	passed_init(&vm.passed);
	seed_entropy(&vm);
	vm.kernel = file("guest.kernel");
	vm.initrd = file("guest.initrd");
	vm.append = sk_param("guest.append", "");
	arch_vm_init(&vm);
	threads_start(&vm);
	run();
	virtio_set_off(&vm);
	report();
	return 0;
}
