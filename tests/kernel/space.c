/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More Spaces than there are VMIDs: a thread goes from one to the next and finds in
 * each the page that belongs there, at the same address everywhere. Another thread
 * runs in one of them on another core all the while.
 */
#include <stdatomic.h>
#include <string.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/memory.h"
#include "skerry/root.h"

#define SPACES 300u
#define CODE   0x30000000ul         /* there */
#define DATA   0x30001000ul
#define HERE   0x720000000ul        /* all pages of data, in root */
#define ROUNDS 2u

/* x0 = its page: doubles the first word into the second, counts in the third. */
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl space_code, space_code_end\n"
	"space_code:\n"
	"	ldr x1, [x0]\n	add x1, x1, x1\n	str x1, [x0, #8]\n"
	"1:	ldr x1, [x0, #16]\n	add x1, x1, #1\n	str x1, [x0, #16]\n	b 1b\n"
	"space_code_end:\n"
	".popsection\n");
extern const char space_code[], space_code_end[];

static uint32_t space[SPACES];

static volatile uint64_t *page(unsigned i)
{
	return (volatile uint64_t *)(HERE + i * SK_PAGE);
}

/* One page of code for all of them. */
static uint32_t code(void)
{
	const uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE;
	uint32_t memory = make_memory(SK_PAGE), alias = make_slots(1);

	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, rights));
	must("map the code here", sk_map_all(alias, SK_ROOT_SPACE, HERE - SK_BLOCK, 0, SK_PAGE, rights));
	memcpy((void *)(HERE - SK_BLOCK), space_code, (size_t)(space_code_end - space_code));
	sk_memory_clean((void *)(HERE - SK_BLOCK), SK_PAGE);
	return memory;
}

static void build(void)
{
	const uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE;
	uint32_t text = code(), data = make_memory(SPACES * SK_PAGE), alias = make_slots(1);

	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, data, rights));
	must("map the data here", sk_map_all(alias, SK_ROOT_SPACE, HERE, 0, SPACES * SK_PAGE, rights));
	for (unsigned i = 0; i < SPACES; i++) {
		uint32_t slots = make_slots(2);

		space[i] = make(SK_TYPE_SPACE, 2, SK_SPACE_COMPONENT);
		must("mint", sk_mint_range(SK_ROOT_CNODE, slots, SK_ROOT_CNODE, data, rights, i * SK_PAGE, SK_PAGE));
		must("copy", sk_copy(SK_ROOT_CNODE, slots + 1, SK_ROOT_CNODE, text, SK_RIGHT_READ | SK_RIGHT_EXEC));
		must("map data", sk_map_all(slots, space[i], DATA, 0, SK_PAGE, rights));
		must("map code", sk_map_all(slots + 1, space[i], CODE, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_EXEC));
		page(i)[0] = 1000 + i;
	}
}

static void run_in(uint32_t thread, unsigned i)
{
	struct sk_thread_config config = {
		.cnode = SK_ROOT_CNODE, .space = space[i], .priorities = SK_PRIORITY(10, 10),
	};
	uint64_t pc[2] = { 0, CODE }, x0 = DATA;

	must("configure", sk_thread_configure(thread, &config));
	must("its pc", sk_thread_write(thread, SK_REG_SP, 2, pc));
	must("its argument", sk_thread_write(thread, SK_REG_X0, 1, &x0));
	must("start", sk_thread_start(thread));
}

/* Until the thread in Space I has come as far as this: bounded. */
static bool counts_beyond(unsigned i, uint64_t count)
{
	for (unsigned tries = 0; tries < 2000 && page(i)[2] <= count; tries++)
		make_time(100);
	return page(i)[2] > count;
}

/* One that is pinned keeps what a device would walk, however many run meanwhile. */
static uint64_t pinned_root, pinned_vmid;
static uint32_t pin;

static void pin_one(void)
{
	pin = make_slots(1);
	must("pin", sk_space_pin(space[7], SK_ROOT_IOMMU, SK_ROOT_CNODE, pin, 7));
	must("root", sk_space_root(pin, &pinned_root, &pinned_vmid));
	check("a root table and a VMID", pinned_root % SK_PAGE == 0 && pinned_vmid != 0);
}

static void unpin(void)
{
	uint64_t root, vmid;

	must("root", sk_space_root(pin, &root, &vmid));
	check("the pinned one kept both", root == pinned_root && vmid == pinned_vmid);
	must("unpin", sk_delete(SK_ROOT_CNODE, pin));
}

int main(void)
{
	uint32_t last = sk_root_info()->cores - 1;
	uint32_t thread = make(SK_TYPE_THREAD, 0, last), steady = make(SK_TYPE_THREAD, 0, 0);
	unsigned right = 0, steps = 0;

	build();
	pin_one();
	run_in(steady, 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 1; i < SPACES; i++) {
			uint64_t count = page(0)[2];

			page(i)[2] = 0;
			run_in(thread, i);
			counts_beyond(i, 0);
			must("stop", sk_thread_stop(thread));
			right += page(i)[1] == 2 * page(i)[0];
			steps += counts_beyond(0, count);
		}
	}
	check_value("Spaces that found their own page", right, ROUNDS * (SPACES - 1));
	check_value("times that the other thread went on meanwhile", steps, ROUNDS * (SPACES - 1));
	unpin();
	check_value("and it is in its own Space", page(0)[1], 2 * page(0)[0]);
	check_done();
}
