/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions of EL1 itself, with SP_ELx: synchronous ones to on_fault, interrupts
 * to on_irq. x0 of on_irq is the virtual counter at the first instruction.
 */
#ifdef SECTION_ENDS
#include "section.h"
#endif
	.macro	save
	sub	sp, sp, #192
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x30, [sp, #144]
	.endm

	.text
restore:
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x30, [sp, #144]
	ldp	x0, x1, [sp]
	add	sp, sp, #192
	eret

	.macro	dead
	.balign	128
	b	unexpected
	.endm

	.balign	2048
	.global	vectors
vectors:
	dead
	dead
	dead
	dead
	.balign	128
	save
	bl	on_fault
	b	restore
	.balign	128
#ifdef SECTION_ENDS /* guest-cost: what an interrupt's way here costs */
	hint	#SECTION_END_HINT(4)
	hint	#SECTION_END_HINT(5)
#endif
	save
	mrs	x0, cntvct_el0
	bl	on_irq
	b	restore
	dead
	dead
	dead
	dead
	dead
	dead
	dead
	dead
	dead
	dead
