/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's console: a PL011 (Arm DDI 0183G), polled. */
#ifndef BOOT_PRINT_H
#define BOOT_PRINT_H

#include "report.h"

/* BASE: the mapped registers. Until this is called, printing does nothing. */
void print_begin(uint64_t base);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
