/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host: types and short functions that <arch.h> promises. The machine is
 * simulated (machine.h): what is described here is its "architecture".
 */
#pragma once

#include "bootinfo.h"
#include "types.h"

extern uintptr_t host_window;      /* where the window begins; set before the kernel starts */
#define ARCH_WINDOW     host_window
#define ARCH_ROOT_BYTES 4096u
#define ARCH_VMIDS      64u
#define ARCH_LINES      64u
#define ARCH_LINKS      2u

/* A component's registers, by enum sk_reg; message words are the first. */
struct arch_frame {
	uint64_t reg[SK_REG_COUNT];
};
#define ARCH_FLAGS      0xf0000000ul
#define ARCH_CALL_BYTES 4u

/* The simulated core keeps the Space itself. */
struct arch_space {
	uint8_t nothing;
};

void arch_space_publish(bool executable);

struct arch_thread {
	uint64_t fp;               /* the one FP register, while it is not in a core */
};

#define HOST_LISTS 4u              /* list registers of a core; the last is the virtual timer's */

struct arch_vcpu {
	uint64_t reg[SK_VREG_COUNT]; /* not those that are in a core */
	uint64_t link[ARCH_LINKS];   /* what a linked line's list register gets, 0: none */
	uint8_t pending;             /* an exit waits for its answer: */
	uint8_t pending_reg;         /* this register gets it */
};

struct host_tlb;

struct arch_core {
	uint64_t root_pa;          /* what the core translates by: root table, 0 none, */
	unsigned vmid;             /* and the tag of what its TLB learns from it */
	struct host_tlb *tlb;
	struct vcpu *loaded;       /* whose registers are in `guest` */
	struct vcpu *entered;      /* its guest registers bind user level */
	uint64_t guest[SK_VREG_COUNT];
	struct thread *fp_owner;   /* whose FP register is in the core */
	uint64_t fp;
	uint64_t timer;            /* deadline */
};

struct core;
extern struct core *host_here;     /* the simulated core that executes */

static inline struct core *core_here(void)
{
	return host_here;
}

/* --- the window ------------------------------------------------------------ */
extern uint64_t host_window_pa;

static inline void arch_window_set(const struct bootinfo *boot)
{
	host_window_pa = boot->window_pa;
}

static inline void *pa_to_va(paddr_t pa)
{
	return (void *)(host_window + (uintptr_t)(pa.a - host_window_pa));
}

static inline paddr_t va_to_pa(const void *va)
{
	return (paddr_t){ (uintptr_t)va - host_window + host_window_pa };
}

/* --- stage 2 entries ---------------------------------------------------------- */
typedef uint64_t pte_t;

#define PTE_VALID        1ul
#define PTE_TABLE        2ul
#define PTE_RIGHTS_SHIFT 4     /* 3 bits, SK_RIGHT_* */
#define PTE_CACHE_SHIFT  8     /* 2 bits, enum sk_cache */
#define PTE_ADDRESS      0x0000fffffffff000ul

static inline bool pte_valid(pte_t pte)
{
	return pte & PTE_VALID;
}

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

/* A page and a block look alike, as in RISC-V: the level tells. */
static inline pte_t pte_leaf(paddr_t pa, bool block, unsigned rights, unsigned cache)
{
	(void)block;
	return pa.a | PTE_VALID | (uint64_t)rights << PTE_RIGHTS_SHIFT | (uint64_t)cache << PTE_CACHE_SHIFT;
}

static inline unsigned pte_rights(pte_t pte)
{
	return (unsigned)(pte >> PTE_RIGHTS_SHIFT) & 7u;
}

static inline unsigned pte_cache(pte_t pte)
{
	return (unsigned)(pte >> PTE_CACHE_SHIFT) & 3u;
}
