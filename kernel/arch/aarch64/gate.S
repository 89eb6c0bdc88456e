/* SPDX-License-Identifier: BSD-2-Clause */
#include "entry_macros.h"

	.text
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
	leave_kernel

/* gate_enter: another owns the FP registers. */
gate_close_fp:
	ldrb	w9, [x0, #CORE_FP_OPEN]
	cbz	w9, gate_enter_registers
	ldr	x8, [x0, #CORE_GATE + 56]
	msr	cptr_el2, x8
	strb	wzr, [x0, #CORE_FP_OPEN]
	b	gate_enter_registers
