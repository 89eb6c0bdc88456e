/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of the control registers. [ARM] DDI 0487 K.a, D23.2. Reset values are
 * UNKNOWN, so every one is written whole at boot (cpu.c); proofs-notes/
 * isolation-registers.md says what each bit keeps apart.
 */
#pragma once

#include "bootinfo.h" /* VTIMER_PPI */

/* HCR_EL2 (D23.2.50) */
#define HCR_VM    (1ul << 0)
#define HCR_SWIO  (1ul << 1)
#define HCR_PTW   (1ul << 2)   /* a table walk that meets Device memory faults */
#define HCR_FMO   (1ul << 3)
#define HCR_IMO   (1ul << 4)
#define HCR_AMO   (1ul << 5)
#define HCR_FB    (1ul << 9)   /* TLB and I-cache maintenance is broadcast */
#define HCR_BSU   (1ul << 10)  /* barriers reach the inner shareable domain at least */
#define HCR_DC    (1ul << 12)
#define HCR_TWI   (1ul << 13)
#define HCR_TID3  (1ul << 18)
#define HCR_TSC   (1ul << 19)
#define HCR_TIDCP (1ul << 20)
#define HCR_TACR  (1ul << 21)
#define HCR_TSW   (1ul << 22)
#define HCR_TGE   (1ul << 27)
#define HCR_RW    (1ul << 31)
#define HCR_TLOR  (1ul << 35)  /* limited ordering regions: RES0 where there are none */
#define HCR_TERR  (1ul << 36)  /* RAS error records, likewise */

#define HCR_COMPONENT (HCR_RW | HCR_TGE | HCR_DC | HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO | HCR_FB | HCR_BSU | HCR_SWIO | \
		       HCR_TIDCP)
#define HCR_GUEST (HCR_RW | HCR_VM | HCR_SWIO | HCR_PTW | HCR_IMO | HCR_FMO | HCR_AMO | HCR_FB | HCR_BSU | \
		   HCR_TWI | HCR_TID3 | HCR_TSC | HCR_TIDCP | HCR_TACR | HCR_TSW | HCR_TLOR | HCR_TERR)

/* CPTR_EL2 with E2H=0 (D23.2.34): RES1 bits, SVE and SME trapped, trace and activity monitors too. */
#define CPTR_TFP  (1ul << 10)
#define CPTR_HOST ((0x33fful & ~CPTR_TFP) | 1ul << 20 | 1ul << 30)

/* MDCR_EL2 (D23.3.17): debug, OS lock, PMU, trace, SPE all trap; HPMN is or'ed in. */
#define MDCR_TRAPS (1ul << 5 | 1ul << 6 | 1ul << 9 | 1ul << 10 | 1ul << 11 | 1ul << 14 | 1ul << 19)

/* MPAM2_EL2: EL1 and EL0 do not choose their partition. */
#define MPAM2_TRAPS (3ul << 48)

/* VTCR_EL2 (D23.2.199): 39-bit IPA from level 1, 4 KiB, write-back inner shareable walks. PS is or'ed in. */
#define VTCR_BASE  (25ul | 1ul << 6 | 1ul << 8 | 1ul << 10 | 3ul << 12 | 1ul << 31)
#define VTCR_PS_SHIFT 16
#define VTCR_PS_MAX   5ul      /* 48 bits */

#define VTTBR_VMID_SHIFT 48

/* CNTHCTL_EL2 with E2H=0 (D23.9.4): EL1 reads the physical counter, its timer registers trap. */
#define CNTHCTL_BASE 1ul

/* What EL0 of a component runs under. */
/* SCTLR_EL1 (D23.2.142): RES1 of Armv8.0, stage 1 off; cache maintenance, CTR and DC ZVA allowed, wfe not trapped, wfi trapped. */
#define SCTLR_COMPONENT (1ul << 29 | 1ul << 28 | 1ul << 26 | 1ul << 23 | 1ul << 22 | 1ul << 20 | 1ul << 18 | \
			 1ul << 15 | 1ul << 14 | 1ul << 12 | 1ul << 11 | 1ul << 8 | 1ul << 7 | 1ul << 4 | 1ul << 3 | \
			 1ul << 2)
#define CPACR_COMPONENT  (3ul << 20) /* FP not trapped here: CPTR_EL2 does */
#define CNTKCTL_COMPONENT 1        /* EL0PCTEN: the physical counter, nothing else */

/* INTIDs (IHI 0069H, 2.2): shared lines, and those that are no interrupt; the kernel has no LPIs. */
#define FIRST_SPI     32
#define FIRST_SPECIAL 1020
