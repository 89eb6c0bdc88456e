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
#include "abi/skerry.h"
#include "cpu.h"
#include "offsets.h"
#include "sysreg.h"

#define RIGHT_CALL_BIT   3
#define RIGHT_SERVE_BIT  4
#define RIGHT_SIGNAL_BIT 5

#define ESR_SVC 0x56000000		/* EC 0x15, IL */

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
	mov	sp, x9
	mov	x0, x19
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

	/* What a call preserves, of the thread whose frame is at SP. x10, x11, x16, x18 are used. */
	.macro save_callee
	stp	x19, x20, [sp, #FRAME_X19]
	stp	x21, x22, [sp, #FRAME_X19 + 16]
	stp	x23, x24, [sp, #FRAME_X19 + 32]
	stp	x25, x26, [sp, #FRAME_X19 + 48]
	stp	x27, x28, [sp, #FRAME_X19 + 64]
	stp	x29, x30, [sp, #FRAME_X19 + 80]
	mrs	x10, sp_el0
	mrs	x11, elr_el2
	stp	x10, x11, [sp, #FRAME_SP]
	mrs	x16, spsr_el2
	mrs	x18, tpidr_el0
	stp	x16, x18, [sp, #FRAME_PSTATE]
	.endm

	/*
	 * Back to the thread whose frame is at SP and which is in a call: x0..x9 hold
	 * its results; x10..x18 must tell it nothing.
	 */
	.macro return_to_call
	ldp	x10, x11, [sp, #FRAME_SP]
	ldp	x12, x13, [sp, #FRAME_PSTATE]
	msr	sp_el0, x10
	msr	elr_el2, x11
	msr	spsr_el2, x12
	msr	tpidr_el0, x13
	ldp	x19, x20, [sp, #FRAME_X19]
	ldp	x21, x22, [sp, #FRAME_X19 + 16]
	ldp	x23, x24, [sp, #FRAME_X19 + 32]
	ldp	x25, x26, [sp, #FRAME_X19 + 48]
	ldp	x27, x28, [sp, #FRAME_X19 + 64]
	ldp	x29, x30, [sp, #FRAME_X19 + 80]
	mov	x10, xzr
	mov	x11, xzr
	mov	x12, xzr
	mov	x13, xzr
	mov	x14, xzr
	mov	x15, xzr
	mov	x16, xzr
	mov	x17, xzr
	mov	x18, xzr
	eret
	dsb	nsh
	isb
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

/*
 * EC is SVC64 and the number that of a hot call: its own path below. x10..x18 are
 * the kernel's to use in a call, but only once it is known to be one.
 */
thread_sync:
	stp	x10, x11, [sp, #16 * 5]
	mrs	x10, esr_el2
	mov	w11, #ESR_SVC >> 16
	eor	x10, x10, x11, lsl #16		/* a call: just its number is left */
	cbz	x10, call_call
	cmp	x10, #SK_VCPU_RUN
	b.eq	call_vcpu_run
	cmp	x10, #SK_REPLY_WAIT
	b.eq	call_reply_wait
	cmp	x10, #SK_SIGNAL
	b.eq	call_signal
	cmp	x10, #SK_NULL
	b.eq	call_null
	tst	x10, #~0xffff
	b.eq	slow_call
	ldp	x10, x11, [sp, #16 * 5]		/* not a call */
	enter_from_thread
	mrs	x1, esr_el2
	bl	trap_thread_sync
	b	leave

/* Any call, and what a hot path leaves to C: all that the call preserves, and its words. */
slow_call:
	stp	x0, x1, [sp, #16 * 0]
	stp	x2, x3, [sp, #16 * 1]
	stp	x4, x5, [sp, #16 * 2]
	stp	x6, x7, [sp, #16 * 3]
	stp	x8, x9, [sp, #16 * 4]
	save_callee
	mrs	x1, esr_el2
	mov	x20, sp
	enter_kernel
	and	x1, x1, #0xffff
	bl	kernel_syscall
	cbz	w0, leave
	mov	sp, x20				/* it goes on: nothing of it has left the core */
	ldp	x0, x1, [sp, #16 * 0]
	ldp	x2, x3, [sp, #16 * 1]
	ldp	x4, x5, [sp, #16 * 2]
	ldp	x6, x7, [sp, #16 * 3]
	ldp	x8, x9, [sp, #16 * 4]
	return_to_call

/*
 * The object behind slot x8 of the thread's cnode, read without the lock as
 * slot_read does (slot.h): x14 = the object, x17 = the badge, x12 = the core,
 * x13 = the thread. What is not as it should be goes to C, which finds the error.
 */
	.macro	lookup type, right_bit
	mrs	x12, tpidr_el2
	sub	x13, sp, #THREAD_FRAME
	ldr	x14, [x13, #THREAD_CNODE_POINTER]
	ldr	w15, [x14, #CNODE_SIZE]
	cmp	x8, x15
	b.hs	slow_call			/* (slot 0 is there, and empty) */
	add	x14, x14, x8, lsl #6
	add	x18, x14, #CNODE_SLOTS + SLOT_SEQ
	ldar	w15, [x18]
	ldr	x16, [x14, #CNODE_SLOTS + SLOT_CAP]
	ldr	x17, [x14, #CNODE_SLOTS + SLOT_BADGE]
	dmb	ishld
	ldr	w18, [x18]
	cmp	w15, w18
	b.ne	slow_call
	tbnz	w15, #0, slow_call
	tbz	x16, #(48 + \right_bit), slow_call
	lsr	x15, x16, #56
	cmp	x15, #\type
	b.ne	slow_call
	and	x14, x16, #0x0000ffffffffffc0
	.endm

	/* IPC besides: the endpoint is of this core, and FP is not open (C moves it). */
	.macro	lookup_endpoint right_bit
	cbnz	x9, slow_call			/* a capability goes along */
	lookup	TYPE_ENDPOINT, \right_bit
	ldrh	w15, [x14, #OBJECT_HOME]
	ldr	w16, [x12, #CORE_NUMBER]
	ldrb	w18, [x12, #CORE_FP_OPEN]
	cmp	w15, w16
	ccmp	w18, #0, #0, eq
	b.ne	slow_call
	.endm

	/*
	 * The point of no return of IPC: x13 goes to sleep, x15 runs, in a call too. Its
	 * message is in x0..x7, its badge in x9.
	 */
	.macro	switch_to
	str	x15, [x12, #CORE_CURRENT]
	save_callee
	ldr	x16, [x15, #THREAD_SPACE_POINTER]
	ldr	x17, [x12, #CORE_SPACE]
	cmp	x16, x17
	b.eq	8f
	str	x16, [x12, #CORE_SPACE]
	ldr	x17, [x16, #SPACE_VTTBR]
	msr	vttbr_el2, x17
8:	add	x15, x15, #THREAD_FRAME
	mov	sp, x15
	mov	x8, xzr
	return_to_call
	.endm

/*
 * A call to the only server that waits, which waits for nothing else: endpoint_call
 * (endpoint.c) does the same in C for all cases.
 */
call_call:
	lookup_endpoint RIGHT_CALL_BIT
	ldr	x15, [x14, #ENDPOINT_SERVERS]
	cbz	x15, slow_call
	ldrb	w18, [x15, #THREAD_WAITS_EVENT]
	ldr	x16, [x15, #THREAD_NEXT]
	cmp	x16, x15
	ccmp	w18, #0, #0, eq
	b.ne	slow_call
	/* decoded */
	str	xzr, [x14, #ENDPOINT_SERVERS]
	strb	wzr, [x15, #THREAD_QUEUED]
	mov	w16, #STATE_CALLING
	strb	w16, [x13, #THREAD_STATE]
	mov	w16, #STATE_READY
	strb	w16, [x15, #THREAD_STATE]
	str	x14, [x13, #THREAD_ENDPOINT]
	str	x15, [x13, #THREAD_SERVER]
	str	x13, [x15, #THREAD_CALLER]
	ldrb	w16, [x13, #THREAD_RUNNING_PRIORITY]
	ldrb	w18, [x15, #THREAD_RUNNING_PRIORITY]
	cmp	w16, w18
	csel	w16, w16, w18, hi
	strb	w16, [x15, #THREAD_RUNNING_PRIORITY]
	mov	x9, x17
	switch_to

/*
 * A reply to a caller that waits, with no other caller and no other server there,
 * nobody ready of the caller's priority or higher, no notification bound:
 * endpoint_reply_wait in C for all cases.
 */
call_reply_wait:
	lookup_endpoint RIGHT_SERVE_BIT
	ldr	x15, [x13, #THREAD_CALLER]
	cbz	x15, slow_call
	ldp	x16, x17, [x14, #ENDPOINT_CALLERS]	/* and ENDPOINT_SERVERS */
	orr	x16, x16, x17
	ldr	x17, [x13, #THREAD_EVENT_POINTER]
	orr	x16, x16, x17
	ldrb	w18, [x15, #THREAD_FAULT_WAITS]
	orr	x16, x16, x18
	cbnz	x16, slow_call
	ldrb	w16, [x15, #THREAD_RUNNING_PRIORITY]
	ldr	w17, [x12, #CORE_TOP]
	cmp	w17, w16
	b.ge	slow_call
	/* decoded */
	mov	w16, #STATE_SERVING
	strb	w16, [x13, #THREAD_STATE]
	mov	w16, #1
	strb	w16, [x13, #THREAD_QUEUED]
	ldrb	w16, [x13, #THREAD_PRIORITY]
	strb	w16, [x13, #THREAD_RUNNING_PRIORITY]
	str	wzr, [x13, #THREAD_RECEIVE_SLOT]
	stp	x13, x13, [x13, #THREAD_NEXT]		/* and prev: alone in the queue */
	str	x14, [x13, #THREAD_ENDPOINT]
	str	x13, [x14, #ENDPOINT_SERVERS]
	str	xzr, [x13, #THREAD_CALLER]
	mov	w16, #STATE_READY
	strb	w16, [x15, #THREAD_STATE]
	str	xzr, [x15, #THREAD_ENDPOINT]
	str	xzr, [x15, #THREAD_SERVER]
	mov	x9, xzr
	switch_to

/* A signal that wakes nobody: notification_signal in C for the rest. */
call_signal:
	lookup	TYPE_NOTIFICATION, RIGHT_SIGNAL_BIT
	add	x15, x14, #NOTIFICATION_WORD
4:	ldaxr	x10, [x15]
	orr	x11, x10, x17
	tbnz	x10, #63, slow_call			/* WAITER */
	stlxr	w16, x11, [x15]
	cbnz	w16, 4b
	ldr	x10, [x14, #NOTIFICATION_BOUND]
	cbz	x10, 5f
	add	x10, x10, #THREAD_GUEST_CORE
	ldar	w11, [x10]				/* after the bits: pairs with vcpu_may_enter */
	cbnz	w11, slow_call
5:	mov	x8, xzr
	mov	x9, xzr
	mov	x10, xzr
	mov	x11, xzr
	mov	x12, xzr
	mov	x13, xzr
	mov	x14, xzr
	mov	x15, xzr
	mov	x16, xzr
	mov	x17, xzr
	mov	x18, xzr
	eret
	dsb	nsh
	isb

call_null:
	mrs	x10, tpidr_el2
	mov	w0, #SK_ABI_MINOR
	movk	w0, #SK_ABI_MAJOR, lsl #16
	ldr	w1, [x10, #CORE_NUMBER]
	mov	x8, xzr
	mov	x9, xzr
	mov	x10, xzr
	mov	x11, xzr
	eret
	dsb	nsh
	isb

call_vcpu_run:
	save_callee
	mrs	x10, tpidr_el2
	ldr	x11, [x10, #CORE_STACK]
	mov	sp, x11
	b	fast_vcpu_run

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
	eret
	dsb	nsh
	isb
2:	str	w0, [sp, #VCPU_TAKEN]
	ldp	x0, x1, [sp]
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

/*
 * The gate between a guest and its thread: the registers of EL1 that bind EL0, or
 * that it sees, are the guest's inside and a component's outside.
 *
 * void gate_exit(w0, ..., w6): the core's guest exits with these words; the status
 * is OK and w7 the state of the list registers. Straight back to the thread,
 * past the scheduler: the trap has made nobody ready.
 */
	.global gate_exit
gate_exit:
	mrs	x18, tpidr_el2
	ldr	x17, [x18, #CORE_GUEST]
	mrs	x7, ich_elrsr_el2
	mrs	x8, ich_misr_el2
	lsr	x7, x7, #1			/* the first is the timer's */
	cbnz	x8, 7f
6:	ldr	x16, [x17, #VCPU_THREAD]
	str	xzr, [x18, #CORE_GUEST]
	strb	wzr, [x16, #THREAD_IN_GUEST]
	mrs	x8, sctlr_el1
	mrs	x9, cpacr_el1
	mrs	x10, cntkctl_el1
	mrs	x11, tpidrro_el0
	mrs	x12, cntv_ctl_el0
	mrs	x13, sp_el0
	mrs	x14, tpidr_el0
	stp	x8, x9, [x17, #VCPU_EL0]!
	stp	x10, x11, [x17, #16]
	stp	x12, x13, [x17, #32]
	str	x14, [x17, #48]
	ldp	x8, x9, [x18, #CORE_GATE]
	ldp	x10, x11, [x18, #CORE_GATE + 16]
	mov	x12, #CNTKCTL_COMPONENT
	msr	sctlr_el1, x8
	msr	cpacr_el1, x9
	msr	cntkctl_el1, x12
	msr	tpidrro_el0, xzr
	msr	cntv_ctl_el0, xzr
	msr	hcr_el2, x10
	msr	vbar_el2, x11
	ldr	x8, [x16, #THREAD_SPACE_POINTER]
	str	x8, [x18, #CORE_SPACE]
	ldr	x8, [x8, #SPACE_VTTBR]
	msr	vttbr_el2, x8
	ldrb	w8, [x18, #CORE_FP_OPEN]
	cbz	w8, 8f
	ldr	x8, [x18, #CORE_GATE + 56]	/* closed: who uses FP now traps first */
	msr	cptr_el2, x8
	strb	wzr, [x18, #CORE_FP_OPEN]
8:	add	x16, x16, #THREAD_FRAME
	mov	sp, x16
	mov	x8, xzr
	mov	x9, xzr
	return_to_call

7:	stp	x0, x1, [sp, #-64]!		/* something ended or ran low: seldom */
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	mov	x0, x8
	bl	list_events
	mov	x8, x0
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x0, x1, [sp], #64
	orr	x7, x7, x8
	mrs	x18, tpidr_el2
	ldr	x17, [x18, #CORE_GUEST]
	b	6b

/* void gate_enter(struct core *core, struct vcpu *vcpu): the vCPU is loaded, the interface on. */
	.global gate_enter
gate_enter:
	str	x1, [x0, #CORE_GUEST]
	ldr	x8, [x1, #VCPU_SPACE_POINTER]
	str	x8, [x0, #CORE_SPACE]
	ldr	x8, [x8, #SPACE_VTTBR]
	msr	vttbr_el2, x8
	ldr	x8, [x0, #CORE_FP]
	add	x9, x1, #VCPU_FP
	cmp	x8, x9
	b.ne	gate_close_fp
	ldr	x8, [x0, #CORE_GATE + 48]	/* the registers hold its values */
	mov	w9, #1
	msr	cptr_el2, x8
	strb	w9, [x0, #CORE_FP_OPEN]
gate_enter_registers:
	ldp	x10, x11, [x1, #VCPU_EL0]!
	ldp	x12, x13, [x1, #16]
	ldp	x14, x15, [x1, #32]
	ldr	x16, [x1, #48]
	ldp	x8, x9, [x0, #CORE_GATE + 32]
	msr	sctlr_el1, x10
	msr	cpacr_el1, x11
	msr	cntkctl_el1, x12
	msr	tpidrro_el0, x13
	msr	cntv_ctl_el0, x14
	msr	sp_el0, x15
	msr	tpidr_el0, x16
	msr	hcr_el2, x8
	msr	vbar_el2, x9
	sub	x0, x1, #VCPU_EL0 - VCPU_REGISTERS

/* void guest_enter(struct arch_vcpu *vcpu): all but the general registers is there. */
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

/* gate_enter: another owns the FP registers. */
gate_close_fp:
	ldrb	w9, [x0, #CORE_FP_OPEN]
	cbz	w9, gate_enter_registers
	ldr	x8, [x0, #CORE_GATE + 56]
	msr	cptr_el2, x8
	strb	wzr, [x0, #CORE_FP_OPEN]
	b	gate_enter_registers

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
