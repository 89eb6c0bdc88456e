/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers, caches and waiting. Arm ARM DDI 0487 (K.a), D7.5 (caches), D24 (registers). */
#ifndef BOOT_CPU_H
#define BOOT_CPU_H

#include "memory.h"

#define READ_SYSREG(name) ({ uint64_t v_; __asm__ volatile("mrs %0, " #name : "=r"(v_)); v_; })
#define WRITE_SYSREG(name, value) __asm__ volatile("msr " #name ", %0" :: "r"((uint64_t)(value)) : "memory")

/* Waits until all memory accesses and cache operations before it are done, for everybody. */
static inline void barrier_all(void)
{
	__asm__ volatile("dsb sy\n\tisb" ::: "memory");
}

/* New translation table entries are seen by the walkers of the inner shareable domain. */
static inline void tables_barrier(void)
{
	__asm__ volatile("dsb ishst\n\tisb" ::: "memory");
}

/* Written data goes to memory itself, so that who has its caches off sees it. */
void cache_clean(struct range range);

/*
 * Drops what the caches hold of memory that was written with the MMU off.
 * Nothing in RANGE may be dirty (booting.rst: the image is clean when entered).
 */
void cache_invalidate(struct range range);

/*
 * Code that was written and cleaned can be executed, by all cores, at whatever
 * address: by address would miss the aliases of a virtually indexed cache.
 */
static inline void cache_publish_code(void)
{
	__asm__ volatile("ic ialluis\n\tdsb ish\n\tisb" ::: "memory");
}

/* Fills with zeros; start and end on 64 bytes. Caches must be on. */
void memory_zero(struct range range);

/* A random number of the CPU's own (FEAT_RNG); false: it has none, now or at all. */
bool cpu_random(uint64_t *number);

/* The frequency of the physical counter in Hz, as firmware left it. */
uint64_t counter_hz(void);

static inline uint64_t counter_now(void)
{
	__asm__ volatile("isb" ::: "memory");
	return READ_SYSREG(cntpct_el0);
}

static inline void wait_event(void)
{
	__asm__ volatile("wfe" ::: "memory");
}

static inline void send_event(void)
{
	__asm__ volatile("dsb ish\n\tsev" ::: "memory");
}

/* Physical address bits (ID_AA64MMFR0_EL1.PARange), at most 48. */
unsigned pa_bits(void);

#endif
