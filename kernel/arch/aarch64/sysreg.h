/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers and barriers. Names are those of the assembler; a register
 * that gcc 12 does not know is given its generic name S<op0>_<op1>_C<n>_C<m>_<op2>
 * below (Arm ARM DDI 0487 K.a, "System register access": the form every assembler takes).
 */
#pragma once

#ifndef __ASSEMBLER__
#include <stdint.h>
#endif

/* GICv3 CPU interface (Arm IHI 0069H, 12.2). */
#define ICC_PMR_EL1     S3_0_C4_C6_0
#define ICC_DIR_EL1     S3_0_C12_C11_1
#define ICC_SGI1R_EL1   S3_0_C12_C11_5
#define ICC_IAR1_EL1    S3_0_C12_C12_0
#define ICC_EOIR1_EL1   S3_0_C12_C12_1
#define ICC_BPR1_EL1    S3_0_C12_C12_3
#define ICC_CTLR_EL1    S3_0_C12_C12_4
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7
#define ICC_SRE_EL2     S3_4_C12_C9_5
#define ICC_SRE_EL1     S3_0_C12_C12_5

#ifndef __ASSEMBLER__

/* Fine-grained traps and HCRX_EL2 (DDI 0487 K.a, D23.2.51 to D23.2.60). */
#define HCRX_EL2    S3_4_C1_C2_2
#define HFGRTR_EL2  S3_4_C1_C1_4
#define HFGWTR_EL2  S3_4_C1_C1_5
#define HFGITR_EL2  S3_4_C1_C1_6
#define HDFGRTR_EL2 S3_4_C3_C1_4
#define HDFGWTR_EL2 S3_4_C3_C1_5
#define HAFGRTR_EL2 S3_4_C3_C1_6
#define HDFGRTR2_EL2 S3_4_C3_C1_0
#define HDFGWTR2_EL2 S3_4_C3_C1_1
#define HFGRTR2_EL2 S3_4_C3_C1_2
#define HFGWTR2_EL2 S3_4_C3_C1_3
#define HFGITR2_EL2 S3_4_C3_C1_7

/* What a guest reads and writes as DISR_EL1 (D23.5, RAS). */
#define VDISR_EL2   S3_4_C12_C1_1

/* Trace filter, memory partitioning (D23.3.30; D23.7.7). */
#define TRFCR_EL2   S3_4_C1_C2_1
#define MPAM2_EL2   S3_4_C10_C5_0

#define SYSREG_STR_(name) #name
#define SYSREG_STR(name)  SYSREG_STR_(name)

/* Volatile, but orders nothing: an isb() where the value depends on, or is needed by, what stands beside it. */
#define READ_SYSREG(name) ({ \
	uint64_t value_; \
	__asm__ volatile("mrs %0, " SYSREG_STR(name) : "=r"(value_)); \
	value_; \
})
#define WRITE_SYSREG(name, v) \
	__asm__ volatile("msr " SYSREG_STR(name) ", %x0" : : "rZ"((uint64_t)(v)))

#define isb()      __asm__ volatile("isb" : : : "memory")
#define dsb(scope) __asm__ volatile("dsb " #scope : : : "memory")
#define dmb(scope) __asm__ volatile("dmb " #scope : : : "memory")

#endif /* __ASSEMBLER__ */
