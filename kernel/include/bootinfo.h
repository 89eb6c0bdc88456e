/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the loader tells the kernel. Every core enters the kernel at the ELF
 * entry point with w0 = address of this structure inside the window (virtual),
 * w1 = core number (0 = boot core), w2 = top of a boot stack that it may use,
 * interrupts masked, EL2 (E2H = 0), MMU and caches on with the tables at root_pt.
 *
 * Kernel address space (TTBR0_EL2, 48-bit, 4 KiB granule, MAIR below):
 *   KERNEL_VA ..            the kernel image, by segment (text RX, rodata R, data RW),
 *                           followed at pool_va by the object pool (RW, 2 MiB blocks)
 *   device_va ..            GICD, GICR frames, for a debug kernel the UART (Device-nGnRE, RW)
 * Image and pool are one physically contiguous range: va - pa is the same
 * constant for both ("the window"). Nothing else of RAM is mapped, in particular
 * neither the loader nor user RAM. The tables lie in the window.
 */
#pragma once

#define BOOTINFO_MAGIC   0x544f4f42594b53ul /* "SKYBOOT" */
#define BOOTINFO_VERSION 2

#define KERNEL_VA        0x0000008000000000ul /* linked here; 2 MiB aligned in memory */
#define DEVICE_VA        0x0000010000000000ul

/* MAIR_EL2: index 0 Normal write-back, 1 Device-nGnRE. */
#define KERNEL_MAIR      0x04fful

/* INTID of the virtual timer: the entry code knows it, and the loader refuses a machine with another. */
#define VTIMER_PPI 27

#define BOOTINFO_SEGMENTS 4
#define BOOTINFO_CORES    8

#ifndef __ASSEMBLER__
#include <stdint.h>
#include "abi/skerry.h"

struct boot_segment {     /* part of root that the kernel maps for it */
	uint64_t ipa, pa, size; /* page aligned, zero filled, clean to PoC */
	uint64_t rights;        /* SK_RIGHT_* */
};

struct bootinfo {
	uint64_t magic;
	uint32_t version;
	uint32_t cores;            /* that will enter the kernel, 1..BOOTINFO_CORES */
	uint64_t window_va, window_pa, window_size;
	uint64_t pool_va, pool_size; /* object pool, page aligned, zero filled */
	uint64_t gicd_va;          /* distributor */
	uint64_t gicr_va[BOOTINFO_CORES]; /* each core's redistributor (RD frame, SGI frame behind) */
	uint64_t mpidr[BOOTINFO_CORES];   /* affinity bits of each core */
	uint64_t uart_va;          /* PL011, if the kernel's ELF file has a PT_NOTE, as the debug kernel's: it prints. 0: none */
	uint32_t timer_hyp;        /* INTIDs: the EL2 physical timer's PPI (26), */
	uint32_t gic_maintenance;  /* the GIC's maintenance PPI (25) */
	uint32_t psci_hvc;         /* 0: PSCI by smc, 1: by hvc */
	struct boot_segment root[BOOTINFO_SEGMENTS]; /* size 0: unused */
	uint64_t root_entry;
	struct boot_segment root_stack;  /* at SK_ROOT_STACK_TOP - SK_ROOT_STACK_SIZE */
	struct boot_segment root_info;   /* SK_ROOT_INFO_PAGES pages of user RAM holding struct sk_root_info */
	uint32_t regions;          /* = sk_root_info.regions */
	uint32_t reserved;
	struct { uint64_t pa, size; uint32_t kind, pad; } region[SK_ROOT_MAX_REGIONS];
};
#endif
