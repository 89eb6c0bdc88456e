/* SPDX-License-Identifier: BSD-2-Clause */
/* ESR_EL2, for C and assembly: [ARM] DDI 0487 K.a, D24.2.40. */
#pragma once

/* Exception classes, at bit 26 */
#define EC_UNKNOWN  0x00
#define EC_WFX      0x01
#define EC_FP       0x07
#define EC_PAUTH    0x09
#define EC_HVC      0x16
#define EC_SMC      0x17
#define EC_SYSREG   0x18
#define EC_SVE      0x19
#define EC_SME      0x1d
#define EC_FETCH    0x20
#define EC_PC_ALIGN 0x22
#define EC_DATA     0x24
#define EC_SP_ALIGN 0x26
#define EC_SERROR   0x2f
#define EC_BRK      0x3c

/*
 * The syndrome of an abort: bit numbers, and where fields begin. If it describes its access (ISV) it is also what the
 * VMM's answer to a load goes by: gate.S, vcpu_run.c.
 */
#define ISS_WNR   6
#define ISS_S1PTW 7
#define ISS_CM    8
#define ISS_SF    15   /* a 64-bit register */
#define ISS_SRT   16   /* its number, 5 bits */
#define ISS_SSE   21   /* sign-extended */
#define ISS_SAS   22   /* log2 of the bytes, 2 bits */
#define ISS_ISV   24
