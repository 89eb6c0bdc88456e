/* SPDX-License-Identifier: BSD-2-Clause */
/* void fp_save(struct fp_state *), void fp_load(const struct fp_state *). CPTR_EL2.TFP is 0. */
	.arch_extension fp
	.arch_extension simd
	/* Two at a time from [x0, #at] on. */
	.macro	each_q op, at, a, b, more:vararg
	\op	\a, \b, [x0, #\at]
	.ifnb	\more
	each_q	\op, (\at)+32, \more
	.endif
	.endm

	.macro	all_q op
	each_q	\op, 0, q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15
	each_q	\op, 256, q16, q17, q18, q19, q20, q21, q22, q23, q24, q25, q26, q27, q28, q29, q30, q31
	.endm

	.section .behind.guest.6, "ax"	/* entry_macros.h */
	.global fp_save
fp_save:
	all_q	stp
	mrs	x1, fpcr
	mrs	x2, fpsr
	add	x0, x0, #32 * 16
	stp	x1, x2, [x0]
	ret

	.section .behind.guest.7, "ax"
	.global fp_load
fp_load:
	all_q	ldp
	add	x0, x0, #32 * 16
	ldp	x1, x2, [x0]
	msr	fpcr, x1
	msr	fpsr, x2
	ret
