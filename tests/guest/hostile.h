/* SPDX-License-Identifier: BSD-2-Clause */
/* For the hostile guests: numbers, and one instruction at a time. */
#ifndef TEST_GUEST_HOSTILE_H
#define TEST_GUEST_HOSTILE_H

#include "guest.h"

#define SCRATCH 0x50000000ul   /* 1 MiB of RAM that nothing lies in */
#define CODE    0x48000000ul   /* and where generated code goes */
#define ESR_UNDEFINED 0x02000000ul

static inline uint64_t random64(void)
{
	static uint64_t state = 0x5eed0fda7a11ul;
#ifdef FOREVER
	static bool seeded;

	if (!seeded)
		__asm__ volatile("mrs %0, cntvct_el0" : "=r"(state));
	seeded = true;
	state += state == 0;
#endif

	state ^= state << 13; /* Marsaglia, "Xorshift RNGs", 2003 */
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

#define READ(reg) ({ uint64_t v_; __asm__ volatile("isb; mrs %0, " #reg : "=r"(v_) :: "memory"); v_; })
#define WRITE(reg, value) __asm__ volatile("msr " #reg ", %0; isb" :: "r"((uint64_t)(value)) : "memory")

/*
 * hostile_fault.c: calls CODE with x[0..3] in x0..x3; x[0] = what it left in x0.
 * False: an exception, *fault says which. SP and x19, x20, x29 must survive.
 */
bool run(uint64_t code, uint64_t x[4], struct fault *fault);

/* Makes code that was written with the MMU off visible to instruction fetches. */
static inline void code_done(void)
{
	__asm__ volatile("dsb sy; ic iallu; dsb sy; isb" ::: "memory");
}

#endif
