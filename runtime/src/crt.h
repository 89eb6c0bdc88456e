/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_CRT_H
#define SKERRY_CRT_H

/* First C code, on the stack that root gave: enters musl, which calls main. */
_Noreturn void crt_start(void);

/* Makes sk_start() answer. Before it there is no errno, no malloc, no log. */
void crt_prepare(void);

#endif
