/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of fault.c: code that is called with an argument, and may fail anywhere and leave any register. */
#include "hostile.h"

static volatile bool expected;
static struct fault last;
static uint64_t resume;

void on_fault(void);
_Noreturn void unexpected(void);

_Noreturn void unexpected(void)
{
	put("not ok exception: esr ");
	put_hex(READ(esr_el1));
	put(" far ");
	put_hex(READ(far_el1));
	put(" pc ");
	put_hex(READ(elr_el1));
	put("\n");
	power_off();
}

void on_fault(void)
{
	if (!expected)
		unexpected();
	last.count++;
	last.esr = READ(esr_el1);
	last.far = READ(far_el1);
	last.pc = READ(elr_el1);
	WRITE(elr_el1, resume);
}

bool run(uint64_t code, uint64_t x[4], struct fault *fault)
{
	register uint64_t *where __asm__("x19") = &x[0];
	register uint64_t target __asm__("x20") = code;

	last.count = 0;
	expected = true;
	__asm__ volatile(
		"adr	x21, 1f\n"
		"str	x21, %0\n"
		"ldp	x0, x1, [x19]\n"
		"ldp	x2, x3, [x19, #16]\n"
		"blr	x20\n"
		"1:	isb\n"
		"str	x0, [x19]\n"
		: "=m"(resume), "+r"(where), "+r"(target) :
		: "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
		  "x15", "x16", "x17", "x18", "x21", "x30", "cc", "memory");
	expected = false;
	*fault = *(volatile struct fault *)&last;
	return fault->count == 0;
}
