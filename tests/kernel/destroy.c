/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMs that are destroyed at random instants while they run, on this core or on
 * another, and made anew: every byte, interrupt line and timeout entry must
 * come back, and the next VM must find nothing of the one before.
 */
#include <stdatomic.h>
#include <string.h>
#include "check.h"
#include "hostile_kit.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/log.h"
#include "skerry/memory.h"
#include "skerry/root.h"
#include "skerry/start.h"

#ifdef LONG
#define ROUNDS 20000u
#else
#define ROUNDS 1000u
#endif
#define GUEST    0x40000000ul
#define HERE     0x720000000ul
#define RAM      0x10000ul
#define OBJECTS  (256u << 10)
#define LINE     140u
#define PRIORITY 100u
#define VTIMER   (SK_LIST_GROUP1 | 0x80ul << SK_LIST_PRIORITY_SHIFT)

/* What the guest leaves in its RAM. */
#define TICKS (*(volatile uint64_t *)(HERE + 0x400))
#define LEAKS (*(volatile uint64_t *)(HERE + 0x408))
#define ALIVE (*(volatile uint64_t *)(HERE + 0x410))

enum life { LOOP, CALLS, TICKING, SLEEPING, DEVICES, FLOATING, LIVES };

/* x0 = its kind of life. Registers of EL1 must be as a new vCPU's; it then fills them with its own. */
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl destroy_guest, destroy_guest_end\n"
	"destroy_guest:\n"
	"	mov x20, #0x40000000\n"
	"	mrs x1, tpidr_el1\n	mrs x2, tpidr_el0\n	orr x1, x1, x2\n	mrs x2, tpidrro_el0\n	orr x1, x1, x2\n"
	"	mrs x2, vbar_el1\n	orr x1, x1, x2\n	mrs x2, cntv_cval_el0\n	orr x1, x1, x2\n"
	"	mrs x2, ttbr0_el1\n	orr x1, x1, x2\n	mrs x2, contextidr_el1\n	orr x1, x1, x2\n"
	"	mrs x2, sp_el0\n	orr x1, x1, x2\n	mrs x2, elr_el1\n	orr x1, x1, x2\n"
	"	str x1, [x20, #0x408]\n"
	"	mov x1, #-1\n	msr tpidr_el1, x1\n	msr tpidr_el0, x1\n	msr tpidrro_el0, x1\n	msr sp_el0, x1\n"
	"	msr ttbr0_el1, x1\n	msr contextidr_el1, x1\n	msr elr_el1, x1\n"
	"	add x2, x20, #0x800\n	msr vbar_el1, x2\n"
	"	mov x1, #3 << 20\n	msr cpacr_el1, x1\n	isb\n"
	"	mov x1, #1\n	str x1, [x20, #0x410]\n"
	"	cmp x0, #1\n	b.eq 1f\n	cmp x0, #2\n	b.eq 2f\n	cmp x0, #3\n	b.eq 3f\n"
	"	cmp x0, #4\n	b.eq 4f\n	cmp x0, #5\n	b.eq 5f\n"
	"0:	add x1, x1, #1\n	tlbi vmalle1\n	str x1, [x20, #0x418]\n	b 0b\n"
	"1:	hvc #0\n	smc #0\n	b 1b\n"
	"2:	mov x1, #1\n	msr S3_0_C12_C12_5, x1\n	isb\n	mov x2, #0xf0\n	msr S3_0_C4_C6_0, x2\n"
	"	msr S3_0_C12_C12_7, x1\n	mov x2, #2000\n	msr cntv_tval_el0, x2\n	msr cntv_ctl_el0, x1\n"
	"	isb\n	msr daifclr, #2\n"
	"21:	wfi\n	add x3, x3, #1\n	tbz x3, #3, 21b\n"
	"22:	add x3, x3, #1\n	and x4, x3, #0xfff\n	cbnz x4, 22b\n	b 21b\n"
	"3:	mrs x1, cntvct_el0\n	mov x2, #0x10000000\n	add x1, x1, x2\n	msr cntv_cval_el0, x1\n	mov x1, #1\n"
	"	msr cntv_ctl_el0, x1\n31:	wfi\n	b 31b\n"
	"4:	mov x5, #0x09000000\n41:	ldr w1, [x5]\n	strb w1, [x5, #4]\n	ldp x6, x7, [x5, #16]\n	b 41b\n"
	".arch_extension fp\n5:	fmov d0, x1\n	fadd d1, d1, d0\n	add x1, x1, #1\n	msr tpidr_el0, x1\n	hvc #1\n	b 5b\n"
	"destroy_guest_end:\n"
	".globl destroy_vector, destroy_vector_end\n"
	"destroy_vector:\n" /* an interrupt: counted, the timer set again before it is ended */
	"	mrs x10, S3_0_C12_C12_0\n	ldr x11, [x20, #0x400]\n	add x11, x11, #1\n	str x11, [x20, #0x400]\n"
	"	mov x12, #2000\n	msr cntv_tval_el0, x12\n	isb\n	msr S3_0_C12_C12_1, x10\n	eret\n"
	"destroy_vector_end:\n"
	".popsection\n");
extern const char destroy_guest[], destroy_guest_end[], destroy_vector[], destroy_vector_end[];

static uint32_t objects, ram, slot, bell;
enum { MEMORY, ALIAS, SPACE, VCPU, THREAD, BELL, IRQ, SUB, SLOTS };
static _Alignas(16) char stack[4096];
static uint64_t seed = 0x0dd5eed5, used, leaks, unborn, lived;
static unsigned exits_seen;

/* The VMM's thread: answers everything with 0, sleeps when the guest does. */
static void run(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	for (;;) {
		enum sk_status status = sk_vcpu_run(&m);
		uint64_t code = m.w[0] & SK_EXIT_CODE, deadline = m.w[1], bits;

		if (status == SK_OK && code == SK_EXIT_WFI && !m.w[2])
			sk_wait(bell, deadline, &bits);
		if (status == SK_OK && (code == SK_EXIT_UNDECODED || code == SK_EXIT_FETCH))
			sk_vcpu_set(slot + VCPU, SK_VREG_PC, m.w[5] + 4);
		exits_seen++;
		m = (struct sk_words){ { SK_RUN_ANSWER }, 0, 0 };
	}
}

static void retype(uint32_t untyped, unsigned at, enum sk_type type, uint64_t size, uint64_t attribute)
{
	must("retype for a VM", sk_retype(untyped, type, size, SK_ROOT_CNODE, slot + at, 1, attribute));
}

static void load(void)
{
	const uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC;

	retype(ram, MEMORY, SK_TYPE_MEMORY, RAM, rights | SK_CACHE_NORMAL << 8);
	must("alias", sk_copy(SK_ROOT_CNODE, slot + ALIAS, SK_ROOT_CNODE, slot + MEMORY, rights));
	must("map here", sk_map_all(slot + ALIAS, SK_ROOT_SPACE, HERE, 0, RAM, SK_RIGHT_READ | SK_RIGHT_WRITE));
	memset((void *)HERE, 0, RAM);
	memcpy((void *)HERE, destroy_guest, (size_t)(destroy_guest_end - destroy_guest));
	memcpy((void *)(HERE + 0x800 + 0x280), destroy_vector, (size_t)(destroy_vector_end - destroy_vector));
	sk_memory_clean((void *)HERE, RAM);
	must("map there", sk_map_all(slot + MEMORY, slot + SPACE, GUEST, 0, RAM, rights));
}

static void build(enum life life, uint32_t core)
{
	const uint32_t thread = slot + THREAD, vcpu = slot + VCPU;
	struct sk_thread_config config = {
		.cnode = SK_ROOT_CNODE, .space = SK_ROOT_SPACE, .priorities = SK_PRIORITY(PRIORITY, PRIORITY),
	};
	uint64_t where[2] = { (uintptr_t)(stack + sizeof(stack)), (uintptr_t)run };

	retype(objects, SPACE, SK_TYPE_SPACE, 8, SK_SPACE_GUEST);
	load();
	retype(objects, VCPU, SK_TYPE_VCPU, 0, 0);
	retype(objects, THREAD, SK_TYPE_THREAD, 0, core);
	retype(objects, BELL, SK_TYPE_NOTIFICATION, 0, 0);
	retype(objects, IRQ, SK_TYPE_IRQ, LINE, SK_ROOT_IRQ_CONTROL | (uint64_t)SK_TRIGGER_EDGE << 32);
	bell = slot + BELL;
	config.notification = bell;
	must("bind the line", sk_irq_bind(slot + IRQ, bell));
	must("configure", sk_thread_configure(thread, &config));
	must("bind", sk_vcpu_bind(vcpu, slot + SPACE, thread));
	must("pc", sk_vcpu_set(vcpu, SK_VREG_PC, GUEST));
	must("its life", sk_vcpu_set(vcpu, SK_VREG_X0, life));
	must("its timer", sk_vcpu_set(vcpu, SK_VREG_VTIMER, VTIMER));
	must("stack and entry", sk_thread_write(thread, SK_REG_SP, 2, where));
	must("start", sk_thread_start(thread));
}

/* By itself revoke does all; at times something else of it goes first. */
static void destroy(unsigned how)
{
	static const uint8_t first[] = { SPACE, VCPU, THREAD, BELL, MEMORY, IRQ };

	if (how < sizeof(first))
		must("delete a part", sk_delete(SK_ROOT_CNODE, slot + first[how]));
	else if (how == sizeof(first))
		must("stop it", sk_thread_stop(slot + THREAD));
	else if (how == sizeof(first) + 1)
		must("revoke its RAM", sk_revoke(SK_ROOT_CNODE, ram));
	must("revoke its objects", sk_revoke(SK_ROOT_CNODE, objects));
	must("revoke its RAM", sk_revoke(SK_ROOT_CNODE, ram));
}

/* Sleeps: this core is its own meanwhile; or stays awake, so that it dies on the other between two instructions. */
static void pass(bool asleep, uint64_t ticks)
{
	uint64_t end = sk_counter() + ticks;

	if (asleep)
		make_time(ticks * 1000000 / sk_start()->counter_hz + 1);
	while (sk_counter() < end)
		;
}

static void one(unsigned n)
{
	uint64_t r = hostile_random(&seed), hz = sk_start()->counter_hz;
	uint32_t core = (uint32_t)((r >> 8) % sk_root_info()->cores);
	struct sk_inspection i;

	build((enum life)(n % LIVES), core);
	must("inspect", sk_inspect(SK_ROOT_CNODE, objects, &i));
	used = used ? used : i.used;
	if (i.used != used)
		check_value("bytes that a VM takes", i.used, used);
	pass(core == 0, (r >> 16) % (r & 1 ? hz / 100 : hz / 1000));
	leaks += LEAKS != 0;
	unborn += !ALIVE;
	lived += ALIVE;
	destroy((r >> 32) % 16);
}

static void ticks_on(uint32_t core)
{
	build(TICKING, core);
	for (unsigned i = 0; i < 2000 && TICKS < 20; i++)
		make_time(1000);
	check("a guest's timer ticks after all that", TICKS >= 20);
	destroy(15);
}

int main(void)
{
	objects = make(SK_TYPE_UNTYPED, OBJECTS, 0);
	ram = make_slots(1);
	must("RAM", sk_retype(make_ram(), SK_TYPE_UNTYPED, RAM, SK_ROOT_CNODE, ram, 1, 0));
	slot = make_slots(SLOTS + 1);
	watch_start();
	for (unsigned n = 0; n < ROUNDS; n++)
		one(n);
	sk_log("%u VMs, %u of them came to their first instruction, %u exits\n", ROUNDS, (unsigned)lived, exits_seen);
	check("most of them lived", lived > ROUNDS / 4);
	check_value("new vCPUs with registers of an old one", leaks, 0);
	for (uint32_t core = 0; core < sk_root_info()->cores; core++)
		ticks_on(core);
	retype(objects, SUB, SK_TYPE_UNTYPED, OBJECTS, 0);
	check("every byte of the objects is there", true);
	retype(ram, SUB + 1, SK_TYPE_UNTYPED, RAM, 0);
	check("every byte of the RAM is there", true);
	watch_report();
	check_done();
}
