/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hot calls. vectors.S jumps here with SP at the thread's frame, all of its
 * registers still in place but x10 and x11, which a call does not preserve. What
 * is not the common case goes to slow_call with nothing changed: C does it all.
 */
#include "entry_macros.h"

#define RIGHT_CALL_BIT   3
#define RIGHT_SERVE_BIT  4
#define RIGHT_SIGNAL_BIT 5

	.section .text.entry, "ax"
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
	ldr	x15, [x14, #ENDPOINT_CORE]
	ldrb	w18, [x12, #CORE_FP_OPEN]
	cmp	x15, x12
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
	switch_space
	mov	x8, xzr
	return_to_call
	.endm

/*
 * A call to the only server that waits, which waits for nothing else: endpoint_call
 * (endpoint.c) does the same in C for all cases.
 */
	.global fast_call
fast_call:
	lookup_endpoint RIGHT_CALL_BIT
	ldr	x15, [x14, #ENDPOINT_SERVERS]
	cbz	x15, slow_call
	ldrb	w18, [x15, #THREAD_WAITS_EVENT]
	ldr	x16, [x15, #THREAD_NEXT]
	cmp	x16, x15
	ldr	w16, [x13, #THREAD_STATE]	/* READY, not queued, depth, running priority */
	ccmp	w18, #0, #0, eq
	b.ne	slow_call
	tbnz	w16, #DEPTH_LIMIT_BIT, slow_call
	/* decoded; the server gets the caller's word, one deeper, with its own priority if that is higher */
	ldrb	w18, [x15, #THREAD_PRIORITY]
	str	xzr, [x14, #ENDPOINT_SERVERS]
	lsr	w14, w16, #24
	cmp	w14, w18
	csel	w18, w14, w18, hi
	mov	w14, #THREAD_CALLING
	strb	w14, [x13, #THREAD_STATE]
	add	w16, w16, #1 << 16
	bfi	w16, w18, #24, #8
	str	w16, [x15, #THREAD_STATE]
	str	x15, [x13, #THREAD_SERVER]
	str	x13, [x15, #THREAD_CALLER]
	mov	x9, x17
	switch_to

/*
 * A reply to a caller that waits, by a server that serves here always, with no other
 * caller and no other server there, nobody ready of the caller's priority or higher,
 * no notification bound, on the budget of the caller's side (so the payer stays the
 * same): endpoint_reply_wait in C for all cases.
 */
	.global fast_reply_wait
fast_reply_wait:
	lookup_endpoint RIGHT_SERVE_BIT
	ldr	x15, [x13, #THREAD_CALLER]
	cbz	x15, slow_call
	ldp	x16, x17, [x14, #ENDPOINT_CALLERS]	/* and ENDPOINT_SERVERS */
	orr	x16, x16, x17
	ldp	x17, x18, [x13, #THREAD_EVENT_POINTER]	/* and THREAD_SERVES */
	orr	x16, x16, x17
	eor	x18, x18, x14
	orr	x16, x16, x18
	ldrb	w17, [x12, #CORE_LENT]
	orr	x16, x16, x17
	cbnz	x16, slow_call
	ldrb	w16, [x15, #THREAD_RUNNING_PRIORITY]
	ldr	w17, [x12, #CORE_TOP]
	cmp	w17, w16
	b.ge	slow_call
	/* decoded */
	ldrb	w16, [x13, #THREAD_PRIORITY]
	mov	w17, #THREAD_SERVING | 1 << 8		/* queued; depth 0 */
	orr	w16, w17, w16, lsl #24
	str	w16, [x13, #THREAD_STATE]
	str	xzr, [x13, #THREAD_RECEIVE_SLOT]	/* and THREAD_ANSWER_SLOT */
	stp	x13, x13, [x13, #THREAD_NEXT]		/* and prev: alone in the queue */
	str	x13, [x14, #ENDPOINT_SERVERS]
	mov	w16, #THREAD_READY
	strb	w16, [x15, #THREAD_STATE]
	ldrb	w10, [x15, #THREAD_FAULT_WAITS]
	str	xzr, [x13, #THREAD_CALLER]
	str	xzr, [x15, #THREAD_SERVER]
	cbnz	w10, reply_fault
	mov	x9, xzr
	switch_to

/* A signal that wakes nobody, and below one that wakes a thread which runs at once: notification_signal for the rest. */
	.global fast_signal
fast_signal:
	lookup	TYPE_NOTIFICATION, RIGHT_SIGNAL_BIT
	add	x15, x14, #NOTIFICATION_WORD
4:	ldaxr	x10, [x15]
	tbnz	x10, #63, signal_waiter
	orr	x11, x10, x17
	stlxr	w16, x11, [x15]
	cbnz	w16, 4b
	ldr	x10, [x14, #NOTIFICATION_BOUND]
	cbz	x10, signalled
	add	x10, x10, #THREAD_GUEST_CORE
	ldar	w11, [x10]				/* after the bits: pairs with vcpu_may_enter */
	cbz	w11, signalled
	b	signal_guest

	behind	guest, 14
signalled:
	mov	x8, xzr
	mov	x9, xzr
	forget
	leave_kernel

	behind	guest, 5
signal_guest:
	ldr	w13, [x12, #CORE_NUMBER]	/* its guest runs: an interrupt takes it out */
	sub	w11, w11, #1
	cmp	w11, w13
	b.eq	signalled
	adrp	x13, gic_sgi1r
	add	x13, x13, :lo12:gic_sgi1r
	ldr	x13, [x13, x11, lsl #3]
	dsb	ish				/* arch_ipi */
	msr	ICC_SGI1R_EL1, x13
	isb
	b	signalled

	behind	guest, 0
signal_waiter:
	stp	x8, x9, [sp, #16 * 4]		/* the rest means nothing, before and after */
	save_callee
	mov	x19, x12
	mov	x20, sp
	mov	x0, x12
	mov	x1, x14
	mov	x2, x17
	to_stack x12
	bl	fast_signal_waiter
	mov	x12, x19
	cbnz	w0, signal_far				/* not FAST_SWITCHED */
	stp	xzr, xzr, [x20, #16 * 4]		/* OK: it is told when it runs again */
	ldr	x15, [x12, #CORE_CURRENT]
	ldrb	w18, [x12, #CORE_FP_OPEN]
	cbnz	w18, leave
	switch_space
	load_words
	return_to_call
signal_far:
	cmp	w0, #FAST_TOLD
	b.lo	slow_signal
	stp	xzr, xzr, [x20, #16 * 4]
	b.eq	goes_on
	b	leave

	behind	thread, 15
	.global fast_null
fast_null:
	mrs	x10, tpidr_el2
	mov	w0, #SK_ABI_MINOR
	movk	w0, #SK_ABI_MAJOR, lsl #16
	ldr	w1, [x10, #CORE_NUMBER]
	mov	x8, xzr
	mov	x9, xzr
	mov	x10, xzr
	mov	x11, xzr
	leave_kernel

	behind	guest, 12
reply_fault:
	strb	wzr, [x15, #THREAD_FAULT_WAITS]	/* it faulted: it gets its registers back, not the words */
	str	x15, [x12, #CORE_CURRENT]
	save_callee
	switch_space
	mov	x0, sp
	b	thread_enter
