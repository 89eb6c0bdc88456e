/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulated machine, as a test sees and moves it. One host thread executes
 * one simulated core at a time.
 *
 * It is as unkind as real hardware may be:
 *   - a core's TLB keeps every translation until told to drop it;
 *   - table walks see a store to a table only after the barrier behind it
 *     (arch_space_publish, or a flush);
 *   - instruction caches keep what they fetched until told to drop it;
 *   - an interrupt sent to another core is a flag until that core takes it; a core
 *     that spins lets the others serve requests, and nothing else.
 *
 * Physical memory: the window (kernel objects), RAM for users, one page of device
 * registers.
 */
#pragma once

#include "bootinfo.h"
#include "types.h"

struct core;
struct thread;

#define HOST_WINDOW_PA  0x40000000ul
#define HOST_WINDOW     0x400000ul      /* bytes */
#define HOST_POOL_SKIP  0x10000ul       /* of it "kernel image": the pool follows */
#define HOST_RAM_PA     0x80000000ul
#define HOST_RAM        0x2000000ul
#define HOST_DEVICE_PA  0x09000000ul
#define HOST_DEVICE     0x1000ul
#define HOST_HZ         1000000ul

/* Root's image: one page each of text and data, mapped from the end of RAM. */
#define HOST_ROOT_TEXT  0x10000000ul
#define HOST_ROOT_DATA  0x10001000ul

/* What is left out, so that a test can see whether it would be noticed. */
enum host_omission {
	HOST_OMIT_FLUSH = 1,            /* TLB invalidation */
	HOST_OMIT_PUBLISH = 2,          /* barriers after table stores */
	HOST_OMIT_ICACHE = 4,           /* instruction cache invalidation */
};

struct host {
	uint64_t now;                   /* the physical counter; host_advance moves it */
	unsigned omit;                  /* enum host_omission */
	unsigned preempt_every;         /* each nth look for an interrupt sees one; 0: none does */
	unsigned looks;                 /* looks for an interrupt so far */
	bool slow_signals;              /* no signal takes the entry code's way */
	bool relax_takes_interrupts;    /* a core that is waited for comes from user level, not from a spin */
	bool (*on_relax)(void);         /* a core spins: true, the others have run themselves */
	void (*on_look)(void);          /* a preemption point, the kernel lock held */
	void (*on_shared)(void);        /* an access to what cores share (shared.h) */
	bool ipi[SK_MAX_CORES];         /* sent and not taken */
	unsigned ipis;                  /* sent in all */
	unsigned power;                 /* 1 + last action asked for */
	uint64_t *ram, *device;         /* contents of the two other memories */
};
extern struct host host;

/* Makes the machine and starts the kernel on `count` cores. Once a process. */
void host_boot(unsigned count);

/* Gives the machine's memories back: the last thing that happens to it. */
void host_end(void);

/* The core executes from now on; returns the one that did. */
struct core *host_switch(unsigned core);

/* The core takes all interrupts that wait for it: other cores', lines, its timer. */
void host_take_interrupts(unsigned core);
/* The same on all cores until none waits. */
void host_settle(void);

/* The current thread of the core executes the system call instruction. */
void host_syscall(unsigned core, uint64_t number);

/* A user access by what the core translates by now. False: it faults. */
bool host_load(unsigned core, uint64_t ipa, uint64_t *value);
bool host_store(unsigned core, uint64_t ipa, uint64_t value);
bool host_fetch(unsigned core, uint64_t ipa, uint64_t *value);
/* Rights with which the TLB or the tables let the core access ipa; 0: no translation. *pa = where. */
unsigned host_translate(unsigned core, uint64_t ipa, uint64_t *pa);

/* Whether table walks see these bytes of the window as they are: what was stored is published. */
bool host_walkers_see(const void *at, size_t bytes);

struct host_translation {
	unsigned vmid, rights;          /* 0: nothing is mapped there */
	uint64_t ipa, bytes, pa;
};

/* What a table walk from a root table finds now. */
struct host_translation host_walk(uint64_t root_pa, uint64_t ipa);

/* The nth translation that a core's TLB holds; false: there are no more. */
bool host_tlb_entry(unsigned core, unsigned n, struct host_translation *out);

/* The current thread uses the core's FP register (lazily switched). */
uint64_t host_fp_swap(unsigned core, uint64_t value);

/* An interrupt line's input. Taken by host_take_interrupts where it is routed, if unmasked. */
void host_line(unsigned line, bool level);
bool host_line_masked(unsigned line);
unsigned host_line_core(unsigned line);
bool host_line_edge(unsigned line);

/* Time passes; timers that are due fire when interrupts are taken. */
void host_advance(uint64_t ticks);

/* Whether the core runs its current thread's guest. SK_VCPU_RUN leads there, unless it returns EVENT at the door. */
bool host_in_guest(unsigned core);
/* That guest leaves with an exit: its word, w1; the answer goes to the guest's register `reg`. */
void host_guest_exit(unsigned core, uint64_t exit_word, uint64_t w1, unsigned reg);
/* A register of the guest that runs on the core. */
uint64_t *host_guest_reg(unsigned core, unsigned vreg);
