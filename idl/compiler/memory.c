/* SPDX-License-Identifier: BSD-2-Clause */
/* Does the system fit into the machine that the assembly names (machine.ram)? */
#include "model.h"

#define MIB        (1ull << 20)
#define POOL_LEAST (8 * MIB)   /* the loader's: 1/64 of RAM, at least so much */
#define KERNEL     (16 * MIB)  /* kernel, loader, archive, images and what alignment to blocks costs, generously */
#define START_PAGE 16384u

static uint64_t pool(uint64_t ram)
{
	return ram / 64 > POOL_LEAST ? ram / 64 : POOL_LEAST;
}

static unsigned long long mib(uint64_t bytes)
{
	return (bytes + MIB - 1) >> 20;
}

void check_memory(const struct model *m)
{
	uint64_t ram = m->system->machine_ram, components = 0, shared = 0, guests = 0, all;
	const char *list = "";

	if (!ram)
		return;
	for (uint32_t i = 0; i < m->components; i++)
		components += (uint64_t)m->component[i].stack + m->component[i].heap + START_PAGE;
	for (uint32_t i = 0; i < m->objects; i++) {
		if (m->object[i].kind != SPEC_MEMORY)
			continue;
		*(m->vm_of[i] ? &guests : &shared) += m->object[i].bytes;
		if (m->vm_of[i])
			list = idl_text("%s, %s %llu", list, object_name(m, i), mib(m->object[i].bytes));
	}
	all = components + shared + guests + pool(ram) + KERNEL;
	if (all > ram)
		error_at(m->system->ram_at, "%llu MiB are missing; needed are: stacks and heaps of components %llu, shared memory %llu, "
			 "kernel objects %llu, kernel and images %llu%s", mib(all - ram), mib(components), mib(shared), mib(pool(ram)),
			 KERNEL >> 20, list);
}
