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

	.macro	vector_to table, n, target
	.section .vector.\table\().\n, "ax"
	debug_hook debug_enter_hook
	b	\target
	.endm

	.macro	vector_broken table, n
	.section .vector.\table\().\n, "ax"
	b	kernel_broken
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
	mov	x10, xzr
	mov	x11, xzr
	mov	x12, xzr
	mov	x13, xzr
	mov	x14, xzr
	mov	x15, xzr
	mov	x16, xzr
	mov	x17, xzr
	mov	x18, xzr
	.endm

	.macro save_x
	stp	x0, x1, [sp, #16 * 0]
	save_x_from_2
	.endm

	.macro save_x_from_2
	stp	x2, x3, [sp, #16 * 1]
	stp	x4, x5, [sp, #16 * 2]
	stp	x6, x7, [sp, #16 * 3]
	stp	x8, x9, [sp, #16 * 4]
	stp	x10, x11, [sp, #16 * 5]
	stp	x12, x13, [sp, #16 * 6]
	stp	x14, x15, [sp, #16 * 7]
	stp	x16, x17, [sp, #16 * 8]
	stp	x18, x19, [sp, #16 * 9]
	stp	x20, x21, [sp, #16 * 10]
	stp	x22, x23, [sp, #16 * 11]
	stp	x24, x25, [sp, #16 * 12]
	stp	x26, x27, [sp, #16 * 13]
	stp	x28, x29, [sp, #16 * 14]
	str	x30, [sp, #16 * 15]
	.endm

	.macro load_x
	ldp	x2, x3, [sp, #16 * 1]
	ldp	x4, x5, [sp, #16 * 2]
	ldp	x6, x7, [sp, #16 * 3]
	ldp	x8, x9, [sp, #16 * 4]
	ldp	x10, x11, [sp, #16 * 5]
	ldp	x12, x13, [sp, #16 * 6]
	ldp	x14, x15, [sp, #16 * 7]
	ldp	x16, x17, [sp, #16 * 8]
	ldp	x18, x19, [sp, #16 * 9]
	ldp	x20, x21, [sp, #16 * 10]
	ldp	x22, x23, [sp, #16 * 11]
	ldp	x24, x25, [sp, #16 * 12]
	ldp	x26, x27, [sp, #16 * 13]
	ldp	x28, x29, [sp, #16 * 14]
	ldr	x30, [sp, #16 * 15]
	ldp	x0, x1, [sp, #16 * 0]
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
	stp	x0, x1, [sp, #16 * 0]
	stp	x2, x3, [sp, #16 * 1]
	stp	x4, x5, [sp, #16 * 2]
	stp	x6, x7, [sp, #16 * 3]
	stp	x8, x9, [sp, #16 * 4]
	.endm

	.macro load_words
	ldp	x0, x1, [sp, #16 * 0]
	ldp	x2, x3, [sp, #16 * 1]
	ldp	x4, x5, [sp, #16 * 2]
	ldp	x6, x7, [sp, #16 * 3]
	ldp	x8, x9, [sp, #16 * 4]
	.endm

	/* Stores what is left of a thread's registers beside x0..x30. Uses x20..x23. */
	.macro save_rest
	mrs	x20, sp_el0
	mrs	x21, elr_el2
	stp	x20, x21, [sp, #FRAME_SP]
	mrs	x22, spsr_el2
	mrs	x23, tpidr_el0
	stp	x22, x23, [sp, #FRAME_PSTATE]
	.endm

	/* To the core's stack; x0 = x19 = the core. */
	.macro enter_kernel
	mrs	x19, tpidr_el2
	ldr	x9, [x19, #CORE_STACK]
	mov	x0, x19
	mov	sp, x9
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
	save_rest
	enter_kernel
	.endm

	.macro enter_from_guest
	save_x
	mrs	x20, elr_el2
	mrs	x21, spsr_el2
	stp	x20, x21, [sp, #VCPU_PC]
	enter_kernel
	.endm

	/* What a call preserves, of the thread whose frame is at SP. x16, x18 are used. */
	.macro save_callee
	stp	x19, x20, [sp, #FRAME_X19]
	stp	x21, x22, [sp, #FRAME_X19 + 16]
	stp	x23, x24, [sp, #FRAME_X19 + 32]
	stp	x25, x26, [sp, #FRAME_X19 + 48]
	stp	x27, x28, [sp, #FRAME_X19 + 64]
	stp	x29, x30, [sp, #FRAME_X19 + 80]
	mrs	x16, sp_el0
	mrs	x18, elr_el2
	stp	x16, x18, [sp, #FRAME_SP]
	mrs	x16, spsr_el2
	mrs	x18, tpidr_el0
	stp	x16, x18, [sp, #FRAME_PSTATE]
	.endm

	/*
	 * Back to the thread whose frame is at SP and which is in a call: x0..x9 hold
	 * its results; x10..x18 get what the thread once had in them.
	 */
	.macro return_to_call
	ldp	x10, x11, [sp, #FRAME_SP]
	ldp	x12, x13, [sp, #FRAME_PSTATE]
	msr	sp_el0, x10
	msr	elr_el2, x11
	msr	spsr_el2, x12
	msr	tpidr_el0, x13
	ldp	x10, x11, [sp, #16 * 5]
	ldp	x12, x13, [sp, #16 * 6]
	ldp	x14, x15, [sp, #16 * 7]
	ldp	x16, x17, [sp, #16 * 8]
	ldp	x18, x19, [sp, #16 * 9]
	ldp	x20, x21, [sp, #16 * 10]
	ldp	x22, x23, [sp, #16 * 11]
	ldp	x24, x25, [sp, #16 * 12]
	ldp	x26, x27, [sp, #16 * 13]
	ldp	x28, x29, [sp, #16 * 14]
	ldr	x30, [sp, #16 * 15]
	leave_kernel
	.endm
