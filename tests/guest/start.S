/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry at EL1, MMU and caches off, x0 = device tree. The header is that of
 * Linux's Documentation/arch/arm64/booting.rst.
 */
	.section .head, "ax"
	.global _start
_start:
	b	start
	.long	0
	.quad	0                       /* text_offset */
	.quad	image_size
	.quad	0x2                     /* little-endian, 4 KiB pages */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

start:
	adrp	x1, stack_top
	add	x1, x1, :lo12:stack_top
	mov	sp, x1
	adrp	x1, vectors
	add	x1, x1, :lo12:vectors
	msr	vbar_el1, x1
	isb
	adrp	x1, bss_start
	add	x1, x1, :lo12:bss_start
	adrp	x2, bss_end
	add	x2, x2, :lo12:bss_end
1:	cmp	x1, x2
	b.hs	2f
	stp	xzr, xzr, [x1], #16
	b	1b
2:	bl	main
	bl	power_off
