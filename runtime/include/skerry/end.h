/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a component ends: by a breakpoint that its supervisor (root) receives as
 * SK_FAULT_BREAK. It needs no capability, so every component can do it.
 */
#ifndef SKERRY_END_H
#define SKERRY_END_H

#define SK_END_TEXT 160

enum sk_end {
	SK_END_OK = 0x50,     /* main returned 0 */
	SK_END_FAILED = 0x51, /* main returned something else, exit code in w0 */
	SK_END_FAULT = 0x52,  /* sk_fail: why is in the log, and at w1 */
};

/*
 * Ends the component: never returns, though its other threads may still run.
 * CODE is for the supervisor, and WHY (may be null) a text of at most SK_END_TEXT - 1
 * bytes, which it reads out of the component's memory. Provided by runtime; for the program that the kernel
 * starts (root, and test programs in its place) by runtime-root: it reports
 * "exit CODE" on the status port and powers the machine off.
 */
_Noreturn void sk_end(enum sk_end how, int code, const char *why);

#endif
