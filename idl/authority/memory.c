/* SPDX-License-Identifier: BSD-2-Clause */
/* Does the system fit into the machine that the assembly names (machine.ram), and into its pool of kernel objects? */
#include "built.h"

#include <string.h>
#include "account.h"

#define MIB        (1ull << 20)
#define POOL_LEAST (8 * MIB)   /* the loader's: 1/64 of RAM, at least so much */
#define KERNEL     (16 * MIB)  /* kernel, loader, archive, and what alignment to blocks costs, generously */

static uint64_t pool(uint64_t ram)
{
	return ram / 64 > POOL_LEAST ? ram / 64 : POOL_LEAST;
}

static unsigned long long mib(uint64_t bytes)
{
	return (bytes + MIB - 1) >> 20;
}

static bool in_slot(const struct built *b, uint32_t component)
{
	return component != SPEC_NONE && b->spec.component[component].slot != SPEC_NONE;
}

static uint64_t own(const struct built *b, uint32_t component)
{
	return account_own(&b->spec.component[component], &b->image[component], 0);
}

/* All instances of a slot fit into its bound. */
static void check_slot(const struct built *b, uint32_t slot)
{
	uint64_t all = 0, bound = b->spec.object[slot].bytes;
	uint32_t most = 0;

	for (uint32_t i = 0; i < b->spec.components; i++) {
		most += b->spec.component[i].slot == slot;
		all += b->spec.component[i].slot == slot ? own(b, i) : 0;
	}
	for (uint32_t i = 0; i < b->spec.objects; i++) {
		const struct spec_object *o = &b->spec.object[i];

		if (o->kind == SPEC_MEMORY && o->owner != SPEC_NONE && b->spec.component[o->owner].slot == slot)
			all += o->bytes;
	}
	if (all > bound)
		error_at(b->object_at[slot], "%lluK are missing: image, stack, heap and memory of %u instances take %lluK, the slot has %lluK",
			 (unsigned long long)(all - bound) >> 10, most, (unsigned long long)all >> 10, (unsigned long long)bound >> 10);
}

/* Kernel objects, all slots full. */
static void check_pool(const struct built *b, uint64_t ram)
{
	uint64_t shared = account_kernel(&b->spec, NULL, SPEC_NONE);
	uint64_t all = account_all(&b->spec, b->image);
	const char *list = "";

	for (uint32_t i = 0; i < b->spec.components; i++) {
		uint64_t bytes = account_kernel(&b->spec, &b->image[i], i);

		list = idl_text("%s%s %lluK (%u tables of pages), ", list, spec_component_name(&b->spec, i), (unsigned long long)bytes >> 10,
				account_tables(&b->spec, &b->image[i], i));
	}
	if (all > pool(ram))
		error_at(b->machine_ram ? b->ram_at : b->at, "%lluK of memory for kernel objects are missing: the machine has %lluK of it "
			 "(1/64 of its RAM, at least 8 MiB); needed are: %swhat connects them %lluK, root %luK; a larger machine.ram makes room",
			 (unsigned long long)(all - pool(ram)) >> 10, (unsigned long long)pool(ram) >> 10, list, (unsigned long long)shared >> 10, ACCOUNT_ROOT >> 10);
}

/* Hundredths of a percent of CORE that a thread may take; what runs without limit takes what is left. */
static uint64_t share(const struct built *b, const struct spec_object *o, uint32_t core)
{
	uint32_t home = o->flags & SPEC_SPREAD ? o->core % b->machine_cores : o->core;

	if (o->kind != SPEC_THREAD || !o->period || home != core ||
	    (o->flags & SPEC_IF && o->bytes >= built_number(&b->spec, o->owner, spec_string(&b->spec, o->text))))
		return 0;
	return (10000ull * o->budget + o->period - 1) / o->period;
}

static void check_cores(const struct built *b)
{
	for (uint32_t core = 0; core < b->machine_cores; core++) {
		const char *list = "";
		uint64_t sum = 0;

		for (uint32_t i = 0; i < b->spec.objects; i++) {
			const struct spec_object *o = &b->spec.object[i];
			uint64_t part = share(b, o, core);

			sum += part;
			if (part)
				list = idl_text("%s%s%s %u of %u us", list, *list ? ", " : "", spec_object_name(&b->spec, i), o->budget, o->period);
			if (part && sum > 10000)
				error_at(b->component_at[o->owner], "core %u is over-committed: %llu.%02llu %% are missing; promised are: %s", core,
					 (unsigned long long)(sum - 10000) / 100, (unsigned long long)(sum - 10000) % 100, list);
		}
	}
}

/* RAM by what it is for, and the large ones by name. */
struct needs {
	uint64_t components, shared, guests, slots;
	const char *list;
};

static struct needs count(const struct built *b)
{
	struct needs n = { .list = "" };

	for (uint32_t i = 0; i < b->spec.components; i++)
		n.components += in_slot(b, i) ? 0 : own(b, i);
	for (uint32_t i = 0; i < b->spec.objects; i++) {
		const struct spec_object *o = &b->spec.object[i];
		uint64_t *to = o->kind == SPEC_SLOT ? &n.slots : built_in_guest(&b->spec, i) ? &n.guests : &n.shared;

		if (o->kind != SPEC_SLOT && (o->kind != SPEC_MEMORY || in_slot(b, o->owner)))
			continue;
		*to += o->bytes;
		if (to != &n.shared)
			n.list = idl_text("%s, %s %llu", n.list, spec_object_name(&b->spec, i), mib(o->bytes));
	}
	return n;
}

static bool has_parameters(const struct built *b, uint32_t component)
{
	for (uint32_t i = 0; i < b->spec.params; i++) {
		if (b->spec.param[i].component == component && b->spec.param[i].kind == SPEC_PARAM_TEXT)
			return true;
	}
	return false;
}

unsigned long long memory_beside(const struct built *b)
{
	struct needs n = count(b);

	for (uint32_t i = 0; i < b->spec.objects; i++) {
		const struct spec_object *o = &b->spec.object[i];

		if (o->kind == SPEC_MEMORY && o->text && built_in_guest(&b->spec, i) && !in_slot(b, o->owner) && has_parameters(b, o->owner))
			n.guests -= o->bytes;
	}
	return mib(n.components + n.shared + n.guests + n.slots);
}

void check_memory(const struct built *b)
{
	struct needs n = count(b);
	uint64_t all = n.components + n.shared + n.guests + n.slots + KERNEL;
	uint64_t ram = b->machine_ram;

	for (uint32_t i = 0; i < b->spec.objects; i++) {
		if (b->spec.object[i].kind == SPEC_SLOT)
			check_slot(b, i);
	}
	check_cores(b);
	check_pool(b, ram ? ram : all);
	all += pool(ram);
	if (ram && all > ram)
		error_at(b->ram_at, "%llu MiB are missing; needed are: images, stacks and heaps of components %llu, shared memory %llu, "
			 "kernel objects %llu, kernel and archive %llu%s", mib(all - ram), mib(n.components), mib(n.shared),
			 mib(pool(ram)), KERNEL >> 20, n.list);
}
