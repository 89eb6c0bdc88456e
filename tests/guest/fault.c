/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses that may fail: the fault is recorded and execution goes on where `resume` says. */
#include "guest.h"

static volatile bool expected;
static struct fault last;
static uint64_t resume; /* 0: behind the instruction */

void on_fault(void);
_Noreturn void unexpected(void);

_Noreturn void unexpected(void)
{
	uint64_t esr, far, elr;

	__asm__ volatile("mrs %0, esr_el1; mrs %1, far_el1; mrs %2, elr_el1" : "=r"(esr), "=r"(far), "=r"(elr));
	put("not ok exception: esr ");
	put_hex(esr);
	put(" far ");
	put_hex(far);
	put(" pc ");
	put_hex(elr);
	put("\n");
	power_off();
}

void on_fault(void)
{
	if (!expected)
		unexpected();
	expected = false;
	last.count++;
	__asm__ volatile("mrs %0, esr_el1; mrs %1, far_el1; mrs %2, elr_el1"
		: "=r"(last.esr), "=r"(last.far), "=r"(last.pc));
	__asm__ volatile("msr elr_el1, %0; isb" :: "r"(resume ? resume : last.pc + 4));
}

static void expect(uint64_t where)
{
	last.count = 0;
	resume = where;
	expected = true;
}

static bool outcome(struct fault *fault)
{
	expected = false;
	*fault = *(volatile struct fault *)&last;
	return fault->count == 0;
}

bool try_read(uint64_t address, uint32_t *value, struct fault *fault)
{
	uint32_t got = 0;

	expect(0);
	__asm__ volatile("ldr %w0, [%1]; isb" : "+r"(got) : "r"(address) : "memory");
	*value = got;
	return outcome(fault);
}

bool try_write(uint64_t address, uint32_t value, struct fault *fault)
{
	expect(0);
	__asm__ volatile("str %w0, [%1]; dsb sy; isb" :: "r"(value), "r"(address) : "memory");
	return outcome(fault);
}

bool try_call(uint64_t address, struct fault *fault)
{
	uint64_t back;

	last.count = 0;
	expected = true;
	__asm__ volatile(
		"adr	%0, 1f\n"
		"str	%0, %1\n"
		"blr	%2\n"
		"1:	isb"
		: "=&r"(back), "=m"(resume) : "r"(address) : "x30", "memory");
	return outcome(fault);
}
