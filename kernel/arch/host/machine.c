/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine as a whole: its memories, and how the kernel starts on it. */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch.h"
#include "core.h"
#include "entry.h"
#include "simulation.h"

struct host host;
uintptr_t host_window;
uint64_t host_window_pa;

static struct bootinfo boot;
static bool booting;
static unsigned started;

static void *memory(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED) {
		perror("host machine: mmap");
		exit(1);
	}
	return at;
}

uint64_t *host_memory(uint64_t pa)
{
	if (pa - HOST_RAM_PA < HOST_RAM + 4 * SK_PAGE)
		return &host.ram[(pa - HOST_RAM_PA) / 8];
	if (pa - HOST_DEVICE_PA < HOST_DEVICE)
		return &host.device[(pa - HOST_DEVICE_PA) / 8];
	return NULL;
}

static struct boot_segment page_of_root(unsigned n, uint64_t ipa, uint64_t rights)
{
	return (struct boot_segment){ ipa, HOST_RAM_PA + HOST_RAM + n * SK_PAGE, SK_PAGE, rights };
}

static void describe(unsigned count)
{
	boot = (struct bootinfo){ .magic = BOOTINFO_MAGIC, .version = BOOTINFO_VERSION, .cores = count };
	boot.window_va = host_window;
	boot.window_pa = HOST_WINDOW_PA;
	boot.window_size = HOST_WINDOW;
	boot.pool_va = host_window + HOST_POOL_SKIP;
	boot.pool_size = HOST_WINDOW - HOST_POOL_SKIP;
	boot.root[0] = page_of_root(0, HOST_ROOT_TEXT, SK_RIGHT_READ | SK_RIGHT_EXEC);
	boot.root[1] = page_of_root(1, HOST_ROOT_DATA, SK_RIGHT_READ | SK_RIGHT_WRITE);
	boot.root_stack = page_of_root(2, SK_ROOT_STACK_TOP - SK_ROOT_STACK_SIZE, SK_RIGHT_READ | SK_RIGHT_WRITE);
	boot.root_info = page_of_root(3, SK_ROOT_INFO_IPA, SK_RIGHT_READ);
	boot.root_entry = HOST_ROOT_TEXT;
	boot.regions = 2;
	boot.region[0].pa = HOST_RAM_PA;
	boot.region[0].size = HOST_RAM;
	boot.region[0].kind = SK_REGION_RAM;
	boot.region[1].pa = HOST_DEVICE_PA;
	boot.region[1].size = HOST_DEVICE;
	boot.region[1].kind = SK_REGION_DEVICE;
}

bool host_booting(void)
{
	return booting;
}

void host_boot_next(void)
{
	struct core *waiting = host_here;

	started++;
	host_here = &cores[started];
	kernel_start(&boot, started);
	host_here = waiting;
}

void host_boot(unsigned count)
{
	host_window = (uintptr_t)memory(HOST_WINDOW);
	host.ram = memory(HOST_RAM + 4 * SK_PAGE); /* root's image lies behind what is handed out */
	host.device = memory(HOST_DEVICE);
	host_here = &cores[0];
	describe(count);
	booting = true;
	kernel_start(&boot, 0);
	booting = false;
	for (unsigned i = 0; i < count; i++)
		host_resume(&cores[i]);
}

void host_end(void)
{
	munmap((void *)host_window, HOST_WINDOW);
	munmap(host.ram, HOST_RAM + 4 * SK_PAGE);
	munmap(host.device, HOST_DEVICE);
	host_tlb_end();
}

uint64_t arch_counter_hz(void)
{
	return HOST_HZ;
}

void arch_power(unsigned action)
{
	host.power = 1 + action;
}
