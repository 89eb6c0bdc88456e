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

static bool in_slot(const struct model *m, uint32_t component)
{
	return component != SPEC_NONE && m->component[component].slot != SPEC_NONE;
}

static uint64_t own(const struct model *m, uint32_t component)
{
	return (uint64_t)m->component[component].stack + m->component[component].heap + START_PAGE;
}

/* All instances of a slot fit into its bound; what their images take, root adds. */
static void check_slot(const struct model *m, const struct slot *slot)
{
	uint64_t all = 0;

	for (uint32_t i = 0; i < m->components; i++)
		all += m->component[i].slot == slot->object ? own(m, i) : 0;
	for (uint32_t i = 0; i < m->objects; i++) {
		if (m->object[i].kind == SPEC_MEMORY && m->object[i].owner != SPEC_NONE &&
		    m->component[m->object[i].owner].slot == slot->object)
			all += m->object[i].bytes;
	}
	if (all > slot->bound)
		error_at(slot->at, "%lluK are missing: stack, heap and memory of %u instances take %lluK, the slot has %lluK",
			 (unsigned long long)(all - slot->bound) >> 10, slot->most, (unsigned long long)all >> 10,
			 (unsigned long long)slot->bound >> 10);
}

void check_memory(const struct model *m)
{
	uint64_t ram = m->system->machine_ram, components = 0, shared = 0, guests = 0, slots = 0, all;
	const char *list = "";

	for (const struct slot *s = m->system->slots; s; s = s->next)
		check_slot(m, s);
	if (!ram)
		return;
	for (uint32_t i = 0; i < m->components; i++) {
		if (m->component[i].slot == SPEC_NONE)
			components += own(m, i);
	}
	for (uint32_t i = 0; i < m->objects; i++) {
		if (m->object[i].kind == SPEC_SLOT) {
			slots += m->object[i].bytes;
			list = idl_text("%s, slot %s %llu", list, object_name(m, i), mib(m->object[i].bytes));
		}
		if (m->object[i].kind != SPEC_MEMORY || in_slot(m, m->object[i].owner))
			continue;
		*(m->vm_of[i] ? &guests : &shared) += m->object[i].bytes;
		if (m->vm_of[i])
			list = idl_text("%s, %s %llu", list, object_name(m, i), mib(m->object[i].bytes));
	}
	all = components + shared + guests + slots + pool(ram) + KERNEL;
	if (all > ram)
		error_at(m->system->ram_at, "%llu MiB are missing; needed are: stacks and heaps of components %llu, shared memory %llu, "
			 "kernel objects %llu, kernel and images %llu%s", mib(all - ram), mib(components), mib(shared), mib(pool(ram)),
			 KERNEL >> 20, list);
}
