/* SPDX-License-Identifier: BSD-2-Clause */
/* libfdt includes <stdlib.h>; the parts that are linked here need nothing of it but this one. */
#ifndef BOOT_STDLIB_H
#define BOOT_STDLIB_H

#include <stddef.h>

unsigned long strtoul(const char *text, char **end, int base);

#endif
