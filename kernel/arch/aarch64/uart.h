/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_UART_H
#define SKERRY_UART_H

struct bootinfo;

/* Boot core: where the debug kernel prints. */
void uart_init(const struct bootinfo *boot);

#endif
