/* SPDX-License-Identifier: BSD-2-Clause */
/* Does the system fit into the machine that the assembly names (machine.ram), and into its pool of kernel objects? */
#include "model.h"

#include <string.h>
#include "account.h"

#define MIB        (1ull << 20)
#define POOL_LEAST (8 * MIB)   /* the loader's: 1/64 of RAM, at least so much */
#define KERNEL     (16 * MIB)  /* kernel, loader, archive, and what alignment to blocks costs, generously */

void open_images(struct model *m, const char *folder)
{
	char error[128];

	for (uint32_t i = 0; i < m->components && folder; i++) {
		const char *file = model_string(m, m->component[i].image);
		const struct source *s = source_open(idl_text("%s/%s", folder, file));

		if (!s)
			error_at(m->instance[i]->at, "\"%s\": there is no image \"%s\" in %s", m->instance[i]->name, file, folder);
		if (image_open(s->text, s->size, &m->image[i], error, sizeof(error)) != 0)
			error_at(m->instance[i]->at, "\"%s\": image \"%s\": %s", m->instance[i]->name, file, error);
	}
}

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
	return account_own(&m->component[component], &m->image[component], 0);
}

/* All instances of a slot fit into its bound. */
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
		error_at(slot->at, "%lluK are missing: image, stack, heap and memory of %u instances take %lluK, the slot has %lluK",
			 (unsigned long long)(all - slot->bound) >> 10, slot->most, (unsigned long long)all >> 10,
			 (unsigned long long)slot->bound >> 10);
}

/* Kernel objects, all slots full. */
static void check_pool(const struct model *m, uint64_t ram)
{
	uint64_t shared = account_kernel(&m->spec, NULL, SPEC_NONE);
	uint64_t all = account_all(&m->spec, m->image);
	const char *list = "";

	for (uint32_t i = 0; i < m->components; i++) {
		uint64_t bytes = account_kernel(&m->spec, &m->image[i], i);

		list = idl_text("%s%s %lluK (%u tables of pages), ", list, m->instance[i]->name, (unsigned long long)bytes >> 10,
				account_tables(&m->spec, &m->image[i], i));
	}
	if (all > pool(ram))
		error_at(m->system->machine_ram ? m->system->ram_at : m->system->at, "%lluK of memory for kernel objects are missing: the machine has %lluK of it "
			 "(1/64 of its RAM, at least 8 MiB); needed are: %swhat connects them %lluK, root %luK; a larger machine.ram makes room",
			 (unsigned long long)(all - pool(ram)) >> 10, (unsigned long long)pool(ram) >> 10, list, (unsigned long long)shared >> 10, ACCOUNT_ROOT >> 10);
}

/* Hundredths of a percent of CORE that a thread may take; what runs without limit takes what is left. */
static uint64_t share(const struct model *m, const struct spec_object *o, uint32_t core)
{
	const struct vm *vm = o->kind == SPEC_THREAD ? m->instance[o->owner]->vm : NULL;
	uint32_t home = o->flags & SPEC_SPREAD ? o->core % m->system->machine_cores : o->core;

	if (o->kind != SPEC_THREAD || !o->period || home != core || (vm && (o->flags & SPEC_IF) && o->bytes >= vm->vcpus))
		return 0;
	return (10000ull * o->budget + o->period - 1) / o->period;
}

static void check_cores(const struct model *m)
{
	for (uint32_t core = 0; core < m->system->machine_cores; core++) {
		const char *list = "";
		uint64_t sum = 0;

		for (uint32_t i = 0; i < m->objects; i++) {
			const struct spec_object *o = &m->object[i];
			uint64_t part = share(m, o, core);

			sum += part;
			if (part)
				list = idl_text("%s%s%s %u of %u us", list, *list ? ", " : "", spec_object_name(&m->spec, i), o->budget, o->period);
			if (part && sum > 10000)
				error_at(m->instance[o->owner]->at, "core %u is over-committed: %llu.%02llu %% are missing; promised are: %s", core,
					 (unsigned long long)(sum - 10000) / 100, (unsigned long long)(sum - 10000) % 100, list);
		}
	}
}

/* RAM by what it is for, and the large ones by name. */
struct needs {
	uint64_t components, shared, guests, slots;
	const char *list;
};

static struct needs count(const struct model *m)
{
	struct needs n = { .list = "" };

	for (uint32_t i = 0; i < m->components; i++)
		n.components += in_slot(m, i) ? 0 : own(m, i);
	for (uint32_t i = 0; i < m->objects; i++) {
		const struct spec_object *o = &m->object[i];
		uint64_t *to = o->kind == SPEC_SLOT ? &n.slots : m->vm_of[i] ? &n.guests : &n.shared;

		if (o->kind != SPEC_SLOT && (o->kind != SPEC_MEMORY || in_slot(m, o->owner)))
			continue;
		*to += o->bytes;
		if (to != &n.shared)
			n.list = idl_text("%s, %s %llu", n.list, spec_object_name(&m->spec, i), mib(o->bytes));
	}
	return n;
}

unsigned long long memory_beside(const struct model *m)
{
	struct needs n = count(m);

	for (const struct vm *vm = m->system->vms; vm; vm = vm->next) {
		if (vm->params && !in_slot(m, m->object[vm->object].owner))
			n.guests -= vm->ram;
	}
	return mib(n.components + n.shared + n.guests + n.slots);
}

void check_memory(const struct model *m)
{
	struct needs n = count(m);
	uint64_t all = n.components + n.shared + n.guests + n.slots + KERNEL;
	uint64_t ram = m->system->machine_ram;

	for (const struct slot *s = m->system->slots; s; s = s->next)
		check_slot(m, s);
	check_cores(m);
	check_pool(m, ram ? ram : all);
	all += pool(ram);
	if (ram && all > ram)
		error_at(m->system->ram_at, "%llu MiB are missing; needed are: images, stacks and heaps of components %llu, shared memory %llu, "
			 "kernel objects %llu, kernel and archive %llu%s", mib(all - ram), mib(n.components), mib(n.shared),
			 mib(pool(ram)), KERNEL >> 20, n.list);
}
