/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gate between a guest and its thread: the registers of EL1 that bind EL0, or
 * that it sees, are the guest's inside and a component's outside. Besides it,
 * what is hot on either side: out by HVC or an access to a device, in by
 * SK_VCPU_RUN. trap.c and vcpu_run.c do all the rest.
 *
 * [ARM] DDI 0487 K.a, D24.2.40: the syndromes.
 */
#include "entry_macros.h"
#include "esr.h"

/* A data abort from below: a translation fault, described (ISV), no table walk, no cache maintenance. */
#define MMIO_MASK_HIGH  0xfd00
#define MMIO_MASK_LOW   0x01bc
#define MMIO_HIGH       0x9100
#define MMIO_LOW        0x0004

/* Out of the guest, whose registers x17 points at, to thread x16's Space and frame. x18 = the core. x8..x15 are used. */
	.macro	to_thread
	str	xzr, [x18, #CORE_GUEST]
	mrs	x8, sctlr_el1
	mrs	x9, cpacr_el1
	mrs	x10, cntkctl_el1
	mrs	x11, tpidrro_el0
	mrs	x12, cntv_ctl_el0
	mrs	x13, sp_el0
	mrs	x14, tpidr_el0
	mrs	x15, tcr_el1
	pairs	stp, x17, VCPU_EL0, x8, x9, x10, x11, x12, x13, x14, x15
	pairs	ldp, x18, CORE_GATE, x8, x9, x10, x11
	mov	x12, #CNTKCTL_COMPONENT
	msr	sctlr_el1, x8
	msr	cpacr_el1, x9
	msr	cntkctl_el1, x12
	msr	tpidrro_el0, xzr
	msr	cntv_ctl_el0, xzr
	msr	tcr_el1, xzr
	msr	hcr_el2, x10
	msr	vbar_el2, x11
	ldr	x8, [x16, #THREAD_SPACE_POINTER]
	str	x8, [x18, #CORE_SPACE]
	ldr	x8, [x8, #SPACE_VTTBR]
	msr	vttbr_el2, x8
	ldrb	w8, [x18, #CORE_FP_OPEN]
	cbz	w8, 2f
	ldr	x8, [x18, #CORE_GATE + 56]	/* closed: who uses FP now traps first */
	msr	cptr_el2, x8
	strb	wzr, [x18, #CORE_FP_OPEN]
2:	add	sp, x16, #THREAD_FRAME
	.endm

	.section .text.entry, "ax"
/*
 * From the guest, SP at its registers. x17 = these, x18 = the core, x20 = pc,
 * x21 = pstate, x22 = the syndrome; w0..w6 of the exit are made in place.
 */
	.global guest_sync
	vector	guest, 8, guest_sync
	save_x
	mrs	x22, esr_el2
	mrs	x20, elr_el2
	mrs	x21, spsr_el2
	mrs	x18, tpidr_el2
	mov	x17, sp
	lsr	w23, w22, #26
	cmp	w23, #EC_HVC
	b.eq	hvc_exit
	mov	w24, #MMIO_MASK_LOW
	movk	w24, #MMIO_MASK_HIGH, lsl #16
	and	w24, w24, w22
	mov	w25, #MMIO_LOW
	movk	w25, #MMIO_HIGH, lsl #16
	cmp	w24, w25
	b.ne	guest_other
	b	guest_mmio

	.section .text.entry, "ax"
guest_mmio:
	/* Somebody may be changing a Space: then C asks whether it is a device's address at all. */
	adrp	x24, space_changes
	add	x24, x24, :lo12:space_changes
	ldar	w24, [x24]
	ldr	w25, [x18, #CORE_CHANGES_SEEN]
	cmp	w24, w25
	b.ne	guest_other
mmio_decoded:					/* SK_EXIT_MMIO */
	add	x23, x20, #4
	stp	x23, x21, [x17, #VCPU_PC]
	ubfx	w23, w22, #22, #2		/* log2 of the width */
	mov	w0, #1 << EXIT_WIDTH_SHIFT
	lsl	w0, w0, w23
	tbnz	w22, #ISS_WNR, mmio_store
	str	w22, [x17, #VCPU_PENDING]	/* what the answer is for */
	add	w0, w0, #EXIT_MMIO
	mov	x2, xzr
mmio_address:
	mrs	x1, hpfar_el2
	mrs	x3, far_el2
	lsl	x1, x1, #8			/* FIPA at 4 is the address at 12 */
	bfxil	x1, x3, #0, #SK_PAGE_BITS
	mov	x5, x20				/* w4 and w6 mean nothing: they are the guest's x4, x6 */
	/* falls through */

/*
 * To the thread: w0..w6 hold the exit, the status is OK and w7 the state of the
 * list registers. x17 = the vCPU's registers, x18 = the core. Straight to user level,
 * past the scheduler: the trap has made nobody ready.
 */
gate_open:
	ldr	x16, [x17, #VCPU_THREAD - VCPU_REGISTERS]
	str	xzr, [x16, #THREAD_GUEST_CORE]	/* signallers need no interrupt; and in_guest */
	mrs	x7, ich_elrsr_el2
	mrs	x8, ich_misr_el2
	lsr	x7, x7, #1			/* the first is the timer's */
	cbnz	x8, gate_events
1:	to_thread
	mov	x8, xzr
	mov	x9, xzr
	return_to_call

/* From guest_irq: another thread (x16) runs, the guest goes on later. */
	.global gate_to_thread
gate_to_thread:
	to_thread
	b	thread_load

/*
 * SK_VCPU_RUN, from thread_sync with SP at the thread's frame. In the common case
 * the vCPU is loaded and there is an answer or none, and a list register or two;
 * vcpu_run in C does the same for all cases.
 */
#define RUN_LISTS  (RUN_LIST_A | RUN_LIST_B)
#define RUN_COMMON (RUN_ANSWER | RUN_LISTS | 0xf << RUN_LIST_A_SHIFT | 0xf << RUN_LIST_B_SHIFT)

	.global fast_run
fast_run:
	save_callee
	mrs	x12, tpidr_el2
	sub	x13, sp, #THREAD_FRAME
	ldr	x14, [x13, #THREAD_VCPU]
	ldr	x15, [x12, #CORE_LOADED]
	cmp	x14, x15
	b.ne	run_other
	cbz	x14, run_slow
run_loaded:
	tst	x0, #~RUN_ANSWER
	b.ne	run_lists
run_answer:
	tbz	w0, #0, 2f
	ldr	w9, [x14, #VCPU_REGISTERS + VCPU_PENDING]
	tbnz	w9, #ISS_ISV, run_load
	cbz	w9, 2f
	pairs	stp, x14, VCPU_REGISTERS, x1, x2, x3, x4
2:	str	xzr, [x14, #VCPU_REGISTERS + VCPU_PENDING] /* and VCPU_UNDERFLOW: none asked for */
	/* committed */
	ldr	x10, [x12, #CORE_IN_GUEST]
	add	x11, x13, #THREAD_GUEST_CORE
	stlr	x10, [x11]			/* vcpu_may_enter */
	ldr	x9, [x13, #THREAD_EVENT_POINTER]
	cbz	x9, 3f
	add	x9, x9, #NOTIFICATION_WORD
	ldar	x9, [x9]
	cbnz	x9, run_event
3:	ldr	w9, [x12, #CORE_ICH_HCR]
	cmp	w9, #ICH_RUN
	b.ne	run_interface
	/* falls through */

/* In: x12 = the core, x14 = the vCPU. */
gate_close:
	str	x14, [x12, #CORE_GUEST]
	ldr	x8, [x14, #VCPU_SPACE_POINTER]
	str	x8, [x12, #CORE_SPACE]
	ldr	x8, [x8, #SPACE_VTTBR]
	msr	vttbr_el2, x8
	ldr	x8, [x12, #CORE_FP]
	add	x9, x14, #VCPU_FP
	cmp	x8, x9
	b.ne	gate_close_fp
	ldr	x8, [x12, #CORE_GATE + 48]	/* the registers hold its values */
	mov	w9, #1
	msr	cptr_el2, x8
	strb	w9, [x12, #CORE_FP_OPEN]
gate_close_registers:
	add	sp, x14, #VCPU_REGISTERS
	pairs	ldp, sp, VCPU_EL0, x0, x1, x2, x3, x4, x5, x6, x7
	ldp	x8, x9, [x12, #CORE_GATE + 32]
	msr	sctlr_el1, x0
	msr	cpacr_el1, x1
	msr	cntkctl_el1, x2
	msr	tpidrro_el0, x3
	msr	cntv_ctl_el0, x4
	msr	sp_el0, x5
	msr	tpidr_el0, x6
	msr	tcr_el1, x7
	msr	hcr_el2, x8
	msr	vbar_el2, x9
guest_enter_registers:
	ldp	x1, x2, [sp, #VCPU_PC]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	load_x
	leave_kernel

/* Seldom, or short: behind the entries of the vector tables. */
	behind	thread, 4
hvc_exit:
	stp	x20, x21, [x17, #VCPU_PC]	/* taken behind itself */
	mov	w23, #PENDING_CALL
	str	w23, [x17, #VCPU_PENDING]
	and	w6, w22, #0xffff
	sub	x5, x20, #4
	mov	x4, x3
	mov	x3, x2
	mov	x2, x1
	mov	x1, x0
	mov	w0, #EXIT_HYPERCALL
	b	gate_open

	behind	thread, 14
/* The value, cut to the width: shifted up and down by 64 less its bits. */
mmio_store:
	ubfx	w24, w22, #16, #5
	ldr	x2, [x17, x24, lsl #3]
	cmp	w24, #31
	csel	x2, xzr, x2, eq			/* the place of x31 is nobody's */
	mov	w25, #-8
	lsl	w25, w25, w23
	lsl	x2, x2, x25
	lsr	x2, x2, x25
	add	w0, w0, #EXIT_MMIO | EXIT_WRITE
	b	mmio_address

	behind	thread, 14
/* Something ended or ran low: seldom. */
gate_events:
	to_stack x18
	stp	x0, x1, [sp, #-80]!
	pairs	stp, sp, 16*1, x2, x3, x4, x5, x6, x7, x17, x18
	mov	x0, x8
	bl	list_events
	mov	x8, x0
	pairs	ldp, sp, 16*1, x2, x3, x4, x5, x6, x7, x17, x18
	ldp	x0, x1, [sp], #80
	orr	x7, x7, x8
	b	1b

	behind	thread, 6
/* A write to a trapped system register: w1 its name (SK_SYSREG), w2 the value. */
sysreg_write:
	add	x23, x20, #4
	stp	x23, x21, [x17, #VCPU_PC]
	ubfx	w24, w22, #5, #5
	ldr	x2, [x17, x24, lsl #3]
	cmp	w24, #31
	csel	x2, xzr, x2, eq
	ubfx	w1, w22, #17, #3		/* op2 */
	ubfx	w23, w22, #1, #4		/* CRm */
	ubfx	w24, w22, #10, #7		/* op1, CRn */
	ubfx	w25, w22, #20, #2		/* op0 */
	bfi	w1, w23, #3, #4
	bfi	w1, w24, #7, #7
	bfi	w1, w25, #14, #2
	mov	w0, #EXIT_SYSREG | EXIT_WRITE
	movk	w0, #8 << (EXIT_WIDTH_SHIFT - 16), lsl #16
	mov	x5, x20				/* w3, w4, w6 mean nothing, as above */
	b	gate_open

	behind	thread, 15
/* Any other trap. */
guest_other:
	cmp	w23, #EC_SYSREG
	b.ne	1f
	tbz	w22, #0, sysreg_write
1:	stp	x20, x21, [x17, #VCPU_PC]
	mov	x19, x18
	to_stack x19
	mov	x0, x19
	mov	x1, x22
	bl	trap_guest_sync
	mov	x0, x19
	b	arch_resume

	behind	guest, 7
/* void gate_mmio(uint64_t esr): guest_mmio goes on. The exit's w4 and w6 are not C's registers. */
	.global gate_mmio
gate_mmio:
	mov	x22, x0
	mov	x4, xzr
	mov	x6, xzr
	mrs	x18, tpidr_el2
	ldr	x17, [x18, #CORE_GUEST]
	add	x17, x17, #VCPU_REGISTERS
	ldp	x20, x21, [x17, #VCPU_PC]
	b	mmio_decoded

	behind	thread, 12
/* void gate_exit(w0, ..., w6): the core's guest, whose trap C has decoded, exits with these words. */
	.global gate_exit
gate_exit:
	mrs	x18, tpidr_el2
	ldr	x17, [x18, #CORE_GUEST]
	add	x17, x17, #VCPU_REGISTERS
	b	gate_open

	behind	thread, 7
/* void gate_enter(struct core *core, struct vcpu *vcpu): the vCPU is loaded, the interface on. */
	.global gate_enter
gate_enter:
	mov	x12, x0
	mov	x14, x1
	b	gate_close

/* void guest_enter(struct arch_vcpu *vcpu): all but the general registers is there. */
	.global guest_enter
guest_enter:
	mov	sp, x0
	b	guest_enter_registers

	behind	thread, 6
/* Another owns the FP registers. */
gate_close_fp:
	ldrb	w9, [x12, #CORE_FP_OPEN]
	cbz	w9, gate_close_registers
	ldr	x8, [x12, #CORE_GATE + 56]
	msr	cptr_el2, x8
	strb	wzr, [x12, #CORE_FP_OPEN]
	b	gate_close_registers

	behind	guest, 4
/* The answer to a load: to its width, sign and register as the syndrome in w9 says (load_answer in C). */
run_load:
	ubfx	w10, w9, #22, #2
	mov	w11, #-8
	lsl	w10, w11, w10			/* 64 less the bits, modulo 64 */
	lsl	x1, x1, x10
	ubfx	w11, w9, #16, #5
	add	x15, x14, #VCPU_REGISTERS
	tbnz	w9, #ISS_SSE, 5f
	lsr	x1, x1, x10
	str	x1, [x15, x11, lsl #3]
	b	2b
5:	asr	x1, x1, x10
	tbnz	w9, #ISS_SF, 6f
	mov	w1, w1
6:	str	x1, [x15, x11, lsl #3]
	b	2b

/* The lazily switched registers, of lazy_state x9, as it has them. x7, x8 are used. */
	.macro	each_lazy pair
	\pair	0, sp_el1, elr_el1
	\pair	1, spsr_el1, esr_el1
	\pair	2, far_el1, vbar_el1
	\pair	3, ttbr0_el1, ttbr1_el1
	\pair	4, mair_el1, amair_el1
	\pair	5, contextidr_el1, tpidr_el1
	\pair	6, par_el1, afsr0_el1
	\pair	7, afsr1_el1, csselr_el1
	\pair	8, cntv_cval_el0, ich_vmcr_el2
	.endm
	.macro	save_pair n, a, b
	mrs	x7, \a
	mrs	x8, \b
	stp	x7, x8, [x9, #16 * \n]
	.endm
	.macro	load_pair n, a, b
	ldp	x7, x8, [x9, #16 * \n]
	msr	\a, x7
	msr	\b, x8
	.endm

	behind	thread, 11
	.global guest_save_lazy
guest_save_lazy:
	mov	x9, x0
save_lazy:
	each_lazy save_pair
	ret

	.section .text.entry, "ax"
	.global guest_load_lazy
guest_load_lazy:
	mov	x9, x0
load_lazy:
	each_lazy load_pair
	load_pair 9, cntvoff_el2, vmpidr_el2
	ldr	x7, [x9, #16 * 10]
	msr	vpidr_el2, x7
	ret

	behind	guest, 11
/*
 * The vCPU x14, of Space x16, is loaded instead of x15: ne. Eq: nothing was done, for nobody is loaded,
 * or an interrupt is in a list register or a priority active on either side, or the timer's line or
 * the core's translations are to be seen to. x12 = the core. x7..x11, x17 are used.
 */
swap:
	mov	x17, x30
	mrs	x7, ich_elrsr_el2
	mrs	x8, ich_ap0r0_el2
	mrs	x9, ich_ap1r0_el2
	ldr	w10, [x12, #CORE_BUSY]
	ldr	w11, [x14, #VCPU_REGISTERS + VCPU_HELD]
	bic	x7, x10, x7
	tbnz	x7, #BUSY_RAS_BIT, swap_ras
swap_look:
	orr	x8, x8, x9
	orr	x7, x7, x11
	orr	x7, x7, x8
	ldr	x8, [x14, #VCPU_REGISTERS + VCPU_TIMER_LIST]
	ldrb	w9, [x12, #CORE_TIMER_ENABLED]
	cmp	x8, #0
	ldr	w10, [x12, #CORE_NUMBER]
	cset	w8, ne
	add	x10, x16, x10, lsl #2
	cmp	w8, w9
	ldr	w10, [x10, #SPACE_LAST]
	ldr	w11, [x14, #VCPU_ID]
	ccmp	x7, #0, #0, eq
	ccmp	w10, w11, #0, eq
	ccmp	x15, #0, #4, eq
	b.eq	1f
	/* decided */
	str	x14, [x12, #CORE_LOADED]
	add	x9, x15, #VCPU_REGISTERS + VCPU_LAZY
	bl	save_lazy
	add	x9, x14, #VCPU_REGISTERS + VCPU_LAZY
	bl	load_lazy
1:	ret	x17

	behind	guest, 13
/* void guest_load(struct core *, struct vcpu *) */
	.global guest_load
guest_load:
	mov	x12, x0
	mov	x14, x1
	mov	x18, x30
	ldr	x9, [x0, #CORE_GUEST]
	ldr	x15, [x0, #CORE_LOADED]
	ldr	x16, [x1, #VCPU_SPACE_POINTER]
	cbnz	x9, 1f
	bl	swap
	mov	x30, x18
	b.eq	1f
	ret
1:	b	guest_load_slowly
swap_ras:
	mrs	x10, VDISR_EL2			/* nor does the guest know of an SError */
	and	x7, x7, #~(1 << BUSY_RAS_BIT)
	orr	x8, x8, x10
	b	swap_look

	behind	thread, 12
/* Another vCPU is loaded: this one first. */
run_other:
	cbz	x14, run_slow
	ldr	x16, [x14, #VCPU_SPACE_POINTER]
	cbz	x16, run_slow
	bl	swap
	b.ne	run_loaded
	pairs	stp, sp, 0, x0, x1, x2, x3, x4, x5
	str	x6, [sp, #16 * 3]
	to_stack x12
	stp	x12, x13, [sp, #-16]!
	mov	x0, x12
	mov	x1, x14
	bl	guest_load_slowly
	ldp	x12, x13, [sp]
	ldr	x14, [x13, #THREAD_VCPU]
	add	sp, x13, #THREAD_FRAME
	pairs	ldp, sp, 0, x0, x1, x2, x3, x4, x5
	ldr	x6, [sp, #16 * 3]
	b	run_loaded

	behind	thread, 7
/* List register writes come first; if one is refused nothing is done, and C finds why. */
run_lists:
	mov	w9, #RUN_COMMON & 0xffff
	movk	w9, #RUN_COMMON >> 16, lsl #16
	bics	xzr, x0, x9
	b.ne	run_slow
	pairs	stp, sp, 0, x0, x1, x2, x3, x4, x5, x6, x7
	to_stack x12
	stp	x12, x13, [sp, #-16]!
	bl	lists_answer
	ldp	x12, x13, [sp]
	add	sp, x13, #THREAD_FRAME
	cbz	w0, run_refused
	ldr	x14, [x13, #THREAD_VCPU]
	pairs	ldp, sp, 0, x0, x1, x2, x3
	ldr	x4, [sp, #16 * 2]
	b	run_answer

	behind	guest, 14
run_refused:
	pairs	ldp, sp, 0, x0, x1, x2, x3, x4, x5, x6, x7
	/* falls through */

/* Not the common case: the words go to the frame, and C decides. */
run_slow:
	pairs	stp, sp, 0, x0, x1, x2, x3, x4, x5, x6, x7
	enter_kernel
	mov	x1, #SK_VCPU_RUN
	bl	kernel_syscall
	mov	x0, x19
	b	arch_resume

	behind	thread, 8
/* Bits came: the guest is not entered. */
run_event:
	to_stack x12
	mov	x19, x12
	mov	x0, x12
	mov	x1, x13
	bl	vcpu_event
	mov	x0, x19
	b	arch_resume

	behind	thread, 6
/* The interface is off, or asks for underflow. */
run_interface:
	mov	w9, #ICH_RUN
	str	w9, [x12, #CORE_ICH_HCR]
	msr	ich_hcr_el2, x9
	b	gate_close
