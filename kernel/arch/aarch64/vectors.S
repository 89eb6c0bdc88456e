/* SPDX-License-Identifier: BSD-2-Clause */
/* From a trap to C and back. [ARM] DDI 0487 K.a, D1.3.1 (vector offsets). */
#include "entry_macros.h"

#define ESR_SVC 0x56000000		/* EC 0x15, IL */

/*
 * The first four entries of a table are for a kernel on SP_EL0, which it never is:
 * other code stands there. So do the tables below, each entry first, then what stands
 * behind it.
 */

	.section .vector.thread.0, "ax"
	.global thread_vectors
thread_vectors:
	behind	thread, 0
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
2:	cbnz	w0, goes_on
	b	leave

/*
 * One that takes the kernel lock: kernel_syscall does the same for all cases. x10 = its
 * number, x19 = the core, x20 = the thread's frame, x21 = the lock, x22 = our ticket.
 */
locked_call:
	save_words
	save_callee
	mov	x20, sp
	sub	x1, sp, #THREAD_FRAME
	enter_kernel
	adrp	x21, kernel_tickets
	add	x21, x21, :lo12:kernel_tickets
3:	ldxr	w22, [x21]
	add	w9, w22, #1
	stxr	w11, w9, [x21]
	cbnz	w11, 3b
	add	x21, x21, #TICKETS_OWNER
	ldar	w9, [x21]			/* pairs with the release below */
	ldr	w11, [x21, #TICKETS_DYING - TICKETS_OWNER]
	cmp	w9, w22
	ccmp	w11, #0, #0, eq
	b.ne	5f
	mov	x2, x10
	bl	kernel_invoke
4:	add	w22, w22, #1
	ldrb	w9, [x19, #CORE_RESCHED]
	ldr	x11, [x19, #CORE_CURRENT]
	stlr	w22, [x21]			/* kernel_unlock */
	add	x11, x11, #THREAD_FRAME
	cmp	w0, #STATUS_RESTART
	ccmp	w9, #0, #0, lo
	ccmp	x11, x20, #0, eq
	b.ne	6f
	str	x0, [x20, #16 * 4]
	/* falls through */

/* The thread of the frame x20 goes on behind its call: C has kept x23..x29. */
	.global goes_on
goes_on:
	mov	sp, x20
	load_words
	pairs	ldp, sp, 16*5, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20, x21
	ldr	x22, [sp, #16 * 11]
	ldr	x30, [sp, #16 * 15]
	leave_kernel
5:	mov	x2, x10				/* it is not our turn, or something is dying */
	mov	w3, w22
	bl	kernel_perform
	b	4b
6:	mov	w2, w0				/* not just done */
	mov	x0, x19
	sub	x1, x20, #THREAD_FRAME
	bl	kernel_call_done
	b	2b

/* From fast_signal: the thread's registers are stored, x19 = the core, x20 its frame. */
	.global slow_signal
slow_signal:
	mov	x0, x19
	mov	x1, #SK_SIGNAL
	b	1b

	vector_to	thread, kernel_broken, 4, 5, 6, 7
	vector_to	guest, kernel_broken, 4, 5, 6, 7
	behind	thread, 4
/* The kernel itself trapped, or an SError came while it ran. The stack may be anything. */
kernel_broken:
	mrs	x3, tpidr_el2
	ldr	x4, [x3, #CORE_STACK]
	mov	sp, x4
#if SKERRY_DEBUG				/* which tells what it was */
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	b	trap_kernel
#endif
	b	arch_halt
	behind	thread, 5
/* void thread_enter(struct arch_frame *frame): to user level. */
	.global thread_enter
thread_enter:
	mov	sp, x0
	.global thread_load
thread_load:
	load_rest x1, x2, x3, x4
	load_x
	leave_kernel

/*
 * EC is SVC64 and the number that of a hot call: its own path below. x10..x18 are
 * the kernel's to use in a call, but only once it is known to be one.
 */
	vector	thread, 8, thread_sync
	stp	x10, x11, [sp, #16 * 5]
	mrs	x10, esr_el2
	mov	w11, #ESR_SVC >> 16
	eor	x10, x10, x11, lsl #16		/* a call: just its number is left */
	cbz	x10, fast_call
	cmp	x10, #SK_VCPU_RUN
	b.eq	fast_run
	cmp	x10, #SK_NULL
	b.hi	1f
	cmp	x10, #SK_REPLY_WAIT
	b.eq	fast_reply_wait
	cmp	x10, #SK_SIGNAL
	b.eq	fast_signal
	cmp	x10, #SK_NULL
	b.eq	fast_null
	b	slow_call
1:	sub	x11, x10, #SK_COPY
	cmp	x11, #SK_IRQ_BIND - SK_COPY
#if !SKERRY_DEBUG				/* which looks at every call */
	b.ls	locked_call
#endif
	tst	x10, #~0xffff
	b.eq	slow_call
	b	thread_trap

	behind	thread, 13
thread_trap:
	ldp	x10, x11, [sp, #16 * 5]		/* not a call */
	enter_from_thread
	mrs	x1, esr_el2
	bl	trap_thread_sync
	b	leave

	vector	thread, 9, thread_irq
	enter_from_thread
	mrs	x0, ICC_IAR1_EL1
	b	thread_take

	behind	thread, 9
leave_guest:
	mov	x0, x19
	b	arch_resume

	behind	guest, 10
thread_take:
	take_spi 1f
	b	leave
1:	mov	w1, w0
	mov	x0, x19
	bl	gic_take
	b	leave

	behind	guest, 6
	.global core_idle
core_idle:
	mov	x19, x0
	to_stack x0
	dsb	sy
	wfi
core_woken:
	isb
#if SKERRY_DEBUG
	bl	debug_woken
#endif
	mrs	x0, ICC_IAR1_EL1
	b	thread_take

	behind	thread, 10
/*
 * The kernel's own SGI. Most often it is a signal's: the call returns EVENT with the
 * bits, as vcpu_event does for all cases. Who wants something else of this core
 * has said so before: pairs with arch_ipi.
 */
guest_kicked:
	dsb	sy
	ldr	x8, [x19, #CORE_WAKE]
	ldr	w9, [x19, #CORE_REQUEST]
	ldr	x10, [x16, #THREAD_EVENT_POINTER]
	mrs	x11, ich_misr_el2
	orr	x8, x8, x9
	orr	x8, x8, x11
	cbnz	x8, guest_private
	cbz	x10, guest_private
	add	x10, x10, #NOTIFICATION_WORD
4:	ldaxr	x9, [x10]
	cbz	x9, guest_private
	stlxr	w11, xzr, [x10]
	cbnz	w11, 4b
	msr	ICC_EOIR1_EL1, x0
	msr	ICC_DIR_EL1, x0
	mrs	x7, ich_elrsr_el2
	mov	w8, #SK_EVENT
	lsr	x7, x7, #1			/* the first is the timer's */
	str	x9, [x16, #THREAD_FRAME]
	stp	x7, x8, [x16, #THREAD_FRAME + 8 * 7]
	str	xzr, [x16, #THREAD_GUEST_CORE]	/* and in_guest */
	mov	x17, x20
	mov	x18, x19
	b	gate_to_thread
guest_private:
	mov	w1, w0
	mov	x0, x19
	bl	gic_take
	b	leave_guest

	/* FIQ (10): no source is routed so; nothing is pending, it returns. SError (11). From 12 on: EL0, AArch32. */
	vector_to	thread, thread_irq, 10, 13, 14
	vector_to	thread, thread_sync, 11, 12, 15
	vector_to	guest, guest_irq, 10, 13, 14
	vector_to	guest, guest_sync, 11, 12, 15

	.section .vector.guest.0, "ax"
	.global guest_vectors
guest_vectors:
	behind	guest, 0
guest_take:
	mrs	x19, tpidr_el2
	mov	x20, sp
	to_stack x19
	ldr	x16, [x19, #CORE_CURRENT]
	str	wzr, [x16, #THREAD_GUEST_CORE]	/* vcpu_left */
#if !SKERRY_DEBUG				/* whose SGIs say more */
	cbz	w0, guest_kicked
#endif
	take_spi guest_private
	ldr	x16, [x19, #CORE_CURRENT]
	cbz	x16, leave_guest
	ldrb	w8, [x16, #THREAD_IN_GUEST]
	cbnz	w8, leave_guest
	mov	x17, x20			/* a thread that is in a call, or was interrupted: its registers are in its frame */
	mov	x18, x19
	b	gate_to_thread

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

/*
 * The virtual timer fires: into its list register, which is free (the hardware
 * link keeps the line active until the guest has ended the one before), and on.
 */
	vector	guest, 9, guest_irq
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
	b	guest_take
