/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a section of a program begins and ends that tools/trace/sections.c is to count: NOPs to the machine.
 * N: 0..31, but for 19.
 */
#ifndef SECTION_H
#define SECTION_H

#define SECTION_BEGIN_HINT(n) (64 + 2 * (n))
#define SECTION_END_HINT(n)   (65 + 2 * (n))

#ifndef __ASSEMBLER__
#define SECTION_BEGIN(n) __asm__ volatile("hint #%c0" :: "i"(SECTION_BEGIN_HINT(n)) : "memory")
#define SECTION_END(n)   __asm__ volatile("hint #%c0" :: "i"(SECTION_END_HINT(n)) : "memory")

/* The same within a program's own assembly text. */
#define SECTION_TEXT(hint)    "	hint	#" #hint "\n"
#define SECTION_EXPAND(hint)  SECTION_TEXT(hint)
#define SECTION_BEGIN_TEXT(n) SECTION_EXPAND(SECTION_BEGIN_HINT(n))
#define SECTION_END_TEXT(n)   SECTION_EXPAND(SECTION_END_HINT(n))
#endif
#endif
