/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vCPU 0 sends SGIs to vCPU 1, which computes. What one costs, from `sgi_sent` to
 * vCPU 1's vector, is counted outside, in a log of the instructions of both cores
 * (tools/trace/ipi): a clock under icount knows but one time for both.
 */
#include "guest.h"

#define CPU_ON   0xc4000003u
#define DISTANCE 0x20000ul  /* from one redistributor to the next */
#define SGI      3u
#define ROUNDS   40u

void second_start(void);
_Noreturn void second_main(void);
int main(void);

static _Alignas(16) __attribute__((used)) uint8_t stack[4096]; /* by second_start */
static volatile unsigned up;

__asm__("	.text\n"
	"	.global second_start\n"
	"second_start:\n"
	"	adrp	x1, vectors\n"
	"	add	x1, x1, :lo12:vectors\n"
	"	msr	vbar_el1, x1\n"
	"	adrp	x1, stack + 4096\n"
	"	add	x1, x1, :lo12:stack + 4096\n"
	"	mov	sp, x1\n"
	"	isb\n"
	"	bl	second_main\n");

/*
 * QEMU lets one core run until some timer is due, then the next: so that neither waits
 * long for the other, each keeps its timer, which interrupts nobody, 2 us ahead.
 */
static void take_turns(void)
{
	uint64_t ahead = ticks_per_second() / 500000;

	__asm__ volatile("msr cntv_tval_el0, %0; msr cntv_ctl_el0, %1" :: "r"(ahead), "r"(3ul) : "memory"); /* IMASK, ENABLE */
}

static void interface_on(void)
{
	__asm__ volatile("msr	S3_0_C4_C6_0, %1\n"    /* ICC_PMR_EL1 */
			 "msr	S3_0_C12_C12_7, %0\n"  /* ICC_IGRPEN1_EL1 */
			 "isb" :: "r"(1ul), "r"(0xf0ul));
}

_Noreturn void second_main(void)
{
	uint64_t frame = GICR + DISTANCE + 0x10000;

	write32(GICR + DISTANCE + 0x14, 0);
	write32(frame + 0x80, 0xffffffff);
	write32(frame + 0x100, 1u << SGI);
	interface_on();
	irqs_on();
	up = 1;
	for (;;)
		take_turns();
}

/* ICC_SGI1R_EL1: to Aff0 = 1. */
static __attribute__((noinline)) void send(void)
{
	__asm__ volatile(".global sgi_sent\n"
			 "sgi_sent:\n"
			 "	msr	S3_0_C12_C11_5, %0\n"
			 "	isb" :: "r"((uint64_t)SGI << 24 | 2) : "memory");
}

int main(void)
{
	gic_start();
	check(hvc(CPU_ON, 1, (uintptr_t)second_start, 0) == 0, "vCPU 1 starts", 0);
	while (!up)
		take_turns();
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned seen = irqs[SGI];

		send();
		while (irqs[SGI] == seen)
			take_turns();
	}
	check(irqs[SGI] == ROUNDS, "each SGI came once", irqs[SGI]);
	finish();
}
