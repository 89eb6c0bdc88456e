/* SPDX-License-Identifier: BSD-2-Clause */
/* vCPUs: a guest of a few instructions, its exits, answers, registers, and its timer. */
#include <stdatomic.h>
#include <string.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/memory.h"
#include "skerry/start.h"

#define GUEST 0x40000000ul /* where its code lies, as it sees it */
#define HERE  0x700000000ul /* and as we see it */

/* Guest code, position independent. */
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl guest_code, guest_end\n"
	"guest_code:\n"
	"	mov x0, #0x1111\n	mov x1, #0x22\n	mov x2, #0x33\n	mov x3, #0x44\n"
	"	hvc #7\n"                            /* answered: x0..x3 */
	"	add x4, x0, x3\n"
	"	mov x5, #0x09000000\n"
	"	ldrb w6, [x5, #4]\n"                 /* MMIO load, byte */
	"	ldrsh x7, [x5, #8]\n"                /* MMIO load, sign extended */
	"	strh w6, [x5, #12]\n"                /* MMIO store, half */
	"	mov x8, #0x40000000\n"
	"	str x6, [x8, #0x800]\n"              /* its own RAM: no exit */
	"	wfi\n"
	"	ldp x9, x10, [x5]\n"                 /* the hardware does not describe it */
	"	smc #0\n"
	"	add x8, x8, #1, lsl #12\n"
	"	str x6, [x8, #8]\n"                 /* RAM that it may only read */
	"	mov x11, #0xdead0000\n"
	"	br x11\n"                            /* nothing there to execute */
	"guest_end:\n"
	".popsection\n");
extern const char guest_code[], guest_end[];

static uint32_t vcpu, bell;
static _Atomic uint32_t over;
static struct sk_words exits[11];
static enum sk_status statuses[11];

/* The vCPU's thread: runs it, notes each exit, answers loads with 0xfedc and calls with 5, 6, 7, 8. */
static void runner(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	for (unsigned i = 0; i < 10; i++) {
		statuses[i] = sk_vcpu_run(&m);
		exits[i] = m;
		if (statuses[i] == SK_OK && (m.w[0] & SK_EXIT_CODE) == SK_EXIT_UNDECODED)
			sk_vcpu_set(vcpu, SK_VREG_PC, m.w[5] + 4);
		m = (struct sk_words){ { SK_RUN_ANSWER, 0xfedc, 6, 7, 8 }, 0, 0 };
		if ((exits[i].w[0] & SK_EXIT_CODE) == SK_EXIT_HYPERCALL)
			m.w[1] = 5;
	}
	atomic_store(&over, 1);
}

static void load_guest(uint32_t space)
{
	uint32_t memory = make_memory(SK_PAGE), alias = make_slots(1);

	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map here", sk_map_all(memory, SK_ROOT_SPACE, HERE, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	memset((void *)HERE, 0, SK_PAGE);
	memcpy((void *)HERE, guest_code, (size_t)(guest_end - guest_code));
	sk_memory_clean((void *)HERE, SK_PAGE);
	must("map there", sk_map_all(alias, space, GUEST, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC));
	must("map there, to be read", sk_map_all(make_memory(SK_PAGE), space, GUEST + SK_PAGE, 0, SK_PAGE, SK_RIGHT_READ));
}

static void set_up(void)
{
	uint32_t space = make(SK_TYPE_SPACE, 8, SK_SPACE_GUEST);
	struct sk_thread_config config;
	uint32_t thread;

	vcpu = make(SK_TYPE_VCPU, 0, 0);
	bell = make(SK_TYPE_NOTIFICATION, 0, 0);
	load_guest(space);
	thread = make_thread_with(&(struct make_thread){ runner, NULL, 0, 100, 0, bell, 0 });
	must("stop before it ran", sk_thread_stop(thread));
	config = (struct sk_thread_config){ .space = space };
	check("a guest's space is no thread's", sk_thread_configure(thread, &config) != SK_OK);
	check_status("bind with a component's space", sk_vcpu_bind(vcpu, SK_ROOT_SPACE, thread), SK_BAD_ARG);
	check_status("bind", sk_vcpu_bind(vcpu, space, thread), SK_OK);
	check_status("bind twice", sk_vcpu_bind(vcpu, space, thread), SK_STATE);
	must("pc", sk_vcpu_set(vcpu, SK_VREG_PC, GUEST));
	must("pstate", sk_vcpu_set(vcpu, SK_VREG_PSTATE, 0x3c5));
	must("start", sk_thread_start(thread));
}

static void check_exits(void)
{
	const struct sk_words *e = exits;
	uint64_t regs[8];

	check_value("hvc exits", e[0].w[0] & SK_EXIT_CODE, SK_EXIT_HYPERCALL);
	check("with x0..x3", e[0].w[1] == 0x1111 && e[0].w[2] == 0x22 && e[0].w[3] == 0x33 && e[0].w[4] == 0x44);
	check_value("and the immediate", e[0].w[6], 7);
	check_value("a byte load exits", e[1].w[0], SK_EXIT_MMIO | 1 << SK_EXIT_WIDTH_SHIFT);
	check_value("its address", e[1].w[1], 0x09000004);
	check_value("a half-word load", e[2].w[0], SK_EXIT_MMIO | 2 << SK_EXIT_WIDTH_SHIFT);
	check_value("a half-word store", e[3].w[0], SK_EXIT_MMIO | SK_EXIT_WRITE | 2 << SK_EXIT_WIDTH_SHIFT);
	check_value("its value: the byte that was loaded", e[3].w[2], 0xdc);
	check_value("wfi", e[4].w[0] & SK_EXIT_CODE, SK_EXIT_WFI);
	check_value("no timer runs", e[4].w[1], SK_NEVER);
	check_value("a load pair is not described", e[5].w[0] & SK_EXIT_CODE, SK_EXIT_UNDECODED);
	check_value("its address", e[5].w[1], 0x09000000);
	check_value("smc", e[6].w[0] & (SK_EXIT_CODE | SK_EXIT_SMC), SK_EXIT_HYPERCALL | SK_EXIT_SMC);
	check_value("a store to what may only be read", e[7].w[0] & SK_EXIT_CODE, SK_EXIT_UNDECODED);
	check_value("its address is for the VMM to find", e[7].w[1], SK_ADDRESS_UNKNOWN);
	check_value("from the virtual one", e[7].w[2], GUEST + SK_PAGE + 8);
	check_value("it writes", e[7].w[3], SK_ACCESS_WRITE);
	check_value("a fetch from nowhere", e[8].w[0] & SK_EXIT_CODE, SK_EXIT_FETCH);
	check_value("its address", e[8].w[1], 0xdead0000);
	check_value("its own RAM made no exit", *(volatile uint64_t *)(HERE + 0x800), 0xdc);
	must("read", sk_vcpu_read(vcpu, SK_VREG_X0, regs));
	check_value("the answers of hvc were used", regs[4], 5 + 8);
	check_value("a sign-extended load", regs[7], 0xfffffffffffffedc);
}

/* What a VMM may not write. */
static void refusals(void)
{
	uint64_t regs[8] = { 0 };

	check_status("read past the last register", sk_vcpu_read(vcpu, SK_VREG_COUNT, regs), SK_BAD_ARG);
	check_status("write 7 registers", sk_vcpu_write(vcpu, 0, 7, regs), SK_BAD_ARG);
	check_status("PSTATE of EL2", sk_vcpu_set(vcpu, SK_VREG_PSTATE, 0x3c9), SK_OK);
	must("read", sk_vcpu_read(vcpu, SK_VREG_PSTATE, regs));
	check_value("becomes EL1h", regs[0] & 0x1f, 0x5);
	must("read", sk_vcpu_read(vcpu, SK_VREG_LISTS, regs));
	check("list registers there are", regs[0] >= 1 && regs[0] <= 16);
}

int main(void)
{
	set_up();
	check_value("the guest ran to its end", make_wait(&over), 1);
	for (unsigned i = 0; i < 9; i++)
		check_status("run", statuses[i], SK_OK);
	check_exits();
	refusals();
	check_done();
}
