/* SPDX-License-Identifier: BSD-2-Clause */
#include "vm.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/memory.h"

#define VMS     4u
#define GUEST   0x40000000ul  /* the page as guests see it */
#define HERE    0x700000000ul /* and as we see it */
#define COUNTER 0x800u
#define TABLES  2u            /* besides the root, for one page */
#define OBJECTS 0x40000u
#define VCPUS   0x4000u

/* x1 = GUEST + COUNTER. */
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl vm_code, vm_code_end\n"
	"vm_code:\n"
	"1:	hvc	#0\n"
	"	b	1b\n"
	".org	vm_code + 0x40\n"
	"1:	add	x0, x0, #1\n"
	"	str	x0, [x1]\n"
	"	b	1b\n"
	"vm_code_end:\n"
	".popsection\n");
extern const char vm_code[], vm_code_end[];

enum { SPACE, VCPU, THREAD, ALIAS, SLOTS };

static _Alignas(16) char stack[VMS][4096];
static uint32_t page, objects, vcpus, slots, count;

void vm_prepare(void)
{
	uint32_t here = make_slots(1);

	page = make_memory(SK_PAGE);
	must("alias", sk_copy(SK_ROOT_CNODE, here, SK_ROOT_CNODE, page, SK_RIGHTS_ALL));
	must("map here", sk_map_all(here, SK_ROOT_SPACE, HERE, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	memset((void *)HERE, 0, SK_PAGE);
	memcpy((void *)HERE, vm_code, (size_t)(vm_code_end - vm_code));
	sk_memory_clean((void *)HERE, SK_PAGE);
	objects = make(SK_TYPE_UNTYPED, OBJECTS, 0);
	vcpus = make(SK_TYPE_UNTYPED, VCPUS, 0);
	slots = make_slots(VMS * SLOTS);
}

static void retype(uint32_t untyped, uint32_t slot, enum sk_type type, uint64_t size, uint64_t attribute)
{
	must("retype for a VM", sk_retype(untyped, type, size, SK_ROOT_CNODE, slot, 1, attribute));
}

uint32_t vm_make(void (*run)(void *), uint32_t core, uint32_t priority, uint64_t at)
{
	const uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC, slot = slots + count * SLOTS;
	const uint64_t where[2] = { (uintptr_t)stack[count] + sizeof(stack[count]), (uintptr_t)run };
	const struct sk_thread_config config = {
		.cnode = SK_ROOT_CNODE, .space = SK_ROOT_SPACE,
		.priorities = SK_PRIORITY(priority, priority),
	};

	if (count++ == VMS)
		must("VMs at a time", SK_NO_MEMORY);
	retype(objects, slot + SPACE, SK_TYPE_SPACE, TABLES, SK_SPACE_GUEST);
	retype(objects, slot + THREAD, SK_TYPE_THREAD, 0, core);
	retype(vcpus, slot + VCPU, SK_TYPE_VCPU, 0, 0);
	must("alias", sk_copy(SK_ROOT_CNODE, slot + ALIAS, SK_ROOT_CNODE, page, rights));
	must("map there", sk_map_all(slot + ALIAS, slot + SPACE, GUEST, 0, SK_PAGE, rights));
	must("configure", sk_thread_configure(slot + THREAD, &config));
	must("bind", sk_vcpu_bind(slot + VCPU, slot + SPACE, slot + THREAD));
	must("pc", sk_vcpu_set(slot + VCPU, SK_VREG_PC, GUEST + at));
	must("x1", sk_vcpu_set(slot + VCPU, SK_VREG_X0 + 1, GUEST + COUNTER));
	must("pstate", sk_vcpu_set(slot + VCPU, SK_VREG_PSTATE, 0x3c5));
	must("stack and entry", sk_thread_write(slot + THREAD, SK_REG_SP, 2, where));
	return slot + THREAD;
}

uint32_t vm_vcpu_untyped(void)
{
	return vcpus;
}

uint64_t vm_progress(void)
{
	return *(volatile uint64_t *)(HERE + COUNTER);
}

void vm_destroy(void)
{
	must("revoke vCPUs", sk_revoke(SK_ROOT_CNODE, vcpus));
	must("revoke objects", sk_revoke(SK_ROOT_CNODE, objects));
	for (uint32_t i = 0; i < count; i++)
		must("delete the alias", sk_delete(SK_ROOT_CNODE, slots + i * SLOTS + ALIAS));
	count = 0;
}

/* What an object takes of the untyped, of which USED is taken. */
static uint64_t bytes(uint64_t *used, uint32_t at, enum sk_type type, uint64_t attribute)
{
	struct sk_inspection after;
	uint64_t before = *used;

	retype(objects, slots + at, type, 0, attribute);
	must("inspect", sk_inspect(SK_ROOT_CNODE, objects, &after));
	*used = after.used;
	return after.used - before;
}

void vm_print_bytes(void)
{
	uint64_t used = 0, space = bytes(&used, SPACE, SK_TYPE_SPACE, SK_SPACE_GUEST);
	uint64_t vcpu = bytes(&used, VCPU, SK_TYPE_VCPU, 0), thread = bytes(&used, THREAD, SK_TYPE_THREAD, 0);

	must("revoke objects", sk_revoke(SK_ROOT_CNODE, objects));
	printf("metric memory_thread %lu\n", (unsigned long)thread);
	printf("metric memory_vcpu %lu\n", (unsigned long)vcpu);
	printf("metric memory_space %lu\n", (unsigned long)space);
	printf("metric memory_vm %lu\n", (unsigned long)(space + vcpu + thread));
	fflush(stdout);
}
