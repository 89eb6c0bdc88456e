/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of a component, and of a thread made by sk_thread_spawn. */
	.section .text._start, "ax"
	.global _start
	.type _start, %function
_start:
	mov	x29, #0
	mov	x30, #0
	b	crt_start
	.size _start, . - _start

/* x0 = struct thread_start * (runtime/src/thread.c). */
	.section .text.thread_entry, "ax"
	.global thread_entry
	.type thread_entry, %function
thread_entry:
	mov	x29, #0
	mov	x30, #0
	b	thread_main
	.size thread_entry, . - thread_entry
	.section .note.GNU-stack, "", %progbits
