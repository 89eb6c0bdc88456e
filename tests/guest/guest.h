/* SPDX-License-Identifier: BSD-2-Clause */
/* What the bare guests share. One vCPU, MMU off, EL1. */
#ifndef TEST_GUEST_H
#define TEST_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#define GICD 0x08000000ul
#define GICR 0x080a0000ul
#define UART 0x09000000ul
#define RTC  0x09010000ul
#define NOWHERE 0x0f000000ul /* no device, no RAM */

/* console.c: the PL011, polled. */
void put(const char *text);
void put_number(uint64_t value);
void put_hex(uint64_t value);

/* One line "ok NAME" or "not ok NAME: got GOT". */
void check(bool good, const char *name, uint64_t got);

/* The last line, "done P passed F failed"; then off. */
_Noreturn void finish(void);
_Noreturn void power_off(void);

/* fault.c */
struct fault {
	unsigned count;
	uint64_t esr, far, pc;
};

/* One access; true if it was answered, else *fault says how it failed. */
bool try_read(uint64_t address, uint32_t *value, struct fault *fault);
bool try_write(uint64_t address, uint32_t value, struct fault *fault);
bool try_call(uint64_t address, struct fault *fault);

/* gic.c. Priorities in steps of 8; lower is more urgent. */
void gic_start(void);
void gic_enable(unsigned intid, uint8_t priority, bool edge);
void gic_disable(unsigned intid);
void gic_pend(unsigned intid);
bool gic_is_pending(unsigned intid);
bool gic_is_active(unsigned intid);

#define INTIDS 288
extern volatile unsigned irqs[INTIDS];        /* how often each came */
extern volatile unsigned irq_order[64];       /* the latest, in order */
extern volatile unsigned irq_total;
extern volatile uint64_t irq_time;            /* virtual counter at the vector of the latest */
extern void (*volatile irq_handler)(unsigned intid); /* called between acknowledge and end; may be null */

void irqs_forget(void);

static inline void irqs_on(void)
{
	__asm__ volatile("msr daifclr, #2; isb" ::: "memory");
}

static inline void irqs_off(void)
{
	__asm__ volatile("msr daifset, #2; isb" ::: "memory");
}

static inline void wait_for_interrupt(void)
{
	__asm__ volatile("dsb sy; wfi" ::: "memory");
}

static inline uint64_t now(void)
{
	uint64_t value;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value) :: "memory");
	return value;
}

static inline uint64_t ticks_per_second(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(value));
	return value;
}

#define VTIMER 27u

/* The virtual timer fires at DEADLINE of the virtual counter. */
static inline void timer_at(uint64_t deadline)
{
	__asm__ volatile("msr cntv_cval_el0, %0; msr cntv_ctl_el0, %1; isb" :: "r"(deadline), "r"(1ul) : "memory");
}

static inline void timer_off(void)
{
	__asm__ volatile("msr cntv_ctl_el0, xzr; isb" ::: "memory");
}

static inline uint32_t read32(uint64_t address)
{
	return *(volatile uint32_t *)address;
}

static inline void write32(uint64_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

/* SMCCC 1.1 by hvc: x0..x3 in and out. */
static inline uint64_t hvc(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) :: "memory");
	return x0;
}

#define PSCI_VERSION      0x84000000u
#define PSCI_SYSTEM_OFF   0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_FEATURES     0x8400000au
#define SMCCC_VERSION     0x80000000u
#define NOT_SUPPORTED     0xffffffffu

#endif
