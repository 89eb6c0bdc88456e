/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TEST_COMPILE_H
#define TEST_COMPILE_H

#include <stddef.h>

/* Compiles a device tree source with dtc. Fails the test if that fails. The caller frees it. */
void *compile_dts(const char *path, size_t *size);

#endif
