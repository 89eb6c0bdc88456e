/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FAKE_SKERRY_CALLS_H
#define FAKE_SKERRY_CALLS_H

#include <stdint.h>

/* Implemented by the test: counts. */
void sk_signal(uint32_t notification);

#endif
