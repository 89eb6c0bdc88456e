/* SPDX-License-Identifier: BSD-2-Clause */
/* From a trap to C and back. [ARM] DDI 0487 K.a, D1.3.1 (vector offsets). */
#include "entry_macros.h"

#define ESR_SVC 0x56000000		/* EC 0x15, IL */

	.macro vector target
	.balign 128
	debug_hook debug_enter_hook
	b	\target
	.endm

	.macro broken_vector
	.balign 128
	b	kernel_broken
	.endm

	.text

	.balign 2048
	.global thread_vectors
thread_vectors:
	broken_vector		/* EL2 on SP_EL0: never used */
	broken_vector
	broken_vector
	broken_vector
	broken_vector		/* EL2 itself */
	broken_vector
	broken_vector
	broken_vector
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
	broken_vector
	broken_vector
	broken_vector
	broken_vector
	broken_vector
	broken_vector
	broken_vector
	broken_vector
	vector	guest_sync		/* EL1 or EL0, AArch64 */
	vector	guest_irq
	vector	guest_irq
	vector	guest_serror
	vector	guest_sync		/* EL0, AArch32 */
	vector	guest_irq
	vector	guest_irq
	vector	guest_serror

/*
 * EC is SVC64 and the number that of a hot call: its own path below. x10..x18 are
 * the kernel's to use in a call, but only once it is known to be one.
 */
thread_sync:
	stp	x10, x11, [sp, #16 * 5]
	mrs	x10, esr_el2
	mov	w11, #ESR_SVC >> 16
	eor	x10, x10, x11, lsl #16		/* a call: just its number is left */
	cbz	x10, fast_call
	cmp	x10, #SK_VCPU_RUN
	b.eq	fast_run
	cmp	x10, #SK_REPLY_WAIT
	b.eq	fast_reply_wait
	cmp	x10, #SK_SIGNAL
	b.eq	fast_signal
	cmp	x10, #SK_NULL
	b.eq	fast_null
	tst	x10, #~0xffff
	b.eq	slow_call
	ldp	x10, x11, [sp, #16 * 5]		/* not a call */
	enter_from_thread
	mrs	x1, esr_el2
	bl	trap_thread_sync
	b	leave

/* Any call, and what a hot path leaves to C: all that the call preserves, and its words. */
	.global slow_call
slow_call:
	save_words
	save_callee
	mrs	x1, esr_el2
	mov	x20, sp
	enter_kernel
	and	x1, x1, #0xffff			/* its number */
1:	bl	kernel_syscall
	cbz	w0, leave
	.global signal_told
signal_told:
	mov	sp, x20				/* it goes on: C has kept all of it but these */
	load_words
	ldp	x19, x20, [sp, #FRAME_X19]
	ldr	x30, [sp, #FRAME_X19 + 88]
	forget
	leave_kernel

/* From fast_signal: the thread's registers are stored, x19 = the core, x20 its frame. */
	.global slow_signal
slow_signal:
	mov	x0, x19
	mov	x1, #SK_SIGNAL
	b	1b

thread_irq:
	enter_from_thread
	mrs	x0, ICC_IAR1_EL1
	take_spi 1f
	b	leave
1:	mov	w1, w0
	mov	x0, x19
	bl	gic_take
	b	leave

thread_serror:
	enter_from_thread
	mrs	x1, esr_el2
	bl	trap_thread_serror
	b	leave

/*
 * The virtual timer fires: into its list register, which is free (the hardware
 * link keeps the line active until the guest has ended the one before), and on.
 */
guest_irq:
	stp	x0, x1, [sp]
	mrs	x0, ICC_IAR1_EL1
	ldr	x1, [sp, #VCPU_TIMER_LIST]
	cmp	w0, #VTIMER_PPI
	ccmp	x1, #0, #4, eq
	b.eq	2f
	msr	ich_lr0_el2, x1
	msr	ICC_EOIR1_EL1, x0
	ldp	x0, x1, [sp]
	leave_kernel
2:	save_x_from_2
	mrs	x20, elr_el2
	mrs	x21, spsr_el2
	stp	x20, x21, [sp, #VCPU_PC]
	mrs	x19, tpidr_el2
	mov	x20, sp
	ldr	x9, [x19, #CORE_STACK]
	mov	sp, x9
	ldr	x9, [x19, #CORE_CURRENT]
	str	wzr, [x9, #THREAD_GUEST_CORE]	/* vcpu_left */
	take_spi 3f
	ldr	x16, [x19, #CORE_CURRENT]
	cbz	x16, leave_guest
	ldrb	w8, [x16, #THREAD_IN_GUEST]
	cbnz	w8, leave_guest
	mov	x17, x20			/* a thread that is in a call, or was interrupted: its registers are in its frame */
	mov	x18, x19
	b	gate_to_thread
3:	str	w0, [x20, #VCPU_TAKEN]
	mov	x0, x19
	bl	trap_guest_irq
	b	leave_guest

guest_serror:
	enter_from_guest
	mrs	x1, esr_el2
	bl	trap_guest_serror

leave_guest:
	mov	x0, x19
	b	arch_resume

/* After a trap of a thread: the common ways on need no C. */
	.global leave
leave:
	ldr	x15, [x19, #CORE_CURRENT]
	cbz	x15, leave_guest
	ldr	w16, [x15, #THREAD_IN_GUEST]
	ldrb	w17, [x19, #CORE_FP_OPEN]
	ldr	x18, [x19, #CORE_GUEST]
	orr	x16, x16, x17
	orr	x16, x16, x18
	cbnz	x16, leave_guest
	mov	x12, x19
	switch_space
	b	thread_load

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
	.global thread_load
thread_load:
	ldp	x1, x2, [sp, #FRAME_SP]
	ldp	x3, x4, [sp, #FRAME_PSTATE]
	msr	sp_el0, x1
	msr	elr_el2, x2
	msr	spsr_el2, x3
	msr	tpidr_el0, x4
	load_x
	leave_kernel
