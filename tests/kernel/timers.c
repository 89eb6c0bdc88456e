/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two guests with a timer each on one core: both tick, whatever happens to one of them
 * when its interrupt has fired but is not taken, or is taken but not ended: it waits, it
 * moves to another core, it is destroyed. (The line's active state belongs to the vCPU.)
 */
#include <stdatomic.h>
#include <string.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/memory.h"
#include "skerry/root.h"
#include "skerry/start.h"

#define GUEST    0x40000000ul
#define HERE(g)  (0x720000000ul + (g) * SK_BLOCK)
#define RAM      SK_PAGE
#define VECTORS  0x800u
#define PRIORITY 50u
#define VTIMER   (SK_LIST_GROUP1 | 0x80ul << SK_LIST_PRIORITY_SHIFT)
#define TICKS(g) (*(volatile uint64_t *)(HERE(g) + 0x400)) /* counted by the guest */
#define HALT(g)  (*(volatile uint64_t *)(HERE(g) + 0x408)) /* enum halt: taken back by the guest when it does */
#define PATIENCE 20000u                                    /* milliseconds */

enum halt { FIRED = 1, TAKEN = 2, HALTS };

__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl timers_guest, timers_guest_end\n"
	"timers_guest:\n"
	"	mov x20, #0x40000000\n	add x2, x20, #0x800\n	msr vbar_el1, x2\n"
	"	mov x1, #1\n	mov x2, #0xf0\n	msr S3_0_C4_C6_0, x2\n	msr S3_0_C12_C12_7, x1\n"
	"	mov x2, #0x10000\n	msr cntv_tval_el0, x2\n	msr cntv_ctl_el0, x1\n	isb\n"
	"1:	msr daifclr, #2\n"
	"2:	ldr x3, [x20, #0x408]\n	cmp x3, #1\n	b.ne 2b\n"
	"	msr daifset, #2\n"
	"3:	isb\n	mrs x3, cntv_ctl_el0\n	tbz x3, #2, 3b\n" /* due: it has fired */
	"	str xzr, [x20, #0x408]\n	hvc #1\n	b 1b\n"
	"timers_guest_end:\n"
	".globl timers_vector, timers_vector_end\n"
	"timers_vector:\n"
	"	mrs x10, S3_0_C12_C12_0\n"
	"	ldr x11, [x20, #0x408]\n	cmp x11, #2\n	b.ne 4f\n	str xzr, [x20, #0x408]\n	hvc #2\n"
	"4:	ldr x11, [x20, #0x400]\n	add x11, x11, #1\n	str x11, [x20, #0x400]\n"
	"	mov x12, #0x10000\n	msr cntv_tval_el0, x12\n	isb\n	msr S3_0_C12_C12_1, x10\n	eret\n"
	"timers_vector_end:\n"
	".popsection\n");
extern const char timers_guest[], timers_guest_end[], timers_vector[], timers_vector_end[];

static struct guest {
	uint32_t space, vcpu, thread, go;
	_Atomic uint32_t halted;
	_Alignas(16) char stack[4096];
} guests[2];
static uint32_t core, other; /* where both run, and where one moves to */

/* A hypercall is the guest's halt: it goes on when told, or when its thread was stopped and started. */
static void run(void *arg)
{
	struct guest *g = arg;
	struct sk_words m = { { 0 }, 0, 0 };
	uint64_t bits;

	for (;;) {
		if (sk_vcpu_run(&m) == SK_OK && (m.w[0] & SK_EXIT_CODE) == SK_EXIT_HYPERCALL) {
			atomic_store(&g->halted, 1);
			sk_wait(g->go, SK_NEVER, &bits);
		}
		m = (struct sk_words){ { 0 }, 0, 0 };
	}
}

static void begin(unsigned n)
{
	struct guest *g = &guests[n];
	struct sk_thread_config config = {
		.cnode = SK_ROOT_CNODE, .space = SK_ROOT_SPACE, .priorities = SK_PRIORITY(PRIORITY, PRIORITY),
	};
	uint64_t where[2] = { (uintptr_t)(g->stack + sizeof(g->stack)), (uintptr_t)run }, argument = (uintptr_t)g;

	g->vcpu = make(SK_TYPE_VCPU, 0, 0);
	g->thread = make(SK_TYPE_THREAD, 0, core);
	atomic_store(&g->halted, 0);
	HALT(n) = 0;
	must("configure", sk_thread_configure(g->thread, &config));
	must("bind", sk_vcpu_bind(g->vcpu, g->space, g->thread));
	must("pc", sk_vcpu_set(g->vcpu, SK_VREG_PC, GUEST));
	must("pstate", sk_vcpu_set(g->vcpu, SK_VREG_PSTATE, 0x3c5));
	must("the timer's interrupt", sk_vcpu_set(g->vcpu, SK_VREG_VTIMER, VTIMER));
	must("stack and pc", sk_thread_write(g->thread, SK_REG_SP, 2, where));
	must("argument", sk_thread_write(g->thread, SK_REG_X0, 1, &argument));
	must("start", sk_thread_start(g->thread));
}

static void build(unsigned n)
{
	const uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC;
	uint32_t memory = make_memory(RAM), alias = make_slots(1);

	guests[n].space = make(SK_TYPE_SPACE, 8, SK_SPACE_GUEST);
	guests[n].go = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, rights));
	must("map here", sk_map_all(alias, SK_ROOT_SPACE, HERE(n), 0, RAM, SK_RIGHT_READ | SK_RIGHT_WRITE));
	memset((void *)HERE(n), 0, RAM);
	memcpy((void *)HERE(n), timers_guest, (size_t)(timers_guest_end - timers_guest));
	memcpy((void *)(HERE(n) + VECTORS + 0x280), timers_vector, (size_t)(timers_vector_end - timers_vector));
	sk_memory_clean((void *)HERE(n), RAM);
	must("map there", sk_map_all(memory, guests[n].space, GUEST, 0, RAM, rights));
	begin(n);
}

static void ticks(const char *what, unsigned n)
{
	uint64_t from = TICKS(n);

	for (unsigned i = 0; i < PATIENCE && TICKS(n) < from + 4; i++)
		make_time(1000);
	check(what, TICKS(n) >= from + 4);
}

static void both_tick(const char *what)
{
	ticks(what, 0);
	ticks(what, 1);
}

static void halt(enum halt how)
{
	HALT(0) = how;
	for (unsigned i = 0; i < PATIENCE && !atomic_load(&guests[0].halted); i++)
		make_time(1000);
	check_value("the first halts", atomic_exchange(&guests[0].halted, 0), 1);
}

static void move(enum halt how, uint32_t to)
{
	halt(how);
	must("stop", sk_thread_stop(guests[0].thread));
	ticks("one is stopped, the other ticks", 1);
	must("move", sk_thread_move(guests[0].thread, to));
	ticks("one has moved, the other ticks", 1);
	must("start", sk_thread_start(guests[0].thread));
	both_tick("both tick after the move");
}

/* While it runs. */
static void move_running(void)
{
	for (unsigned i = 0; i < 4; i++) {
		must("move", sk_thread_move(guests[0].thread, i % 2 ? core : other));
		both_tick("both tick, one moved while it ran");
	}
}

static void one_round(enum halt how)
{
	halt(how);
	ticks("one waits, the other ticks", 1);
	must("go", sk_signal(guests[0].go));
	both_tick("both tick after the wait");
	move(how, other);
	move(how, core);
	halt(how);
	must("destroy the vCPU", sk_delete(SK_ROOT_CNODE, guests[0].vcpu));
	must("and its thread", sk_delete(SK_ROOT_CNODE, guests[0].thread));
	ticks("one is destroyed, the other ticks", 1);
	begin(0);
	both_tick("both tick with a new one");
}

int main(void)
{
	other = sk_root_info()->cores - 1;
	build(0);
	build(1);
	both_tick("both tick");
	for (enum halt how = FIRED; how < HALTS; how++)
		one_round(how);
	move_running();
	check_done();
}
