/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest's exit costs the kernel: the VMM here is a loop of a few known
 * instructions, and the guest one page. Both read the counter, whose tick on some
 * CPUs is 16 instructions: the guest dawdles by another number each round.
 */
#include <string.h>

#include "check.h"
#include "exit_loop.h"
#include "make.h"
#include "measure.h"
#include "skerry/calls.h"
#include "skerry/memory.h"

#define LOW   100u
#define GUEST 0x40000000ul  /* the page as the guest sees it */
#define HERE  0x700000000ul /* and as we see it */
#define EXITS   0x000u      /* code that exits and nothing else */
#define INJECTS 0x040u      /* code that exits with interrupts on */
#define VECTORS 0x800u      /* of interrupts that exit not again */
#define LEVELS  0x000u      /* and of those whose end does */
#define STAMPS  0x100u      /* counter at the vector, before and after the end */

/* Sections (section.h). */
#define EXIT       0
#define INJECT     1
#define INJECT_EOI 2
#define LEVEL_EOI  3

/* x21 = the stamps, x22 = the priority mask, x23 and x24 make random numbers. */
#define INTERRUPT(section_of_the_end)                                         \
	SECTION_END_TEXT(INJECT)                                              \
	"	mrs	x10, cntvct_el0\n"                                    \
	"	mrs	x11, S3_0_C12_C12_0\n"       /* ICC_IAR1_EL1 */      \
	"	ubfx	x5, x20, #52, #6\n"                                   \
	"3:	subs	x5, x5, #1\n"                                         \
	"	nop\n"                                                        \
	"	b.pl	3b\n"                                                 \
	"	mrs	x12, cntvct_el0\n"                                    \
	SECTION_BEGIN_TEXT(section_of_the_end)                                \
	"	msr	S3_0_C12_C12_1, x11\n"       /* ICC_EOIR1_EL1 */     \
	SECTION_END_TEXT(section_of_the_end)                                  \
	"	mrs	x13, cntvct_el0\n"                                    \
	"	stp	x10, x12, [x21]\n"                                    \
	"	str	x13, [x21, #16]\n"                                    \
	"	eret\n"
__asm__(".pushsection .rodata\n"
	".balign 2048\n"
	".globl exits_code, exits_end\n"
	"exits_code:\n"
	"1:	hvc	#0\n"
	"	b	1b\n"
	".balign 64\n"
	"	msr	S3_0_C4_C6_0, x22\n"         /* ICC_PMR_EL1 */
	"	mov	x0, #1\n"
	"	msr	S3_0_C12_C12_7, x0\n"        /* ICC_IGRPEN1_EL1 */
	"	msr	daifclr, #2\n"
	"1:	madd	x20, x20, x23, x24\n"        /* a number at random (Knuth, MMIX) */
	"	lsr	x5, x20, #58\n"
	"2:	subs	x5, x5, #1\n"
	"	nop\n"                              /* 3 a turn: after each even number an odd one */
	"	b.pl	2b\n"
	"	hvc	#0\n"                        /* the interrupt comes here, if one is injected */
	"	b	1b\n"
	/* IRQ, at EL1 with its own stack pointer */
	".org	exits_code + 0x280\n"
	INTERRUPT(LEVEL_EOI)
	".org	exits_code + 0x800 + 0x280\n"
	INTERRUPT(INJECT_EOI)
	"exits_end:\n"
	".popsection\n");
extern const char exits_code[], exits_end[];

static const volatile uint64_t *const stamp = (const volatile uint64_t *)(HERE + STAMPS);
static uint32_t vcpu, over;

/* The runner's results: only the first thread prints. */
static struct {
	uint64_t round_trip, to_vector, end, level_end, wrong;
} sum;

/*
 * Enters the guest: w0 = CONTROL, and VALUE for list register A. Returns the counter
 * of before; up to the svc three instructions follow it, and one is at the vector. *w0 = the exit.
 */
#define ENTER_OWN 5u
static uint64_t enter(uint64_t control, uint64_t value, uint64_t *exit)
{
	register uint64_t w0 __asm__("x0");
	uint64_t start;

	__asm__ volatile("isb\n"
			 "	mrs	%[start], cntpct_el0\n"
			 "	mov	x0, %[control]\n"
			 "	mov	x5, %[value]\n"
			 SECTION_BEGIN_TEXT(INJECT)
			 "	svc	%[n]\n"
			 : [start] "=&r"(start), "=&r"(w0)
			 : [control] "r"(control), [value] "r"(value), [n] "i"(SK_VCPU_RUN)
			 : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
			   "x16", "x17", "x18", "cc", "memory");
	*exit = w0;
	return start;
}

static void round_trip(void)
{
	uint64_t start = sk_counter();

	SECTION_BEGIN(EXIT);
	exit_loop(MEASURE_ROUNDS);
	SECTION_END(EXIT);
	sum.round_trip = sk_counter() - start;
}

static void set(uint64_t offset, uint64_t vectors)
{
	const uint64_t registers[] = { GUEST + STAMPS, 0xf0, 6364136223846793005ul, 1442695040888963407ul };

	must("registers", sk_vcpu_write(vcpu, SK_VREG_X0 + 21, 4, registers));
	must("vectors", sk_vcpu_set(vcpu, SK_VREG_VBAR_EL1, GUEST + vectors));
	must("pc", sk_vcpu_set(vcpu, SK_VREG_PC, GUEST + offset));
	must("pstate", sk_vcpu_set(vcpu, SK_VREG_PSTATE, 0x3c5));
}

/* Injects an interrupt with each answer. LEVEL: its end is to exit, and the guest to go on at once. */
static void inject(bool level)
{
	const uint64_t value = SK_LIST_PENDING | SK_LIST_GROUP1 | 0x80ul << SK_LIST_PRIORITY_SHIFT | 40 |
			       (level ? SK_LIST_EOI : 0);

	for (unsigned i = 0; i < MEASURE_ROUNDS; i++) {
		uint64_t exit, start = enter(SK_RUN_ANSWER | SK_RUN_LIST_A, value, &exit);

		if (level) {
			sum.wrong += exit != SK_EXIT_MAINT;
			enter(0, 0, &exit);
			sum.level_end += stamp[2] - stamp[1];
		} else {
			sum.to_vector += stamp[0] - start;
			sum.end += stamp[2] - stamp[1];
		}
		sum.wrong += exit != SK_EXIT_HYPERCALL;
	}
}

static void runner(void *arg)
{
	uint64_t exit;

	(void)arg;
	set(EXITS, VECTORS);
	enter(0, 0, &exit);
	round_trip();
	set(INJECTS, VECTORS);
	enter(0, 0, &exit);
	inject(false);
	must("vectors", sk_vcpu_set(vcpu, SK_VREG_VBAR_EL1, GUEST + LEVELS));
	inject(true);
	sk_signal(over);
}

/* Between the two readings of the counter beside the end itself; the VMM's between its two exits, in C. */
#define END_OWN   4u
#define LEVEL_OWN (END_OWN + 9u)

int main(void)
{
	uint32_t space, alias = make_slots(1), memory, thread;
	uint64_t bits;

	check_invariants(false); /* the release kernel has no checker */
	space = make(SK_TYPE_SPACE, 8, SK_SPACE_GUEST);
	memory = make_memory(SK_PAGE);
	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map here", sk_map_all(memory, SK_ROOT_SPACE, HERE, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	memcpy((void *)HERE, exits_code, (size_t)(exits_end - exits_code));
	sk_memory_clean((void *)HERE, SK_PAGE);
	must("map there", sk_map_all(alias, space, GUEST, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC));
	vcpu = make(SK_TYPE_VCPU, 0, 0);
	over = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	thread = make_thread(runner, 0, 0, LOW);
	must("stop before it ran", sk_thread_stop(thread));
	must("bind", sk_vcpu_bind(vcpu, space, thread));
	must("start", sk_thread_start(thread));
	must("wait", sk_wait(over, SK_NEVER, &bits));
	measure_print("exit_rt", sum.round_trip, MEASURE_ROUNDS, EXIT_LOOP_OWN);
	measure_section("exit_rt", EXIT, MEASURE_ROUNDS);
	measure_print("inject", sum.to_vector, MEASURE_ROUNDS, ENTER_OWN);
	measure_section("inject", INJECT, 1);
	measure_print("inject_eoi", sum.end, MEASURE_ROUNDS, END_OWN);
	measure_section("inject_eoi", INJECT_EOI, 1);
	measure_print("inject_level_eoi", sum.level_end, MEASURE_ROUNDS, LEVEL_OWN);
	measure_section("inject_level_eoi", LEVEL_EOI, 1);
	check("the exits were those", sum.wrong == 0);
	check_done();
}
