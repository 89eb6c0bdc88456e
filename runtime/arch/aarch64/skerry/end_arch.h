/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_END_ARCH_H
#define SKERRY_END_ARCH_H

/* HOW is a constant: the breakpoint's immediate, which comes in the syndrome's low 16 bits (ESR_ELx.ISS, EC 0x3c). */
#define sk_end_arch(how, code, why) do {                             \
	register long code_ __asm__("x0") = (code);                  \
	register const char *why_ __asm__("x1") = (why);             \
	__asm__ volatile("brk %0" : : "i"(how), "r"(code_), "r"(why_) : "memory"); \
} while (0)

#endif
