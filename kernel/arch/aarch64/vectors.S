/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a trap to C and back. [ARM] DDI 0487 K.a, D1.3.1 (vector offsets).
 *
 * While user level or a guest runs, SP_EL2 points at the register file that the
 * trap is to be stored in: the thread's frame, or the vCPU's registers. Which of
 * the two is known by the vector table: VBAR_EL2 is swapped where the guest is
 * entered and left, so that no entry asks who trapped.
 *
 * In the kernel SP_EL2 is the core's stack, interrupts are masked, and x19 holds
 * the core until C takes over.
 */
#include "offsets.h"

	.macro save_x
	stp	x0, x1, [sp, #16 * 0]
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

	/* Stores the rest of a thread's registers, goes to the core's stack. */
	.macro enter_from_thread
	save_x
	mrs	x20, sp_el0
	mrs	x21, elr_el2
	stp	x20, x21, [sp, #FRAME_SP]
	mrs	x22, spsr_el2
	mrs	x23, tpidr_el0
	stp	x22, x23, [sp, #FRAME_PSTATE]
	mrs	x19, tpidr_el2
	ldr	x1, [x19, #CORE_STACK]
	mov	sp, x1
	mov	x0, x19
	.endm

	.macro enter_from_guest
	save_x
	mrs	x20, elr_el2
	mrs	x21, spsr_el2
	stp	x20, x21, [sp, #VCPU_PC]
	mrs	x19, tpidr_el2
	ldr	x1, [x19, #CORE_STACK]
	mov	sp, x1
	mov	x0, x19
	.endm

	.macro vector target
	.balign 128
	b	\target
	.endm

	.text
	.balign 2048
	.global thread_vectors
thread_vectors:
	vector	kernel_broken		/* EL2 on SP_EL0: never used */
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken		/* EL2 itself */
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	thread_sync		/* EL0, AArch64 */
	vector	thread_irq
	vector	thread_irq		/* FIQ: no source is routed so; nothing is pending, it returns */
	vector	thread_serror
	vector	thread_sync		/* EL0, AArch32: a component is never entered so */
	vector	thread_irq
	vector	thread_irq
	vector	thread_serror

	.balign 2048
	.global guest_vectors
guest_vectors:
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	kernel_broken
	vector	guest_sync		/* EL1 or EL0, AArch64 */
	vector	guest_irq
	vector	guest_irq
	vector	guest_serror
	vector	guest_sync		/* EL0, AArch32 */
	vector	guest_irq
	vector	guest_irq
	vector	guest_serror

thread_sync:
	enter_from_thread
	mrs	x1, esr_el2
	bl	trap_thread_sync
	b	leave

thread_irq:
	enter_from_thread
	bl	arch_irq
	b	leave

thread_serror:
	enter_from_thread
	mrs	x1, esr_el2
	bl	trap_thread_serror
	b	leave

guest_sync:
	enter_from_guest
	mrs	x1, esr_el2
	bl	trap_guest_sync
	b	leave

guest_irq:
	enter_from_guest
	bl	trap_guest_irq
	b	leave

guest_serror:
	enter_from_guest
	mrs	x1, esr_el2
	bl	trap_guest_serror

leave:
	mov	x0, x19
	b	arch_resume

/* The kernel itself trapped, or an SError came while it ran. The stack may be anything. */
kernel_broken:
	mrs	x3, tpidr_el2
	ldr	x4, [x3, #CORE_STACK]
	mov	sp, x4
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	b	trap_kernel

/* void thread_enter(struct arch_frame *frame): to user level. */
	.global thread_enter
thread_enter:
	mov	sp, x0
	ldp	x1, x2, [sp, #FRAME_SP]
	ldp	x3, x4, [sp, #FRAME_PSTATE]
	msr	sp_el0, x1
	msr	elr_el2, x2
	msr	spsr_el2, x3
	msr	tpidr_el0, x4
	load_x
	eret
	dsb	nsh			/* nothing is to be speculated past the eret */
	isb

/* void guest_enter(struct arch_vcpu *vcpu): into the guest. */
	.global guest_enter
guest_enter:
	mov	sp, x0
	ldp	x1, x2, [sp, #VCPU_PC]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	load_x
	eret
	dsb	nsh
	isb

/* void fp_save(struct fp_state *), void fp_load(const struct fp_state *). CPTR_EL2.TFP is 0. */
	.arch_extension fp
	.arch_extension simd
	.global fp_save
fp_save:
	stp	q0, q1, [x0, #32 * 0]
	stp	q2, q3, [x0, #32 * 1]
	stp	q4, q5, [x0, #32 * 2]
	stp	q6, q7, [x0, #32 * 3]
	stp	q8, q9, [x0, #32 * 4]
	stp	q10, q11, [x0, #32 * 5]
	stp	q12, q13, [x0, #32 * 6]
	stp	q14, q15, [x0, #32 * 7]
	stp	q16, q17, [x0, #32 * 8]
	stp	q18, q19, [x0, #32 * 9]
	stp	q20, q21, [x0, #32 * 10]
	stp	q22, q23, [x0, #32 * 11]
	stp	q24, q25, [x0, #32 * 12]
	stp	q26, q27, [x0, #32 * 13]
	stp	q28, q29, [x0, #32 * 14]
	stp	q30, q31, [x0, #32 * 15]
	mrs	x1, fpcr
	mrs	x2, fpsr
	add	x0, x0, #32 * 16
	stp	x1, x2, [x0]
	ret

	.global fp_load
fp_load:
	ldp	q0, q1, [x0, #32 * 0]
	ldp	q2, q3, [x0, #32 * 1]
	ldp	q4, q5, [x0, #32 * 2]
	ldp	q6, q7, [x0, #32 * 3]
	ldp	q8, q9, [x0, #32 * 4]
	ldp	q10, q11, [x0, #32 * 5]
	ldp	q12, q13, [x0, #32 * 6]
	ldp	q14, q15, [x0, #32 * 7]
	ldp	q16, q17, [x0, #32 * 8]
	ldp	q18, q19, [x0, #32 * 9]
	ldp	q20, q21, [x0, #32 * 10]
	ldp	q22, q23, [x0, #32 * 11]
	ldp	q24, q25, [x0, #32 * 12]
	ldp	q26, q27, [x0, #32 * 13]
	ldp	q28, q29, [x0, #32 * 14]
	ldp	q30, q31, [x0, #32 * 15]
	add	x0, x0, #32 * 16
	ldp	x1, x2, [x0]
	msr	fpcr, x1
	msr	fpsr, x2
	ret
