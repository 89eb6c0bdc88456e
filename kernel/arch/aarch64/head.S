/* SPDX-License-Identifier: BSD-2-Clause */
/* Every core's first instructions in the kernel, from the loader (bootinfo.h). */
	.section .behind.guest.13, "ax"	/* entry_macros.h */
	.global _start
_start:
	msr	spsel, #1
	mov	sp, x2
	mov	x29, xzr
	mov	x30, xzr
	b	kernel_main
