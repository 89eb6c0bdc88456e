/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry. The first 64 bytes are the header of Linux
 * Documentation/arch/arm64/booting.rst, "4. Call the kernel image". All
 * addressing is relative to pc: the image runs at any multiple of 2 MiB.
 */
#include "start.h"

	.section .head, "ax"
	.global	_image_start
_image_start:
	b	entry
	.word	0
	.quad	0                       /* text_offset */
	.quad	_image_bytes            /* image_size; whoever appends an archive enlarges it */
	.quad	0xa                     /* little endian, 4 KiB pages, anywhere in memory */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.word	0

/* x0 = device tree, MMU off. */
	.global entry
entry:
	msr	daifset, #0xf
	ldr	w2, =SCTLR_RES1
	adr	x3, vectors
	mrs	x1, CurrentEL
	cmp	x1, #2 << 2
	b.ne	1f
	msr	sctlr_el2, x2
	mov	x1, #1 << 31            /* HCR_EL2.RW; E2H, TGE and all traps off */
	msr	hcr_el2, x1
	mov	x1, #0x33ff             /* CPTR_EL2: RES1 bits, no traps */
	msr	cptr_el2, x1
	msr	vbar_el2, x3
	isb
	mrs	x1, hcr_el2
	ubfx	x1, x1, #34, #1
	lsl	x1, x1, #1              /* MODE_E2H or MODE_OK */
	b	2f
1:	msr	vbar_el1, x3
	mov	x1, #MODE_EL1
2:	isb
	msr	spsel, #1
	adrp	x2, boot_stack_top
	add	sp, x2, :lo12:boot_stack_top
	mov	x29, xzr
	mov	x30, xzr
	bl	loader_main
	b	halt

/* A core that CPU_ON started: x0 = struct core_start, MMU off. */
	.text
	.global	secondary_entry
secondary_entry:
	msr	daifset, #0xf
	ldr	w2, =SCTLR_RES1
	msr	sctlr_el2, x2
	mov	x1, #1 << 31
	msr	hcr_el2, x1
	mov	x1, #0x33ff
	msr	cptr_el2, x1
	adr	x3, vectors
	msr	vbar_el2, x3
	isb
	mov	x19, x0
	ldr	x1, [x19, #CORE_STACK]
	msr	spsel, #1
	mov	sp, x1
	ldr	x3, [x19, #CORE_SCTLR]
	ldr	x2, [x19, #CORE_TTBR]
	ldr	x1, [x19, #CORE_TCR]
	ldr	x0, [x19, #CORE_MAIR]
	bl	mmu_on
	mov	x0, x19
	mov	x29, xzr
	bl	secondary_main

/* x0..x3 = MAIR, TCR, TTBR0, SCTLR of EL2. */
	.global	mmu_on
mmu_on:
	msr	mair_el2, x0
	msr	tcr_el2, x1
	msr	ttbr0_el2, x2
	isb
	tlbi	alle2
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_el2, x3
	isb
	ret

	.global	psci_smc
psci_smc:
	smc	#0
	ret

	.global	psci_hvc
psci_hvc:
	hvc	#0
	ret

/*
 * The last step. The loader's root table holds the identity map (below 512 GiB)
 * and the kernel's two entries (above), so the stub, which lies in the window, is
 * reached at its kernel address; there the core changes to the kernel's own root,
 * where no identity map is, and drops all that the TLB holds.
 *
 * x0..x2 go to the kernel as they are; x3 = root table, x4 = kernel entry,
 * x5 = the stub's address in the window.
 */
	.global	stub_call
stub_call:
	br	x5

	.balign	64
	.global	stub_begin, stub_end
stub_begin:
	msr	ttbr0_el2, x3
	ldr	w6, 1f
	isb
	msr	sctlr_el2, x6
	isb
	tlbi	alle2
	dsb	nsh
	isb
	br	x4
	.balign	8
1:	.word	SCTLR_KERNEL
	.word	0
stub_end:

/* Any exception in the loader is its end: 16 entries that do the same. */
	.balign	2048
vectors:
	.rept	16
	.balign	128
	b	trapped
	.endr

trapped:
	mrs	x3, CurrentEL
	cmp	x3, #2 << 2
	b.ne	halt
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	bl	exception
halt:	wfi
	b	halt

	/* Not bss: a section with contents is what makes objcopy write out the whole of .data. */
	.section .data.stack, "aw", %progbits
	.balign	4096
	.space	LOADER_STACK
boot_stack_top:
