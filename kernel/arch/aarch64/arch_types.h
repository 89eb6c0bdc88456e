/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AArch64: types and short functions that <arch.h> promises.
 *
 * [ARM] Arm Architecture Reference Manual, DDI 0487 K.a.
 */
#pragma once

#include "bootinfo.h"
#include "types.h"

#define ARCH_WINDOW     KERNEL_VA
#define ARCH_ROOT_BYTES 4096u     /* 39-bit IPA: one level 1 table (VTCR_EL2 T0SZ 25, SL0 1) */
#define ARCH_VMIDS      256u      /* 8-bit VMIDs: every core has them */
#define ARCH_LINKS      2u
#define ARCH_LINES      1020u     /* INTIDs of SPIs end here (IHI 0069H, 2.2) */

/* A component's registers, by enum sk_reg; TPIDR_EL0 as of when the thread last left the core. Stored in pairs: entry_macros.h. */
struct arch_frame {
	_Alignas(16) uint64_t reg[SK_REG_COUNT];
};

#define ARCH_FLAGS      (0xful << 28) /* NZCV: EL0t, AArch64, nothing masked */
#define ARCH_CALL_BYTES 4u            /* svc */

/* FP and SIMD registers, switched lazily. */
struct fp_state {
	_Alignas(16) uint64_t v[64];
	uint64_t fpcr, fpsr;
};

/* What a Space adds for the hardware. */
struct arch_space {
	uint64_t vttbr;           /* VTTBR_EL2 */
	uint32_t last[SK_MAX_CORES]; /* id of the vCPU of this Space that each core loaded last, 0: none */
};

struct arch_thread {
	struct fp_state fp;
};

#define VCPU_MAX_LISTS 16u

/* Registers that are switched only when another vCPU is loaded: by pairs, in gate.S. */
struct lazy_state {
	uint64_t sp_el1, elr, spsr, esr, far, vbar, ttbr0, ttbr1, mair, amair, contextidr, tpidr_el1;
	uint64_t par, afsr0, afsr1, csselr, cntv_cval, ich_vmcr;
	uint64_t cntvoff, vmpidr, vpidr; /* which the guest cannot change */
	uint64_t timer_list;      /* prebuilt list register of the virtual timer, 0: its PPI is disabled */
};

/* Registers that bind, or are seen by, EL0 under TGE: switched at every exit. */
struct el0_state {
	uint64_t sctlr, cpacr, cntkctl, tpidrro_el0, cntv_ctl, sp_el0, tpidr_el0, tcr;
};

/* What the next answer is for, if not a load: then it is the abort's syndrome (esr.h), whose ISV bit is set. */
enum vcpu_pending { PENDING_NONE, PENDING_CALL };

struct arch_vcpu {
	uint64_t x[32];           /* x31 stands for xzr: a place where results may be dropped */
	uint64_t pc, pstate;
	struct el0_state el0;
	uint32_t pending;         /* enum vcpu_pending, or a load's syndrome: width, sign, register */
	uint32_t underflow;       /* exit when the list registers run low */
	bool timer_active;        /* the timer PPI was active at the redistributor when it was unloaded */
	uint32_t held;            /* not 0: list, ap0r, ap1r, vdisr may hold something. All are 0 while it is loaded */
	uint64_t link[ARCH_LINKS]; /* the same of lines that are linked; 0: none */
	uint32_t writable;        /* list registers that its VMM may write, and LIST_LINKS if there are links */
	struct lazy_state lazy;
	uint64_t vdisr;           /* VDISR_EL2, with RAS */
	uint64_t ap0r[4], ap1r[4];
	uint64_t list[VCPU_MAX_LISTS];
	struct fp_state fp;
};

/* What a core keeps for the hardware. First in struct core: vectors.S. */
struct arch_core {
	uint64_t stack_top;
	struct gate_values {      /* what gate.S writes, by pairs */
		uint64_t sctlr, cpacr, hcr_out, vbar_out, hcr_in, vbar_in, cptr_open, cptr_closed;
	} gate;
	uint64_t in_guest;        /* struct thread's in_guest << 32 | guest_core of who enters a guest here */
	struct vcpu *guest;       /* its EL0-binding registers are in the core (we are in it, or came straight out) */
	struct vcpu *loaded;      /* its lazy registers, list registers and timer are in the core */
	struct fp_state *fp;      /* whose FP registers are in the core, null: nobody's */
	uint64_t timer_deadline;  /* as last written */
	uint32_t lists;           /* list registers in all; the first is the virtual timer's */
	uint32_t busy;            /* the list registers as bits, and what else of the interface there is to look at */
	uint32_t ich_hcr;         /* ICH_HCR_EL2 as last written */
	uint32_t ap_regs;         /* active-priority registers of each group */
	bool ras;                 /* there is a VDISR_EL2 */
	bool fp_open;             /* CPTR_EL2.TFP is 0 now */
	bool timer_enabled;       /* the virtual timer's PPI is enabled at the redistributor */
};

struct core;

/* TPIDR_EL2 holds this core's struct core. */
static inline struct core *core_here(void)
{
	struct core *core;

	__asm__("mrs %0, tpidr_el2" : "=r"(core));
	return core;
}

/* --- the window ------------------------------------------------------------ */
extern uint64_t window_offset;    /* virtual minus physical */

static inline void arch_window_set(const struct bootinfo *boot)
{
	window_offset = boot->window_va - boot->window_pa;
}

static inline void *pa_to_va(paddr_t pa)
{
	return (void *)(uintptr_t)(pa.a + window_offset);
}

static inline paddr_t va_to_pa(const void *va)
{
	return (paddr_t){ (uintptr_t)va - window_offset };
}

/* --- stage 2 entries ([ARM] D8.3.1, D8.3.2) --------------------------------- */
typedef uint64_t pte_t;

#define PTE_VALID     1ul
#define PTE_TABLE     2ul          /* levels above the last: a table; at the last: a page */
#define PTE_MEM_SHIFT 2            /* MemAttr[3:0] */
#define PTE_NORMAL    0xful        /* outer and inner write-back */
#define PTE_UNCACHED  0x5ul        /* outer and inner non-cacheable */
#define PTE_DEVICE    0x1ul        /* Device-nGnRE */
#define PTE_READ      (1ul << 6)   /* S2AP */
#define PTE_WRITE     (1ul << 7)
#define PTE_INNER     (3ul << 8)   /* inner shareable */
#define PTE_AF        (1ul << 10)
#define PTE_XN        (1ul << 54)
#define PTE_ADDRESS   0x0000fffffffff000ul

static inline bool pte_valid(pte_t pte)
{
	return pte & PTE_VALID;
}

/* Of an entry above the last level. */
static inline bool pte_is_table(pte_t pte)
{
	return (pte & (PTE_VALID | PTE_TABLE)) == (PTE_VALID | PTE_TABLE);
}

static inline paddr_t pte_address(pte_t pte)
{
	return (paddr_t){ pte & PTE_ADDRESS };
}

static inline pte_t pte_table(paddr_t table)
{
	return table.a | PTE_TABLE | PTE_VALID;
}

static inline pte_t pte_leaf(paddr_t pa, bool block, unsigned rights, unsigned cache)
{
	/* by enum sk_cache, four bits each */
	const uint64_t attr = PTE_DEVICE << 8 | PTE_UNCACHED << 4 | PTE_NORMAL;

	return pa.a | PTE_VALID | (block ? 0 : PTE_TABLE) | (attr >> 4 * cache & 0xf) << PTE_MEM_SHIFT | PTE_INNER | PTE_AF |
	       (rights & (SK_RIGHT_READ | SK_RIGHT_WRITE)) * PTE_READ | (rights & SK_RIGHT_EXEC ? PTE_READ : PTE_XN);
}

void stage2_publish_code(void);

static inline void arch_space_publish(bool executable)
{
	__asm__ volatile("dsb ishst" : : : "memory"); /* the entries, before anybody's walk */
	if (executable)
		stage2_publish_code();
	/* the eret to whoever uses them synchronises */
}

static inline unsigned pte_rights(pte_t pte)
{
	return (pte & PTE_READ ? SK_RIGHT_READ : 0) | (pte & PTE_WRITE ? SK_RIGHT_WRITE : 0) |
	       (pte & PTE_XN ? 0 : SK_RIGHT_EXEC);
}

static inline unsigned pte_cache(pte_t pte)
{
	uint64_t attr = pte >> PTE_MEM_SHIFT & 0xf;

	return attr == PTE_NORMAL ? SK_CACHE_NORMAL : attr == PTE_UNCACHED ? SK_CACHE_UNCACHED : SK_CACHE_DEVICE;
}
