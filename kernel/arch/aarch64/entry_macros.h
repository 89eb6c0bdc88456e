/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the entry code in vectors.S, calls.S and gate.S is made of.
 *
 * While user level or a guest runs, SP_EL2 points at the register file that the
 * trap is to be stored in: the thread's frame, or the vCPU's registers. Which of
 * the two is known by the vector table: VBAR_EL2 is swapped where the guest is
 * entered and left, so that no entry asks who trapped.
 *
 * In the kernel SP_EL2 is the core's stack, interrupts are masked, and x19 holds
 * the core until C takes over.
 */
#include "abi/skerry.h"
#include "cpu.h"
#include "offsets.h"
#include "sysreg.h"

	/*
	 * Debug kernels write down, and look at, each entry and exit (kernel/debug); SP is at the
	 * register file of who trapped, or goes on, whose x29 and x30 get to their places there.
	 */
	.macro debug_hook function
#if SKERRY_DEBUG
	stp	x29, x30, [sp, #8 * 29]
	bl	\function
	ldp	x29, x30, [sp, #8 * 29]
#endif
	.endm

	/*
	 * Entry n of a vector table, and what begins there. It has room for 32 instructions; what it
	 * leaves is used by code that fits there: kernel.ld puts both in their places, and the
	 * linker says if it does not fit. In the debug kernel there is only the hook.
	 */
	.macro	vector table, n, name
	.section .vector.\table\().\n, "ax"
#if SKERRY_DEBUG
	debug_hook debug_enter_hook
	b	\name
	.section .text.entry, "ax"
#endif
\name:
	.endm

	/* Entries N... of a table: one way for all. */
	.macro	vector_to table, target, n:vararg
	.irp	m, \n
	.section .vector.\table\().\m, "ax"
	.ifnc	\target, kernel_broken
	debug_hook debug_enter_hook
	.endif
	b	\target
	.endr
	.endm

	.macro	behind table, n
#if SKERRY_DEBUG
	.section .text.entry, "ax"
#else
	.section .behind.\table\().\n, "ax"
#endif
	.endm

	.macro leave_kernel
	debug_hook debug_leave_hook
	eret
	dsb	nsh			/* nothing is to be speculated past the eret */
	isb
	.endm

	/* x10..x18 tell the thread nothing. */
	.macro forget
	.irp	n, 10, 11, 12, 13, 14, 15, 16, 17, 18
	mov	x\n, xzr
	.endr
	.endm

	/* stp or ldp of each two registers named, at BASE + AT and on. */
	.macro pairs op, base, at, a, b, more:vararg
	\op	\a, \b, [\base, #\at]
	.ifnb \more
	pairs	\op, \base, (\at)+16, \more
	.endif
	.endm

	.macro save_x
	stp	x0, x1, [sp]
	save_x_from_2
	.endm

	.macro save_x_from_2
	pairs	stp, sp, 16, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17
	pairs	stp, sp, 16*9, x18, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29
	str	x30, [sp, #16 * 15]
	.endm

	.macro load_x_from_10
	pairs	ldp, sp, 16*5, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19
	pairs	ldp, sp, 16*10, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29
	ldr	x30, [sp, #16 * 15]
	.endm

	.macro load_x
	load_words
	load_x_from_10
	.endm

	/* To the Space of thread x15, and to its frame; x12 = the core. x16, x17 are used. */
	.macro	switch_space
	ldr	x16, [x15, #THREAD_SPACE_POINTER]
	ldr	x17, [x12, #CORE_SPACE]
	cmp	x16, x17
	b.eq	8f
	str	x16, [x12, #CORE_SPACE]
	ldr	x17, [x16, #SPACE_VTTBR]
	msr	vttbr_el2, x17
8:	add	x15, x15, #THREAD_FRAME
	mov	sp, x15
	.endm

	/* What a call goes with, and comes back with. */
	.macro save_words
	pairs	stp, sp, 0, x0, x1, x2, x3, x4, x5, x6, x7, x8, x9
	.endm

	.macro load_words
	pairs	ldp, sp, 0, x0, x1, x2, x3, x4, x5, x6, x7, x8, x9
	.endm

	/* Stores what is left of a thread's registers beside x0..x30. Uses A and B. */
	.macro save_rest a, b
	mrs	\a, sp_el0
	mrs	\b, elr_el2
	stp	\a, \b, [sp, #FRAME_SP]
	mrs	\a, spsr_el2
	mrs	\b, tpidr_el0
	stp	\a, \b, [sp, #FRAME_PSTATE]
	.endm

	.macro to_stack core
	ldr	x9, [\core, #CORE_STACK]
	mov	sp, x9
	.endm

	/* To the core's stack; x0 = x19 = the core. */
	.macro enter_kernel
	mrs	x19, tpidr_el2
	mov	x0, x19
	to_stack x19
	.endm

	/*
	 * x0 = what was acknowledged. A shared line: it is handled, and stays active until
	 * its driver acknowledges it (gic.c). Others: to \other. x19 = the core.
	 */
	.macro take_spi other
	sub	w1, w0, #FIRST_SPI
	cmp	w1, #FIRST_SPECIAL - FIRST_SPI
	b.hs	\other
	dsb	sy			/* acknowledged before anything at the device is touched (IHI 0069H, ICC_IAR1_EL1) */
	msr	ICC_EOIR1_EL1, x0
	mov	w1, w0
	mov	x0, x19
	bl	kernel_interrupt
	.endm

	.macro enter_from_thread
	save_x
	save_rest x20, x21
	enter_kernel
	.endm

	/* What a call preserves, of the thread whose frame is at SP. x16, x18 are used. */
	.macro save_callee
	pairs	stp, sp, FRAME_X19, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30
	save_rest x16, x18
	.endm

	/* Puts it back; sp is at the frame. */
	.macro load_rest a, b, c, d
	ldp	\a, \b, [sp, #FRAME_SP]
	ldp	\c, \d, [sp, #FRAME_PSTATE]
	msr	sp_el0, \a
	msr	elr_el2, \b
	msr	spsr_el2, \c
	msr	tpidr_el0, \d
	.endm

	/*
	 * Back to the thread whose frame is at SP and which is in a call: x0..x9 hold
	 * its results; x10..x18 get what the thread once had in them.
	 */
	.macro return_to_call
	load_rest x10, x11, x12, x13
	load_x_from_10
	leave_kernel
	.endm
