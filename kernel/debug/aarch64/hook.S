/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the vectors, and before each eret (debug_hook in entry_macros.h): SP is at the
 * register file of who trapped, or goes on, where x29 and x30 stand already. All
 * registers come back as they were; what is stored of them is what they are.
 */
#include "abi/skerry.h"
#include "offsets.h"

	.macro	call_c function
	stp	x0, x1, [sp, #16 * 0]
	stp	x2, x3, [sp, #16 * 1]
	stp	x4, x5, [sp, #16 * 2]
	stp	x6, x7, [sp, #16 * 3]
	stp	x8, x9, [sp, #16 * 4]
	stp	x10, x11, [sp, #16 * 5]
	stp	x12, x13, [sp, #16 * 6]
	stp	x14, x15, [sp, #16 * 7]
	stp	x16, x17, [sp, #16 * 8]
	str	x18, [sp, #16 * 9]
	mov	x29, sp				/* C keeps it */
	mrs	x0, tpidr_el2
	mov	x1, sp
	mov	x2, x30
	ldr	x9, [x0, #CORE_STACK]
	mov	sp, x9
	str	x30, [sp, #-16]!
	bl	\function
	ldr	x30, [sp], #16
	mov	sp, x29
	ldp	x0, x1, [sp, #16 * 0]
	ldp	x2, x3, [sp, #16 * 1]
	ldp	x4, x5, [sp, #16 * 2]
	ldp	x6, x7, [sp, #16 * 3]
	ldp	x8, x9, [sp, #16 * 4]
	ldp	x10, x11, [sp, #16 * 5]
	ldp	x12, x13, [sp, #16 * 6]
	ldp	x14, x15, [sp, #16 * 7]
	ldp	x16, x17, [sp, #16 * 8]
	ldr	x18, [sp, #16 * 9]
	ret
	.endm

	.text
	.global debug_enter_hook
debug_enter_hook:
	call_c	debug_enter

	.global debug_leave_hook
debug_leave_hook:
	call_c	debug_leave
