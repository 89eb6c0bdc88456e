/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an interrupt to the thread of higher priority that waits for it. The
 * console's UART raises it: PL011 (ARM DDI 0183G, 3.3.10): its transmit interrupt
 * is raised after a character, so the mask alone decides about the line. Who
 * unmasks it, a thread or a guest, has read the counter before. At the last the
 * thread that waits enters a guest of its own, which reads the counter: the switch
 * from one VM's vCPU, through the other's VMM, into its vCPU.
 */
#include "interrupts.h"

#include <stdatomic.h>
#include <string.h>

#include "check.h"
#include "make.h"
#include "measure.h"
#include "skerry/calls.h"
#include "skerry/memory.h"
#include "skerry/root.h"
#include "skerry/start.h"

#define LOW  100u
#define HIGH 200u

#define UART_IMSC 0x38u
#define UART_TX   0x20u

#define GUEST       0x40000000ul  /* the page as the guest sees it: code, and at STAMP the counter */
#define GUEST_UART  0x50000000ul
#define HERE        0x700000000ul /* and as we see it */
#define STAMP       0x800u

/*
 * Instructions besides the path, by the clock: the counter kept, the store that raises it, the wait's end, the
 * counter read; the sections' ends; one further before the interrupt comes out of a guest.
 */
#define THREAD_OWN 9u
#define GUEST_OWN  8u
#define SWITCH_OWN 7u

/*
 * x1 = GUEST + STAMP, x2 = UART_TX, x3 = the mask register. Each round a number of instructions at random (Knuth,
 * MMIX: x5, x6), 3 a turn: after an even one an odd one.
 */
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl raiser_code, raiser_end\n"
	"raiser_code:\n"
	"1:	madd	x4, x4, x5, x6\n"
	"	lsr	x7, x4, #58\n"
	"2:	subs	x7, x7, #1\n"
	"	nop\n"
	"	b.pl	2b\n"
	"	isb\n"
	"	mrs	x0, cntvct_el0\n"
	"	str	x0, [x1]\n"
	SECTION_BEGIN_TEXT(FROM_GUEST)
	SECTION_BEGIN_TEXT(VCPU_SWITCH)
	"	str	w2, [x3]\n"
	"	b	1b\n"
	"raiser_end:\n"
	".popsection\n");
extern const char raiser_code[], raiser_end[];

/* The other guest: tells the counter. */
#define READER_AT 0x400u
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	".globl reader_code, reader_end\n"
	"reader_code:\n"
	"1:\n"
	SECTION_END_TEXT(VCPU_SWITCH)
	"	isb\n"
	"	mrs	x0, cntvct_el0\n"
	"	hvc	#0\n"
	"	b	1b\n"
	"reader_end:\n"
	".popsection\n");
extern const char reader_code[], reader_end[];

static volatile uint32_t *mask;
static volatile uint64_t *stamp;
static uint32_t irq, bell;
static volatile uint64_t ticks;
static _Atomic uint32_t taken;

static void handler(void *arg)
{
	uint64_t bits;

	(void)arg;
	for (;;) {
		uint64_t now;

		sk_wait(bell, SK_NEVER, &bits);
		SECTION_END(FROM_THREAD);
		SECTION_END(FROM_GUEST);
		now = sk_counter();
		ticks += now - *stamp;
		atomic_fetch_add(&taken, 1);
		*mask = 0;
		sk_irq_ack(irq);
	}
}

static void switcher(void *arg)
{
	uint64_t bits;

	(void)arg;
	for (;;) {
		struct sk_words m = { { 0 }, 0, 0 };

		sk_wait(bell, SK_NEVER, &bits);
		sk_vcpu_run(&m);
		ticks += m.w[1] - *stamp;
		atomic_fetch_add(&taken, 1);
		*mask = 0;
		sk_irq_ack(irq);
	}
}

static void raiser(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < MEASURE_ROUNDS; i++) {
		measure_dawdle();
		*stamp = sk_counter();
		SECTION_BEGIN(FROM_THREAD);
		*mask = UART_TX;
	}
}

static void run_guest(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	sk_vcpu_run(&m);
}

/* A page that a guest shares with us, its code in it; and the UART. */
static uint32_t make_guest_space(uint64_t here)
{
	uint32_t space = make(SK_TYPE_SPACE, 8, SK_SPACE_GUEST), alias = make_slots(2), memory = make_memory(SK_PAGE);

	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map here", sk_map_all(memory, SK_ROOT_SPACE, here, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	memset((void *)here, 0, SK_PAGE);
	memcpy((void *)here, raiser_code, (size_t)(raiser_end - raiser_code));
	memcpy((char *)here + READER_AT, reader_code, (size_t)(reader_end - reader_code));
	sk_memory_clean((void *)here, SK_PAGE);
	must("map there", sk_map_all(alias, space, GUEST, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC));
	must("copy the UART", sk_copy(SK_ROOT_CNODE, alias + 1, SK_ROOT_CNODE, SK_ROOT_RUNTIME_SLOTS, SK_RIGHTS_ALL));
	must("the UART there", sk_map_all(alias + 1, space, GUEST_UART, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	return space;
}

static uint32_t make_guest(uint32_t space, void (*run)(void *), uint32_t priority, uint64_t pc)
{
	const uint64_t registers[] = { GUEST + STAMP, UART_TX, GUEST_UART + UART_IMSC, 0, 6364136223846793005ul,
				       1442695040888963407ul };
	uint32_t vcpu = make(SK_TYPE_VCPU, 0, 0), thread;

	thread = make_thread(run, 0, 0, priority);
	must("stop before it ran", sk_thread_stop(thread));
	must("bind", sk_vcpu_bind(vcpu, space, thread));
	must("registers", sk_vcpu_write(vcpu, SK_VREG_X0 + 1, 6, registers));
	must("pc", sk_vcpu_set(vcpu, SK_VREG_PC, pc));
	must("pstate", sk_vcpu_set(vcpu, SK_VREG_PSTATE, 0x3c5));
	return thread;
}

/*
 * The mean of the interrupts that come in 10 ms. The sections begin anew at the vectors (./skerry bench says where),
 * and SECTION_OWN instructions in them are no part of the path.
 */
static void measure(const char *name, unsigned section, uint32_t thread, uint64_t own, uint64_t section_own)
{
	uint64_t before, ticks_before;

	make_time(100); /* the handler waits */
	before = atomic_load(&taken);
	ticks_before = ticks;
	must("start", sk_thread_start(thread));
	make_time(10000);
	sk_thread_stop(thread);
	*mask = 0;
	make_time(100); /* the handler ends what it has begun: else its line stays active */
	measure_print(name, ticks - ticks_before, atomic_load(&taken) - before, own);
	measure_exact(name, section, 1, section_own);
}

void interrupts(void)
{
	const struct sk_root_info *info = sk_root_info();
	uint32_t space = make_guest_space(HERE), handle, raise, guest;

	must("a console UART", info->console < info->regions ? SK_OK : SK_NO_CAP);
	mask = (volatile uint32_t *)(SK_ROOT_CONSOLE_IPA + UART_IMSC);
	stamp = (volatile uint64_t *)(HERE + STAMP);
	irq = make_slots(1);
	must("the console's interrupt", sk_retype(SK_ROOT_OBJECTS, SK_TYPE_IRQ, info->region[info->console].irq, SK_ROOT_CNODE,
						  irq, 1, SK_ROOT_IRQ_CONTROL));
	bell = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	must("bind", sk_irq_bind(irq, bell));
	handle = make_thread(handler, 0, 0, HIGH);
	raise = make_thread(raiser, 0, 0, LOW);
	must("stop", sk_thread_stop(raise));
	measure("irq_to_thread", FROM_THREAD, raise, THREAD_OWN, 0);
	guest = make_guest(space, run_guest, LOW, GUEST);
	measure("irq_to_thread_from_guest", FROM_GUEST, guest, GUEST_OWN, 1);
	must("stop", sk_thread_stop(handle));
	must("start", sk_thread_start(make_guest(make_guest_space(HERE + SK_PAGE), switcher, HIGH, GUEST + READER_AT)));
	measure("vcpu_switch", VCPU_SWITCH, guest, SWITCH_OWN, 0);
}
